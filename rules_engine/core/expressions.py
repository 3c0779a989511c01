"""Core expressions: what a clause computes, without the words it was written in.

Two scopes. In *document* scope (items, filters, computed columns) `Column` reads a document. In *window*
scope (measures, prices, conditions) aggregates and measures are read for the asking group and window.
All numbers are exact; percents are fractions.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules_engine.core.order_promotion import OrderPromotion
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.source import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: Decimal for numbers (percent already divided by 100), str, bool or date."""

    value: Decimal | str | bool | date
    unit: Unit
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Column:
    """A document's column. `of`: '' this document | 'original' the linked one | 'this' the outer one of a look-up.
    In window scope `of` is 'group': the asking group's own text. 'window': `start_of_window` or `end_of_window`, the first and
    the last day of the asking window so far, or `settlement_date`, the last day of the settlement that is run, in either scope."""

    name: str
    unit: Unit
    of: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Source:
    """One document type feeding an aggregate: `sign` is +1 (`over`) or -1 (`less`)."""

    type: str
    sign: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`op` of `item` over documents. `op`: sum, count, count_distinct, min, max, average, latest, earliest,
    time_weighted_average. In window scope it is restricted to the asking group and window by the documents' clock;
    in document scope (a bracketed look-up) it sees every document and `where` may use `Column(of='this')`.
    Sum and count of nothing are 0; every other op of nothing is missing. `against` names the balance whose part of every
    document is left out, and the clause it is left out for."""

    op: str
    item: Expression | None
    sources: tuple[Source, ...]
    where: Expression | None
    unit: Unit
    span: Span = NOWHERE
    against: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Another window than the asking one. `how`: previous, so_far, same_of_last_year, all_earlier, before (the `count`
    `unit`s before the asking window), answer. `unit`: day, month, quarter, half_year, year. An `answer` is a finding's: of the
    window of kind `unit` around the asking one ('term': of all days, 'state': of all days up to the last one seen), for the
    columns `per` of the asking group alone. `running` is a counter's: from the day it began again, `unit` is its name, for `per` alike."""

    how: str
    unit: str
    count: int = 1
    per: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class MeasureRef:
    """A measure's value for the asking group and window, or a shifted window. The reader takes part in no other grouping:
    a measure without the group's column is refused by the checker."""

    name: str
    unit: Unit
    shift: Shift | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ResultOf:
    """A clause's rounded target summed over its windows inside the asking window so far (kernel rule 15), or inside a shifted
    one; same group if both have it, else all groups. `after_limits` reads the limited amount. Of a clause's own balance: what the
    asking unit takes from it; of a declared one what it holds as the window begins, or (`after_limits`) at its end so far."""

    clause: str
    after_limits: bool = False
    shift: Shift | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`op`: '+', '-', '*', '/', 'min', 'max', 'abs', 'negate'. Exact; division by zero is not applicable."""

    op: str
    operands: tuple[Expression, ...]
    unit: Unit
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Compare:
    """`op`: '=', '!=', '<', '<=', '>', '>='."""

    op: str
    left: Expression
    right: Expression
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Logic:
    """`op`: 'and', 'or', 'not', 'at_least' (`count` of the operands hold). Undecided operands (missing) make the whole undecided
    unless the rest settles it."""

    op: str
    operands: tuple[Expression, ...]
    span: Span = NOWHERE
    count: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """`mode`: half_up (symmetric), half_even, half_down, up (away from zero), down (towards zero), floor, ceiling."""

    operand: Expression
    to: Decimal
    mode: str
    unit: Unit
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Time:
    """Date arithmetic. `op` and operands:
    'between' (start, end) with unit days|working_days|weeks|months|years, mode exact|started|full, count, basis;
    'shift' (date) by count unit with overflow ''|last_day|first_of_next;
    'working_day' (date) with mode after|before. Working days use the vendored calendar; uncovered years are an error."""

    op: str
    operands: tuple[Expression, ...]
    result: Unit
    of: str = ""
    mode: str = ""
    count: int = 1
    basis: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several. `if`: rows with `when`; else the last. Dated rows: the row in force on the scope's day (the document's
    clock in document scope, in window scope the last day seen: the day before min(end, upto)). `fallback` answers not-applicable or missing
    (`if there is none`). `exclusive` names the rows before the last where no two may hold at once; an undecided one is passed
    over only where every row comes to the same."""

    rows: tuple[ChoiceRow, ...]
    unit: Unit
    span: Span = NOWHERE
    exclusive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """`where` (document scope) and `when` decide, `start`/`end` are half-open; `otherwise` answers when no other row does;
    `if_none` answers when the row before it is missing or not applicable."""

    value: Expression
    when: Expression | None = None
    start: date | None = None
    end: date | None = None
    otherwise: bool = False
    if_none: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A named intermediate: `label` is a phrase key of the clause that made it; the explanation shows it as a line."""

    label: str
    operand: Expression
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Priced:
    """`base` times `price` in money (or units for free goods). `qualify` picks the band where it differs from the base.
    With a `Table`, the base is split document by document among the rows. `each` rounds every document's part before adding
    (`rounding … on each document line`). A zero base earns nothing, floors included, unless an `at zero` price says so."""

    base: Expression
    price: Price
    qualify: Expression | None = None
    each: Rounding | None = None
    unit: Unit = Unit.MONEY
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of a price. `kind`:
    'rate' amount (percent) × base · 'lump' amount once · 'formula' amount once, a window-scope expression of money ·
    'per' amount per `count` of the base, `step` exact|started|full · 'per_document' amount × number of documents in the base.
    `amount` is a window-scope expression."""

    kind: str
    amount: Expression
    count: Decimal = Decimal(1)
    step: str = "exact"
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Parts:
    """Sum of parts, then floor and cap, which bind the sum once per calculation unit. No parts: nothing is due (`none`)."""

    parts: tuple[Part, ...]
    floor: Parts | None = None
    cap: Parts | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Band:
    """`lower`/`upper` bound the band (None: open). Which side a bound belongs to is the ladder's `includes`."""

    lower: Expression | None
    upper: Expression | None
    price: Price
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Ladder:
    """Bands, rising. `reading`: marginal, whole, stacked, climbing, sliding. `includes`: 'upper' (up to / over: the bound
    belongs to the band below it) or 'lower' (below / from: the bound belongs to the band above it). For sliding, each band's
    `lower` is a point and its price the rate at that point; outside the points the nearest point's rate holds.
    `at_zero` answers a zero base. `along` names a counter: every document is cut at the bounds by where it stands on it."""

    reading: str
    includes: str
    bands: tuple[Band, ...]
    at_zero: Price | None = None
    span: Span = NOWHERE
    along: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a price table. `where` is document scope, dates are half-open and read on the document's clock (a linked
    return: its sale's), `when` is window scope. `otherwise` takes documents no other row's filter, dates and condition take."""

    price: Price
    where: Expression | None = None
    when: Expression | None = None
    start: date | None = None
    end: date | None = None
    otherwise: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a price. `pick`: exactly_one, all, best_for_supplier, best_for_platform, first. `at_zero` answers a zero base."""

    rows: tuple[Row, ...]
    pick: str = "exactly_one"
    at_zero: Price | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Rounding:
    """Rounding to a multiple of `to`; `mode` as in Round."""

    mode: str
    to: Decimal


@dataclass(frozen=True, slots=True)
class OrderShare:
    """Document scope: what `funder` ('' all of them) bears of the promotion on this line; on a return, what it bears less
    because of it, in the whole order. An order is all lines with one `order_id`; without one, of one document."""

    promotion: OrderPromotion
    funder: str
    unit: Unit = Unit.MONEY
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ValueNow:
    """A value that documents change, as it stands on the scope's day: the document's (a linked return: its sale's), in window
    scope the last day seen; of the document's or the asking group's class by the columns `per`."""

    name: str
    unit: Unit
    per: tuple[str, ...] = ()
    span: Span = NOWHERE


Expression = (
    Constant | Column | Aggregate | MeasureRef | ResultOf | Arithmetic | Compare | Logic | Round | Time | Choice | Step | Priced
    | OrderShare | ValueNow
)  # fmt: skip
Price = Parts | Ladder | Table
