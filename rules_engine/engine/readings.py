"""Which clause a price table stands in, and what that clause says about reading it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules_engine.core.expressions import Expression, Price, Priced, Table
from rules_engine.core.program import Clause, Program
from rules_engine.core.remembered import once_a_program
from rules_engine.core.walk import prices, walk
from rules_engine.engine.reading.identity import clause_roots
from rules_engine.engine.scope import Reading


@once_a_program
def table_readings(program: Program) -> Mapping[int, tuple[Table, Reading]]:
    """Table (by identity) → the payer and the `changes` of its clause. A table of a measure has neither."""
    found: dict[int, tuple[Table, Reading]] = {}
    for clause in program.clauses.values():
        reading = Reading(clause.payer, clause.changes)
        for table in _tables(_prices(clause)):
            found[id(table)] = (table, reading)
    return found


def _prices(clause: Clause) -> Iterator[Price]:
    for root in clause_roots(clause):
        yield from _expression_prices(root)
    if clause.on_account is not None and clause.on_account.provisional is not None:
        yield clause.on_account.provisional


def _expression_prices(expression: Expression) -> Iterator[Price]:
    for item in walk(expression):
        if isinstance(item, Priced):
            yield item.price


def _tables(found: Iterable[Price]) -> Iterator[Table]:
    for price in found:
        yield from (inner for inner in prices(price) if isinstance(inner, Table))
