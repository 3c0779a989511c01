"""Expressions read straight off the tree: a loop over rows for every aggregate, every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from rules_engine.syntax import tree
from tests.naive.numbers import rounded
from tests.naive.windows import uncut, windows
from tests.naive.world import Ask, MissingError, NotApplicableError, Row, World

TEXTS = (
    "sku", "category", "brand", "warehouse", "channel", "campaign", "party", "reason", "doc_id", "line_no", "order_id", "po_id",
    "batch_id", "ref_doc_id", "ref_line_no",
)  # fmt: skip


def number(node: tree.Number) -> Fraction:
    """A literal; 12 % is 12/100."""
    return Fraction(node.value) / (100 if node.unit == "percent" else 1)


def of_document(node: tree.Expression, row: Row, world: World) -> Any:
    """An expression about one document."""
    match node:
        case tree.Name(id=name, of=of):
            return document_name(name, of, row, world)
        case tree.Comparison(op=op, left=tree.Name(id=name) as left, right=tree.Name(id=word, of="")) if name in TEXTS:
            return compared(op, of_document(left, row, world), word)
        case tree.Comparison(op=op, left=tree.Name(id=name) as left, right=tree.Number(value=value, unit="")) if name in TEXTS:
            return compared(op, of_document(left, row, world), format(value, "f"))
        case tree.Membership(left=tree.Name(id=name) as left, options=options, negated=negated) if name in TEXTS:
            words = [option.id if isinstance(option, tree.Name) else of_document(option, row, world) for option in options]
            return (of_document(left, row, world) in words) != negated
        case _:
            return general(node, lambda inner: of_document(inner, row, world), world.mode)


def document_name(name: str, of: str, row: Row, world: World) -> Any:
    """A cell of this row, or of the line it reverses; a blank number or text is missing."""
    if of == "original":
        origin = world.original(row)
        if origin is None:
            raise MissingError(f"original of {row['doc_id']}")
        return document_name(name, "", origin, world)
    found = world.column(row, name)
    if found is None and name in world.values and changes(world.values[name]):
        return changed_value(world.values[name], world.price_day(row), world)
    if found is None and name in world.values:
        return declared_value(world.values[name], row["date"])
    if found is None:
        raise MissingError(name)
    return found


def compared(op: str, left: Any, right: Any) -> bool:
    """A comparison as written."""
    answers = {
        "=": left == right,
        "!=": left != right,
    }
    if op in answers:
        return bool(answers[op])
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op])


def general(node: tree.Expression, value: Any, rounding: str) -> Any:  # noqa: C901 - one line a node
    """What means the same inside and outside an aggregate; `value` reads the operands, `rounding` is the contract's mode."""
    match node:
        case tree.Number():
            return number(node)
        case tree.Text(value=found) | tree.DateLiteral(value=found) | tree.YesNo(value=found):
            return found
        case tree.Negate(operand=operand):
            return -value(operand)
        case tree.Binary(op=op, left=left, right=right):
            return binary(op, value(left), value(right))
        case tree.Comparison(op=op, left=left, right=right):
            return compared(op, value(left), value(right))
        case tree.Logical(op="not", operands=(only,)):
            return not value(only)
        case tree.Logical(op="and", operands=operands) | tree.Gathered(how="all_of", operands=operands):
            return enough(len(operands), operands, value)
        case tree.Logical(op="or", operands=operands) | tree.Gathered(how="any_of", operands=operands):
            return enough(1, operands, value)
        case tree.Gathered(count=count, operands=operands):
            return enough(count, operands, value)
        case tree.Call(function=function, arguments=arguments):
            numbers = [value(each) for each in arguments]
            return abs(numbers[0]) if function == "abs" else min(numbers) if function == "min" else max(numbers)
        case tree.Conditional(condition=condition, then=then, otherwise=otherwise):
            return value(then) if value(condition) else value(otherwise)
        case tree.IfNone(operand=operand, otherwise=otherwise):
            try:
                return value(operand)
            except MissingError:
                return value(otherwise)
        case tree.Rounded(operand=operand, to=to, mode=mode):
            return rounded(value(operand), Fraction(to), mode or rounding)
        case tree.ShareOf(share=share, of=of):
            return number(share) * value(of)
        case _:
            raise NotImplementedError(type(node).__name__)


def enough(count: int, operands: Sequence[tree.Expression], value: Any) -> bool:
    """Whether so many hold; what is undecided matters only where the others leave it open."""
    holding = open_ = 0
    for each in operands:
        try:
            holding += bool(value(each))
        except MissingError:
            open_ += 1
    if holding < count <= holding + open_:
        raise MissingError("undecided")
    return holding >= count


def binary(op: str, left: Any, right: Any) -> Any:
    """The four operations; dates move by days."""
    if isinstance(left, date):
        return left + timedelta(days=int(right)) * (1 if op == "+" else -1)
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            pass
    if right == 0:
        raise NotApplicableError("division by zero")
    return Fraction(left) / right


