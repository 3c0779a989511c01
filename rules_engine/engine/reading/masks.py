"""Masks of table rows as numbers: bit 0 is the first row."""

from __future__ import annotations

LONG = 10_000
"""Bits of a mask from which it is written in hexadecimal."""


def rows_of(key: object) -> tuple[int, ...]:
    """The rows of a mask, in order."""
    assert isinstance(key, int)
    found = []
    while key > 0:
        low = key & -key
        found.append(low.bit_length() - 1)
        key ^= low
    return tuple(found)


def mask_text(key: object) -> str:
    """A mask as text; one of very many rows has no decimal text, and is written in hexadecimal."""
    return hex(key) if isinstance(key, int) and key.bit_length() > LONG else str(key)


def mask_of(text: str) -> int:
    """The mask that was written."""
    return int(text, 16 if text.startswith("0x") else 10)
