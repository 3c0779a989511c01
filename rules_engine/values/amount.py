"""The one strict reader of numbers in documents: what is not plainly written is refused, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

INTEGER_DIGITS = 28
FRACTION_DIGITS = 10
LIMIT = 1024

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


class AmountFault(StrEnum):
    """Why a text is no amount; `AMOUNT_WORDS` says it in words."""

    BLANK = "blank"
    SPACE = "space"
    NOT_A_NUMBER = "not_a_number"
    EXPONENT = "exponent"
    THOUSANDS = "thousands"
    UNDERSCORE = "underscore"
    WIDE_DIGITS = "wide_digits"
    PARENTHESES = "parentheses"
    CURRENCY = "currency"
    PERCENT = "percent"
    SIGN = "sign"
    POINT = "point"
    INTEGER_DIGITS = "integer_digits"
    FRACTION_DIGITS = "fraction_digits"
    OTHER = "other"


AMOUNT_WORDS: dict[AmountFault, tuple[str, str]] = {
    AmountFault.BLANK: ("nothing is written", "内容为空"),
    AmountFault.SPACE: ("a space or line break stands in the number", "数字中含有空格或换行"),
    AmountFault.NOT_A_NUMBER: ("not a number, infinity or yes/no instead of an amount", "是非数值、无穷大或是/否，不是金额"),
    AmountFault.EXPONENT: ("written with an exponent", "使用了科学计数法"),
    AmountFault.THOUSANDS: ("written with thousands separators", "使用了千位分隔符"),
    AmountFault.UNDERSCORE: ("an underscore stands in the number", "数字中含有下划线"),
    AmountFault.WIDE_DIGITS: ("digits other than 0 to 9", "使用了全角或其他文字的数字"),
    AmountFault.PARENTHESES: ("brackets instead of a minus sign", "用括号代替负号"),
    AmountFault.CURRENCY: ("a currency sign or word stands beside the number", "数字旁带有货币符号或单位"),
    AmountFault.PERCENT: ("a percent sign stands beside the number", "数字旁带有百分号"),
    AmountFault.SIGN: ("only a minus sign `-` before the number is read", "只允许在数字前写负号“-”"),
    AmountFault.POINT: ("digits must stand on both sides of the point", "小数点两侧都必须有数字"),
    AmountFault.INTEGER_DIGITS: (f"more than {INTEGER_DIGITS} digits before the point", f"整数部分超过 {INTEGER_DIGITS} 位"),
    AmountFault.FRACTION_DIGITS: (f"more than {FRACTION_DIGITS} digits after the point", f"小数部分超过 {FRACTION_DIGITS} 位"),
    AmountFault.OTHER: ("not a plain number", "不是规范的数字"),
}
"""Every fault in (English, Chinese)."""

EXPECTED: tuple[str, str] = (
    f"a plain number such as 1234.50: at most {INTEGER_DIGITS} digits, then at most {FRACTION_DIGITS} decimals",
    f"规范数字，例如 1234.50：整数最多 {INTEGER_DIGITS} 位，小数最多 {FRACTION_DIGITS} 位",
)


def parse_amount(text: str, *, thousands: bool = False) -> Decimal | AmountFault:
    """The decimal a text writes, with its decimals as written, or why it is none. Minus zero is zero.

    Allowed: digits, one minus sign before them, one point between them; with `thousands` also commas that group all of the
    integer digits by three.
    """
    grouped = thousands and len(text) <= LIMIT and _GROUPED.fullmatch(text)
    if not grouped and (len(text) > LIMIT or not _PLAIN.fullmatch(text)):
        return _fault(text)
    digits = text.replace(",", "")
    whole, _, fraction = digits.lstrip("-").partition(".")
    if len(whole) > INTEGER_DIGITS:
        return AmountFault.INTEGER_DIGITS
    if len(fraction) > FRACTION_DIGITS:
        return AmountFault.FRACTION_DIGITS
    value = Decimal(digits)
    return value or value.copy_abs()


_FAULTS: tuple[tuple[re.Pattern[str], AmountFault], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), fault)
    for pattern, fault in (
        (r"\s*", AmountFault.BLANK),
        (r"[+-]?(s?nan\d*|inf(inity)?|∞|true|false|yes|no|null|none|n/?a|--|#.*)", AmountFault.NOT_A_NUMBER),
        (r".*[\s\u200b\ufeff].*", AmountFault.SPACE),
        (r"[+-]?[0-9.]+e[+-]?[0-9]+", AmountFault.EXPONENT),
        (r"[(（].*[)）]", AmountFault.PARENTHESES),
        (r".*[¥￥$€£].*|.*(元|rmb|cny|usd|eur)|(rmb|cny|usd|eur).*", AmountFault.CURRENCY),
        (r".*[%％‰]", AmountFault.PERCENT),
        (r"[+-]?[0-9]*_[0-9_.]*", AmountFault.UNDERSCORE),
        (r"[+-]?[0-9.]*[,，'’][0-9.,，'’]*", AmountFault.THOUSANDS),
        (r"[0-9]{29,}(\.[0-9]*)?", AmountFault.INTEGER_DIGITS),
        (r"-?(\.[0-9]+|[0-9]+\.)", AmountFault.POINT),
        (r"([+－−–—﹣-]+)[0-9.]+|[0-9.]+[+－−–-]", AmountFault.SIGN),
        (r"-?(?=.*[^ -~])[\d.．]+", AmountFault.WIDE_DIGITS),
    )
)


def _fault(text: str) -> AmountFault:
    start = text[: LIMIT + 1]
    return next((fault for pattern, fault in _FAULTS if pattern.fullmatch(start)), AmountFault.OTHER)
