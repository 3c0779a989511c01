"""The first line of a template, and the values that a contract gives to its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from rules_engine.syntax.parameters import Parameter, Plain
from rules_engine.syntax.tree import ContractText, DateLiteral, Group, Item, Name, Number, Text, Window, YesNo
from rules_engine.syntax.writing.pen import Pen
from rules_engine.syntax.writing.prices import Written
from rules_engine.syntax.writing.widths import pad, width

TYPE_WORDS = {kind: f"{kind}_word" for kind in ("percent", "money", "number", "quantity", "date", "text")}
UNITS = {"percent": "percent", "money": "", "number": "", "quantity": "units", "days": "days"}


WIDEST = 100
"""Beyond this the parameters stand a line each."""


def template_head(pen: Pen, tree: ContractText) -> list[Written]:
    """`template standard_grocery(deduction percent, cap money = 200,000) "Standard grocery"`."""
    first = f"{pen.word('template')} {tree.id}("
    title = f" {pen.text(tree.title)}" if tree.title else ""
    declared = [_declared(pen, each) for each in tree.parameters]
    line = f"{first}{', '.join(declared)}){title}"
    if width(line) <= WIDEST:
        return [Written(0, line, tree.span.line)]
    ends = [*("," for _ in declared[1:]), f"){title}"]
    lines = zip(declared, ends, tree.parameters, strict=True)
    return [Written(0, first, tree.span.line), *(Written(2, each + end, parameter.span.line) for each, end, parameter in lines)]


def _declared(pen: Pen, parameter: Parameter) -> str:
    plain = f"{parameter.name} {pen.word(TYPE_WORDS.get(parameter.type, parameter.type))}"
    return plain if parameter.default is None else f"{plain} = {_value(pen, parameter, parameter.default)}"


def _value(pen: Pen, parameter: Parameter, value: Plain) -> str:
    match value:
        case bool():
            return pen.word("yes" if value else "no")
        case Decimal():
            return pen.number(Number(value, UNITS[parameter.type], parameter.span))
        case date():
            return value.isoformat()
        case str():
            return pen.word(value) if parameter.type == "period" else pen.text(value)
        case tuple():
            return ", ".join(pen.label(Name(each, parameter.span)) for each in value)


def given(pen: Pen, groups: Sequence[Group], depth: int) -> list[Written]:
    """The values of a contract's parameters, a line each."""
    named = [(group.items[0], group) for group in groups]
    most = max((width(name.id) for name, _ in named if isinstance(name, Name)), default=0)
    return [
        Written(depth, f"{pad(name.id, most)}  {', '.join(_item(pen, each) for each in group.items[1:])}", group.span.line)
        for name, group in named
        if isinstance(name, Name)
    ]


def _item(pen: Pen, item: Item) -> str:
    match item:
        case Number():
            return pen.number(item)
        case DateLiteral():
            return item.value.isoformat()
        case YesNo():
            return pen.word("yes" if item.value else "no")
        case Window():
            return pen.window(item)
        case Text():
            return pen.text(item)
        case Name():
            return pen.label(item)
        case _:
            raise AssertionError(item)