def of_window(node: tree.Expression, ask: Ask, world: World) -> Any:
    """An expression about a group and a window."""
    match node:
        case tree.Aggregate():
            return aggregate(node, ask, world)
        case tree.Name(id=name):
            return window_name(name, ask, world)
        case tree.Moved(measure=measure):
            return sum((of_window(measure, moved, world) for moved in moved_asks(node, ask, world)), Fraction(0))
        case tree.ResultOf(clause=clause, after_limits=after, shift=shift):
            read = world.limited if after else world.result
            assert read is not None
            asks = [ask] if shift is None else moved_asks(tree.Moved(clause, *shift, node.span), ask, world)
            return sum((read(clause.id, each) for each in asks), Fraction(0))
        case _:
            return general(node, lambda inner: of_window(inner, ask, world), world.mode)


def window_name(name: str, ask: Ask, world: World) -> Any:
    """A measure or a declared value; behind its own balance a clause's name is what it earns before."""
    if world.own_name is not None and world.own_name[0] == name:
        return world.own_name[1]
    if name in world.measures:
        block = world.measures[name]
        if is_priced(block):
            assert world.priced is not None
            return world.priced(block, ask)
        return of_window(formula_of(block), ask, world)
    if name in world.findings:
        return answered(name, ask, world)
    if name in world.values:
        return declared_value(world.values[name], min(ask.end, ask.upto) - timedelta(days=1))
    raise MissingError(name)


def answered(name: str, ask: Ask, world: World) -> bool:
    """The latest signed answer dated in the window of the finding that holds the asking one."""
    brackets = [item for each in world.findings[name].fields for item in each.items if isinstance(item, tree.Group)]
    kind = next(item.kind for each in brackets for item in each.items if isinstance(item, tree.Window))
    inside = next(tile for tile in windows(kind, *world.term, year_start=world.year_start) if tile[0] <= ask.start < tile[1])
    signed = [row for row in world.rows if row["type"] == name and row.get("by") and inside[0] <= row["date"] < inside[1]]
    if not signed:
        raise MissingError(name)
    return bool(max(signed, key=lambda row: (row["date"], row["doc_id"], row["line_no"]))["answer"] == "yes")


def is_priced(block: tree.Block) -> bool:
    """Whether a measure is priced like a clause instead of written as a formula."""
    return any(found.key in ("rate", "amount", "tiers") for found in block.fields)


def formula_of(block: tree.Block) -> tree.Expression:
    """The one expression line of a measure, or the base of one that is priced."""
    for found in block.fields:
        if found.key in ("formula", "on"):
            return found.items[0]  # type: ignore[return-value]
    raise NotImplementedError(f"measure {block.id}")


def declared_value(block: tree.Block, day: date) -> Any:
    """A dated number on a day."""
    for found in block.fields:
        for item in found.items:
            if isinstance(item, tree.Row) and in_force(item, day):
                return single_number(item.price)
    raise MissingError(block.id)


def changes(block: tree.Block) -> bool:
    """Whether documents make another number of a value."""
    return any(each.key == "becomes" for each in block.fields)


def changed_value(block: tree.Block, day: date, world: World) -> Fraction:
    """The first number, followed through every document of its type up to a day and on it."""
    fields = {each.key: each for each in block.fields}
    now = single_number(fields["starts"].items[0])  # type: ignore[arg-type]
    formula, at_each = fields["becomes"].items
    kind = world.type_of(at_each.items[0].id)  # type: ignore[union-attr]
    notices = [row for row in world.rows if row["type"] == kind and row["date"] <= day]
    for row in sorted(notices, key=lambda row: (row["date"], row["doc_id"], row["line_no"])):
        now = Fraction(of_document(formula, {**row, block.id: now}, world))  # type: ignore[arg-type]
    return now


def in_force(row: tree.Row, day: date) -> bool:
    """Both written days are included."""
    return (row.start is None or row.start <= day) and (row.end is None or day <= row.end)


def single_number(price: tree.Price) -> Fraction:
    """A price that is one plain number."""
    if isinstance(price, tree.Value) and len(price.parts) == 1:
        amount = price.parts[0].amount
        if isinstance(amount, tree.Number):
            return number(amount)
    raise NotImplementedError("a declared value of one number")


