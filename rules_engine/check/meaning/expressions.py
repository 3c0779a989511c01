"""Expressions of the text become core expressions, every one with its unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NoReturn, assert_never

from rules_engine.check.meaning.environment import Environment, number_unit
from rules_engine.check.meaning.scopes import (
    DocumentScope,
    Scope,
    WindowScope,
    aggregate_scope,
    check_answer,
    sources,
    word_as_text,
)
from rules_engine.check.meaning.substitute import asked_at
from rules_engine.check.meaning.units import alike, comparison_of, expect, is_plain, product_of, quotient_of, sum_of
from rules_engine.check.meaning.unknown import unknown
from rules_engine.check.written.clocks import demand_moments
from rules_engine.check.written.month_length import demand_overflow, refuse_loose_months
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    ChoiceRow,
    Column,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    ResultOf,
    Round,
    Shift,
    Time,
)
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of, walk
from rules_engine.source import Span
from rules_engine.syntax import tree

HUNDRED = Decimal(100)


def expression(node: tree.Expression, scope: Scope) -> Expression:
    """The core expression of `node`; refuses unknown names and units that do not go together."""
    env = scope.env
    match node:
        case tree.Number() | tree.Text() | tree.DateLiteral() | tree.YesNo():
            refuse_loose_months(node, env)
            return literal(node)
        case tree.Name(of="window" | "opening_of" | "closing_of"):
            return window_day(node, scope) if node.of == "window" else standing_balance(node, scope)
        case tree.Name():
            return scope.name(node)
        case tree.Negate():
            inner = expression(node.operand, scope)
            return Arithmetic("negate", (inner,), unit_of(inner), node.span)
        case tree.Binary():
            return binary(node, scope)
        case tree.Comparison() | tree.Membership() | tree.Logical() | tree.Gathered():
            return test(node, scope)
        case tree.Call():
            operands = alike(tuple(expression(item, scope) for item in node.arguments), node.span, env)
            return Arithmetic(node.function, operands, unit_of(operands[0]), node.span)
        case tree.Conditional() | tree.IfNone():
            return choice(node, scope)
        case tree.Rounded():
            inner = expression(node.operand, scope)
            return Round(inner, node.to, node.mode or env.header.rounding.mode, unit_of(inner), node.span)
        case tree.ShareOf():
            return share_of(number(node.share), expression(node.of, scope), node.span, env)
        case tree.Moved() | tree.ResultOf() | tree.ValueAt():
            return windowed(node, scope)
        case tree.TimeBetween() | tree.DateShift() | tree.WorkingDayOn():
            return time(node, scope)
        case tree.Aggregate():
            return aggregate(node, scope)
        case _:
            assert_never(node)


def window_day(node: tree.Name, scope: Scope) -> Column:
    """The first or last day of the asking window so far; one document by itself has no window."""
    if isinstance(scope, DocumentScope) and not scope.asked:
        refuse_window_in_document(node, scope.env)
    return Column(node.id, Unit.DATE, "window", node.span)


def literal(node: tree.Number | tree.Text | tree.DateLiteral | tree.YesNo) -> Constant:
    """A literal with its unit."""
    match node:
        case tree.Number():
            return number(node)
        case tree.Text():
            return Constant(node.value, Unit.TEXT, node.span)
        case tree.DateLiteral():
            return Constant(node.value, Unit.DATE, node.span)
        case tree.YesNo():
            return Constant(node.value, Unit.YES_NO, node.span)
        case _:
            assert_never(node)


def test(node: tree.Comparison | tree.Membership | tree.Logical | tree.Gathered, scope: Scope) -> Expression:
    """What answers yes or no."""
    match node:
        case tree.Comparison():
            return comparison(node.op, node.left, node.right, node.span, scope)
        case tree.Membership():
            return membership(node, scope)
        case tree.Logical():
            return Logic(node.op, tuple(condition(item, scope) for item in node.operands), node.span)
        case tree.Gathered():
            op = {"all_of": "and", "any_of": "or"}.get(node.how, node.how)
            return Logic(op, tuple(condition(item, scope) for item in node.operands), node.span, node.count)
        case _:
            assert_never(node)


def number(node: tree.Number) -> Constant:
    """A literal; percents become fractions, weeks become days."""
    unit = number_unit(node.unit)
    value = node.value / HUNDRED if unit is Unit.PERCENT else node.value
    return Constant(value * 7 if node.unit == "weeks" else value, unit, node.span)


def share_of(share: Constant, of: Expression, span: Span, env: Environment) -> Expression:
    """`70% of X`; of a plain number it is a plain number, which takes the unit it meets."""
    return product_of(replace(share, unit=Unit.NUMBER) if is_plain(of) else share, of, span, env)


def binary(node: tree.Binary, scope: Scope) -> Expression:
    """A sum, difference, product or quotient."""
    left, right = expression(node.left, scope), expression(node.right, scope)
    match node.op:
        case "*":
            return product_of(left, right, node.span, scope.env)
        case "/":
            return quotient_of(left, right, node.span, scope.env)
        case _:
            return sum_of(node.op, left, right, node.span, scope.env)


def comparison(op: str, left: tree.Expression, right: tree.Expression, span: Span, scope: Scope) -> Expression:
    """A comparison; beside a text column the right side is text, bare or quoted."""
    one = expression(left, scope)
    two = word_as_text(right, one) or expression(right, scope)
    check_answer(one, two, scope.env)
    return comparison_of(op, one, two, span, scope.env)


def membership(node: tree.Membership, scope: Scope) -> Expression:
    """`X in (a, b)` as an alternative of equalities."""
    equal = tuple(comparison("=", node.left, option, node.span, scope) for option in node.options)
    found: Expression = equal[0] if len(equal) == 1 else Logic("or", equal, node.span)
    return Logic("not", (found,), node.span) if node.negated else found


def condition(node: tree.Expression, scope: Scope) -> Expression:
    """An expression that must answer yes or no."""
    return expect(expression(node, scope), Unit.YES_NO, "SE0406", node.span, scope.env)


def choice(node: tree.Conditional | tree.IfNone, scope: Scope) -> Expression:
    """`if … then … else …` and `… if there is none …`, both branches in one unit."""
    if isinstance(node, tree.Conditional):
        test = condition(node.condition, scope)
        branches = (expression(node.then, scope), expression(node.otherwise, scope))
        first, second = alike(branches, node.span, scope.env)
        rows = (ChoiceRow(first, when=test), ChoiceRow(second, otherwise=True))
    else:
        branches = (expression(node.operand, scope), expression(node.otherwise, scope))
        first, second = alike(branches, node.span, scope.env)
        rows = (ChoiceRow(first), ChoiceRow(second, if_none=True))
    return Choice(rows, unit_of(first), node.span)


def windowed(node: tree.Moved | tree.ResultOf | tree.ValueAt, scope: Scope) -> Expression:
    """Readings that only make sense for a window: a moved measure, another clause's result, a banded value."""
    env = scope.env
    if not isinstance(node, tree.ValueAt) and not isinstance(scope, WindowScope):
        refuse_window_in_document(node, env)
    match node:
        case tree.Moved():
            if node.measure.id not in env.measure_blocks:
                unknown("SE0301", node.measure.id, node.measure.span, env.measure_blocks, env)
            if node.measure.id in env.findings_read:
                refuse_moved_answer(node, env)
            unit = env.measure(node.measure.id, node.measure.span).unit
            return MeasureRef(node.measure.id, unit, shift_of(node.how, node.unit, node.count), node.span)
        case tree.ResultOf():
            if node.clause.id not in env.clause_blocks:
                unknown("SE0307", node.clause.id, node.clause.span, env.clause_blocks, env)
            refuse_goods(node.clause, env)
            return ResultOf(node.clause.id, node.after_limits, shift_of(*node.shift) if node.shift else None, node.span)
        case tree.ValueAt():
            return banded(node, expression(node.at, scope), env)
        case _:
            assert_never(node)


