"""The contract as it was written: the same tree for every language, with spans and comments.

Built-in words (columns, document types, units) already have their canonical English spelling here;
names that a contract made itself stay as written. Fields are generic (`Field.key` is the canonical
English keyword with underscores), so a clause kind can bring fields of its own without touching this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules_engine.source import Span

# --- expressions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A literal as written. `unit`: '' | 'percent' (12 means 12 %) | 'money' (currency or 万元 was written) |
    'units' | 'days' | 'working_days' | 'weeks' | 'months' | 'years' | any own unit word."""

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
    """A name. `of`: '' | 'this' (the outer document in a bracketed look-up) | 'original' (the linked document).
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
    Number | Text | DateLiteral | YesNo | Name | Negate | Binary | Comparison | Membership | Logical | Call | Conditional
    | IfNone | Rounded | ShareOf | Moved | ResultOf | ValueAt | TimeBetween | DateShift | WorkingDayOn | Aggregate
)  # fmt: skip

# --- prices -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value. `kind`:
    'rate' percent of the base · 'lump' plain number or money · 'per' `amount per [started|full] [count] unit`
    (unit 'document' counts documents, any other word counts the base) · 'units' free goods (`2 units per full 24 units`
    has amount 2 unit 'units') · 'formula' any other expression · 'none' nothing."""

    kind: str
    amount: Expression | None
    count: Decimal
    step: str
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Value:
    """Parts joined by `plus`, then at most one `at least` and one `at most` that bind the sum once per calculation unit."""

    parts: tuple[Part, ...]
    at_least: Value | None
    at_most: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class ValueIf:
    """`if CONDITION then VALUE else VALUE` as a price."""

    condition: Expression
    then: Price
    otherwise: Price
    span: Span


@dataclass(frozen=True, slots=True)
class Band:
    """`style`: 'up_to' | 'over' | 'below' | 'from' | 'at' | 'at_zero' (bound None there)."""

    style: str
    bound: Expression | None
    price: Price
    span: Span


@dataclass(frozen=True, slots=True)
class Ladder:
    """`reading`: 'marginal'|'whole'|'stacked'|'climbing'|'sliding'|'' (not written: the checker refuses).
    `along` names a counter. `start`/`end` are the dates written, both included."""

    reading: str
    bands: tuple[Band, ...]
    start: date | None
    end: date | None
    along: str
    span: Span


Price = Value | ValueIf | Ladder


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a price. `names` are bare names (`for rice, oil`), `where` a filter (`for category = rice`),
    `when` a condition on measures; `start`/`end` as written, both included; `otherwise`; `at_zero`."""

    price: Price
    names: tuple[Name, ...]
    where: Expression | None
    when: Expression | None
    start: date | None
    end: date | None
    otherwise: bool
    at_zero: bool
    span: Span


# --- blocks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """A named window. `kind`: 'settlement','half_month','month','quarter','half_year','year','term','rolling','named'.
    `count`+`unit` for rolling, `starting_day` for months, `name` for named ranges."""

    kind: str
    span: Span
    count: int = 0
    unit: str = ""
    starting_day: int = 1
    name: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword inside a field that carries meaning, canonical (`at_its_end`, `by_platform`, `turns_round` …)."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """A bracket of items inside a field where order alone would not tell (`in_each` → Window, `proportionally` → Word …)."""

    key: str
    items: tuple[Item, ...]
    span: Span


Item = Expression | Value | ValueIf | Ladder | Row | Window | Word | Group


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a block; its own nested rows, if any, stand among the items."""

    key: str
    items: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A declaration or clause. `kind` is the canonical keyword ('measure', 'deduction', 'margin_protection', 'scenario' …)."""

    kind: str
    id: str
    title: str
    fields: tuple[Field, ...]
    span: Span
    id_span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its line (1-based) and column, kept for the formatter."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ContractText:
    """A whole file: `kind` 'contract', 'amendment' or 'terms', header fields, blocks in file order. The id of an amendment is the
    contract's, a slash and its number; its header fields are `effective` and `known`."""

    kind: str
    language: str
    id: str
    title: str
    header: tuple[Field, ...]
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...]
    span: Span
