"""Numbers and windows in words that were read as names, and how they are written."""

from __future__ import annotations

import re
from decimal import Decimal

from rules_engine.diagnostics.build import Words

_SHARE = re.compile(r"(百|千|万)分之([〇零一二两三四五六七八九十]+)")
_OF = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WINDOWS = {
    "年": ("year", "年"), "月": ("month", "月"), "季": ("quarter", "季度"), "季度": ("quarter", "季度"), "年度": ("year", "年"),
    "year": ("year", "年"), "month": ("month", "月"), "quarter": ("quarter", "季度"),
}  # fmt: skip


def written_as(name: str) -> tuple[Words, Words] | None:
    """Why and fix for a name that is a share in words (`千分之五`) or a window (`1万元/年`)."""
    share = _SHARE.fullmatch(name)
    if share and (figure := _number(share.group(2))) is not None:
        written = f"{(figure * _OF[share.group(1)]).normalize():f}%"
        return (f"`{name}` is read as a name.", f"“{name}”会被读作名称。"), (f"write `{written}`", f"写成 `{written}`")
    if name in _WINDOWS:
        english, chinese = _WINDOWS[name]
        why = (f"`{name}` is no number: how often an amount is due stands on a line of its own.", f"“{name}”不是数值：多久一次另写一行。")
        return why, (f"period {english}", f"周期 {chinese}")
    return None


def _number(text: str) -> Decimal | None:
    """`五` is 5, `十二` 12, `三十` 30; None for what is no number below a hundred."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return Decimal(_DIGITS[text]) if text in _DIGITS else None
    if tens not in ("", *_DIGITS) or ones not in ("", *_DIGITS):
        return None
    return Decimal(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
