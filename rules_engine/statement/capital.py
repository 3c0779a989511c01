"""Amounts in Chinese capital numerals (人民币大写), as on cheques and receipts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿", "亿亿", "万亿亿", "亿亿亿")


def capital_amount(value: Decimal) -> str:
    """Yuan in capitals: 107000.53 is 壹拾万零柒仟元伍角叁分, 1409.50 is 壹仟肆佰零玖元伍角整; below a fen half up."""
    fen = int(value.copy_abs().scaleb(2).to_integral_value(ROUND_HALF_UP))
    whole, small = divmod(fen, 100)
    text = f"{_whole(whole)}元" if whole else ""
    return ("负" if value < 0 and fen else "") + text + _small(small, bool(whole))


def _small(fen: int, after_yuan: bool) -> str:
    jiao, rest = divmod(fen, 10)
    if not fen:
        return "整" if after_yuan else "零元整"
    if not rest:
        return f"{_DIGITS[jiao]}角整"
    lead = f"{_DIGITS[jiao]}角" if jiao else ("零" if after_yuan else "")
    return f"{lead}{_DIGITS[rest]}分"


def _whole(number: int) -> str:
    digits = str(number)
    size = -(-len(digits) // 4)
    groups = [int(part) for part in _fours(digits.zfill(size * 4))]
    text, before = "", 0
    for place, group in zip(range(size - 1, -1, -1), groups, strict=True):
        if group:
            gap = before % 10 == 0 or group < 1000
            text += ("零" if text and gap else "") + _four(group) + _GROUPS[place]
        before = group
    return text


def _fours(digits: str) -> list[str]:
    return [digits[start : start + 4] for start in range(0, len(digits), 4)]


def _four(group: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text
