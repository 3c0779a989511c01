"""Windows and due days of a clause."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.check.checking import HEADS, codes, only, program


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("month", "month"),
        ("quarter", "quarter"),
        ("half year", "half_year"),
        ("year", "year"),
        ("term", "term"),
        ("half month", "half_month"),
        ("day", "day"),
        ("week", "week"),
        ("third of a month", "ten_days"),
    ],
)
def test_periods(written: str, kind: str) -> None:
    assert program(f"rebate c\n  on  sold\n  rate  1%\n  period {written}\n").clauses["c"].period.kind == kind


def test_without_a_period_a_clause_has_each_settlement() -> None:
    assert program("rebate c\n  on  sold\n  rate  1%\n").clauses["c"].period.kind == "settlement"


def test_a_month_that_starts_on_another_day() -> None:
    spec = program("rebate c\n  on  sold\n  rate  1%\n  period month starting day 17\n").clauses["c"].period
    assert (spec.kind, spec.starting_day) == ("month", 17)


def test_named_ranges_are_declared_in_the_header() -> None:
    text = "rebate c\n  on  sold\n  rate  1%\n  period campaign\n"
    assert codes(text) == ["SE0301"]
    head = HEADS["en"] + "  ranges\n    campaign 2026-06-01 to 2026-06-20\n"
    assert program(text, "en", head).clauses["c"].period.name == "campaign"


def test_rolling_windows_do_not_pay() -> None:
    assert codes("rebate c\n  on  sold\n  rate  1%\n  period rolling 3 months\n") == ["SE0214"]


@pytest.mark.parametrize(
    ("written", "every", "back"),
    [
        ("on account monthly", "month", "always"),
        ("on account quarterly, never taken back", "quarter", "never"),
        ("on account monthly, taken back only at its end", "month", "at_end"),
        ("on account on 03-31, 06-30", "dates", "always"),
    ],
)
def test_points_of_account(written: str, every: str, back: str) -> None:
    found = program(f"rebate c\n  on  sold\n  rate  1%\n  period year, {written}\n").clauses["c"].on_account
    assert found is not None
    assert (getattr(found.every, "kind", found.every), found.taken_back) == (every, back)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-05-10", date(2026, 5, 10)),
        ("05-10", date(2026, 5, 10)),
        ("7 working days after signing", date(2025, 12, 31)),
        ("at end of term", date(2026, 12, 31)),
        ("at signing", date(2025, 12, 22)),
        ("first working day on or after 2026-05-01", date(2026, 5, 6)),
        ("30 days after start of term", date(2026, 1, 31)),
    ],
)
def test_due_days(written: str, day: date) -> None:
    assert program(f"fee c\n  amount  1,000\n  due     {written}\n").clauses["c"].due[0].day == day


def test_a_day_in_a_year_whose_holidays_are_not_announced() -> None:
    head = HEADS["en"].replace("2026-12-31", "2027-12-31")
    found = only("fee c\n  amount  1,000\n  due     first working day on or after 2027-05-01\n", "en", head)
    assert (found.code, "2027" in found.why) == ("SE0703", True)


def test_due_by_signing_needs_the_day_of_signing() -> None:
    head = HEADS["en"].replace("  signed     2025-12-22\n", "")
    found = only("fee c\n  amount  1,000\n  due     7 working days after signing\n", "en", head)
    assert (found.code, found.fix) == ("SE0201", "signed 2025-12-22")


@pytest.mark.parametrize("line", ["from    2027-07-01", "until   2025-07-01"])
def test_days_outside_the_term(line: str) -> None:
    found = only(f"rebate c\n  on  sold\n  rate  1%\n  {line}\n")
    assert (found.code, found.fix) == ("SE0210", "write a day from 2026-01-01 to 2026-12-31.")


def test_own_days_are_half_open() -> None:
    clause = program("rebate c\n  on  sold\n  rate  1%\n  from 2026-02-01\n  until 2026-06-30\n").clauses["c"]
    assert (clause.start, clause.end) == (date(2026, 2, 1), date(2026, 7, 1))


def test_a_ladder_by_document_needs_no_period() -> None:
    ladder = "  tiers   marginal\n    up to 1,000  none\n    over  1,000  1%\n"
    assert program("rebate c\n  on  sold\n  per document\n" + ladder).clauses["c"].period.kind == "settlement"
    assert codes("rebate c\n  on  sold\n  per order\n" + ladder) == ["SE0518"]
