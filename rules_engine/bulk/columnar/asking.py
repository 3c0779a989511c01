"""Which sums the kernel asks for depends on what it meets: a condition that does not hold, a base of zero, an amount of nothing.

A clause is served by columns only if that is all it depends on; what each row meets is then told in four bits.
"""

from __future__ import annotations

from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Compare,
    Expression,
    Logic,
    MeasureRef,
    Priced,
    Round,
    Step,
    Table,
)
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import prices, walk
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.reading.reach import paid_once, read_once

HELD, BASED, EARNED, MOVED = 1, 2, 4, 8
"""Its condition holds; its table's base is not zero; its amount is not zero; something moves."""


def plain_asking(program: Program, clause: Clause) -> None:
    """Raises `Alone` for a clause of which the four bits do not tell what is asked."""
    known = {signature(reading.aggregate) for reading in paid_once(program, clause.earn)} if clause.per else set[str]()
    for expression in (clause.earn, clause.when):
        if expression is not None and not _all(program, expression) <= known | _always(program, expression):
            raise Alone(Reason.CONDITIONAL)
    if clause.base is not None and not _all(program, clause.base) <= _always(program, clause.base):
        raise Alone(Reason.CONDITIONAL)
    priced = table_of(clause.earn)
    tables = sum(isinstance(price, Table) for item in walk(clause.earn) if isinstance(item, Priced) for price in prices(item.price))
    if tables > (priced is not None):
        raise Alone(Reason.CONDITIONAL)
    if priced is not None and (clause.base is None or signature(clause.base) != signature(priced.base)):
        raise Alone(Reason.CONDITIONAL)


def base_is_asked(program: Program, clause: Clause) -> bool:
    """Whether all that a line's base reads is asked for though no line moves."""
    if clause.base is None:
        return True
    known = {signature(reading.aggregate) for reading in paid_once(program, clause.earn)} if clause.per else set[str]()
    return _all(program, clause.base) <= known | (_always(program, clause.earn) if clause.when is None else set())


def table_of(earn: Expression) -> Priced | None:
    """The price by a table that the whole expression is, if it is one."""
    while isinstance(earn, Step):
        earn = earn.operand
    return earn if isinstance(earn, Priced) and isinstance(earn.price, Table) else None


def _all(program: Program, expression: Expression) -> set[str]:
    return {signature(reading.aggregate) for reading in read_once(program, expression)}


def _always(program: Program, expression: Expression) -> set[str]:
    """The aggregates that are asked for whenever the expression is evaluated."""
    match expression:
        case Aggregate():
            return {signature(expression)}
        case MeasureRef():
            return _always(program, program.measures[expression.name].expression)
        case Step() | Round():
            return _always(program, expression.operand)
        case Arithmetic():
            return set().union(*(_always(program, operand) for operand in expression.operands))
        case Compare():
            return _always(program, expression.left) | _always(program, expression.right)
        case Logic():
            return _always(program, expression.operands[0])
        case Choice():
            first = expression.rows[0]
            return _always(program, first.value if first.when is None else first.when)
        case Priced():
            qualify = set[str]() if expression.qualify is None else _always(program, expression.qualify)
            return _always(program, expression.base) | qualify
        case _:
            return set()
