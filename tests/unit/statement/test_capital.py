from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from rules_engine.statement.capital import capital_amount

OFFICIAL = {
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万零柒仟元伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
}
"""The People's Bank's examples for filling in bills, the variant with one 零 where two are allowed."""

FURTHER = {
    "0": "零元整",
    "0.05": "伍分",
    "0.50": "伍角整",
    "10": "壹拾元整",
    "10001000.10": "壹仟万零壹仟元壹角整",
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "1001001": "壹佰万零壹仟零壹元整",
    "-15.3": "负壹拾伍元叁角整",
    "0.004": "零元整",
    "12345678901234.56": "壹拾贰万亿叁仟肆佰伍拾陆亿柒仟捌佰玖拾万零壹仟贰佰叁拾肆元伍角陆分",
}


@pytest.mark.parametrize(("amount", "capitals"), [*OFFICIAL.items(), *FURTHER.items()])
def test_amounts_in_capitals(amount: str, capitals: str) -> None:
    assert capital_amount(Decimal(amount)) == capitals


@given(st.integers(min_value=0, max_value=10**18))
def test_capitals_read_back_as_the_same_amount(fen: int) -> None:
    assert read(capital_amount(Decimal(fen).scaleb(-2))) == fen


def read(text: str) -> int:
    """A reader of capitals that shares nothing with the writer: fen."""
    whole, _, small = text.partition("元") if "元" in text else ("", "", text)
    fen, digit = 0, 0
    for character in small:
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "角分":
            fen += digit * (10 if character == "角" else 1)
    return _yuan(whole) * 100 + fen


def _yuan(text: str) -> int:
    for unit, size in (("亿亿", 10**16), ("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.partition(unit)
        if found:
            return _yuan(head) * size + _yuan(tail)
    total, digit = 0, 0
    for character in text:
        if character in "拾佰仟":
            total += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
    return total + digit
