"""Fields of blocks and headers: which word, bracket, window or day a line says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.terms import WindowTerms


def fields(block: tree.Block | Iterable[tree.Field], key: str) -> list[tree.Field]:
    """All fields of a key."""
    found = block.fields if isinstance(block, tree.Block) else block
    return [each for each in found if each.key == key]


def first(block: tree.Block | Iterable[tree.Field], key: str) -> tree.Field | None:
    """The field of a key, if it was written."""
    found = fields(block, key)
    return found[0] if found else None


def words(found: tree.Field | None) -> list[str]:
    """The meaning-bearing words of a field."""
    return [] if found is None else [item.id for item in found.items if isinstance(item, tree.Word)]


def bracket(items: Iterable[tree.Item], key: str) -> tree.Group | None:
    """The group of a key among items."""
    return next((item for item in items if isinstance(item, tree.Group) and item.key == key), None)


def expression_of(found: tree.Field | None) -> tree.Expression | None:
    """The first item of a field, as an expression."""
    return None if found is None else found.items[0]  # type: ignore[return-value]


def window_of(items: Iterable[tree.Item], settle: WindowTerms) -> WindowTerms | None:
    """The first window among items; `settlement` is the header's."""
    for item in items:
        if isinstance(item, tree.Window):
            return settle if item.kind == "settlement" else WindowTerms(item.kind, item.starting_day, item.name, item.count, item.unit)
    return None


def after(day: date | None) -> date | None:
    """The first day no longer included."""
    return None if day is None else day + timedelta(days=1)


def names_in(block: tree.Block, key: str) -> tuple[str, ...]:
    """The names on a line."""
    return tuple(item.id for each in fields(block, key) for item in each.items if isinstance(item, tree.Name))


def rounding(found: tree.Field | None) -> tuple[Fraction, str]:
    """Step and mode."""
    if found is None:
        return (Fraction(1, 100), "half_up")
    step = next(item for item in found.items if isinstance(item, tree.Number))
    mode = next((word for word in words(found) if not word.startswith("on_")), "half_up")
    return (Fraction(step.value), mode)


def place(found: tree.Field | None) -> str:
    """Where rounding happens."""
    return next((word for word in words(found) if word.startswith("on_")), "on_each_line")


def days_in(items: Iterable[tree.Item]) -> tuple[date, ...]:
    """The days among items."""
    return tuple(item.value for item in items if isinstance(item, tree.DateLiteral))


def day_of(found: tree.Field | None) -> date | None:
    """A date field."""
    item = None if found is None else found.items[0]
    return item.value if isinstance(item, tree.DateLiteral) else None
