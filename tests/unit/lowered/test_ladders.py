"""Ladders on, below and above their bounds: every reading, with lumps, with a base of its own, with bounds that are measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import localcontext
from fractions import Fraction

import pytest

from rules_engine.core.expressions import Band, Choice, ChoiceRow, Constant, Expression, Ladder, Part, Parts, Priced
from rules_engine.core.units import Unit
from rules_engine.lowered.single import single
from rules_engine.values.exact import EXACT
from rules_engine.values.period import Period
from tests.properties.lowering import Case, case_of, kernel_says
from tests.unit.engine.building import NONE, D, bands, clause, money, percent, program, total

PAID, BOUGHT, GOAL = total("paid", "sale"), total("supply_amount", "purchase_receipt"), total("amount", "fixed_fee")
AT = [-5_00, -1, 0, 1, 19_99, 20_00, 20_01, 59_99, 60_00, 60_01, 1_000_00]
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def paid(rate: str, *more: Part) -> Parts:
    return Parts((Part("rate", percent(rate)), *more))


LUMP = Part("lump", money("3.5"))
PLAIN = (("20", paid("1")), ("60", paid("2.5")), ("", paid("12.125")))
LUMPS = (("20", paid("1", LUMP)), ("60", paid("2.5")), ("", paid("4", LUMP, Part("per", money("0.015")))))
BOUND = (("20", NONE), ("60", Parts((Part("rate", percent("3")),), floor=Parts((LUMP,)))), ("", Parts((Part("rate", percent("9")),), cap=Parts((LUMP,)))))


def case(earn: Expression) -> Case:
    made = program(clause(earn))
    found = case_of(made, made.clauses["c"], MARCH, MARCH.end, ())
    assert found is not None
    return found


def rows(inputs: int) -> Iterator[tuple[int, ...]]:
    if inputs == 1:
        yield from ((number,) for number in AT)
    else:
        yield from ((one, other) for one in AT for other in AT)


@pytest.mark.parametrize("qualify", [None, BOUGHT], ids=["own", "other"])
@pytest.mark.parametrize("includes", ["upper", "lower"])
@pytest.mark.parametrize("written", [PLAIN, LUMPS, BOUND], ids=["plain", "lumps", "bound"])
@pytest.mark.parametrize("reading", ["marginal", "whole", "stacked", "climbing"])
def test_every_reading_on_its_bounds(reading: str, written: tuple[tuple[str, Parts], ...], includes: str, qualify: Expression | None) -> None:
    lowered = case(Priced(PAID, Ladder(reading, includes, bands(*written)), qualify))
    with localcontext(EXACT):
        for inputs in rows(len(lowered.lowered.shape.inputs)):
            assert lowered.said(single(lowered.lowered.shape)(inputs, lowered.parameters())) == kernel_says(lowered, inputs), inputs


def test_measured_bounds_that_do_not_rise_are_left_to_the_interpreter() -> None:
    edge = Constant(D("60"), Unit.MONEY)
    ladder = Ladder("marginal", "upper", (Band(None, GOAL, paid("1")), Band(GOAL, edge, paid("2")), Band(edge, None, paid("3"))))
    lowered = case(Priced(PAID, ladder))
    assert [item.item for item in lowered.lowered.shape.inputs] == [PAID.item, GOAL.item]
    with localcontext(EXACT):
        for goal in (-5_00, 0, 20_00, 59_99, 60_00, 70_00):
            for base in AT:
                said = lowered.said(single(lowered.lowered.shape)((base, goal), lowered.parameters()))
                assert (said is not None) == (0 < goal < 60_00)
                assert said is None or said == kernel_says(lowered, (base, goal))


def test_the_last_of_several_fallbacks_answers() -> None:
    rows = (ChoiceRow(money("1"), otherwise=True), ChoiceRow(money("2"), otherwise=True))
    lowered = case(Choice(rows, Unit.MONEY))
    with localcontext(EXACT):
        said = lowered.said(single(lowered.lowered.shape)((), lowered.parameters()))
    assert said == kernel_says(lowered, ()) == (Fraction(2), Fraction(2))
