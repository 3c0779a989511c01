"""Leaps of ladders, computed by hand."""

from __future__ import annotations

import pytest

from tests.unit.check.knowledge.noting import codes, told, why


def rebate(*lines: str, bands: tuple[str, ...]) -> str:
    head = "rebate volume\n  on purchases\n  period year, on account monthly\n  negative turns round\n"
    return head + "".join(f"  {line}\n" for line in lines) + "".join(f"    {band}\n" for band in bands)


def test_a_whole_ladder_jumps_by_the_new_rate_on_everything() -> None:
    text = rebate("tiers whole", bands=("below 1,000,000 1%", "from 1,000,000 2.5%"))
    assert why(text, "SN1001") == "at 999,999.99 one more 0.01 of purchases moves `volume` from 10,000.00 to 25,000.00."


def test_the_bound_may_belong_to_the_lower_band() -> None:
    text = rebate("tiers whole", bands=("up to 1,000 none", "over 1,000 3%"))
    assert why(text, "SN1001") == "at 1,000.00 one more 0.01 of purchases moves `volume` from 0.00 to 30.00."


def test_a_stacked_ladder_jumps_by_the_band_alone() -> None:
    text = rebate("tiers stacked", bands=("from 0 1%", "from 1,000 2%"))
    assert why(text, "SN1001") == "at 999.99 one more 0.01 of purchases moves `volume` from 10.00 to 30.00."


@pytest.mark.parametrize("reading", ["marginal", "climbing"])
def test_marginal_rates_do_not_jump(reading: str) -> None:
    text = rebate(f"tiers {reading}", bands=("below 1,000 none", "from 1,000 2%"))
    expected = [] if reading == "marginal" else ["SN1001"]
    assert [item.code for item in told(text, "SN1001")] == expected


def test_a_lump_in_a_marginal_band_jumps() -> None:
    text = rebate("tiers marginal", bands=("below 1,000 none", "from 1,000 250"))
    assert why(text, "SN1001") == "at 1,000.00 one more 0.01 of purchases moves `volume` from 0.00 to 250.00."


def test_a_falling_rate_names_the_way_back() -> None:
    """3% of 1,000,000 is 30,000; 2% makes 30,000 at 1,500,000."""
    text = rebate("tiers whole", bands=("up to 1,000,000 3%", "over 1,000,000 2%"))
    assert why(text, "SN1002").splitlines() == [
        "at 1,000,000.00 one more 0.01 of purchases moves `volume` from 30,000.00 to 20,000.00.",
        "Below 1,500,000.00 every base above the bound pays less than stopping at it.",
    ]


def test_a_fall_may_be_made_up_by_a_later_jump() -> None:
    """Between 1,000 and 1,200 at most 24; from 1,200 at 5% it is 60."""
    text = rebate("tiers whole", bands=("below 1,000 3%", "from 1,000 2%", "from 1,200 5%"))
    assert "Below 1,200.00 every base" in why(text, "SN1002")


def test_a_fall_that_is_never_made_up() -> None:
    text = rebate("tiers whole", bands=("below 1,000 3%", "from 1,000 none"))
    assert why(text, "SN1002").endswith("No larger base pays 30.00 again.")


def test_falls_are_told_unasked_and_jumps_are_not() -> None:
    falling = rebate("tiers whole", bands=("below 1,000 none", "from 1,000 3%", "from 2,000 1%"))
    assert codes(falling) == ["SN1002"]
    assert codes(rebate("tiers whole", bands=("below 1,000 none", "from 1,000 3%"))) == []


def test_a_cap_cuts_the_jump() -> None:
    text = rebate("at most 20,000 in each year", "tiers whole", bands=("below 1,000,000 1%", "from 1,000,000 2.5%"))
    assert "from 10,000.00 to 20,000.00" in why(text, "SN1001")


def test_units_step_by_one() -> None:
    text = (
        "fee handling\n  on sum of quantity over sales\n  period month\n  tiers whole\n"
        "    below 100 0.50 per unit\n    from 100 0.30 per unit\n"
    )
    assert why(text, "SN1002").splitlines() == [
        "at 99 one more 1 of quantity moves `handling` from 49.50 to 30.00.",
        "Below 165 every base above the bound pays less than stopping at it.",
    ]


def test_bounds_that_are_multiples_of_a_baseline() -> None:
    text = rebate(
        "baseline purchases of previous year, else 640,000", "tiers whole",
        bands=("below 104% of baseline none", "from 104% of baseline 1%"),
    )  # fmt: skip
    head, line = why(text, "SN1001").splitlines()
    assert head == "With bounds that are multiples of 640,000.00:"
    assert line == "at 665,599.99 one more 0.01 of purchases moves `volume` from 0.00 to 6,656.00."


def test_chinese() -> None:
    text = "返利 年度\n  基数 采购额\n  周期 年, 每月预结\n  负数 反向支付\n  阶梯 全额\n    不满 100万 1%\n    自 100万 2.5%\n"
    assert why(text, "SN1001", "zh") == "999,999.99 时，采购额再多 0.01，“年度”由 10,000.00 变为 25,000.00。"
