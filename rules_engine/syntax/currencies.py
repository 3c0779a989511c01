"""Which currency a word behind an amount names, and how it is written in Chinese."""

from __future__ import annotations

CHINESE = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "JPY": "日元",
    "GBP": "英镑",
    "AUD": "澳元",
    "CAD": "加元",
    "SGD": "新加坡元",
    "CHF": "瑞郎",
}
"""Code → the word. Another currency is written by its code in both languages."""
_CODES = {**{word: code for code, word in CHINESE.items()}, "RMB": "CNY", "yuan": "CNY", "人民币": "CNY"}


def code_of(word: str) -> str:
    """`USD` for `美元`; a word nobody knows is a code itself."""
    return _CODES.get(word, word)


def in_chinese(currency: str) -> str:
    """`美元` for `USD`, to stand directly behind a number; a code without a word of its own behind a blank."""
    return CHINESE.get(code_of(currency), f" {currency}")
