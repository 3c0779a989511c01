"""Formulas as they were written: the same tree for every language, with spans (see `syntax.tree`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules_engine.record import dataclass
from rules_engine.source import Span


@dataclass(frozen=True, slots=True)
class Number:
    """A literal as written. `unit`: '' | 'percent' (12 means 12 %) | 'money' (currency or 万元 was written) |
    'per_unit' (a price) | 'units' | 'days' | 'working_days' | 'weeks' | 'months' | 'years' | any own unit word."""

    value: Decimal
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """A calendar day, `2026-03-05`."""

    value: date
    span: Span


@dataclass(frozen=True, slots=True)
class YesNo:
    """`yes` or `no`."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name. `of`: '' | 'this' (the outer document in a bracketed look-up) | 'original' (the linked document) |
    'window' (`start_of_window`, `end_of_window`, `settlement_date`).
    `written` keeps the spelling where a built-in word was translated ('' : as `id`); it is what a text means."""

    id: str
    span: Span
    of: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """`op`: '+', '-', '*', '/'."""

    op: str
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """`op`: '=', '!=', '<', '<=', '>', '>='."""

    op: str
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """`left in (a, b, c)`, `left not in (…)`."""

    left: Expression
    options: tuple[Expression, ...]
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Logical:
    """`op`: 'and', 'or', 'not'."""

    op: str
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Gathered:
    """`all of (…)`, `any of (…)`, `at least N of (…)`: `how` is 'all_of', 'any_of' or 'at_least' with its `count`."""

    how: str
    count: int
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """`function`: 'min', 'max', 'abs'."""

    function: str
    arguments: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if CONDITION then A else B`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class IfNone:
    """`X if there is none Y`: Y where X divides by zero or has no documents."""

    operand: Expression
    otherwise: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Rounded:
    """`round X to 0.01 [half up|half even|half down|up|down|floor|ceiling]`."""

    operand: Expression
    to: Decimal
    mode: str
    span: Span


@dataclass(frozen=True, slots=True)
class ShareOf:
    """`70% of X` (Chinese `X 的 70%`)."""

    share: Number
    of: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Moved:
    """A measure in another window. `how`: 'previous' | 'so_far' | 'same_of_last_year' | 'all_earlier' | 'before';
    `unit`: 'day', 'month', 'quarter', 'half_year', 'year'; `count` for 'before' (`in the 3 months before`)."""

    measure: Name
    how: str
    unit: str
    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class ResultOf:
    """`result of CLAUSE [after limits] [in the previous quarter]`; `shift` as in `Moved`: (how, unit, count)."""

    clause: Name
    after_limits: bool
    shift: tuple[str, str, int] | None
    span: Span


@dataclass(frozen=True, slots=True)
class ValueAt:
    """`target at QUANTITY`: a banded or indexed value asked at a number."""

    value: Name
    at: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class TimeBetween:
    """`[started|full N] days|weeks|months from A to B`, `years actual/365 from A to B`, `working days from A to B`.
    `mode`: 'exact' | 'started' | 'full'; `unit`: 'days' | 'working_days' | 'weeks' | 'months' | 'years';
    `basis`: '' | 'actual/365' | 'actual/360' | '30/360'."""

    unit: str
    mode: str
    count: int
    basis: str
    start: Expression
    end: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class DateShift:
    """`D + N months [or last day|or first of next]`; `unit` as in Number; `count` may be negative."""

    start: Expression
    count: int
    unit: str
    overflow: str
    span: Span


@dataclass(frozen=True, slots=True)
class WorkingDayOn:
    """`first working day on or after D` / `last working day on or before D`; `side`: 'after' | 'before'."""

    side: str
    day: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`op`: 'sum','count','count_distinct','min','max','average','latest','earliest','time_weighted_average'.
    `over`/`less` name document types by their plural. `bracketed` inside a formula: bare names are the inner document's."""

    op: str
    item: Expression | None
    over: tuple[Name, ...]
    less: tuple[Name, ...]
    where: Expression | None
    bracketed: bool
    span: Span


Expression = (
    Number | Text | DateLiteral | YesNo | Name | Negate | Binary | Comparison | Membership | Logical | Gathered | Call | Conditional
    | IfNone | Rounded | ShareOf | Moved | ResultOf | ValueAt | TimeBetween | DateShift | WorkingDayOn | Aggregate
)  # fmt: skip
