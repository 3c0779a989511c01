"""A base times a price."""

from __future__ import annotations

from fractions import Fraction

from rules_engine.core.expressions import Ladder, Parts, Price, Priced, Table
from rules_engine.core.walk import unit_of
from rules_engine.engine.interpreted.cancelling import cancelled
from rules_engine.engine.outcomes import NOTHING, failure, number
from rules_engine.engine.reading.choices import in_force
from rules_engine.engine.reading.reach import linear
from rules_engine.engine.scope import Scope, Slice, Teller, Told, told
from rules_engine.engine.shifts import scope_day

ZERO = Fraction(0)


def priced_amount(teller: Teller, priced: Priced, scope: Scope) -> Told:
    """The amount; a base without documents or of zero earns nothing unless an `at zero` price says so, but documents that only
    come to zero together are priced by their own rows and rounded one by one."""
    base, base_step = teller.tell(priced.base, scope)
    qualifier, steps = base, [base_step]
    if priced.qualify is not None:
        qualifier, step = teller.tell(priced.qualify, scope)
        steps.append(step)
    failed = failure((base, qualifier))
    if failed is not None:
        return told("priced", failed, priced.unit, steps, span=priced.span)
    unit = unit_of(priced.base)
    part = Slice(number(base), number(qualifier), priced.base, scope, unit, priced.unit, own=priced.qualify is None, each=priced.each)
    price = priced.price if part.base else at_zero(priced.price, scope) or _balanced(teller, priced)
    if price is None:
        return told("priced", NOTHING, priced.unit, steps, span=priced.span, detail={"base": "0"})
    outcome, step = teller.price(price, part)
    return told("priced", outcome, priced.unit, [*steps, step], span=priced.span)


def at_zero(price: Price, scope: Scope) -> Price | None:
    """What a zero base earns: the `at zero` price of the ladder or table, or of the dated ladder in force."""
    match price:
        case Parts():
            return None
        case Ladder():
            return price.at_zero
        case Table():
            if price.at_zero is not None:
                return price.at_zero
            day = scope_day(scope.asking)
            current = (row.price for row in price.rows if row.where is None and row.when is None and in_force(row.start, row.end, day))
            return next((found for row_price in current if (found := at_zero(row_price, scope)) is not None), None)


def _balanced(teller: Teller, priced: Priced) -> Price | None:
    """What documents that come to zero together still earn one by one; None where they earn nothing."""
    return cancelled(priced.price, priced.each) if linear(teller.program, priced.base) is not None else None
