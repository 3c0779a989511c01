"""Break-even points and money that counts twice, with the numbers of the trade's worked cases."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rules_engine.check.knowledge.guarantees import break_even, due, parting
from tests.unit.check.knowledge.noting import codes, told, why

GUARANTEE = "margin protection guarantee\n  revenue {0}\n  cost cost_of_sales\n  rate 10%\n  per contract\n  period quarter, on account monthly\n"
COMMITMENT = "commitment marketing\n  on sold\n  rate 10%\n  counted {0}% of ad_spend\n  period year, at its end\n"


def test_margin_is_counted_on_the_price() -> None:
    """S15: 80 / (1 - 20%) = 100; 80 plus 20% is 96 and its margin is short."""
    assert break_even(Fraction(80), Fraction(1, 5)) == 100
    assert due(Fraction(96), Fraction(80), Fraction(1, 5)) == Fraction(320, 100)
    assert due(Fraction(100), Fraction(80), Fraction(1, 5)) == 0


def test_break_even_of_a_guarantee() -> None:
    text = why(GUARANTEE.format("net_sales"), "SN1010")
    assert "must bring in 88.89" in text
    assert "is 88.00\nand still lacks 0.80." in text


def test_spend_that_offsets_a_shortfall() -> None:
    text = GUARANTEE.format("net_sales") + "  credit 70% of ad_spend, unused expires\n"
    assert "a shortfall of 100,000.00 is offset by 142,857.14 of ad_spend at 70%" in why(text, "SN1010")


def test_composite_margin_parts_at_the_protected_margin() -> None:
    """S04: at 100 against 80 judged separately costs 10.00, together nothing."""
    english, chinese = parting(Fraction(1, 10), Fraction(1, 10))
    assert "front margin of up to 10%" in english
    assert "10.00 from a margin of 20% on" in english
    assert "10.00" in chinese


@pytest.mark.parametrize(("share", "spend", "million"), [("70", "14.29", "142,857.14"), ("80", "12.50", "125,000.00")])
def test_spend_a_commitment_needs(share: str, spend: str, million: str) -> None:
    """S08."""
    text = why(COMMITMENT.format(share), "SN1012")
    assert f"every 100.00 of sold needs {spend} of ad_spend, not 10.00" in text
    assert million in text


def test_the_same_spend_in_credit_and_commitment() -> None:
    both = GUARANTEE.format("net_sales") + "  credit 70% of ad_spend, unused expires\n\n" + COMMITMENT.format("80")
    assert codes(both) == ["SW0904"]
    assert "up to 70,000.00 of `guarantee` and meets 80,000.00 of `marketing`: 150,000.00" in why(both, "SW0904")
    assert "70,000.00 lies between the two" in why(both, "SW0904")


def test_a_refunded_coupon_is_missing_from_the_margin() -> None:
    """S07: 24.00 without, 20.00 with the coupon added back."""
    measure = "measure revenue\n  sum of {0} over sales\n\n"
    refund = "\npromotion coupons\n  on sum of supplier_coupon over sales\n  rate 100%\n"
    bare = measure.format("paid") + GUARANTEE.format("revenue") + refund
    assert codes(bare) == ["SW0905"]
    assert "the refund of 20.00 and a shortfall of 4.00 are due" in why(bare, "SW0905")
    assert "4.00 lies between the two" in why(bare, "SW0905")
    for revenue in ("paid + supplier_coupon", "list_amount - platform_coupon"):
        assert codes(measure.format(revenue) + GUARANTEE.format("revenue") + refund) == []


def test_a_measure_of_another_coupon_is_none_of_it() -> None:
    refund = "\npromotion coupons\n  on sum of platform_coupon over sales\n  rate 50%\n"
    assert codes(GUARANTEE.format("net_sales") + refund) == []


def test_facts_are_told_only_when_asked_for() -> None:
    assert codes(GUARANTEE.format("net_sales")) == []
    assert [item.code for item in told(GUARANTEE.format("net_sales"), "SN1010", "SN1015", "SN1016")]
