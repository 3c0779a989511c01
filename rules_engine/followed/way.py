"""One way of making something of values: it serves all values that answer every question as the first ones did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any, Generic, TypeVar

from rules_engine.followed.functions import following
from rules_engine.followed.recipe import Recipe
from rules_engine.followed.trail import Given, Register, Trail
from rules_engine.followed.values import KeptUnderDay, followed
from rules_engine.record import dataclass

Made = TypeVar("Made")
Values = Mapping[str, Any]
Making = Callable[[Values], Made]
MOST_WAYS = 64
TRIES = 24
"""Ways tried before most rows must have been served by one."""


class Way(Generic[Made]):
    """What `work` asks of its values and makes of them. Raises `NotFollowed` where that cannot be told, and what `work` raises."""

    def __init__(self, values: Values, work: Making[Made], days: bool = True) -> None:
        given = list(flat(values, days))
        trail = Trail(given)
        leaves = iter([followed(value, Register(number), trail) for number, value in enumerate(given)])
        with following():
            thing = work({name: _refilled(value, leaves, days) for name, value in values.items()})
        self._trail, self._recipe = trail, Recipe(thing)
        trail.closed = True
        self.trusted = False

    def made(self, given: Sequence[Given]) -> Made | None:
        """What `work` makes of other values; None where it would ask for something else, or be answered otherwise."""
        registers = self._trail.again(given)
        return None if registers is None else self._recipe.made(registers)


def flat(values: Values, days: bool) -> Iterator[Given]:
    """The values that are followed: figures, texts and, with `days`, days."""
    for value in values.values():
        if isinstance(value, tuple):
            yield from value
        elif _followed(value, days):
            yield value


def kind_of(values: Values, days: bool) -> tuple[Any, ...]:
    """What must be the same for one way to serve: all values that are not followed, and how many texts there are."""
    return tuple(len(each) if isinstance(each, tuple) else None if _followed(each, days) else each for each in values.values())


def _followed(value: Any, days: bool) -> bool:
    return not isinstance(value, bool) and (days or not isinstance(value, date))


def _refilled(value: Any, leaves: Iterator[Any], days: bool) -> Any:
    if isinstance(value, tuple):
        return tuple(next(leaves) for _ in value)
    return next(leaves) if _followed(value, days) else value


@dataclass(slots=True)
class Ways(Generic[Made]):
    """`work` on many sets of values of the same names, done whole where no way is known, and made again where one is. `whole`, if
    given, does the same for values that nobody follows.

    A way is looked for when a second set of a kind comes. The first set that a way serves is worked out whole as well; once one came
    out differently, no way is used any more.
    """

    work: Making[Made]
    whole: Making[Made] | None = None
    _ways: dict[tuple[Any, ...], list[Way[Made]]] = field(default_factory=dict)
    _tried: int = 0
    _served: int = 0
    _days: bool = True
    _lost: bool = False

    def made(self, values: Values) -> Made:
        """What `work` makes of the values; raises what it raises."""
        whole = self.whole or self.work
        if self._lost:
            return whole(values)
        kind = kind_of(values, self._days)
        known = self._ways.get(kind)
        if known is None:
            self._ways[kind] = []
            return whole(values)
        given = list(flat(values, self._days))
        for way in known:
            found = way.made(given)
            if found is not None:
                self._served += 1
                return found if way.trusted else self._compared(way, found, values)
        made = whole(values)
        if len(known) < MOST_WAYS and self._tried < TRIES + self._served:
            self._find(known, values)
        return made

    def _compared(self, way: Way[Made], found: Made, values: Values) -> Made:
        made = (self.whole or self.work)(values)
        way.trusted = repr(made) == repr(found)
        self._lost = not way.trusted
        return made

    def _find(self, known: list[Way[Made]], values: Values) -> None:
        """Work that keeps something under a day is followed with the days left as they are."""
        self._tried += 1
        try:
            known.insert(0, Way(values, self.work, self._days))
        except KeptUnderDay:
            self._days = False
        except Exception:  # noqa: BLE001 - whatever cannot be followed is worked out whole, as it just was
            return
