"""Tiers, rows and clauses that never pay."""

from __future__ import annotations

import pytest

from tests.unit.check.knowledge.noting import codes, why

CAPPED = "rebate volume\n  on purchases\n  period year\n  at most {cap} in each year\n  tiers marginal\n    up to 1,000,000 none\n    up to 5,000,000 1%\n    over 5,000,000 2.5%\n"
GRADED = "documents sales\n  column grade one of A, B\n  column score number 0 to 100\n\ndeduction points\n  on sold\n  rate {pick}\n"


@pytest.mark.parametrize(
    ("cap", "expected"), [("40,000", ["SN1003"]), ("39,000", ["SN1003"]), ("40,000.01", []), ("90,000", [])]
)
def test_a_tier_behind_the_cap(cap: str, expected: list[str]) -> None:
    """1% of the 4,000,000 between the bounds is 40,000."""
    assert codes(CAPPED.format(cap=cap)) == expected


def test_the_cap_is_reached_where_the_text_says() -> None:
    """39,000 is 1% of 3,900,000 above the first million."""
    assert why(CAPPED.format(cap="39,000"), "SN1003").startswith("4,900,000.00 of purchases already pays 39,000.00")


def test_a_band_that_leaps_to_the_cap_is_alive() -> None:
    text = "rebate v\n  on purchases\n  period year\n  at most 500 in each year\n  tiers whole\n    below 1,000 none\n    from 1,000 900\n"
    assert codes(text) == []


def test_a_tier_above_the_range_of_its_column() -> None:
    text = (
        "documents audit\n  column score number 0 to 100\n\nmeasure best\n  max of score over audit\n\n"
        "rebate q\n  on sold\n  qualify on best\n  period year\n  tiers whole\n    below 90 none\n    from 90 1%\n    from 120 2%\n"
    )
    assert codes(text) == ["SN1003"]
    assert "at most 100" in why(text, "SN1003")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (("12% for grade = A", "14% for grade = C", "10% otherwise"), "no document can have grade = C"),
        (("12% for score > 100", "10% otherwise"), "no document can have score > 100"),
        (("12% for score < 20 and score > 30", "10% otherwise"), "no document can have score < 20 and score > 30"),
    ],
)
def test_a_row_no_document_meets(rows: tuple[str, ...], reason: str) -> None:
    text = GRADED.format(pick="") + "".join(f"    {row}\n" for row in rows)
    assert codes(text) == ["SN1004"]
    assert reason in why(text, "SN1004")


def test_living_rows() -> None:
    rows = ("12% for grade = A", "14% for score <= 100 and score > 50 and grade = B", "10% otherwise")
    assert codes(GRADED.format(pick="") + "".join(f"    {row}\n" for row in rows)) == []


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ("grade = A", "grade = A and score > 50", True),
        ("score > 40", "score >= 50", True),
        ("score > 50", "score >= 50", False),
        ("grade = A", "score > 50", False),
        ("grade in (A, B)", "grade = B", True),
    ],
)
def test_a_row_behind_an_earlier_one(first: str, second: str, hidden: bool) -> None:
    text = GRADED.format(pick="first that matches") + f"    12% for {first}\n    10% for {second}\n    9% otherwise\n"
    assert codes(text) == (["SN1004"] if hidden else [])


@pytest.mark.parametrize(
    ("when", "dead"), [("best > 100", True), ("best >= 100", False), ("best < 0 or best > 200", True), ("not best >= 0", True)]
)
def test_a_condition_that_never_holds(when: str, dead: bool) -> None:
    text = (
        "documents audit\n  column score number 0 to 100\n\nmeasure best\n  max of score over audit\n\n"
        f"rebate q\n  on sold\n  period year\n  rate 1%\n  when {when}\n"
    )
    assert codes(text) == (["SN1005"] if dead else [])


def test_a_filter_that_leaves_no_base() -> None:
    text = "documents sales\n  column grade one of A, B\n\ndeduction points\n  on sum of paid over sales where grade = C\n  rate 1%\n"
    assert codes(text) == ["SN1005"]
