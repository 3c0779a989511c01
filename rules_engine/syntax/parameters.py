"""Parameters of a template: what is declared, and the stand-ins that mark in a tree where each is used.

A stand-in is a figure, a day or a text like any other, so a template is read by the same grammar as a contract; it remembers
which parameter it stands for and where it was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any, TypeVar

from rules_engine.record import dataclass
from rules_engine.source import Span

Plain = Decimal | date | str | bool | tuple[str, ...]
"""A value given to a parameter: percent 12 means 12 %, a period is its canonical word, texts are several, bands one text."""

TYPES = ("percent", "money", "number", "quantity", "days", "date", "text", "texts", "yes_no", "period", "bands")
PERIODS = ("settlement", "half_month", "month", "quarter", "half_year", "year", "term")
UNIT_WORDS = {"quantity": "UNITS", "days": "DAYS"}
"""The unit that belongs to a parameter's figure and need not be written behind its name."""

LITERALS: dict[str, tuple[str, ...]] = {
    "percent": ("PERCENT",),
    "money": ("MONEY", "NUMBER"),
    "number": ("NUMBER",),
    "quantity": ("NUMBER",),
    "days": ("NUMBER",),
    "date": ("DATE",),
    "text": ("STRING", "ID"),
    "texts": ("STRING",),
    "yes_no": ("YES",),
    "period": ("QUARTER",),
    "bands": (),
}
"""The literals a parameter may stand for: its name is read as one of them wherever the grammar takes it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a template; `default` None where every contract must give a value."""

    name: str
    type: str
    default: Plain | None
    span: Span


class _StandIn:
    """What every stand-in knows: the parameter's name and type, and where it was written."""

    parameter: str
    type: str
    span: Span


class StandInNumber(_StandIn, Decimal):
    """A figure."""

    def __format__(self, specifier: str, context: Context | None = None, /) -> str:
        return self.parameter


class StandInCount(_StandIn, int):
    """A whole count."""

    def __format__(self, specifier: str) -> str:
        return self.parameter


class StandInDay(_StandIn, date):
    """A day."""

    def __format__(self, specifier: str) -> str:
        return self.parameter

    def isoformat(self) -> str:
        """The parameter's name, which is what the formatter writes."""
        return self.parameter


class StandInText(_StandIn, str):  # noqa: SLOT000 - it must remember the parameter
    """A text, a yes or no, a period, or bands."""

    def __str__(self) -> str:
        return self


StandIn = StandInNumber | StandInCount | StandInDay | StandInText
S = TypeVar("S", StandInNumber, StandInCount, StandInDay, StandInText, StandIn)


def stand_in(parameter: Parameter, place: int, span: Span) -> StandIn:
    """A value of the parameter's kind that is told apart from those of other parameters by its `place`."""
    made: StandIn
    if parameter.type == "date":
        made = StandInDay.fromordinal(date(2000, 1, 1).toordinal() + place)
    elif parameter.type in ("text", "texts", "yes_no", "period", "bands"):
        made = StandInText(parameter.name)
    else:
        made = StandInNumber(7 + place)
    return _known(made, parameter.name, parameter.type, span)


def count(of: Decimal) -> int:
    """A whole figure as a count; a stand-in stays one."""
    if isinstance(of, StandInNumber):
        return _known(StandInCount(of), of.parameter, of.type, of.span)
    return int(of)


def _known(made: S, name: str, kind: str, span: Span) -> S:
    made.parameter, made.type, made.span = name, kind, span
    return made


def stand_ins(node: Any) -> Iterator[StandIn]:
    """Every stand-in below a node, in the order of the text."""
    if isinstance(node, StandIn):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from stand_ins(each)
    elif is_dataclass(node):
        for part in fields(node):
            yield from stand_ins(getattr(node, part.name))