def standing_balance(node: tree.Name, scope: Scope) -> ResultOf:
    """What a declared balance holds as the asking window begins, or at its end so far."""
    env = scope.env
    if not isinstance(scope, WindowScope):
        refuse_window_in_document(node, env)
    if node.id not in env.balance_blocks:
        unknown("SE0301", node.written or node.id, node.span, env.balance_blocks, env)
    if node.id not in env.under_way and env.balance(node.id, node.span).unit is not Unit.MONEY:
        env.refuse(
            "SE0258",
            (node.span, ("read as money here", "此处作为金额引用")),
            (env.names[node.id], ("counts units", "按件数计")),
            why=(
                f"`{node.id}` holds units: 2 units and 2.00 of money have no sum.",
                f"“{node.id}”按件数计：2 件与 2.00 元不能相加。",
            ),
            fix=("keep a balance of money beside it.", "另设一个按金额计的余额。"),
        )
    return ResultOf(node.id, node.of == "closing_of", None, node.span)


def shift_of(how: str, unit: str, count: int) -> Shift:
    """Another window; the weeks before are seven days each."""
    return Shift(how, "day", 7 * count) if (how, unit) == ("before", "week") else Shift(how, unit, count)


def refuse_moved_answer(node: tree.Moved, env: Environment) -> NoReturn:
    """A finding says itself for which window it holds."""
    name = node.measure.id
    env.refuse(
        "SE0573",
        (node.span, ("read for another window", "在此读取另一期间")),
        (env.names[name], ("says for which window it holds", "已写明适用的期间")),
        why=(
            f"`{name}` is answered for the windows it names itself, and a moved window holds no answer of its own.",
            f"“{name}”只对其自身写明的期间作出结论，移动后的期间没有单独的结论。",
        ),
        fix=(name, name),
    )


