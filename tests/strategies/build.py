"""Trees in one line each, without spans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules_engine.source import NOWHERE
from rules_engine.syntax import tree


def name(word: str) -> tree.Name:
    """A name."""
    return tree.Name(word, NOWHERE)


def names(*each: str) -> tuple[tree.Name, ...]:
    """Several names."""
    return tuple(name(word) for word in each)


def number(text: str, unit: str = "") -> tree.Number:
    """A literal."""
    return tree.Number(Decimal(text), unit, NOWHERE)


def percent(text: str) -> tree.Number:
    """A percent literal, `12` for 12 %."""
    return number(text, "percent")


def text(value: str) -> tree.Text:
    """A quoted text."""
    return tree.Text(value, NOWHERE)


def word(identifier: str) -> tree.Word:
    """A keyword that carries meaning."""
    return tree.Word(identifier, NOWHERE)


def day(value: date) -> tree.DateLiteral:
    """A day."""
    return tree.DateLiteral(value, NOWHERE)


def binary(op: str, left: tree.Expression, right: tree.Expression) -> tree.Binary:
    """One of the four operations."""
    return tree.Binary(op, left, right, NOWHERE)


def compare(op: str, left: tree.Expression, right: tree.Expression) -> tree.Comparison:
    """A comparison."""
    return tree.Comparison(op, left, right, NOWHERE)


def aggregate(
    op: str, item: tree.Expression | None, over: tuple[str, ...], less: tuple[str, ...] = (), where: tree.Expression | None = None
) -> tree.Aggregate:  # fmt: skip
    """An aggregate that stands alone on its line."""
    return tree.Aggregate(op, item, names(*over), names(*less), where, False, NOWHERE)


def share(rate: str, of: tree.Expression) -> tree.ShareOf:
    """`70% of X`."""
    return tree.ShareOf(percent(rate), of, NOWHERE)


def rate_part(rate: str) -> tree.Part:
    """A percent of the base."""
    return tree.Part("rate", percent(rate), Decimal(1), "", "", NOWHERE)


def lump_part(amount: str) -> tree.Part:
    """Money alone."""
    return tree.Part("lump", number(amount), Decimal(1), "", "", NOWHERE)


def per_part(amount: str, count: str = "1", step: str = "", unit: str = "units") -> tree.Part:
    """Money per so many units, or per document."""
    return tree.Part("per", number(amount), Decimal(count), step, unit, NOWHERE)


NONE_PART = tree.Part("none", None, Decimal(1), "", "", NOWHERE)


def value(*parts: tree.Part, at_least: tree.Value | None = None, at_most: tree.Value | None = None) -> tree.Value:
    """Parts with their bounds."""
    return tree.Value(parts, at_least, at_most, NOWHERE)


def row(
    price: tree.Price, *, of: tuple[str, ...] = (), where: tree.Expression | None = None, when: tree.Expression | None = None,
    start: date | None = None, end: date | None = None, otherwise: bool = False,
) -> tree.Row:  # fmt: skip
    """A row of a price."""
    return tree.Row(price, names(*of), where, when, start, end, otherwise, False, NOWHERE)


def band(style: str, bound: str | None, price: tree.Price) -> tree.Band:
    """A band of a ladder."""
    return tree.Band(style, None if bound is None else number(bound), price, NOWHERE)


def ladder(reading: str, *bands: tree.Band) -> tree.Ladder:
    """A ladder."""
    return tree.Ladder(reading, bands, None, None, "", NOWHERE)


def window(kind: str, starting_day: int = 1) -> tree.Window:
    """A named window."""
    return tree.Window(kind, NOWHERE, starting_day=starting_day)


def bracket(key: str, *items: tree.Item) -> tree.Group:
    """A bracket of items inside a field."""
    return tree.Group(key, items, NOWHERE)


def field(key: str, *items: tree.Item) -> tree.Field:
    """A field of a block."""
    return tree.Field(key, items, NOWHERE)


def block(kind: str, identifier: str, *fields: tree.Field, title: str = "") -> tree.Block:
    """A declaration or clause."""
    return tree.Block(kind, identifier, title, fields, NOWHERE, NOWHERE)


def contract(identifier: str, header: tuple[tree.Field, ...], *blocks: tree.Block) -> tree.ContractText:
    """A whole contract in English."""
    return tree.ContractText("contract", "en", identifier, "Generated", header, blocks, (), NOWHERE)
