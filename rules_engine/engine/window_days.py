"""The days of the asking window inside expressions: put in as plain dates before documents are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from rules_engine.core.expressions import Aggregate, Column, Constant, Expression, Priced
from rules_engine.core.units import Unit
from rules_engine.core.walk import walk
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.shifts import scope_day
from rules_engine.record import dataclass

T = TypeVar("T", Aggregate, Priced)


def day_of(name: str, asking: Asking) -> date:
    """The first or the last day of the asking window so far."""
    return asking.start if name == "start_of_window" else scope_day(asking)


def names_days(expression: Expression) -> bool:
    """Whether the expression itself, not a measure it reads, names a day of the window."""
    return any(isinstance(item, Column) and item.of == "window" for item in walk(expression))


@dataclass(slots=True)
class WindowDays:
    """Expressions with their window days put in, each kept so that documents are indexed once for a window."""

    _named: dict[int, tuple[Expression, bool]] = field(default_factory=dict)
    _dated: dict[tuple[int, date, date], Any] = field(default_factory=dict)

    def dated(self, expression: T, asking: Asking) -> T:
        """The expression for the asking window; itself where it names no day of it."""
        held = self._named.get(id(expression))
        if held is None:
            held = self._named[id(expression)] = (expression, names_days(expression))
        if not held[1]:
            return expression
        key = (id(expression), asking.start, scope_day(asking))
        if key not in self._dated:
            self._dated[key] = put_in(expression, asking)
        found: T = self._dated[key]
        return found


def put_in(node: Any, asking: Asking) -> Any:
    """The node with plain dates in the place of the asking window's days."""
    return replaced(node, {name: day_of(name, asking) for name in ("start_of_window", "end_of_window")})


def replaced(node: Any, days: Mapping[str, date]) -> Any:
    """The node with plain dates in the place of the named days; itself where it names none."""
    if isinstance(node, Column) and node.of == "window":
        return Constant(days[node.name], Unit.DATE, node.span) if node.name in days else node
    if isinstance(node, tuple):
        return tuple(replaced(item, days) for item in node)
    if isinstance(node, Mapping):
        return {name: replaced(item, days) for name, item in node.items()}
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes = {item.name: replaced(getattr(node, item.name), days) for item in fields(node) if item.name != "span"}
    return replace(node, **changes)
