"""Actions for reductions of orders: `reduce 100 from 199`, and the Chinese order `满 199 减 100`."""

from __future__ import annotations

from typing import Any

from rules_engine.syntax.items import items
from rules_engine.syntax.lexemes import Lexeme, cover
from rules_engine.syntax.tree import Field, Group, Word

_FORWARD = {"ON_REACHING": "reaching", "ON_EACH_FULL": "per_full", "ON_EACH_ITEM": "per_item"}
"""What a threshold that stands first is called behind the amount."""


class PromotionNodes:
    """Reductions, each from the parts of its production."""

    def reduce_reversed(self, parts: list[Any]) -> Field:
        """The threshold first, then what is taken off, then how often or how much at most."""
        head: Lexeme = parts[0]
        word = _FORWARD[head.type]
        at = next(place for place, part in enumerate(parts) if isinstance(part, Lexeme) and part.type == "REDUCE")
        amount, *most = items(parts[at + 1 :])
        span = cover(parts[:at])
        threshold = Word(word, head.span) if at == 1 and not most else Group(word, (*items(parts[1:at]), *most), span)
        return Field("reduce", (amount, threshold), cover(parts))
