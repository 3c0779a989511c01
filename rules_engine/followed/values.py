"""Figures, days and texts that are followed: they act as the plain values they stand for and tell the trail what was asked of them.

To whoever goes round the methods below a followed figure is no number at all, a followed day one of the year 1, a followed text one
that nobody writes. So what is missed is either an error or seen in what was made.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from inspect import getattr_static
from types import GetSetDescriptorType, MethodDescriptorType, WrapperDescriptorType
from typing import Any

from rules_engine.followed.trail import Given, Register, Trail, Work, identity, manner as manner_now, truth

MARK = "\ue0f0"
NO_NUMBER = "sNaN"
_OWN = frozenset((
    "__class__", "__new__", "__init__", "__init_subclass__", "__subclasshook__", "__getattribute__", "__setattr__", "__delattr__", "__dir__", "__doc__",
    "__sizeof__",
))  # fmt: skip
_SUMS: dict[str, Work] = {
    "__add__": operator.add, "__sub__": operator.sub, "__mul__": operator.mul, "__truediv__": operator.truediv,
    "__neg__": operator.neg, "__pos__": operator.pos, "__abs__": operator.abs,
}  # fmt: skip
_TURNED = ("__add__", "__sub__", "__mul__", "__truediv__")
_ASKED: dict[str, Work] = {
    "__lt__": operator.lt, "__le__": operator.le, "__gt__": operator.gt, "__ge__": operator.ge, "__eq__": operator.eq, "__ne__": operator.ne,
}  # fmt: skip


class NotFollowed(Exception):
    """Something cannot be made again: it holds what is not known here, or was kept under a value that is only followed."""


class KeptUnderDay(NotFollowed):
    """The same, where it was a day."""


class Followed:
    """What every followed value knows: the plain value, and which register of which trail it is."""

    now: Any
    at: Register
    trail: Trail

    def taken(self) -> Any:
        """The plain value, which the trail serves for only from here on."""
        self.trail.ask(identity, (self.at,), identity(self.now))
        return self.now


class FollowedFigure(Followed, Decimal):
    """A figure; one that was worked out may stand for a whole number."""


class FollowedDay(Followed, date):
    """A day."""


class FollowedText(Followed, str):  # noqa: SLOT000 - it must remember its trail
    """A text."""


def followed(value: Given | int, at: Register, trail: Trail) -> Any:
    """The value, followed."""
    made: Followed
    if isinstance(value, str):
        made = FollowedText(f"{MARK}{at.number}{MARK}")
    elif isinstance(value, date):
        made = FollowedDay.fromordinal(1 + at.number % 300)
    else:
        made = FollowedFigure(NO_NUMBER)
    made.now, made.at, made.trail = value, at, trail
    return made


def plain(value: Any) -> Any:
    """The value as it is now."""
    return value.now if isinstance(value, Followed) else value


def operand(value: Any) -> Any:
    """The value as the trail knows it."""
    return value.at if isinstance(value, Followed) else value


def _taken(value: Any) -> Any:
    return value.taken() if isinstance(value, Followed) else value


def _sum(work: Work, *, turned: bool = False) -> Callable[..., Any]:
    def worked_out(self: Followed, *others: Any) -> Any:
        if any(not isinstance(other, Decimal | int) for other in others):
            return NotImplemented
        of = (*others, self) if turned else (self, *others)
        if manner_now() != self.trail.manner:
            return work(*map(_taken, of))
        value = work(*map(plain, of))
        return followed(value, self.trail.work_out(work, tuple(map(operand, of)), value), self.trail)

    return worked_out


def _comparison(work: Work, kinds: tuple[type, ...]) -> Callable[..., Any]:
    def compared(self: Followed, other: Any) -> Any:
        if not isinstance(other, kinds):
            return NotImplemented
        answer = work(self.now, plain(other))
        self.trail.ask(work, (self.at, operand(other)), answer)
        return answer

    return compared


def _truth(self: Followed) -> bool:
    answer = truth(self.now)
    self.trail.ask(truth, (self.at,), answer)
    return answer


def _hashed(self: Followed) -> int:
    """A followed figure or day is no key: what is kept under it would be met again by others."""
    raise KeptUnderDay if isinstance(self, FollowedDay) else NotFollowed


def _hashed_text(self: Followed) -> int:
    return hash(self.taken())


def _joined(self: Followed, other: str) -> Any:
    return other + self.taken()


def _taking(name: str) -> Callable[..., Any]:
    def took(self: Followed, *given: Any, **named: Any) -> Any:
        return getattr(self.taken(), name)(*map(_taken, given), **named)

    return took


def _taking_part(name: str) -> Callable[[Followed], Any]:
    return lambda self: getattr(self.taken(), name)


def _fill(kind: type, base: type, kinds: tuple[type, ...], own: Mapping[str, Callable[..., Any]]) -> None:
    """Every method of the plain type: those that are remembered as they are, and all others, which take the value."""
    for name in dir(base):
        found = getattr_static(base, name)
        if name in _OWN:
            continue
        if isinstance(found, MethodDescriptorType | WrapperDescriptorType):
            setattr(kind, name, _taking(name))
        elif isinstance(found, GetSetDescriptorType | property):
            setattr(kind, name, property(_taking_part(name)))
    for name, work in _ASKED.items():
        setattr(kind, name, _comparison(work, kinds))
    for name, put in {"__bool__": _truth, **own}.items():
        setattr(kind, name, put)


def _sums() -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, work in _SUMS.items():
        yield name, _sum(work)
        if name in _TURNED:
            yield f"__r{name[2:]}", _sum(work, turned=True)


_fill(FollowedFigure, Decimal, (Decimal, int), {"__hash__": _hashed, **dict(_sums())})
_fill(FollowedDay, date, (date,), {"__hash__": _hashed})
_fill(FollowedText, str, (str,), {"__hash__": _hashed_text, "__radd__": _joined})
