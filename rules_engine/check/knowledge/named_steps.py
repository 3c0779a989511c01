"""Finding in a clause's formula the parts that its kind gave a name, and the rates and measures in them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules_engine.check.knowledge.numbers import constant
from rules_engine.core.expressions import Arithmetic, Expression, Ladder, MeasureRef, Parts, Price, Priced, Step, Table
from rules_engine.core.program import Clause
from rules_engine.core.walk import walk


def steps(clause: Clause, label: str) -> list[Expression]:
    """What stands behind a label, each place once."""
    return list(dict.fromkeys(item.operand for item in walk(clause.earn) if isinstance(item, Step) and item.label == label))


def rates(expression: Expression) -> list[Fraction]:
    """Every percentage a price in the expression puts on its base, falling."""
    found = {rate for item in walk(expression) if isinstance(item, Priced) for rate in price_rates(item.price)}
    return sorted(found, reverse=True)


def price_rates(price: Price) -> Iterator[Fraction]:
    """The percentages of a price that is nothing but percentages of its base; those of every row and band."""
    match price:
        case Parts(parts=(part,), floor=None, cap=None) if part.kind == "rate":
            rate = constant(part.amount)
            if rate is not None:
                yield rate
        case Parts():
            return
        case Ladder():
            for band in price.bands:
                yield from price_rates(band.price)
        case Table():
            for row in price.rows:
                yield from price_rates(row.price)


def single_rate(expression: Expression) -> Fraction | None:
    """The one percentage of a plain `rate 10%`; None for anything else."""
    match expression:
        case Step(operand=operand):
            return single_rate(operand)
        case Priced(price=Parts(parts=(_,), floor=None, cap=None) as price):
            return next(price_rates(price), None)
        case _:
            return None


def share_of(expression: Expression) -> tuple[Fraction, Expression] | None:
    """`70% of ad_spend` as (0.7, ad_spend); a bare measure is all of itself."""
    match expression:
        case MeasureRef():
            return Fraction(1), expression
        case Arithmetic(op="*", operands=(one, two)):
            share = constant(one)
            return (share, two) if share is not None else None
        case _:
            return None


def name_of(expression: Expression, otherwise: str) -> str:
    """The measure's name, or other words for it."""
    return expression.name if isinstance(expression, MeasureRef) else otherwise
