"""Every price form with numbers one can check by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from rules_engine.core.expressions import Expression, Part, Parts, Price, Priced, Rounding
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Evaluator
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import gather
from tests.unit.engine.building import (
    NONE,
    asking,
    biggest,
    clause,
    column,
    document,
    ladder,
    lump,
    measure,
    minus,
    money,
    no_results,
    per_unit,
    percent,
    plus,
    program,
    rate,
    ref,
    times,
    total,
)

BASE = total("amount", "fixed_fee", "penalty")


def both(price: Price, *amounts: str, each: Rounding | None = None) -> Fraction:
    """The price of the documents' sum, by both evaluators."""
    documents = [fee(str(number), amount) for number, amount in enumerate(amounts)]
    return evaluated(Priced(BASE, price, each=each), documents)


def fee(name: str, amount: str) -> Document:
    kind = "penalty" if amount.startswith("-") else "fixed_fee"
    return document(kind, name, "2026-03-05", amount=amount.lstrip("-"))


def evaluated(earn: Expression, documents: list[Document]) -> Fraction:
    made = program(clause(earn))
    facts = gather(made, documents)
    evaluators: list[Evaluator] = [Interpreter(made, facts), compile_program(made).bind(facts)]
    found = [item.evaluate(earn, asking(), no_results) for item in evaluators]
    assert found[0] == found[1]
    value = found[0].value
    assert isinstance(value, Decimal | Fraction), found[0]
    return Fraction(value)


def test_seed_case_01_margin_protection_of_one_unit() -> None:
    revenue, cost = total("paid", "sale", "customer_return"), total("supply_amount", "sale", "customer_return")
    earn = biggest(money("0"), minus(times(percent("10"), revenue), minus(revenue, cost)))
    assert evaluated(earn, [document("sale", "1", "2026-03-05", paid="70", supply_amount="80")]) == 17
    assert evaluated(earn, [document("sale", "1", "2026-03-05", paid="100", supply_amount="80")]) == 0


def test_seed_case_03_pooled_over_the_contract() -> None:
    revenue, cost = total("paid", "sale"), total("supply_amount", "sale")
    earn = biggest(money("0"), minus(times(percent("10"), revenue), minus(revenue, cost)))
    lines = [document("sale", f"a{i}", "2026-03-05", paid="100", supply_amount="80") for i in range(10)]
    lines += [document("sale", f"b{i}", "2026-03-05", paid="70", supply_amount="80") for i in range(10)]
    assert evaluated(earn, lines) == 70


def test_rate_lump_and_none() -> None:
    assert both(rate("12"), "70") == Fraction("8.40")
    assert both(lump("5"), "70") == 5
    assert both(NONE, "70") == 0


@pytest.mark.parametrize(("sold", "due"), [("120", "2.41"), ("40", "0.97"), ("0", "0")])
def test_rule_14_a_percentage_with_a_lump_and_a_floor(sold: str, due: str) -> None:
    price = Parts((Part("rate", percent("1.8")), Part("lump", money("0.25"))), floor=lump("0.90"))
    assert both(price, sold) == Fraction(due)


def test_floor_and_cap_bind_the_sum_once() -> None:
    price = Parts((Part("rate", percent("3.4")), Part("lump", money("0.20"))), lump("0.65"), lump("8.50"))
    assert [both(price, amount) for amount in ("10", "100", "1000")] == [Fraction("0.65"), Fraction("3.6"), Fraction("8.5")]


def test_a_negative_base_pays_percents_and_unit_prices_only() -> None:
    price = Parts((Part("rate", percent("10")), Part("lump", money("3"))), floor=lump("1"))
    assert both(price, "-50") == -5
    assert both(per_unit("2", "12", "started"), "-25") == -6


def test_started_and_full_units() -> None:
    assert both(per_unit("28", "12", "started"), "25") == 84
    assert both(per_unit("2", "24", "full"), "71") == 4
    assert both(per_unit("3", "2"), "5") == Fraction("7.5")


def test_per_document_counts_documents_of_the_base() -> None:
    price = Parts((Part("per_document", money("0.30")),))
    assert both(price, "10", "20", "-5") == Fraction("0.60")


