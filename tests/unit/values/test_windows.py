from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.period import Period, WindowSpec, parse_period
from rules_engine.values.windows import all_nest, containing, nests, proportion, rolling, shifted, tile, unit_window, whole

MONTH = WindowSpec("month")
YEAR_2026 = parse_period("2026")
CALENDAR_KINDS = ("settlement", "half_month", "month", "quarter", "half_year", "year", "term")

days = st.dates(date(1995, 1, 1), date(2060, 1, 1))
terms = st.builds(lambda start, length: Period(start, start + timedelta(days=length)), days, st.integers(1, 900))
year_starts = st.tuples(st.integers(1, 12), st.integers(1, 31)).filter(
    lambda start: start[1] <= 28 or start[0] in {1, 3, 5, 7, 8, 10, 12}
)
specs = st.builds(lambda kind, day: WindowSpec(kind, starting_day=day), st.sampled_from(CALENDAR_KINDS), st.integers(1, 31))


def words(windows: tuple[Period, ...]) -> list[str]:
    return [f"{window.start}..{window.last}" for window in windows]


def named(text: str) -> Period:
    return parse_period(text)


@given(specs, terms, year_starts)
def test_windows_tile_the_term_without_gap_or_overlap(spec: WindowSpec, term: Period, year_start: tuple[int, int]) -> None:
    windows = tile(spec, term, MONTH, year_start)
    assert windows[0].start == term.start
    assert windows[-1].end == term.end
    assert all(left.end == right.start for left, right in pairwise(windows))
    assert all(window.days > 0 for window in windows)


@given(specs, terms, year_starts)
def test_a_whole_window_holds_its_cut_one_and_is_the_same_for_every_term(
    spec: WindowSpec, term: Period, year_start: tuple[int, int]
) -> None:
    for window in tile(spec, term, MONTH, year_start):
        uncut = whole(spec, window, term, MONTH, year_start)
        assert nests(window, uncut)
        assert uncut.cut(term) == window
        if spec.kind != "term":
            assert tile(spec, uncut, MONTH, year_start) == (uncut,)


@given(specs, terms, year_starts, st.data())
def test_every_day_of_the_term_has_its_window(
    spec: WindowSpec, term: Period, year_start: tuple[int, int], data: st.DataObject
) -> None:
    day = data.draw(st.dates(term.start, term.last))
    window = containing(spec, day, term, MONTH, year_start)
    assert window in tile(spec, term, MONTH, year_start)
    assert window is not None
    assert window.contains(day)
    assert containing(spec, term.end, term, MONTH, year_start) is None


def test_windows_are_cut_at_the_edges_of_the_term() -> None:
    term = named("2026-01-15..2026-07-10")
    assert words(tile(WindowSpec("quarter"), term, MONTH)) == [
        "2026-01-15..2026-03-31",
        "2026-04-01..2026-06-30",
        "2026-07-01..2026-07-10",
    ]
    assert whole(WindowSpec("quarter"), named("2026-01-15..2026-03-31"), term, MONTH) == named("2026-Q1")
    assert tile(WindowSpec("term"), term, MONTH) == (term,)
    assert whole(WindowSpec("term"), term, term, MONTH) == term


def test_months_may_start_on_another_day() -> None:
    term = named("2026-01-01..2026-03-31")
    assert words(tile(WindowSpec("month", starting_day=17), term, MONTH)) == [
        "2026-01-01..2026-01-16",
        "2026-01-17..2026-02-16",
        "2026-02-17..2026-03-16",
        "2026-03-17..2026-03-31",
    ]
    assert unit_window("month", date(2026, 3, 1), starting_day=31) == named("2026-02-28..2026-03-30")
    assert unit_window("month", date(2026, 2, 27), starting_day=31) == named("2026-01-31..2026-02-27")


