"""The ladders that are a clause's whole amount, each with the curve of what it pays."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules_engine.check.knowledge.curves import Curve, Unknown, extreme, line, price_curve
from rules_engine.check.knowledge.numbers import Scale, constant, money, number, scale_of
from rules_engine.check.knowledge.reach import priced
from rules_engine.check.meaning.environment import Both
from rules_engine.check.meaning.wording import column
from rules_engine.core.expressions import Aggregate, Column, Expression, Ladder, MeasureRef, Price, Priced, Table
from rules_engine.core.program import Bound, Clause, Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.record import dataclass

CENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A ladder of a clause on one base: its curve before the clause's bounds, and what its bounds are multiples of."""

    clause: Clause
    priced: Priced
    ladder: Ladder
    scale: Scale
    curve: Curve

    @property
    def base_unit(self) -> Unit:
        """What the base counts."""
        return unit_of(self.priced.base)

    @property
    def step(self) -> Fraction:
        """The smallest movement of the base: a cent of money, else one."""
        return CENT if self.base_unit is Unit.MONEY else Fraction(1)

    def base(self, amount: Fraction) -> str:
        """A base as it is read: `1,000,000.00` of money, `1,000` units."""
        return money(amount) if self.base_unit is Unit.MONEY else number(amount)

    def shown(self, amount: Fraction) -> str:
        """An amount as the clause rounds it."""
        return money(amount, self.clause.rounding)

    @property
    def named(self) -> Both:
        """The base's name."""
        return base_name(self.priced.base)

    @property
    def bounded(self) -> Curve:
        """The curve between those of the clause's bounds that are numbers and judge the same window."""
        curve = self.curve
        for bound in same_window(self.clause):
            limit = constant(bound.amount)
            if limit is not None:
                curve = extreme(curve, line(Fraction(0), limit), highest=bound.side == "least")
        return curve


def same_window(clause: Clause) -> list[Bound]:
    """The bounds that judge the very window the clause is worked out in."""
    return [bound for bound in clause.bounds if bound.window is None or bound.window == clause.period]


def base_name(base: Expression) -> Both:
    """The measure or the column that the base is, or the word for it."""
    match base:
        case MeasureRef(name=name):
            return name, name
        case Aggregate(item=Column(name=name)):
            return column(name, "en"), column(name, "zh")
        case _:
            return "the base", "基数"


def drawn(program: Program) -> Iterator[Drawn]:
    """Every ladder that a clause pays by on a single base and whose numbers stand in the text."""
    for clause in program.clauses.values():
        found = priced(clause)
        if found is None or found.qualify is not None:
            continue
        for ladder in ladders(found.price):
            scale = None if ladder.along else scale_of(ladder)
            if scale is None:
                continue
            try:
                yield Drawn(clause, found, ladder, scale, price_curve(ladder, scale))
            except Unknown:
                continue


def ladders(price: Price) -> Iterator[Ladder]:
    """The ladders of a price: itself, or those of its rows."""
    match price:
        case Ladder():
            yield price
        case Table():
            for row in price.rows:
                yield from ladders(row.price)
        case _:
            return


def against(scale: Scale, unit: Unit) -> Both:
    """What the bounds were taken to be multiples of, for a message; empty for plain numbers."""
    if scale.of is None:
        return "", ""
    worth = money(scale.worth) if unit is Unit.MONEY else number(scale.worth)
    return f"With bounds that are multiples of {worth}:\n", f"以 {worth} 为各档边界的基准：\n"
