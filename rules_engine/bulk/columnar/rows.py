"""Price tables told apart by documents, written as a sum over their rows: each row prices the documents it takes.

An aggregate of such a row is made up: it stands for the documents that a row of a table takes, and is known by its signature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    ChoiceRow,
    Compare,
    Constant,
    Expression,
    Ladder,
    Logic,
    Parts,
    Priced,
    Step,
    Table,
)  # fmt: skip
from rules_engine.core.program import Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.reading.reach import linear
from rules_engine.values.exact import as_decimal

ZERO = Constant(Decimal(0), Unit.NUMBER)
MARK = "row of a table"


@dataclass(frozen=True, slots=True)
class OfRow:
    """The documents of an aggregate that a row of a table takes."""

    aggregate: Aggregate
    table: Table
    row: int


def by_rows(program: Program, earn: Expression, found: dict[str, OfRow] | None = None) -> Expression:
    """The expression with its table, if its rows filter documents, as a sum over rows; `found` is told what each aggregate made
    up stands for."""
    found = {} if found is None else found
    if isinstance(earn, Step):
        return replace(earn, operand=by_rows(program, earn.operand, found))
    if not isinstance(earn, Priced) or not isinstance(earn.price, Table) or not _filters(earn.price):
        return earn
    table = earn.price
    terms = linear(program, earn.base)
    if terms is None or earn.each is not None or table.at_zero is not None or any(_at_zero(row.price) for row in table.rows):
        raise Alone(Reason.ROWS)
    if any(row.when is not None for row in table.rows) or table.pick not in ("exactly_one", "first", "all"):
        raise Alone(Reason.ROWS)
    parts = [_row(earn, table, place, terms, found) for place in range(len(table.rows))]
    unit = unit_of(earn)
    whole = parts[0] if len(parts) == 1 else Arithmetic("+", tuple(parts), unit)
    nothing = Compare("=", earn.base, Constant(Decimal(0), unit_of(earn.base)))
    return Choice((ChoiceRow(Constant(Decimal(0), unit), nothing), ChoiceRow(whole)), unit)


def rows_taken(table: Table, splitter_key: int) -> tuple[int, ...]:
    """The rows that take documents of a mask; () where the kernel must say what is wrong."""
    standing = [place for place in range(len(table.rows)) if splitter_key >> place & 1]
    named = [place for place in standing if not table.rows[place].otherwise]
    candidates = named or [place for place in standing if table.rows[place].otherwise]
    if table.pick == "all":
        return tuple(candidates)
    return tuple(candidates[:1]) if table.pick == "first" or len(candidates) == 1 else ()


def _filters(table: Table) -> bool:
    return any(row.where is not None or row.start is not None or row.end is not None for row in table.rows)


def _at_zero(price: object) -> bool:
    if isinstance(price, Parts):
        return False
    return isinstance(price, Table) or not isinstance(price, Ladder) or price.at_zero is not None


def _row(earn: Priced, table: Table, place: int, terms: tuple[tuple[Fraction, Aggregate], ...], found: dict[str, OfRow]) -> Expression:
    operands: list[Expression] = []
    for factor, aggregate in terms:
        mark = Compare("=", Constant(MARK, Unit.TEXT), Constant(_name(table, place), Unit.TEXT))
        where = mark if aggregate.where is None else Logic("and", (aggregate.where, mark))
        own = replace(aggregate, where=where)
        found[signature(own)] = OfRow(aggregate, table, place)
        scaled = own if factor == 1 else Arithmetic("*", (Constant(as_decimal(factor), Unit.NUMBER), own), aggregate.unit)
        operands.append(scaled)
    base = operands[0] if len(operands) == 1 else Arithmetic("+", tuple(operands), unit_of(earn.base))
    return Priced(base, table.rows[place].price, earn.qualify, None, earn.unit, earn.span)


def _name(table: Table, place: int) -> str:
    """A row's name: equal in contracts whose tables differ in prices only."""
    tests = [(row.where and signature(row.where), row.start, row.end, row.otherwise) for row in table.rows]
    return f"{place} {table.pick} {tests}"