def test_settlements_follow_the_header() -> None:
    assert words(tile(WindowSpec("settlement"), named("2026-02"), WindowSpec("half_month"))) == [
        "2026-02-01..2026-02-15",
        "2026-02-16..2026-02-28",
    ]
    with pytest.raises(ValueError, match="settlement"):
        tile(WindowSpec("settlement"), YEAR_2026, WindowSpec("settlement"))


def test_a_fiscal_year_moves_quarters_half_years_and_years_but_not_months() -> None:
    assert unit_window("quarter", date(2026, 2, 28), (3, 1)) == named("2025-12-01..2026-02-28")
    assert unit_window("half_year", date(2026, 3, 1), (3, 1)) == named("2026-03-01..2026-08-31")
    assert unit_window("year", date(2026, 4, 5), (4, 6)) == named("2025-04-06..2026-04-05")
    assert unit_window("month", date(2026, 4, 5), (4, 6)) == named("2026-04")


def test_named_ranges_cover_only_their_days() -> None:
    ranges = {"spring": (date(2026, 2, 1), date(2026, 3, 16)), "late": (date(2026, 11, 1), date(2027, 2, 1))}
    term = named("2026-02-10..2026-12-31")
    assert words(tile(WindowSpec("named", name="spring"), term, MONTH, ranges=ranges)) == ["2026-02-10..2026-03-15"]
    assert words(tile(WindowSpec("named"), term, MONTH, ranges=ranges)) == ["2026-02-10..2026-03-15", "2026-11-01..2026-12-31"]
    assert containing(WindowSpec("named"), date(2026, 5, 1), term, MONTH, ranges=ranges) is None
    assert whole(WindowSpec("named", name="late"), named("2026-11-01..2026-12-31"), term, MONTH, ranges=ranges).end == date(
        2027, 2, 1
    )


def test_rolling_windows_trail_and_tile_nothing() -> None:
    spec = WindowSpec("rolling", count=12, unit="month")
    assert rolling(spec, date(2026, 4, 1)) == named("2025-04-01..2026-03-31")
    assert rolling(WindowSpec("rolling", count=10, unit="day"), date(2026, 4, 1)) == named("2026-03-22..2026-03-31")
    assert rolling(WindowSpec("rolling", count=1, unit="month"), date(2026, 3, 31)) == named("2026-03-01..2026-03-30")
    with pytest.raises(ValueError, match="rolling"):
        tile(spec, YEAR_2026, MONTH)


@pytest.mark.parametrize(
    ("how", "unit", "count", "asking", "expected"),
    [
        ("previous", "month", 1, "2026-03", "2026-02"),
        ("previous", "month", 1, "2026-03-10..2026-03-31", "2026-02"),
        ("previous", "quarter", 1, "2026-03", "2025-Q4"),
        ("previous", "quarter", 1, "2026-Q2", "2026-Q1"),
        ("previous", "year", 1, "2026-03", "2025"),
        ("previous", "day", 1, "2026-03-01..2026-03-01", "2026-02-28..2026-02-28"),
        ("so_far", "year", 1, "2026-03", "2026-Q1"),
        ("so_far", "quarter", 1, "2026-02", "2026-01-01..2026-02-28"),
        ("same_of_last_year", "quarter", 1, "2026-02", "2025-Q1"),
        ("same_of_last_year", "month", 1, "2025-02", "2024-02"),
        ("same_of_last_year", "", 1, "2024-02", "2023-02"),
        ("same_of_last_year", "year", 1, "2026-03", "2025"),
        ("before", "month", 3, "2026-03", "2025-12-01..2026-02-28"),
        ("before", "day", 10, "2026-03", "2026-02-19..2026-02-28"),
        ("before", "year", 2, "2026", "2024-01-01..2025-12-31"),
    ],
)
def test_shifted_windows(how: str, unit: str, count: int, asking: str, expected: str) -> None:
    assert shifted(how, unit, count, named(asking)) == named(expected)


