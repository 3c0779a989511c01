"""The contract as it was written: the same tree for every language, with spans and comments.

Built-in words (columns, document types, units) already have their canonical English spelling here;
names that a contract made itself stay as written. Fields are generic (`Field.key` is the canonical
English keyword with underscores), so a clause kind can bring fields of its own without touching this file.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.expression_tree import (
    Aggregate,
    Binary,
    Call,
    Comparison,
    Conditional,
    DateLiteral,
    DateShift,
    Expression,
    Gathered,
    IfNone,
    Logical,
    Membership,
    Moved,
    Name,
    Negate,
    Number,
    ResultOf,
    Rounded,
    ShareOf,
    Text,
    TimeBetween,
    ValueAt,
    WorkingDayOn,
    YesNo,
)
from rules_engine.syntax.parameters import Parameter

__all__ = [
    "Aggregate",
    "Band",
    "Binary",
    "Block",
    "Call",
    "Comment",
    "Comparison",
    "Conditional",
    "ContractText",
    "DateLiteral",
    "DateShift",
    "Expression",
    "Field",
    "Gathered",
    "Group",
    "IfNone",
    "Item",
    "Ladder",
    "Logical",
    "Membership",
    "Moved",
    "Name",
    "Negate",
    "Number",
    "Part",
    "Price",
    "ResultOf",
    "Rounded",
    "Row",
    "Rows",
    "ShareOf",
    "Text",
    "TimeBetween",
    "Value",
    "ValueAt",
    "ValueIf",
    "Window",
    "Word",
    "WorkingDayOn",
    "YesNo",
]

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


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows below a band, each with its own filter and dates; exactly one of them holds for a document."""

    rows: tuple[Row, ...]
    span: Span


Price = Value | ValueIf | Ladder | Rows


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
    """A whole file: `kind` 'contract', 'amendment', 'terms' or 'template', header fields, blocks in file order. The id of an
    amendment is the contract's, a slash and its number; its header fields are `effective` and `known`."""

    kind: str
    language: str
    id: str
    title: str
    header: tuple[Field, ...]
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...]
    span: Span
    parameters: tuple[Parameter, ...] = ()