def moved_asks(node: tree.Moved, ask: Ask, world: World) -> Iterator[Ask]:
    """The windows a moved measure reads."""
    today = min(ask.end, ask.upto)
    match node.how:
        case "so_far":
            last = max(today - timedelta(days=1), ask.start)
            start = uncut(node.unit, last, year_start=world.year_start)[0]
            yield Ask(ask.per, ask.group, start, today, today, ask.mask)
        case "previous":
            here = uncut(node.unit, ask.start, year_start=world.year_start)
            before = uncut(node.unit, here[0] - timedelta(days=1), year_start=world.year_start)
            yield Ask(ask.per, ask.group, before[0], before[1], ask.upto, ask.mask)
        case "same_of_last_year":
            here = uncut(node.unit, ask.start, year_start=world.year_start)
            start, end = months_back(here[0], 12), months_back(here[1], 12)
            yield Ask(ask.per, ask.group, start, end, ask.upto, ask.mask)
        case "all_earlier":
            here = uncut(node.unit, ask.start, year_start=world.year_start)
            yield Ask(ask.per, ask.group, date.min, here[0], ask.upto, ask.mask)
        case "before":
            days = {"day": 1, "week": 7}.get(node.unit, 0) * node.count
            months = {"month": 1, "year": 12}.get(node.unit, 0) * node.count
            start = months_back(ask.start, months) if months else ask.start - timedelta(days=days)
            yield Ask(ask.per, ask.group, start, ask.start, ask.upto, ask.mask)
        case _:
            raise NotImplementedError(node.how)


def months_back(day: date, months: int) -> date:
    """The same day some months earlier, or the last day of a month that has no such day."""
    number = day.year * 12 + day.month - 1 - months
    first = date(number // 12, number % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def read_by(node: tree.Expression, ask: Ask, world: World) -> list[tuple[int, Row]]:
    """The rows an expression rests on for the one who asks, moved measures in their own windows."""
    if isinstance(node, tree.Moved):
        return [pair for moved in moved_asks(node, ask, world) for pair in read_by(node.measure, moved, world)]
    if isinstance(node, tree.Name) and node.id in world.measures:
        return read_by(formula_of(world.measures[node.id]), ask, world) if has_base(world.measures[node.id]) else []
    if isinstance(node, tree.Aggregate):
        return rows_of(node, ask, world)
    return [pair for each in operands_of(node) for pair in read_by(each, ask, world)]


def has_base(block: tree.Block) -> bool:
    """Whether a measure reads documents at all."""
    return any(found.key in ("formula", "on") for found in block.fields)


def operands_of(node: tree.Expression) -> tuple[tree.Expression, ...]:
    """What an expression is put together from."""
    match node:
        case tree.Negate(operand=inner) | tree.Rounded(operand=inner) | tree.ShareOf(of=inner):
            return (inner,)
        case tree.Binary(left=left, right=right) | tree.Comparison(left=left, right=right):
            return (left, right)
        case tree.IfNone(operand=left, otherwise=right):
            return (left, right)
        case tree.Logical(operands=operands) | tree.Call(arguments=operands):
            return operands
        case tree.Conditional(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case _:
            return ()


def rows_of(node: tree.Aggregate, ask: Ask, world: World) -> list[tuple[int, Row]]:
    """The rows an aggregate reads, with their sign, in date order."""
    found: list[tuple[int, Row]] = []
    for sign, names in ((1, node.over), (-1, node.less)):
        for name in names:
            kind = world.type_of(name.id)
            mine = [row for row in world.rows if row["type"] == kind and world.seen(row, ask)]
            found.extend((sign, row) for row in mine if passes(node.where, row, world))
    return sorted(found, key=lambda pair: (pair[1]["date"], pair[1]["doc_id"], pair[1]["line_no"]))


def passes(where: tree.Expression | None, row: Row, world: World) -> bool:
    """The filter of an aggregate or of a price row."""
    return where is None or bool(of_document(where, row, world))


def aggregate(node: tree.Aggregate, ask: Ask, world: World) -> Any:
    """Sum and count of nothing are 0, anything else of nothing is missing."""
    rows = rows_of(node, ask, world)
    if node.op == "count":
        return Fraction(sum(sign for sign, _ in rows))
    assert node.item is not None
    items = [of_document(node.item, row, world) for _, row in rows]
    if id(node) in world.marked:
        assert world.uncovered is not None
        left = world.uncovered(world.marked[id(node)])
        return sum((left.get(id(row), sign * item) for (sign, row), item in zip(rows, items, strict=True)), Fraction(0))
    if node.op == "sum":
        return sum((sign * item for (sign, _), item in zip(rows, items, strict=True)), Fraction(0))
    if node.op == "count_distinct":
        return Fraction(len(set(items)))
    if not items:
        raise MissingError(node.op)
    match node.op:
        case "min":
            return min(items)
        case "max":
            return max(items)
        case "average":
            return sum(items, Fraction(0)) / len(items)
        case "latest":
            return items[-1]
        case "earliest":
            return items[0]
        case _:
            raise NotImplementedError(node.op)


def aggregates_in(node: tree.Expression, world: World) -> list[tree.Aggregate]:
    """Every aggregate an expression rests on, through measures."""
    match node:
        case tree.Aggregate():
            return [node]
        case tree.Moved(measure=measure):
            return aggregates_in(measure, world)
        case tree.Name(id=name) if name in world.measures:
            return aggregates_in(formula_of(world.measures[name]), world) if has_base(world.measures[name]) else []
        case _:
            return [found for each in operands_of(node) for found in aggregates_in(each, world)]
