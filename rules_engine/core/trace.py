"""An explanation as data: a tree of steps, made by the reference interpreter and the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.source import NOWHERE, Span

Value = Decimal | Fraction | str | bool | date | None


@dataclass(frozen=True, slots=True)
class TraceStep:
    """`op` names what was done (an expression's op, or bound, round, share, subtract, row, band, slice, documents …); `label`
    is a phrase key of the clause, a measure's name, or ''. `value` is the exact result, `parts` what it came from in reading
    order, `detail` small facts for wording (rate, bound, unit, mode, document ids). `documents` lists the documents an
    aggregate read ('type:id/line'), at most what the caller asked for."""

    op: str
    value: Value
    unit: Unit | None = None
    label: str = ""
    parts: tuple[TraceStep, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    span: Span = NOWHERE
