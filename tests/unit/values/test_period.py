from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.period import Period, PeriodError, parse_period, period_text

days = st.dates(date(1950, 1, 1), date(2500, 1, 1))


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2024-02-H1", "2024-02-01", "2024-02-15"),
        ("2024-02-H2", "2024-02-16", "2024-02-29"),
        ("2026-03-01..2026-03-31", "2026-03-01", "2026-03-31"),
        ("2026-03-05..2026-03-05", "2026-03-05", "2026-03-05"),
        ("spring", "2026-02-01", "2026-03-15"),
    ],
)
def test_forms(text: str, start: str, last: str) -> None:
    ranges = {"spring": (date(2026, 2, 1), date(2026, 3, 16))}
    period = parse_period(text, ranges=ranges)
    assert (period.start.isoformat(), period.last.isoformat()) == (start, last)


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("2026", "2026-03-01", "2027-02-28"),
        ("2026-Q1", "2026-03-01", "2026-05-31"),
        ("2026-Q4", "2026-12-01", "2027-02-28"),
        ("2026-H2", "2026-09-01", "2027-02-28"),
        ("2026-03", "2026-03-01", "2026-03-31"),
    ],
)
def test_a_fiscal_year_carries_the_year_it_starts_in(text: str, start: str, last: str) -> None:
    period = parse_period(text, year_start=(3, 1))
    assert (period.start.isoformat(), period.last.isoformat()) == (start, last)


def test_a_month_may_start_on_another_day() -> None:
    assert parse_period("2026-03", starting_day=17) == Period(date(2026, 3, 17), date(2026, 4, 17))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("March", "form"),
        ("2026-13", "form"),
        ("2026-3", "form"),
        ("2026-Q5", "form"),
        ("2026-H3", "form"),
        ("２０２６", "form"),
        ("2026-03\n", "form"),
        ("2026-02-30..2026-03-01", "day"),
        ("2026-03-05..2026-03-01", "order"),
        ("0001", "year"),
        ("9999-12", "year"),
        ("2026-01-01..9999-12-31", "year"),
    ],
)
def test_what_names_no_period(text: str, reason: str) -> None:
    with pytest.raises(PeriodError) as raised:
        parse_period(text)
    assert (raised.value.text, raised.value.reason) == (text, reason)


@given(days, st.integers(1, 800))
def test_a_written_period_reads_back(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    assert parse_period(period_text(period)) == period


@pytest.mark.parametrize(
    "text", ["2026-03", "2026-Q2", "2026-H2", "2026", "2026-02-H1", "2026-02-H2", "2026-02-01..2026-04-30"]
)
def test_the_shortest_text_is_written(text: str) -> None:
    assert period_text(parse_period(text)) == text


def test_days_of_a_period() -> None:
    march, quarter = parse_period("2026-03"), parse_period("2026-Q1")
    assert march.days == 31
    assert march.contains(date(2026, 3, 31))
    assert not march.contains(date(2026, 4, 1))
    assert march.within(quarter)
    assert not quarter.within(march)
    assert march.cut(quarter) == march
    assert march.cut(parse_period("2026-04")) is None
    assert not march.meets(parse_period("2026-04"))