REBATE = ladder("marginal", ("1000000", NONE), ("5000000", rate("1")), ("", rate("2.5")))


@pytest.mark.parametrize(("base", "due"), [("1000000", "0"), ("1000001", "0.01"), ("5000000", "40000"), ("6000000", "65000")])
def test_marginal_pays_each_band_on_its_slice(base: str, due: str) -> None:
    assert both(REBATE, base) == Fraction(due)


def test_rule_13_a_negative_window_stands_in_the_lowest_band() -> None:
    price = ladder("whole", ("6000", NONE), ("", rate("3")), includes="lower")
    assert both(price, "7000") == 210
    assert both(price, "6000") == 180
    assert both(price, "-2000") == 0
    assert both(ladder("marginal", ("100", rate("2")), ("", rate("3"))), "-50") == -1


def test_rule_12_bands_along_a_sum() -> None:
    price = ladder("marginal", ("5", per_unit("2")), ("", per_unit("3")))
    assert [both(price, "4"), both(price, "8"), both(price, "10")] == [8, 19, 25]


def test_bounds_belong_to_the_band_the_words_say() -> None:
    upper = ladder("whole", ("100", rate("1")), ("", rate("2")))
    lower = ladder("whole", ("100", rate("1")), ("", rate("2")), includes="lower")
    assert both(upper, "100") == 1
    assert both(lower, "100") == 2


def test_stacked_climbing_and_sliding() -> None:
    stacked = ladder("stacked", ("100", rate("1")), ("200", rate("2")), ("", rate("3")))
    assert both(stacked, "150") == Fraction("4.5")
    climbing = ladder("climbing", ("100", rate("1")), ("200", rate("2")), ("", rate("3")))
    assert both(climbing, "250") == 1 + 4 + Fraction("7.5")
    points = ladder("sliding", ("126", rate("0")), ("", rate("2.6")))
    points = type(points)("sliding", "lower", (points.bands[0], points.bands[1]))
    assert both(points, "63") == Fraction(63) * Fraction("0.026") / 2
    assert both(points, "252") == 252 * Fraction("0.026")


def test_a_lump_per_tier_and_a_nested_ladder() -> None:
    assert both(ladder("whole", ("100", lump("1")), ("", lump("7"))), "150") == 7
    nested = ladder("marginal", ("3000", rate("1")), ("", rate("2")))
    assert both(ladder("whole", ("2600", NONE), ("", nested), includes="lower"), "4000") == 30 + 20


def test_at_zero_answers_a_zero_base() -> None:
    price = ladder("marginal", ("100", rate("1")), ("", rate("2")), at_zero=lump("9"))
    assert both(price, "50", "-50") == 9
    assert both(price) == 9


def test_qualifying_on_another_base_splits_the_paying_base_in_proportion() -> None:
    earn = Priced(BASE, ladder("marginal", ("100", rate("1")), ("", rate("2"))), qualify=total("paid", "sale"))
    lines = [fee("1", "80"), document("sale", "2", "2026-03-05", paid="400")]
    assert evaluated(earn, lines) == Fraction("0.20") + Fraction("1.20")


def test_each_document_is_rounded_before_adding() -> None:
    cent = Rounding("half_up", Decimal("0.01"))
    assert both(rate("5"), "0.10", "0.10", "0.10", each=cent) == Fraction("0.03")
    assert both(rate("5"), "0.10", "0.10", "0.10") == Fraction("0.015")
    steps = ladder("marginal", ("0.15", rate("5")), ("", rate("10")))
    assert both(steps, "0.10", "0.10", "0.10", each=cent) == Fraction("0.01") + Fraction("0.01") + Fraction("0.01")


def test_measures_are_read_by_name() -> None:
    gmv = total(plus(column("paid"), column("platform_coupon")), "sale", "customer_return")
    made = program(clause(Priced(ref("gmv"), rate("12"))), measures=[measure("gmv", gmv)])
    facts = gather(made, [document("sale", "1", "2026-03-05", paid="70")])
    found = Interpreter(made, facts).evaluate(made.clauses["c"].earn, asking(), no_results)
    assert found.value == Fraction("8.40")

