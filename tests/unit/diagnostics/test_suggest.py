from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rules_engine.diagnostics.suggest import did_you_mean, nearest

ENGLISH = ["gmv", "cost_of_sales", "purchases", "ad_spend", "units_of_oil", "margin_rate", "net_sales", "rate", "rice", "oil"]
CHINESE = ["净销售额", "销售成本", "采购额", "推广费", "大米", "食用油"]
KNOWN = ENGLISH + CHINESE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gvm", "gmv"),
        ("Cost_Of_Sale", "cost_of_sales"),
        ("purchase", "purchases"),
        ("adspend", "ad_spend"),
        ("net_slaes", "net_sales"),
        ("oli", "oil"),
        ("净销售", "净销售额"),
        ("净消售额", "净销售额"),
        ("成本", "销售成本"),
        ("大迷", "大米"),
        ("采够额", "采购额"),
    ],
)
def test_the_nearest_name_comes_first(written: str, meant: str) -> None:
    assert nearest(written, KNOWN)[:1] == (meant,)


@pytest.mark.parametrize("written", ["zzz", "", "a", "食", "返利", "x" * 500])
def test_nothing_is_offered_for_what_is_far(written: str) -> None:
    assert nearest(written, KNOWN) == ()
    assert did_you_mean(written, KNOWN, "en") == ""


def test_a_word_of_the_other_language_goes_before_all_else() -> None:
    assert nearest("返利", ["rate"], {"返利": "rebate"}) == ("rebate",)
    assert did_you_mean("Rebate", ["返点"], "zh", {"rebate": "返利"}) == "是否想写 `返利`？"


def test_the_question() -> None:
    assert did_you_mean("net_sale", ["net_sales", "net_salt"], "en") == "did you mean `net_sales` or `net_salt`?"


def test_at_most_three() -> None:
    assert len(nearest("abcdef", [f"abcde{letter}" for letter in "uvwxyz"])) == 3


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=40), max_size=20))
def test_only_known_names_are_offered_each_once(written: str, known: list[str]) -> None:
    found = nearest(written, known)
    assert set(found) <= set(known)
    assert len(found) == len(set(found)) <= 3
