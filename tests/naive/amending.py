"""A contract with its amendments as one tree: old prices until the day before, new ones from the day on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules_engine.source import NOWHERE
from rules_engine.syntax import tree
from rules_engine.syntax.equal import plain

PRICES = ("rate", "amount", "tiers")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Amendment:
    """An amendment as read, the day it takes effect, the day it became known."""

    text: tree.ContractText
    effective: date
    known: date


def days_of(text: tree.ContractText) -> Amendment:
    """The dates of an amendment; without `known` it is known on the day it takes effect."""
    days = {line.key: next(item.value for item in line.items if isinstance(item, tree.DateLiteral)) for line in text.header}
    return Amendment(text, days["effective"], days.get("known", days["effective"]))


def as_amended(text: tree.ContractText, amendments: Iterable[Amendment], last: date) -> tree.ContractText:
    """The contract as it was known on a day."""
    for amendment in amendments:
        if amendment.known <= last:
            for block in amendment.text.blocks:
                text = replace(text, blocks=tuple(applied(text.blocks, block, amendment.effective)))
    return text


def applied(blocks: tuple[tree.Block, ...], block: tree.Block, day: date) -> list[tree.Block]:
    """Every block as it stands with one more."""
    if block.kind == "end":
        until = (tree.Field("until", (tree.DateLiteral(day - ONE_DAY, NOWHERE),), NOWHERE), *block.fields)
        return [replace(each, fields=(*each.fields, *until)) if each.id == block.id else each for each in blocks]
    if any(each.id == block.id for each in blocks):
        return [under_both(each, block, day) if each.id == block.id else each for each in blocks]
    begins = tree.Field("from", (tree.DateLiteral(day, NOWHERE),), NOWHERE)
    return [*blocks, replace(block, fields=(*block.fields, begins))]


def under_both(old: tree.Block, new: tree.Block, day: date) -> tree.Block:
    """The new text with the old price before the day; a price said again is no change."""
    before, now = (next(each for each in block.fields if each.key in PRICES) for block in (old, new))
    if plain(before) == plain(now):
        return new
    rows = [*dated(before, None, day - ONE_DAY), *dated(now, day, None)]
    rest = tuple(each for each in new.fields if each.key not in PRICES)
    return replace(new, fields=(*rest, replace(now, items=tuple(rows))))


def dated(field: tree.Field, start: date | None, end: date | None) -> list[tree.Row]:
    """The rows of a price, cut to some days; a price without rows becomes one."""
    rows = []
    for item in field.items:
        if isinstance(item, tree.Row):
            first = max((day for day in (item.start, start) if day is not None), default=None)
            last = min((day for day in (item.end, end) if day is not None), default=None)
            rows.append(replace(item, start=first, end=last))
        elif isinstance(item, tree.Value | tree.ValueIf | tree.Ladder):
            rows.append(tree.Row(item, (), None, None, start, end, otherwise=False, at_zero=False, span=NOWHERE))
    return rows
