"""Why no clause used a document."""

from __future__ import annotations

from collections.abc import Iterator

from rules_engine.core.expressions import Aggregate, Column, Expression, Logic
from rules_engine.core.program import Program
from rules_engine.core.remembered import once_a_program
from rules_engine.core.walk import walk
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.identity import clause_roots, roots
from rules_engine.engine.reading.reach import readings
from rules_engine.engine.reading.records import Record


def first_failed(program: Program, reader: Reader, record: Record) -> str:
    """'type', 'where:<column>', 'period' or ''."""
    reading = [item for item in _aggregates(program) if record.type in {source.type for source in item.sources}]
    if not reading:
        return "" if record.type in {value.type for value in program.values.values()} else "type"
    failed = ""
    for aggregate in reading:
        condition = None if aggregate.where is None else failing(aggregate.where, reader, record)
        if condition is None:
            inside = program.header.start <= record.date < program.header.end
            return "" if inside else "period"
        failed = failed or f"where:{_column(condition)}"
    return failed


@once_a_program
def _aggregates(program: Program) -> tuple[Aggregate, ...]:
    roots = [root for clause in program.clauses.values() for root in clause_roots(clause)]
    roots += [bound.amount for limit in program.limits.values() for bound in limit.bounds]
    roots += [measure.expression for measure in program.measures.values() if measure.shown]
    roots += [counter.amount for counter in program.counters.values()]
    return tuple(reading.aggregate for root in roots for reading in readings(program, root))


@once_a_program
def looked_up(program: Program) -> frozenset[str]:
    """The types that other documents look into: a price list, payments."""
    formulas = (column.formula for kind in program.types.values() for column in kind.columns.values() if column.formula is not None)
    found = [item for formula in formulas for item in walk(formula)]
    found += [item for root in roots(program) for outer in walk(root) if isinstance(outer, Aggregate) for item in _within(outer)]
    return frozenset(source.type for item in found if isinstance(item, Aggregate) for source in item.sources)


def _within(outer: Aggregate) -> Iterator[Expression]:
    for held in (outer.item, outer.where):
        if held is not None:
            yield from walk(held)


def failing(where: Expression, reader: Reader, record: Record) -> Expression | None:
    """The first condition of a filter that does not hold; None when the filter takes the record."""
    if reader.value(where, record).value is True:
        return None
    if isinstance(where, Logic) and where.op == "and":
        return next((found for item in where.operands if (found := failing(item, reader, record)) is not None), where)
    return where


def _column(condition: Expression) -> str:
    return next((item.name for item in walk(condition) if isinstance(item, Column)), "")
