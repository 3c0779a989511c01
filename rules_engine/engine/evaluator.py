"""What the kernel asks of an evaluator. The interpreter and the compiled evaluator both answer it, with the same cents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from rules_engine.core.expressions import Expression
from rules_engine.core.trace import TraceStep
from rules_engine.record import dataclass

Number = Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the group (values of the columns `per`), its window [start, end), and `upto`, the first day not yet seen.
    Documents count when start <= clock < min(end, upto). `closed` is False at a point before the window's close."""

    per: tuple[str, ...]
    group: tuple[str, ...]
    start: date
    end: date
    upto: date
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """A document no row takes, or that two rows take with different results: loud, with everything needed to word it."""

    code: str
    documents: tuple[str, ...]
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value (number, bool, text, date), or None: then it is `not_applicable` (division by zero), or `missing` names the
    inputs that were absent, or `faults` says what is wrong with the documents."""

    value: Number | bool | str | date | None
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    not_applicable: bool = False


Results = Callable[[str, bool, Asking], Outcome]
"""(clause id, after limits, asking) → the sum of that clause's rounded targets in the asking window so far."""


class Evaluator(Protocol):
    """Evaluates window-scope expressions of one program over one `Facts`."""

    def evaluate(self, expression: Expression, asking: Asking, results: Results) -> Outcome:
        """The exact value."""
        ...


class Explainer(Evaluator, Protocol):
    """The reference: also tells how."""

    def explain(self, expression: Expression, asking: Asking, results: Results) -> tuple[Outcome, TraceStep]:
        """The exact value and its trace."""
        ...
