"""Actions for reductions of orders: `reduce 100 from 199`, the Chinese order `满 199 减 100`, and sets of units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rules_engine.syntax.actions.items import items
from rules_engine.syntax.lexemes import Lexeme, cover
from rules_engine.syntax.tree import Field, Group, Number, Word

_FORWARD = {"ON_REACHING": "reaching", "ON_EACH_FULL": "per_full", "ON_EACH_ITEM": "per_item"}
"""What a threshold that stands first is called behind the amount."""


class PromotionNodes:
    """Reductions, each from the parts of its production."""

    def buy(self, parts: list[Any]) -> Field:
        """`buy 2 get 1 free`: how many are paid in full, how many are cheaper, their price, what makes a set."""
        return Field("buy", tuple(_counts(parts[1:])), cover(parts))

    def nth_unit(self, parts: list[Any]) -> Field:
        """第 2 件 半价: the last of every two is cheaper."""
        last, *rest = _counts(parts[1:])
        assert isinstance(last, Number)
        return Field("buy", (Number(last.value - 1, "", last.span), Number(Decimal(1), "", last.span), *rest), cover(parts))

    def any_units(self, parts: list[Any]) -> Field:
        """`any 3 units for 99`: how many make a set, what it costs, which they are."""
        return Field("any_units", tuple(_counts(parts[1:])), cover(parts))

    def set_word(self, parts: list[Any]) -> Word:
        """Which units make a set."""
        return Word(parts[-1].type.lower(), parts[-1].span)

    def reduce_reversed(self, parts: list[Any]) -> Field:
        """The threshold first, then what is taken off, then how often or how much at most."""
        head: Lexeme = parts[0]
        word = _FORWARD[head.type]
        at = next(place for place, part in enumerate(parts) if isinstance(part, Lexeme) and part.type == "REDUCE")
        amount, *most = items(parts[at + 1 :])
        span = cover(parts[:at])
        threshold = Word(word, head.span) if at == 1 and not most else Group(word, (*items(parts[1:at]), *most), span)
        return Field("reduce", (amount, threshold), cover(parts))


def _counts(parts: list[Any]) -> list[Any]:
    """The items without the words between the figures."""
    return [each for each in items(parts) if not (isinstance(each, Word) and each.id in ("get", "units", "priced_at"))]
