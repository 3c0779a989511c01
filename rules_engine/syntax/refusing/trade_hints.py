"""Ways of the trade to write a bound, a discount or a monthly amount, and the line the language has for them."""

from __future__ import annotations

import re
from decimal import Decimal

from rules_engine.diagnostics.build import Words
from rules_engine.syntax.keywords import Keywords
from rules_engine.syntax.lexemes import Lexeme
from rules_engine.syntax.refusing.spacing import spaced

_SIGNS = {"GE": "FROM", "GT": "ABOVE", "LE": "UP_TO", "LT": "BELOW"}
_SAID = {("含", "以上"): "FROM", ("不含", "以上"): "ABOVE", ("含", "以下"): "UP_TO", ("不含", "以下"): "BELOW"}
_FIGURE = r"[\d,.]+(?:万亿|万|亿)?%?元?"
_INCLUSIVE = re.compile(rf"({_FIGURE})\s*\((含|不含)\)\s*(以上|以下)\s*")
_RANGE = re.compile(rf"{_FIGURE}\s*(?:-|~|至|到|to)\s*({_FIGURE})\s*")
_DISCOUNT = re.compile(r"打?\s*(\d+(?:\.\d+)?)\s*折")
_WINDOWS = {
    "DAY": "DAYS", "WEEK": "WEEK", "TEN_DAYS": "TEN_DAYS", "HALF_MONTH": "HALF_MONTH", "MONTH": "MONTH", "QUARTER": "QUARTER",
    "HALF_YEAR": "HALF_YEAR", "YEAR": "YEAR", "TERM": "TERM",
}  # fmt: skip


def trade_hint(lexeme: Lexeme, expected: frozenset[str], words: Keywords, line: str) -> Words | None:
    """The line rewritten, or what to write in its place; `line` is the whole line with plain signs."""
    if {"UP_TO", "BELOW"} <= expected:
        return _bound(lexeme, words, line[lexeme.span.column - 1 :])
    if "NL" in expected and (window := _window(lexeme, words)):
        return window
    return _unit_price(lexeme, words, line)


def discount(words: Keywords, line: str) -> Words | None:
    """`满 3 件 打 8 折` is 20% off: two digits without a point are read as 85 for 8.5."""
    found = _DISCOUNT.search(line) if words.language == "zh" else None
    if found is None:
        return None
    figure = Decimal(found.group(1))
    off = 100 - (figure * 10 if figure < 10 else figure)
    before = line[: found.start()].strip()
    fixed = f"{spaced(before, words) or before} {words.spelling('REDUCE')} {off.normalize():f}%"
    return ("", f"折扣写成减去的百分比：`{fixed}`") if 0 < off < 100 else None


def _bound(lexeme: Lexeme, words: Keywords, rest: str) -> Words | None:
    if lexeme.type in _SIGNS:
        fixed = f"{words.spelling(_SIGNS[lexeme.type])} {rest[len(lexeme.text) :].strip()}"
        return (f"write `{fixed}`", f"写成 `{fixed}`")
    if said := _INCLUSIVE.match(rest):
        fixed = f"{words.spelling(_SAID[said.group(2), said.group(3)])} {said.group(1)}  {rest[said.end() :].strip()}"
        return (f"write `{fixed}`", f"写成 `{fixed}`")
    if span := _RANGE.match(rest):
        top = span.group(1)
        inside, outside = f"{words.spelling('UP_TO')} {top}", f"{words.spelling('BELOW')} {top}"
        return (
            f"a band names one bound: `{inside}` where {top} belongs to it, `{outside}` where it does not",
            f"每档只写一个界限：含 {top} 写 `{inside}`，不含写 `{outside}`",
        )
    return None


def _window(lexeme: Lexeme, words: Keywords) -> Words | None:
    written = " ".join(lexeme.text.split())
    found_words = words.phrases.get("".join(written.split()[:1]), ())
    terminals = (phrase.terminal for phrase in found_words if phrase.spelling == written)
    kind = next((found for each in terminals if (found := _WINDOWS.get(each.removeprefix("IN_EACH_"))) and each != found), None)
    if kind is None:
        return None
    fixed = f"{words.spelling('PERIOD')} {words.spelling(kind)}"
    return (f"how often stands on a line of its own: `{fixed}`", f"多久一次另写一行：`{fixed}`")


def _unit_price(lexeme: Lexeme, words: Keywords, line: str) -> Words | None:
    before = "".join(line[: lexeme.span.column - 1].split()[-1:])
    if before != words.spelling("EACH_UNIT") or lexeme.type not in ("NUMBER", "MONEY"):
        return None
    return ("", f"公式中的单价要加括号：`({before} {lexeme.text})`")
