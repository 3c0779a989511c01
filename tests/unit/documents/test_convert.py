from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from rules_engine.core.program import ColumnType
from rules_engine.core.units import Unit
from rules_engine.documents.convert import (
    Converter,
    Refusal,
    canonical,
    read_date,
    read_days,
    read_percent,
    read_text,
    read_yes_no,
)

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["2026-03-05", "2026-3-5", "2026/3/5", "2026/03/05", "2026年3月5日", "2026年03月05日", " 2026-03-05 ", "2026-03-05 23:59:59",
     "2026-03-05T00:00", "2026-03-05 23:59:59.999", "2026-03-05T08:00:00+08:00", "2026/3/5 8:00"],
)  # fmt: skip
def test_days_that_are_read(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["05/03/2026", "3/5/2026", "26-03-05", "2026-02-29", "2026-13-01", "2026-03", "20260305", "46086", "2026.3.5", "2026-3/5",
     "２０２６-03-05", "2026-03-05T00:00:00Z", "2026-03-05 23:00-05:00", "0026-03-05", "9999-12-31", "tomorrow", "2026年3月5", "2026/3月5日"],
)  # fmt: skip
def test_days_that_are_refused(text: str) -> None:
    assert isinstance(read_date(text), Refusal)


def test_a_refused_day_says_what_it_looks_like() -> None:
    serial, mixed, zoned = read_date("46086"), read_date("05/03/2026"), read_date("2026-03-05T00:00:00Z")
    assert isinstance(serial, Refusal)
    assert isinstance(mixed, Refusal)
    assert isinstance(zoned, Refusal)
    assert "2026-03-05" in serial.reason[0]
    assert "two orders" in mixed.reason[0]
    assert "another zone" in zoned.reason[0]


@pytest.mark.parametrize(
    ("text", "value"), {"13%": "0.13", "0.13": "0.13", "0": "0", "100%": "1", "-2.5%": "-0.025", "0%": "0"}.items()
)
def test_rates(text: str, value: str) -> None:
    assert read_percent(text) == Decimal(value)


@pytest.mark.parametrize("text", ["13", "1", "100", "13％", "13 %", "%", "13%%", "1e-1"])
def test_a_rate_with_two_readings_is_refused(text: str) -> None:
    assert isinstance(read_percent(text), Refusal)


@pytest.mark.parametrize(
    ("text", "value"), {"yes": True, "No": False, "是": True, "否": False, "TRUE": True, "false": False}.items()
)
def test_yes_and_no(text: str, *, value: bool) -> None:
    assert read_yes_no(text) is value


@pytest.mark.parametrize("text", ["1", "0", "y", "maybe"])
def test_neither_yes_nor_no(text: str) -> None:
    assert isinstance(read_yes_no(text), Refusal)


def test_days_are_whole() -> None:
    assert read_days("30") == Decimal(30)
    assert isinstance(read_days("30.5"), Refusal)
    assert isinstance(read_days("30 days"), Refusal)


def test_texts_lose_blanks_around_them_and_are_composed() -> None:
    assert read_text("  大米\u3000") == "大米"
    assert read_text("cafe\u0301") == "café"
    assert read_text(" \u00a0 ") is None


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\x1b", "\x00", "\u00ad"[:0] + "\x7f", "\ufffd"])
def test_invisible_characters_are_refused(hidden: str) -> None:
    refused = read_text(f"A{hidden}1大")
    assert isinstance(refused, Refusal)
    assert refused.code == "SE0615"


@pytest.mark.parametrize(("length", "fits"), [(64 * 1024, True), (64 * 1024 + 1, False)])
def test_a_cell_is_at_most_64_kib(length: int, *, fits: bool) -> None:
    assert isinstance(read_text("x" * length), str) is fits


def test_bounds_and_choices() -> None:
    score = Converter(ColumnType("score", Unit.NUMBER, "number", Decimal(0), Decimal(100)))
    assert [score.value[text] for text in ("0", "100", "100.01", "-1")] == [Decimal(0), Decimal(100), None, None]
    assert [refusal.reason[0] for refusal in score.refused.values()] == ["above 100", "below 0"]
    paid = Converter(ColumnType("paid", Unit.MONEY, "amount", Decimal(0)))
    assert [paid.value[text] for text in ("0", "-0", "0.01", "-0.01")] == [Decimal(0), Decimal(0), Decimal("0.01"), None]
    assert "gives the sign" in paid.refused["-0.01"].reason[0]
    grade = Converter(ColumnType("grade", Unit.TEXT, "text", choices=("good", "bad")))
    assert [grade.value[text] for text in ("good", "Good", "")] == ["good", None, None]
    assert grade.refused["Good"].code == "SE0608"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_equal_amounts_have_one_canonical_text(value: Decimal) -> None:
    column = Converter(ColumnType("amount", Unit.MONEY, "amount"))
    texts = [format(value, "f"), format(value, "f") + "00", format(value.normalize() if value else Decimal(0), "f")]
    assert {column.value[text] for text in texts} == {value}
    assert len({column.canonical[text] for text in texts}) == 1


@given(st.text(max_size=12))
def test_no_text_breaks_a_converter(text: str) -> None:
    for kind in ("text", "amount", "percent", "days", "date", "yes_no"):
        column = Converter(ColumnType("c", Unit.TEXT, kind))
        value = column.value[text]
        assert (value is None) is (column.canonical[text] == "")
        assert canonical(value).encode("utf-8") is not None


def test_forgetting_keeps_converters_small_and_right() -> None:
    column = Converter(ColumnType("amount", Unit.MONEY, "amount"))
    for number in range(70_000):
        assert column.value[str(number)] == number
    column.forget()
    assert not column.canonical
    assert column.value["x"] is None
    assert "x" in column.refused
