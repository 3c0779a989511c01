"""The algebra of units: what may be added, multiplied and compared, and what comes out."""

from __future__ import annotations

import pytest

from rules_engine.core.units import Unit
from tests.unit.check.checking import codes, marked, only, program


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("net_sales + cost_of_sales", Unit.MONEY),
        ("net_sales + 100", Unit.MONEY),
        ("100 - net_sales", Unit.MONEY),
        ("net_sales * 12%", Unit.MONEY),
        ("12% of net_sales", Unit.MONEY),
        ("net_sales * 2", Unit.MONEY),
        ("net_sales / cost_of_sales", Unit.PERCENT),
        ("net_sales / units_sold", Unit.PRICE),
        ("net_sales / units_sold * units_sold", Unit.MONEY),
        ("units_sold * 3%", Unit.QUANTITY),
        ("units_sold / units_sold", Unit.PERCENT),
        ("12% * 50%", Unit.PERCENT),
        ("12% / 4%", Unit.NUMBER),
        ("net_sales / 12", Unit.MONEY),
        ("max(0, net_sales - 7,300)", Unit.MONEY),
        ("min(net_sales, cost_of_sales)", Unit.MONEY),
        ("if units_sold > 3 then net_sales else 0", Unit.MONEY),
        ("net_sales / cost_of_sales if there is none 0%", Unit.PERCENT),
        ("round net_sales to 0.1", Unit.MONEY),
        ("-net_sales", Unit.MONEY),
        ("net_sales in the previous month", Unit.MONEY),
        ("sum of if quantity > 10 then paid else (0.10 per unit) * quantity over sales", Unit.MONEY),
        ("days from 2026-01-01 to 2026-03-31", Unit.DAYS),
        ("years actual/365 from 2026-01-01 to 2026-03-31", Unit.NUMBER),
        ("net_sales * 5% * (years actual/365 from 2026-01-01 to 2026-03-31)", Unit.MONEY),
    ],
)
def test_units_of_formulas(formula: str, unit: Unit) -> None:
    assert program(f"measure m\n  {formula}\n").measures["m"].unit is unit


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("net_sales + 12%", "SE0401"),
        ("net_sales - units_sold", "SE0401"),
        ("max(net_sales, units_sold)", "SE0401"),
        ("if units_sold > 3 then net_sales else 5%", "SE0401"),
        ("net_sales * cost_of_sales", "SE0403"),
        ("units_sold * units_sold", "SE0403"),
        ("units_sold / net_sales", "SE0403"),
        ("if net_sales > units_sold then 1 else 2", "SE0404"),
        ("if net_sales then 1 else 2", "SE0406"),
        ("days from 3 to 2026-03-31", "SE0408"),
    ],
)
def test_units_that_do_not_go_together(formula: str, code: str) -> None:
    assert codes(f"measure m\n  {formula}\n") == [code]


def test_both_sides_are_shown_with_their_units() -> None:
    text = "measure m\n  net_sales - 12%\n"
    assert marked(text) == ["net_sales", "12%"]
    assert [place.text for place in only(text).places] == ["this is money", "this is a percentage"]


def test_the_offer_suits_the_fault() -> None:
    assert "`12% of net_sales`" in only("measure m\n  net_sales - 12%\n").fix
    assert "percentage" in only("measure m\n  net_sales * cost_of_sales\n").fix
    assert only("measure m\n  if units_sold then 1 else 2\n").fix == "compare it: `units_sold > 100`."


@pytest.mark.parametrize("length", ["1 months", "2 years"])
def test_months_are_no_length_of_time(length: str) -> None:
    text = (
        f"documents sales\n  column old = days from ordered_on to date\n\nmeasure m\n  count over sales where old > {length}\n"
    )
    assert codes(text) == ["SE0402"]
    assert "days" in only(text).why


def test_weeks_are_seven_days() -> None:
    program(
        "documents sales\n  column old = days from ordered_on to date\n\nmeasure m\n  count over sales where old > 2 weeks\n"
    )


@pytest.mark.parametrize("language_text", [("en", "measure m\n  net_sales - 12%\n"), ("zh", "口径 甲\n  净销售额 - 12%\n")])
def test_the_message_is_in_the_language_of_the_file(language_text: tuple[str, str]) -> None:
    language, text = language_text
    found = only(text, language)
    assert found.language == language
    assert ("金额" in found.why) is (language == "zh")


def test_units_times_money_of_an_own_column_is_declared_as_a_unit_price() -> None:
    own = "documents sales\n  column cost money\n\nmeasure m\n  sum of quantity * cost over sales\n"
    assert "`column cost money per unit`" in only(own).fix
    assert not codes(own.replace("cost money", "cost money per unit"))
    assert "column paid" not in only("measure m\n  sum of quantity * paid over sales\n").fix


def test_units_where_money_is_needed_get_a_price() -> None:
    found = only("charge c paid by supplier\n  amount  2.04 * units_sold\n  period  month\n")
    assert (found.code, "`(0.05 per unit) * …`" in found.fix) == ("SE0407", True)
    assert not codes(
        "charge c paid by supplier\n  amount  (2.04 per unit) * units_sold\n  period  month\n  negative turns round\n"
    )
