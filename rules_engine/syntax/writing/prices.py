"""Prices written out: values on a line, rows and bands a line each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from rules_engine.record import dataclass
from rules_engine.syntax.tree import (
    Band,
    Binary,
    Expression,
    IfNone,
    Ladder,
    Name,
    Number,
    Part,
    Price,
    Row,
    Rows,
    ShareOf,
    Value,
    ValueIf,
)
from rules_engine.syntax.writing.expressions import EITHER, SUM, expression, if_none
from rules_engine.syntax.writing.pen import Pen
from rules_engine.syntax.writing.widths import pad, width

_EACH = {"units": "each_unit", "document": "each_document_word", "order": "each_order", "days": "each_day"}


@dataclass(frozen=True, slots=True)
class Written:
    """A line on its way out: levels further in, its text, and the line it came from (0: none)."""

    depth: int
    text: str
    line: int


def value(pen: Pen, node: Value) -> str:
    """Parts joined by `plus`, then floor and cap."""
    text = f" {pen.word('plus_part')} ".join(_part(pen, each) for each in node.parts)
    if node.at_least is not None:
        text += f" {pen.word('at_least')} {value(pen, node.at_least)}"
    return text + (f" {pen.word('at_most')} {value(pen, node.at_most)}" if node.at_most is not None else "")


def price(pen: Pen, node: Value | ValueIf) -> str:
    """A price that fits one line."""
    match node:
        case Value():
            return value(pen, node)
        case ValueIf():
            then, otherwise = (_inline(pen, each) for each in (node.then, node.otherwise))
            condition = expression(pen, node.condition)
            return f"{pen.word('if')} {condition} {pen.word('then')} {then} {pen.word('else')} {otherwise}"
        case _:
            assert_never(node)


def _inline(pen: Pen, node: Price) -> str:
    assert not isinstance(node, Ladder | Rows), "a ladder and rows stand on lines of their own"
    return price(pen, node)


def _part(pen: Pen, node: Part) -> str:
    if node.kind == "none" or node.amount is None:
        return pen.word("none")
    amount = if_none(pen, node.amount, SUM) if isinstance(node.amount, IfNone) else expression(pen, node.amount, SUM)
    if not node.unit:
        return amount
    return f"{_each(pen, node)} {amount}" if pen.chinese else f"{amount} {pen.word('per')} {_per(pen, node)}"


def _per(pen: Pen, node: Part) -> str:
    step = [pen.word(node.step)] if node.step else []
    if node.unit == "money":
        return " ".join([*step, pen.number(Number(node.count, "money", node.span))])
    count = [_figure(node.count)] if node.count != 1 else []
    return " ".join([*step, *count, pen.unit(node.unit, node.count)])


def _each(pen: Pen, node: Part) -> str:
    if node.count == 1 and not node.step and node.unit in _EACH:
        return pen.word(_EACH[node.unit])
    head = pen.word(f"each_{node.step}" if node.step else "each")
    if node.unit == "money":
        return f"{head} {pen.number(Number(node.count, 'money', node.span))}"
    count = [_figure(node.count)] if node.count != 1 else []
    return " ".join([head, *count, pen.unit(node.unit, node.count)])


def _figure(count: Decimal) -> str:
    return f"{count:,f}"


def rows(pen: Pen, found: Sequence[Row], depth: int) -> list[Written]:
    """Rows a line each, their conditions below each other."""
    heads = [
        ladder_head(pen, row.price) if isinstance(row.price, Ladder) else _inline(pen, row.price)
        for row in found
    ]
    tails = [marks(pen, row) for row in found]
    most = max((width(head) for head, tail in zip(heads, tails, strict=True) if tail), default=0)
    lines: list[Written] = []
    for row, head, tail in zip(found, heads, tails, strict=True):
        text = f"{pad(head, most)}  {tail}" if tail else head
        lines.append(Written(depth, text, row.span.line))
        if isinstance(row.price, Ladder):
            lines.extend(bands(pen, row.price.bands, depth + 1))
    return lines


def marks(pen: Pen, row: Row) -> str:
    """What a row says after its price."""
    parts = []
    if row.names:
        parts.append(f"{pen.word('for')} {', '.join(pen.label(each) for each in row.names)}")
    if row.where is not None:
        parts.append(f"{pen.word('for')} {expression(pen, row.where, EITHER)}")
    if row.when is not None:
        parts.append(f"{pen.word('when')} {expression(pen, row.when, EITHER)}")
    if row.start is not None:
        parts.append(f"{pen.word('from')} {row.start.isoformat()}")
    if row.end is not None:
        parts.append(f"{pen.word('until')} {row.end.isoformat()}")
    parts += [pen.word("otherwise")] if row.otherwise else []
    parts += [pen.word("at_zero")] if row.at_zero else []
    return " ".join(parts)


def ladder_head(pen: Pen, node: Ladder) -> str:
    """Reading, counter and dates of a ladder."""
    parts = [pen.word(node.reading)] if node.reading else []
    parts += [f"{pen.word('along')} {node.along}"] if node.along else []
    parts += [f"{pen.word('from')} {node.start.isoformat()}"] if node.start else []
    parts += [f"{pen.word('until')} {node.end.isoformat()}"] if node.end else []
    return " ".join(parts)


def bands(pen: Pen, found: Sequence[Band], depth: int) -> list[Written]:
    """Bands a line each, their prices below each other."""
    styles = [pen.word("above" if band.style == "over" else band.style) for band in found]
    most = max((width(style) for style, band in zip(styles, found, strict=True) if band.bound is not None), default=0)
    heads = [
        style if band.bound is None else f"{pad(style, most)} {_bound(pen, band.bound)}"
        for style, band in zip(styles, found, strict=True)
    ]
    widest = max((width(head) for head in heads), default=0)
    lines: list[Written] = []
    for band, head in zip(found, heads, strict=True):
        nested = band.price if isinstance(band.price, Ladder) else None
        below = band.price if isinstance(band.price, Rows) else None
        text = pen.word(nested.reading) if nested else "" if below or band.style == "bands" else _inline(pen, band.price)
        lines.append(Written(depth, f"{pad(head, widest)}  {text}".rstrip(), band.span.line))
        lines.extend(rows(pen, below.rows, depth + 1) if below else [])
        lines.extend(bands(pen, nested.bands, depth + 1) if nested else [])
    return lines


def _bound(pen: Pen, node: Expression) -> str:
    match node:
        case Number() if node.unit in ("", "percent", "money", "units", "minutes", "hours", "days", "working_days", "weeks", "months", "years"):
            return pen.number(node)
        case Name(of=""):
            return pen.name(node)
        case ShareOf(of=Name(of="")):
            return expression(pen, node)
        case Binary(op="*", left=Number(unit="") as count, right=Name(of="") as name):
            return f"{pen.number(count)} {pen.word('times')} {pen.name(name)}"
        case _:
            return f"({expression(pen, node)})"
