from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from rules_engine.statement.numbers import amount_text, decimal_text, grouped, percent_text
from rules_engine.statement.periods import period_text
from rules_engine.statement.words import Words
from rules_engine.values.period import Period


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.00"), "0.00"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12345678901234567890123456789.1234567891"), "12345678901234567890123456789.1234567891"),
        (Fraction(1, 3), "0.3333333333"),
        (Fraction(-2, 3), "-0.6666666667"),
        (Fraction(-1, 10**12), "0"),
        (Fraction(5, 2), "2.5"),
    ],
)
def test_plain_decimal_digits(value: Decimal | Fraction, text: str) -> None:
    assert decimal_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1123450.25", "1,123,450.25"), ("-32", "−32"), ("0.00", "0.00"), ("-1234.50", "−1,234.50"), ("1E+6", "1,000,000")],
)
def test_amounts_for_people(value: str, text: str) -> None:
    assert amount_text(Decimal(value)) == text


def test_an_ellipsis_says_that_digits_were_left_off() -> None:
    assert grouped(Fraction(1, 3)) == "0.3333333333…"
    assert grouped(Fraction(1, 3), 2, 2) == "0.33…"


def test_percent() -> None:
    assert percent_text(Decimal("0.12")) == "12%"
    assert percent_text(Fraction(1, 1000)) == "0.1%"


@pytest.mark.parametrize(
    ("start", "end", "english", "chinese"),
    [
        ("2026-03-01", "2026-04-01", "March 2026", "2026年3月"),
        ("2026-01-01", "2026-04-01", "Q1 2026", "2026年第1季度"),
        ("2026-07-01", "2027-01-01", "H2 2026", "2026年下半年"),
        ("2026-01-01", "2027-01-01", "2026", "2026年"),
        ("2025-12-01", "2026-01-01", "December 2025", "2025年12月"),
        ("2026-02-01", "2026-05-01", "2026-02-01 to 2026-04-30", "2026-02-01 至 2026-04-30"),
        ("2026-03-01", "2026-03-16", "2026-03-01 to 2026-03-15", "2026-03-01 至 2026-03-15"),
        ("2026-03-05", "2026-03-06", "2026-03-05", "2026-03-05"),
    ],
)
def test_periods_are_called_by_their_name(start: str, end: str, english: str, chinese: str) -> None:
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    assert period_text(period, Words("en")) == english
    assert period_text(period, Words("zh")) == chinese
