from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.amount import AMOUNT_WORDS, AmountFault, parse_amount

ACCEPTED = ["0", "1", "-1", "1.50", "-0.05", "007", "9" * 28, "0." + "1" * 10, "-" + "9" * 28 + "." + "9" * 10]

REFUSED = {
    AmountFault.BLANK: ["", " ", "\t", "\n"],
    AmountFault.SPACE: [" 1", "1 ", "1\n", "1 000", "1\u00a0000", "1\u200b", "\ufeff1", "$ 5"],
    AmountFault.NOT_A_NUMBER: [
        "NaN",
        "nan",
        "sNaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "inf",
        "∞",
        "true",
        "FALSE",
        "null",
        "--",
        "#N/A",
    ],
    AmountFault.EXPONENT: ["1e308", "1e400", "1E-5", "1.5e+3"],
    AmountFault.THOUSANDS: ["1,234.50", "1，234", "1.234,50", "1'000", "1,23"],
    AmountFault.UNDERSCORE: ["1_000", "_1", "1_"],
    AmountFault.WIDE_DIGITS: ["１２", "１.5", "٣", "1．5"],
    AmountFault.PARENTHESES: ["(5.00)", "（5）"],
    AmountFault.CURRENCY: ["¥5", "￥5", "$5", "5元", "5CNY", "RMB5"],
    AmountFault.PERCENT: ["5%", "5％"],
    AmountFault.SIGN: ["+5", "5-", "−5", "--5", "5+"],
    AmountFault.POINT: [".5", "5.", "-.5"],
    AmountFault.INTEGER_DIGITS: ["1" * 29, "1" * 2000, "1" * 29 + ".5"],
    AmountFault.FRACTION_DIGITS: ["0." + "1" * 11],
    AmountFault.OTHER: ["1.2.3", "0x10", "九", "abc", "1/3", "-", "=1+1", "1\x00"],
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepted_as_written(text: str) -> None:
    value = parse_amount(text)
    assert value == Decimal(text)
    assert isinstance(value, Decimal)
    assert value.as_tuple().exponent == Decimal(text).as_tuple().exponent


@pytest.mark.parametrize(("fault", "text"), [(fault, text) for fault, texts in REFUSED.items() for text in texts])
def test_refused_with_its_reason(fault: AmountFault, text: str) -> None:
    assert parse_amount(text) is fault


def test_every_fault_has_words_and_an_example() -> None:
    assert set(AMOUNT_WORDS) == set(AmountFault) == set(REFUSED)


@pytest.mark.parametrize("text", ["-0", "-0.00"])
def test_minus_zero_is_zero(text: str) -> None:
    assert str(parse_amount(text)) == text.removeprefix("-")


def test_thousands_only_when_asked_and_only_whole() -> None:
    assert parse_amount("1,234,567.50", thousands=True) == Decimal("1234567.50")
    assert parse_amount("1234.50", thousands=True) == Decimal("1234.50")
    assert parse_amount("1,23", thousands=True) is AmountFault.THOUSANDS
    assert parse_amount("1234,567", thousands=True) is AmountFault.THOUSANDS
    assert parse_amount("1," + "234," * 9 + "567", thousands=True) is AmountFault.INTEGER_DIGITS


@given(st.text())
def test_any_text_gives_a_finite_decimal_or_a_reason(text: str) -> None:
    value = parse_amount(text)
    assert isinstance(value, AmountFault) or value.is_finite()


def test_a_million_digits_are_refused_at_once() -> None:
    assert parse_amount("9" * 10**6) is AmountFault.INTEGER_DIGITS
