"""Actions for prices: values, rows, ladders."""

# ruff: noqa: D102 - each method is one production of the grammar, which says what it is
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rules_engine.syntax.actions.expression_nodes import unit_of
from rules_engine.syntax.actions.items import items, key, name
from rules_engine.syntax.lexemes import Lexeme, Mark, Refusal, cover
from rules_engine.syntax.tree import (
    Band,
    Expression,
    Field,
    Ladder,
    Name,
    Number,
    Part,
    Price,
    Row,
    Rows,
    Text,
    Value,
    ValueIf,
)

TIERS = 1_000
_READINGS = frozenset(("MARGINAL", "WHOLE", "STACKED", "CLIMBING", "SLIDING"))
_EACH = {"EACH_UNIT": "units", "EACH_DOCUMENT_WORD": "document", "EACH_ORDER": "order", "EACH_DAY": "days"}
_COUNTS = ("NUMBER", "MONEY")
_STEPS = {"STARTED": "started", "FULL": "full", "EACH_STARTED": "started", "EACH_FULL": "full"}


def _kind(amount: Expression, per: bool) -> str:
    if isinstance(amount, Number) and amount.unit == "units":
        return "units"
    if per:
        return "per"
    if isinstance(amount, Number):
        return {"percent": "rate", "": "lump", "money": "lump"}.get(amount.unit, "formula")
    return "formula"


def _unit(word: Lexeme) -> str:
    """What the price is per: a unit's word, or money where an amount stands there."""
    return "money" if word.type == "MONEY" else unit_of(word)


def _marks(parts: Sequence[Any]) -> dict[str, Mark]:
    found: dict[str, Mark] = {}
    for part in parts:
        if isinstance(part, Mark):
            if part.kind in found:
                raise Refusal("SE0118", part.span, word=part.kind)
            found[part.kind] = part
    return found


def _value(marks: dict[str, Mark], kind: str) -> Any:
    return marks[kind].value if kind in marks else None


def _reading(parts: Sequence[Any]) -> str:
    return next((key(part) for part in parts if isinstance(part, Lexeme) and part.type in _READINGS), "")


def bare_names(first: Expression, more: Sequence[Any]) -> tuple[Name, ...]:
    """Bare names of a filter, never translated; a quoted text is a name too."""
    return tuple(_bare(part) for part in (first, *more))


def _bare(part: Any) -> Name:
    match part:
        case Name(of=""):
            return Name(part.written or part.id, part.span)
        case Text():
            return Name(part.value, part.span)
        case _:
            raise Refusal("SE0119", part.span)


class PriceNodes:
    """Prices, each from the parts of its production."""

    def part(self, parts: list[Any]) -> Part:
        amount, *per = parts
        count = next((word.value for word in per if word.type in _COUNTS), Decimal(1))
        step = next((_STEPS[word.type] for word in per if word.type in _STEPS), "")
        unit = _unit(per[-1]) if per else ""
        return Part(_kind(amount, bool(per)), amount, count, step, unit, cover(parts))

    def part_reversed(self, parts: list[Any]) -> Part:
        head, *middle, amount = parts
        count = next((word.value for word in middle if word.type in _COUNTS), Decimal(1))
        unit = _EACH.get(head.type) or _unit(middle[-1])
        return Part(_kind(amount, True), amount, count, _STEPS.get(head.type, ""), unit, cover(parts))

    def part_none(self, parts: list[Any]) -> Part:
        return Part("none", None, Decimal(1), "", "", parts[0].span)

    def value(self, parts: list[Any]) -> Value:
        bounds = {key(parts[at]): parts[at + 1] for at in range(1, len(parts), 2)}
        return Value(_summands(parts[0]), self._bound(bounds.get("at_least")), self._bound(bounds.get("at_most")), cover(parts))

    def _bound(self, parts: tuple[Part, ...] | None) -> Value | None:
        return Value(_summands(parts), None, None, cover(parts)) if parts else None

    def value_if(self, parts: list[Any]) -> ValueIf:
        return ValueIf(parts[1], parts[3], parts[5], cover(parts))

    def filter(self, parts: list[Any]) -> Any:
        first, *more = parts
        if more or isinstance(first, Text) or (isinstance(first, Name) and not first.of):
            return bare_names(first, items(more))
        return first

    def mark(self, parts: list[Any]) -> Mark:
        head = parts[0]
        value = parts[1] if len(parts) > 1 else True
        plain = value.value if isinstance(value, Lexeme) and value.type == "DATE" else value
        return Mark(key(head), plain, cover(parts))

    def row(self, parts: list[Any]) -> Row:
        return self._row(parts[0], parts[1:], parts)

    def ladder_row(self, parts: list[Any]) -> Row:
        named = next((part for part in parts if isinstance(part, Lexeme) and part.type == "NAME"), None)
        ladder = Ladder(_reading(parts[:1]), _bands(parts), None, None, named.text if named else "", cover(parts))
        return self._row(ladder, parts[1:], parts)

    def _row(self, price: Price, rest: Sequence[Any], parts: Sequence[Any]) -> Row:
        marks = _marks(rest)
        chosen = _value(marks, "for")
        named = chosen if isinstance(chosen, tuple) else ()
        where = None if isinstance(chosen, tuple) else chosen
        start: date | None = _value(marks, "from")
        end: date | None = _value(marks, "until")
        flags = ("otherwise" in marks, "at_zero" in marks)
        return Row(price, named, where, _value(marks, "when"), start, end, *flags, cover(parts))

    def price_field(self, parts: list[Any]) -> Field:
        rest = parts[2:]
        price = self._row(parts[1], rest, parts[1:]) if any(isinstance(part, Mark) for part in rest) else parts[1]
        return Field(key(parts[0]), (price,), cover(parts))

    def tiers(self, parts: list[Any]) -> Field:
        marks = _marks(parts)
        along = _value(marks, "along")
        dates = (_value(marks, "from"), _value(marks, "until"))
        ladder = Ladder(_reading(parts), _bands(parts), *dates, along.text if along else "", cover(parts))
        return Field("tiers", (ladder,), cover(parts))

    def band(self, parts: list[Any]) -> Band:
        return Band(key(parts[0]), parts[1], parts[2], cover(parts))

    def band_ladder(self, parts: list[Any]) -> Band:
        nested = Ladder(key(parts[2]), _bands(parts), None, None, "", cover(parts[2:]))
        return Band(key(parts[0]), parts[1], nested, cover(parts))

    def band_rows(self, parts: list[Any]) -> Band:
        rows = tuple(part for part in parts if isinstance(part, Row))
        return Band(key(parts[0]), parts[1], Rows(rows, cover(rows)), cover(parts))

    def band_parameter(self, parts: list[Any]) -> Band:
        nothing = Value((Part("none", None, Decimal(1), "", "", parts[1].span),), None, None, parts[1].span)
        return Band("bands", name(parts[1]), nothing, cover(parts))

    def band_zero(self, parts: list[Any]) -> Band:
        return Band("at_zero", None, parts[1], cover(parts))


def _summands(parts: Sequence[Any]) -> tuple[Part, ...]:
    """The parts between the `plus` words."""
    return tuple(part for part in parts if isinstance(part, Part))


def _bands(parts: Sequence[Any]) -> tuple[Band, ...]:
    found = tuple(part for part in parts if isinstance(part, Band))
    if len(found) > TIERS:
        raise Refusal("SE0125", found[TIERS].span)
    return found
