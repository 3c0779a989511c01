"""Contract text from a tree, small and plain: an own way to the text, beside the formatter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rules_engine.syntax import tree

WINDOWS = {"half_month": "half month", "half_year": "half year"}
EVERY = {"month": "monthly", "quarter": "quarterly", "half_month": "half-monthly", "half_year": "half-yearly", "year": "yearly"}
BANDS = {"up_to": "up to", "at_zero": "at zero"}
ODD = {"last_days": "last day's", "once_reached_stays": "once reached, stays"}
INDENT = "  "


def words(identifier: str) -> str:
    """A keyword as it is written."""
    return ODD.get(identifier, identifier.replace("_", " "))


def literal(node: tree.Number) -> str:
    """A number with its unit; thousands are separated."""
    figure = f"{node.value:,f}"
    return f"{figure}%" if node.unit == "percent" else f"{figure} {words(node.unit)}".rstrip()


def expression(node: tree.Item) -> str:  # noqa: C901 - one line a node
    """An expression."""
    match node:
        case tree.Number():
            return literal(node)
        case tree.Text(value=value):
            return f'"{value}"'
        case tree.DateLiteral(value=day):
            return day.isoformat()
        case tree.Name(id=identifier):
            return identifier
        case tree.Binary(op=op, left=left, right=right):
            return f"{operand(left)} {op} {operand(right)}"
        case tree.Comparison(op=op, left=left, right=right):
            return f"{operand(left)} {op} {operand(right)}"
        case tree.Logical(op="not", operands=operands):
            return f"not {operand(operands[0])}"
        case tree.Logical(op=op, operands=operands):
            return f" {op} ".join(expression(each) for each in operands)
        case tree.Call(function=function, arguments=arguments):
            return f"{function}({', '.join(expression(each) for each in arguments)})"
        case tree.ShareOf(share=share, of=of):
            return f"{literal(share)} of {operand(of)}"
        case tree.Moved(measure=measure, how="so_far", unit=unit):
            return f"{measure.id} in the {words(unit)} so far"
        case tree.Moved(measure=measure, how="previous", unit=unit):
            return f"{measure.id} in the previous {words(unit)}"
        case tree.ResultOf(clause=clause):
            return f"result of {clause.id}"
        case tree.IfNone(operand=inner, otherwise=otherwise):
            return f"{expression(inner)} if there is none {operand(otherwise)}"
        case tree.Aggregate():
            return aggregate(node)
        case _:
            raise NotImplementedError(type(node).__name__)


def operand(node: tree.Expression) -> str:
    """An expression inside another one: bracketed unless it is a single word or number."""
    single = isinstance(node, tree.Number | tree.Name | tree.Text | tree.DateLiteral | tree.Call)
    return expression(node) if single or (isinstance(node, tree.Aggregate) and node.bracketed) else f"({expression(node)})"


def aggregate(node: tree.Aggregate) -> str:
    """`sum of X over A less B where C`."""
    op = "count of distinct" if node.op == "count_distinct" else "count" if node.op == "count" else f"{words(node.op)} of"
    parts = [op] if node.item is None else [op, expression(node.item)]
    parts += ["over", ", ".join(each.id for each in node.over)]
    if node.less:
        parts += ["less", ", ".join(each.id for each in node.less)]
    if node.where is not None:
        parts += ["where", expression(node.where)]
    text = " ".join(parts)
    return f"({text})" if node.bracketed else text


def part(node: tree.Part) -> str:
    """One summand of a value."""
    if node.kind == "none" or node.amount is None:
        return "none"
    amount = expression(node.amount)
    if node.kind != "per":
        return amount
    count = "" if node.count == 1 and not node.step else f"{node.count:,f} "
    step = f"{node.step} " if node.step else ""
    unit = "unit" if node.unit == "units" and not count else node.unit
    return f"{amount} per {step}{count}{unit}"


def value(node: tree.Value) -> str:
    """Parts, floor, cap."""
    text = " plus ".join(part(each) for each in node.parts)
    text += f" at least {value(node.at_least)}" if node.at_least is not None else ""
    return text + (f" at most {value(node.at_most)}" if node.at_most is not None else "")


def price(node: tree.Price, indent: str) -> list[str]:
    """A price: its first line without indent, further lines with."""
    match node:
        case tree.Value():
            return [value(node)]
        case tree.Ladder():
            return [node.reading, *bands(node, indent + INDENT)]
        case _:
            raise NotImplementedError(type(node).__name__)


def bands(node: tree.Ladder, indent: str) -> list[str]:
    """The bands of a ladder, a line each."""
    lines = []
    for each in node.bands:
        head = BANDS.get(each.style, each.style)
        bound = "" if each.bound is None else f" {expression(each.bound)}"
        first, *rest = price(each.price, indent)
        lines += [f"{indent}{head}{bound}  {first}", *rest]
    return lines


def row(node: tree.Row, indent: str) -> list[str]:
    """A row of a price."""
    first, *rest = price(node.price, indent)
    if node.otherwise:
        first += " otherwise"
    if node.names:
        first += f" for {', '.join(each.id for each in node.names)}"
    if node.where is not None:
        first += f" for {expression(node.where)}"
    if node.when is not None:
        first += f" when {expression(node.when)}"
    first += f" from {node.start}" if node.start is not None else ""
    first += f" until {node.end}" if node.end is not None else ""
    return [indent + first, *rest]


def priced(key: str, items: Sequence[tree.Item], indent: str) -> list[str]:
    """`rate`, `amount`, `tiers`."""
    lead = " ".join([key, *(words(item.id) for item in items if isinstance(item, tree.Word))])
    rows = [item for item in items if isinstance(item, tree.Row)]
    if rows:
        return [indent + lead, *(line for each in rows for line in row(each, indent + INDENT))]
    first, *rest = price(next(item for item in items if isinstance(item, tree.Value | tree.Ladder)), indent)
    return [f"{indent}{lead} {first}", *rest]


def window(node: tree.Window) -> str:
    """A window with the day its months start."""
    start = f" starting day {node.starting_day}" if node.starting_day != 1 else ""
    return WINDOWS.get(node.kind, node.kind) + start


def period(items: Sequence[tree.Item]) -> str:
    """`quarter, on account monthly, never taken back`."""
    parts = []
    for item in items:
        match item:
            case tree.Window():
                parts.append(window(item))
            case tree.Word(id=identifier):
                parts.append(words(identifier))
            case tree.Group(items=inner):
                parts += [f"on account {EVERY[each.kind]}" for each in inner if isinstance(each, tree.Window)]
                parts += [words(each.id) for each in inner if isinstance(each, tree.Word)]
            case _:
                raise NotImplementedError(type(item).__name__)
    return ", ".join(parts)


def bound(items: Sequence[tree.Item]) -> str:
    """`200 in each year proportionally by days`."""
    parts = []
    for item in items:
        match item:
            case tree.Group(key="in_each", items=(tree.Window() as inner,)):
                parts.append(f"in each {window(inner)}")
            case tree.Word(id=identifier):
                parts.append(words(identifier))
            case _:
                parts.append(expression(item))
    return " ".join(parts)


def listed(items: Sequence[tree.Item]) -> str:
    """Items one after another, with commas."""
    return ", ".join(words(item.id) if isinstance(item, tree.Word) else expression(item) for item in items)


def header_prices(items: Sequence[tree.Item]) -> str:
    """`include VAT 13%`."""
    kind = next(item for item in items if isinstance(item, tree.Word))
    lead = kind.id.replace("_vat", " VAT")
    rows = [item for item in items if isinstance(item, tree.Row)]
    if rows:
        return "\n".join([lead, *(line for each in rows for line in row(each, INDENT * 2))])
    return " ".join([lead, *(expression(item) for item in items if isinstance(item, tree.Number))])


def rounding(items: Sequence[tree.Item]) -> str:
    """`half up to 0.01 on each line`."""
    return " ".join(words(item.id) if isinstance(item, tree.Word) else f"to {expression(item)}" for item in items)


def due(items: Sequence[tree.Item]) -> str:
    """The days of a `due` line."""
    return ", ".join(" ".join(expression(each) for each in item.items) for item in items if isinstance(item, tree.Group))


SPECIAL: dict[str, Callable[[Sequence[tree.Item]], str]] = {
    "mode": lambda items: ", ".join(item.id for item in items if isinstance(item, tree.Word)),
    "term": lambda items: " to ".join(expression(item) for item in items),
    "supplier": lambda items: " ".join(expression(item) for item in items),
    "settle": lambda items: ", ".join(EVERY[item.kind] for item in items if isinstance(item, tree.Window)),
    "pay": lambda items: " ".join(words(item.id) if isinstance(item, tree.Word) else expression(item) for item in items),
    "prices": header_prices,
    "rounding": rounding,
    "period": period,
    "due": due,
    "spread_over": lambda items: " by ".join(
        expression(each) for item in items for each in (item.items if isinstance(item, tree.Group) else (item,))
    ),
    "at_most": bound,
    "at_least": bound,
}


def field(node: tree.Field, indent: str = INDENT) -> list[str]:
    """A field of a block or of the header."""
    if node.key in ("rate", "amount", "tiers", "deduction", "protection"):
        return priced(node.key, node.items, indent)
    if node.key == "formula":
        return [indent + expression(node.items[0])]
    said = SPECIAL.get(node.key, listed)(node.items)
    return [f"{indent}{words(node.key)} {said}".rstrip()]


def block(node: tree.Block) -> list[str]:
    """A declaration or clause."""
    title = f' "{node.title}"' if node.title else ""
    lead = f"{words(node.kind)} {node.id}{title}"
    shown = [each for each in node.fields if each.key not in ("show", "paid_by")]
    lead += "".join(f" paid by {expression(each.items[0])}" for each in node.fields if each.key == "paid_by")
    lead += "".join(" show" for each in node.fields if each.key == "show")
    return [lead, *(line for each in shown for line in field(each))]


def contract(node: tree.ContractText) -> str:
    """The whole text."""
    lines = [f'contract {node.id} "{node.title}"']
    lines += [line for each in node.header for line in field(each)]
    for each in node.blocks:
        lines += ["", *block(each)]
    return "\n".join(lines) + "\n"
