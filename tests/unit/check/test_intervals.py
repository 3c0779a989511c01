"""Bands of ladders: overlaps, gaps and bounds out of order, with the uncovered range and an amount in it."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes, findings, marked, only


def ladder(*bands: str, reading: str = "whole", extra: str = "") -> str:
    rows = "".join(f"    {band}\n" for band in bands)
    return f"rebate r\n  on      sold\n  period  year\n{extra}  tiers   {reading}\n{rows}"


@pytest.mark.parametrize(
    "bands",
    [
        ("up to 1,000  none", "up to 5,000  1%", "over 5,000  2%"),
        ("below 1,000  none", "from 1,000  1%", "from 5,000  2%"),
        ("from 0  1%", "from 5,000  2%"),
        ("over 0  1%", "over 5,000  2%"),
    ],
)
def test_bands_that_meet(bands: tuple[str, ...]) -> None:
    assert codes(ladder(*bands)) == []


@pytest.mark.parametrize(
    ("bands", "code", "why"),
    [
        (("up to 1,000  none", "over 3,000  2%"), "SE0206", "a base between 1,000 and 3,000, for instance 2,000, has no band"),
        (("up to 3,000  none", "over 1,000  2%"), "SE0207", "a base of 2,000 lies in both bands"),
        (("below 1,000  none", "from 5,000  2%", "from 1,000  1%"), "SE0208", "1,000 does not lie above 5,000"),
        (("from 1,000  1%", "from 5,000  2%"), "SE0206", "a base below 1,000, for instance 500, has no band"),
        (("up to 1,000  none", "up to 5,000  1%"), "SE0206", "a base above 5,000, for instance 10,000, has no band"),
        (("up to 1,000  none", "from 1,000  1%"), "SE0211", "a base on a bound has no single band"),
    ],
)
def test_bands_that_do_not(bands: tuple[str, ...], code: str, why: str) -> None:
    text = ladder(*bands)
    assert [item.code for item in findings(text)] == [code]
    assert why in only(text).why


def test_both_bands_are_shown() -> None:
    assert marked(ladder("up to 1,000  none", "over 3,000  2%")) == ["up to 1,000  none", "over 3,000  2%"]


def test_shares_of_a_baseline_are_worded_as_shares() -> None:
    text = ladder(
        "from 104% of baseline  1%", "from 126% of baseline  2%",
        extra="  baseline  sold of previous year, else 640,000\n",
    )  # fmt: skip
    found = only(text)
    assert found.why == "a base below 104% of baseline, for instance 52% of baseline, has no band."
    assert found.fix == "below 104% of baseline none"


def test_bounds_that_only_documents_know_are_left_to_the_run() -> None:
    assert codes("measure edge\n  (sum of paid over sales)\n\n" + ladder("up to 1,500  none", "over edge  1%")) == []


def test_a_bound_has_the_unit_of_the_base() -> None:
    assert codes(ladder("up to 5%  none", "over 5%  1%")) == ["SE0402"]
