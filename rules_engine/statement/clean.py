"""Foreign text made safe to look at: control characters, escapes and direction marks become visible."""

from __future__ import annotations

from rules_engine.diagnostics.width import harmless

_BREAKS = str.maketrans({"\n": " ", "\t": " "})


def one_line(text: str) -> str:
    """Text for a cell or a title: line ends and tabs are spaces, hidden characters are spelt out."""
    return text if text.isprintable() else harmless(text.replace("\r\n", "\n").translate(_BREAKS))


def block(text: str) -> str:
    """Text for a quotation: line ends and tabs stay, other hidden characters are spelt out."""
    return text if text.isprintable() else harmless(text.replace("\r\n", "\n"))
