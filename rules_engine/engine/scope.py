"""What the parts of the interpreter hand each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from rules_engine.core.expressions import Expression, Price, Rounding, Table
from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.engine.evaluator import Asking, Outcome, Results
from rules_engine.engine.reading.facts import Facts
from rules_engine.engine.reading.series import Restrictions
from rules_engine.record import dataclass, replace
from rules_engine.source import NOWHERE, Span
from rules_engine.values.exact import exact_text

Told = tuple[Outcome, TraceStep]
ONE_DAY = timedelta(days=1)
NO_DETAIL: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and which documents are let through. `silent`: for the value alone, nobody will read how it came about."""

    asking: Asking
    results: Results
    restrictions: Restrictions = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """What a price is applied to: `base`, the `qualifier` that picks bands, and where they come from. `factor` is the share of
    the scope's documents that `base` is; `own` says that the base picks its own bands. `each` rounds every document's part.
    `day` is the day whose prices hold, where it is one document's own."""

    base: Fraction
    qualifier: Fraction
    expression: Expression
    scope: Scope
    base_unit: Unit
    unit: Unit
    factor: Fraction = Fraction(1)
    own: bool = True
    each: Rounding | None = None
    day: date | None = None


def asked(part: Slice) -> Scope:
    """Who asks for a price's numbers: the whole group, and its window up to the price's own day where it has one."""
    scope, day = part.scope, part.day
    if day is None:
        return replace(scope, restrictions=())
    asking = scope.asking
    upto = day + ONE_DAY
    start = min(asking.start, day)
    return replace(scope, restrictions=(), asking=replace(asking, start=start, end=max(asking.end, upto), upto=upto))


@dataclass(frozen=True, slots=True)
class Reading:
    """How the clause that a table stands in reads it: who pays, and what a change inside a window does."""

    payer: str = "platform"
    changes: str = ""


class Teller(Protocol):
    """The interpreter, as its parts see it."""

    @property
    def program(self) -> Program:
        """The program."""
        ...

    @property
    def facts(self) -> Facts:
        """Its documents."""
        ...

    def tell(self, expression: Expression, scope: Scope) -> Told:
        """An expression's value and trace."""
        ...

    def price(self, price: Price, part: Slice) -> Told:
        """A price applied to a slice."""
        ...

    def reading(self, table: Table) -> Reading:
        """How a table's clause reads it."""
        ...


def told(
    op: str,
    outcome: Outcome,
    unit: Unit | None = None,
    parts: Sequence[TraceStep] = (),
    label: str = "",
    span: Span = NOWHERE,
    documents: tuple[str, ...] = (),
    detail: Mapping[str, str] = NO_DETAIL,
) -> Told:
    """An outcome with the step that tells of it."""
    return outcome, TraceStep(op, outcome.value, unit, label, tuple(parts), detail, documents, span)


def constant(value: Fraction | Decimal, unit: Unit, detail: Mapping[str, str] = NO_DETAIL) -> TraceStep:
    """A number that a step names."""
    return TraceStep("constant", value, unit, detail=detail)


def text(value: Fraction | None) -> str:
    """A number for the small print; '' for an open end."""
    return "" if value is None else exact_text(value)
