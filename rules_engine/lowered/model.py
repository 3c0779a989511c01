"""What a lowering is made of: operands, steps, a contract's parameters, and the shape that many contracts share."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from rules_engine.core.expressions import Aggregate
from rules_engine.core.program import Bound
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.source import Span


class Reason(StrEnum):
    """Why a clause is left to the interpreter. The list may only shrink."""

    ALONG_A_COUNTER = "along_a_counter"
    BALANCES = "balances"
    CARRIED = "carried"
    CHANGES = "changes"
    CHANGING_VALUE = "changing_value"
    DATED = "dated"
    DOCUMENT_FILTER = "document_filter"
    EACH_DOCUMENT = "each_document"
    EXCEPTIONS = "exceptions"
    FRACTION = "fraction"
    FUNDING = "funding"
    GROUP_TEXT = "group_text"
    NOT_A_SUM = "not_a_sum"
    ONCE_REACHED = "once_reached"
    OTHER_WINDOW = "other_window"
    PER_DOCUMENT = "per_document"
    RESULT_OF = "result_of"
    REVERSAL = "reversal"
    UNEVEN_BANDS = "uneven_bands"
    WIDER_BOUND = "wider_bound"
    WINDOW_DAYS = "window_days"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A clause that is not lowered, and the first construct that stands in the way."""

    reason: str


class Operand(NamedTuple):
    """What a step reads, times `factor` (a power of ten that lines its scale up). `kind`: 'i' the input, 'p' the parameter or
    'r' the register at `index`; 'k' the number `index` itself."""

    kind: str
    index: int  # type: ignore[assignment]
    factor: int = 1


class Step(NamedTuple):
    """One operation on whole numbers; its register is its place among the steps. `op`:

    copy, add, subtract, multiply, negate, abs, min, max · compare (`detail` the sign), and, or, not, tally (how many hold),
    choose (condition, then, else) · quotient (numerator, denominator above 0; `detail` the rounding mode) ·
    band (value, rising edges; `detail` 'upper' or 'lower': how many edges lie below it) · pick (number, its choices).
    """

    op: str
    args: tuple[Operand, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a register is: its operation and wording, the place it was written at, its unit and scale (decimals). `over` is the
    operand that divides it, for a quotient without an end."""

    op: str
    label: str
    span: Span
    unit: Unit | None
    scale: int
    over: Operand | None = None


@dataclass(frozen=True, slots=True)
class WindowShare:
    """A share that a cut window has of its whole one: parameters `place` (numerator) and `place + 1` (denominator), both 1 as
    they are made. `bound` is the place among the clause's bounds, None for the whole amount; `how` is its `proportion`."""

    place: int
    how: str
    bound: Bound | None


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A clause without its numbers. Two shapes are equal when their keys are: the same steps over the same aggregates.

    `inputs` are the aggregates in the order of their columns, each a whole number of 10 to the minus `input_scale`. `exact` is
    the register of the amount before rounding, of `exact_scale` decimals and over the operand `over`, if that is not None;
    `amount` the one after bounds and rounding, of `amount_scale` decimals. `sure`, if not None, is a register that is 0 where
    only the interpreter can answer (a divisor of zero, two rows of one table). `in_total`: the groups' amounts must still be
    made to add up to their rounded sum. `shares` are parameters to be set for a window that is cut.
    """

    key: str
    steps: tuple[Step, ...]
    inputs: tuple[Aggregate, ...]
    input_scale: tuple[int, ...]
    exact: int
    exact_scale: int
    over: Operand | None
    amount: int
    amount_scale: int
    sure: int | None
    in_total: bool
    shares: tuple[WindowShare, ...]
    schema: tuple[Traced, ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """The registers that a row without its trace comes to: the exact and the rounded amount."""
        return self.exact, self.amount

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class Lowered:
    """A clause's shape and its own numbers, in the order the shape reads them."""

    shape: Shape
    parameters: tuple[int, ...]
