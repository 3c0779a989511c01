"""Chinese text written without blanks: where the words would part."""

from __future__ import annotations

import re
from collections.abc import Container

from rules_engine.syntax.keywords import Keywords

_PIECES = re.compile(r"\d[\d,.]*(?:万亿|万|亿)?%?|[^\W\d]+")


def spaced(text: str, words: Keywords, expected: Container[str] = ()) -> str | None:
    """The text with blanks between keywords, numbers and names; None if it is one word. A keyword of one character
    parts only where it is `expected`."""
    heads = [
        head for head, found in words.phrases.items() if len(head) > 1 or any(phrase.terminal in expected for phrase in found)
    ]
    parts = [part for piece in _PIECES.findall(text) for part in _parted(piece, heads)]
    return " ".join(parts) if len(parts) > 1 else None


def _parted(piece: str, heads: list[str]) -> list[str]:
    """A run of characters parted after a keyword it begins with, or before one it ends with."""
    if not piece or piece[0].isdigit() or piece in heads:
        return [piece] if piece else []
    first = max((head for head in heads if piece.startswith(head)), key=len, default="")
    if first:
        return [first, *_parted(piece[len(first) :], heads)]
    last = max((head for head in heads if piece.endswith(head)), key=len, default="")
    return [piece[: -len(last)], last] if last else [piece]
