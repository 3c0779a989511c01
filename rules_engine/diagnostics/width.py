"""How text stands on a terminal: columns it takes, and control characters made harmless."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, east_asian_width

KEPT = "\n\t"


def char_width(char: str) -> int:
    """Columns of one printable character: 2 for Chinese and other wide ones, 0 for a combining mark."""
    if char < "\x7f":
        return 1
    if category(char) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1


def width(text: str) -> int:
    """Columns of a printable text without tabs and line breaks."""
    return sum(map(char_width, text))


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled with spaces to `columns`; `right` puts them before it."""
    fill = " " * (columns - width(text))
    return fill + text if right else text + fill


def shown(char: str) -> str:
    """The character, or a visible stand-in if it would move the cursor, change direction or be invisible."""
    if " " <= char < "\x7f":
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return f"<U+{code:04X}>" if category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char


def harmless(text: str, kept: str = KEPT) -> str:
    """The text with every control and format character but `kept` replaced by a visible stand-in."""
    if text.isprintable() or (text.isascii() and text.translate(_without(kept)).isprintable()):
        return text
    return "".join(char if char in kept else shown(char) for char in text)


@lru_cache(maxsize=8)
def _without(kept: str) -> dict[int, None]:
    return dict.fromkeys(map(ord, kept))


def on_one_line(text: str) -> str:
    """The same with tabs and line breaks made visible as well: for file names and titles."""
    return harmless(text, "")