def test_shifts_follow_the_fiscal_year_and_the_starting_day() -> None:
    assert shifted("so_far", "year", 1, named("2026-05"), (3, 1)) == named("2026-03-01..2026-05-31")
    assert shifted("all_earlier", "year", 1, named("2026-05"), (3, 1)) == Period(date.min, date(2026, 3, 1))
    assert shifted("previous", "month", 1, named("2026-03-17..2026-04-16"), starting_day=17) == named("2026-02-17..2026-03-16")


@pytest.mark.parametrize(
    ("cut", "uncut", "how", "expected"),
    [
        ("2026-01-15..2026-01-31", "2026-01", "days", Fraction(17, 31)),
        ("2026-01-15..2026-01-31", "2026-01", "thirtieths", Fraction(16, 30)),
        ("2026-01-01..2026-01-30", "2026-01", "thirtieths", Fraction(1)),
        ("2026-01-31..2026-01-31", "2026-01", "thirtieths", Fraction(0)),
        ("2026-02-28..2026-02-28", "2026-02", "thirtieths", Fraction(3, 30)),
        ("2026-01-15..2026-01-31", "2026-01", "months", Fraction(1)),
        ("2026-01-15..2026-03-31", "2026-Q1", "months", Fraction(1)),
        ("2026-02-10..2026-03-31", "2026-Q1", "months", Fraction(2, 3)),
        ("2026-01-01..2026-02-10", "2026-Q1", "months", Fraction(2, 3)),
        ("2026-02-05..2026-02-25", "2026-Q1", "months", Fraction(1, 3)),
        ("2026-02-15..2026-03-31", "2026-Q1", "thirtieths", Fraction(46, 90)),
        ("2026-02-15..2026-03-31", "2026-Q1", "days", Fraction(45, 90)),
        ("2026-03-15..2026-04-20", "2026-03-10..2026-06-09", "months", Fraction(2, 3)),
    ],
)
def test_proportions(cut: str, uncut: str, how: str, expected: Fraction) -> None:
    assert proportion(named(cut), named(uncut), how) == expected


@given(days, st.sampled_from(["month", "quarter", "half_year", "year"]), st.data())
def test_proportions_by_days_and_thirtieths_add_up(day: date, unit: str, data: st.DataObject) -> None:
    uncut = unit_window(unit, day)
    middle = data.draw(st.dates(uncut.start + timedelta(days=1), uncut.last))
    parts = Period(uncut.start, middle), Period(middle, uncut.end)
    for how in ("days", "thirtieths"):
        assert sum(proportion(part, uncut, how) for part in parts) == 1
    assert proportion(uncut, uncut, "months") == 1
    assert all(0 < proportion(part, uncut, "months") <= 1 for part in parts)


def test_nesting_of_whole_tilings() -> None:
    months, quarters = tile(MONTH, YEAR_2026, MONTH), tile(WindowSpec("quarter"), YEAR_2026, MONTH)
    assert all_nest(months, quarters)
    assert not all_nest(quarters, months)
    assert not all_nest(tile(WindowSpec("month", starting_day=17), YEAR_2026, MONTH), quarters)


@pytest.mark.parametrize("kind", CALENDAR_KINDS)
def test_the_edges_of_the_calendar_end_no_run(kind: str) -> None:
    for term in (Period(date.min, date(1, 3, 1)), Period(date(9999, 11, 1), date.max)):
        windows = tile(WindowSpec(kind, starting_day=17), term, MONTH, (4, 6))
        assert (windows[0].start, windows[-1].end) == (term.start, term.end)
        assert shifted("previous", "year", 1, windows[0]).start >= date.min


@pytest.mark.parametrize(
    "call",
    [
        lambda: unit_window("fortnight", date(2026, 1, 1)),
        lambda: shifted("sideways", "month", 1, YEAR_2026),
        lambda: proportion(YEAR_2026, YEAR_2026, "weeks"),
    ],
)
def test_unknown_words_are_our_bugs(call: object) -> None:
    with pytest.raises(ValueError, match="is no"):
        call()  # type: ignore[operator]