def refuse_goods(named: tree.Name, env: Environment) -> None:
    """Units of goods are no money, and a result is."""
    block = env.clause_blocks.get(named.id)
    if block is not None and any(field.key == "free" for field in block.fields):
        env.refuse(
            "SE0258",
            (named.span, ("read as money here", "此处作为金额引用")),
            (env.names[named.id], ("gives units", "给的是件数")),
            why=(
                f"`{named.id}` gives goods in units: 2 units and 2.00 of money have no sum.",
                f"“{named.id}”给的是货品件数：2 件与 2.00 元不能相加。",
            ),
            fix=(
                "price the goods in a clause of money: `rate 25.00 per full 24 units`, `invoice paid in goods`.",
                "改写为按金额的条款：“点位 每满 24 件 25.00”、“开票 货补”。",
            ),
        )


def refuse_window_in_document(node: tree.Moved | tree.ResultOf | tree.Name, env: Environment) -> NoReturn:
    """One document has no window, and no clause has a result for it."""
    env.refuse(
        "SE0304",
        node.span,
        why=(
            "one document is looked at here; it has no window of its own, so neither another window nor a clause's result belongs to it.",
            "此处逐张看单据；单张单据没有期间，也就没有其他期间的口径或条款的结果。",
        ),
        fix=("use it in a measure, an amount or behind `when`.", "写在口径、金额或“当”之后。"),
    )


def time(node: tree.TimeBetween | tree.DateShift | tree.WorkingDayOn, scope: Scope) -> Expression:
    """Days between dates, a date moved, a working day."""

    def day(item: tree.Expression) -> Expression:
        found = expression(item, scope)
        return found if unit_of(found) is Unit.MOMENT else expect(found, Unit.DATE, "SE0408", item.span, scope.env)

    match node:
        case tree.TimeBetween():
            result = Unit.NUMBER if node.unit in ("years", "months", "weeks", "hours", "minutes") else Unit.DAYS
            ends = (day(node.start), day(node.end))
            if node.unit in ("minutes", "hours"):
                demand_moments(node, ends, scope.env)
            return Time("between", ends, result, node.unit, node.mode, node.count, node.basis, node.span)
        case tree.DateShift():
            demand_overflow(node, scope.env)
            start = day(node.start)
            exact = node.unit in ("minutes", "hours") or (unit_of(start) is Unit.MOMENT and node.unit in ("days", "weeks"))
            unit = Unit.MOMENT if exact else Unit.DATE
            return Time("shift", (start,), unit, node.unit, node.overflow, node.count, "", node.span)
        case tree.WorkingDayOn():
            return Time("working_day", (day(node.day),), Unit.DATE, "", node.side, 1, "", node.span)
        case _:
            assert_never(node)


def aggregate(node: tree.Aggregate, scope: Scope) -> Aggregate:
    """A sum, count or other reading over documents; `less` types count with the opposite sign."""
    found = sources(node.over, 1, scope.env) + sources(node.less, -1, scope.env)
    inner = aggregate_scope(scope, found)
    item = expression(node.item, inner) if node.item is not None else None
    where = condition(node.where, inner) if node.where is not None else None
    counted = node.op in ("count", "count_distinct") or item is None
    return Aggregate(node.op, item, found, where, Unit.QUANTITY if counted else unit_of(item or _none()), node.span)


def _none() -> Expression:
    raise AssertionError("an aggregate without an item is a count")


def window_expression(node: tree.Expression, env: Environment, group: tuple[str, ...] = ()) -> Expression:
    """An expression read for a group and window."""
    return expression(node, WindowScope(env, group))


def banded(node: tree.ValueAt, at: Expression, env: Environment) -> Expression:
    """A banded value asked at a number: its bands are conditions on the value's own `asked` placeholder."""
    if node.value.id not in env.value_blocks:
        unknown("SE0301", node.value.id, node.value.span, env.value_blocks, env)
    found = env.value(node.value.id, node.value.span)
    if not any(isinstance(item, Column) and item.of == "asked" for item in walk(found)):
        env.refuse(
            "SE0202",
            node.span,
            why=(
                f"`{node.value.id}` has no bands, so it is the same at every number.",
                f"“{node.value.id}”没有分档，在任何数上取值都相同。",
            ),
            fix=(node.value.id, node.value.id),
        )
    return asked_at(found, at)
