"""What was asked of values while something was made of them: sums worked out, comparisons and their answers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, getcontext
from typing import Any, NamedTuple

Given = Decimal | date | str
"""A value that can be followed."""
Work = Callable[..., Any]


class Register(NamedTuple):
    """A value by its number on the trail: those given first, then one for each sum, in order."""

    number: int


SUM: Any = object()
"""Stands where a comparison has its answer."""


def manner() -> tuple[int, str]:
    """How sums are worked out now: digits, and how the last one is rounded."""
    context = getcontext()
    return context.prec, context.rounding


def identity(value: Any) -> Any:
    """What a value is, to the last written zero."""
    return value.as_tuple() if isinstance(value, Decimal) else value


truth = operator.truth


class Trail:
    """The trail of one piece of work over given values."""

    def __init__(self, given: Sequence[Given]) -> None:
        self.manner = manner()
        self.now: list[Any] = list(given)
        """Every register as it is in this piece of work."""
        self.closed = False
        """Nothing is asked any more; what still holds a followed value may compare it."""
        self._given = len(given)
        self._steps: list[tuple[Work, tuple[Any, ...], Any]] = []
        self._asked: set[tuple[Work, tuple[tuple[type, Any], ...]]] = set()

    def work_out(self, work: Work, of: tuple[Any, ...], value: Any) -> Register:
        """A sum over registers and plain values, and what it comes to now; the number it is known by from here on."""
        self._steps.append((work, of, SUM))
        self.now.append(value)
        return Register(len(self.now) - 1)

    def ask(self, work: Work, of: tuple[Any, ...], answer: Any) -> None:
        """A comparison and its answer; the same one is kept once."""
        key = (work, tuple((type(each), identity(each)) for each in of))
        if not self.closed and key not in self._asked:
            self._asked.add(key)
            self._steps.append((work, of, answer))

    def again(self, given: Sequence[Given]) -> list[Any] | None:
        """Every register for other values; None where an answer differs, or a sum cannot be worked out."""
        if len(given) != self._given or manner() != self.manner:
            return None
        registers: list[Any] = list(given)
        try:
            for work, of, expected in self._steps:
                found = work(*[registers[each.number] if type(each) is Register else each for each in of])
                if expected is SUM:
                    registers.append(found)
                elif found != expected:
                    return None
        except Exception:  # noqa: BLE001 - what these values do not come through is worked out whole
            return None
        return registers
