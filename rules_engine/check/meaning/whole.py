"""Counts: times, settlements, days. A fraction of one is refused, never cut."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.wording import plain
from rules_engine.syntax.tree import Number


def whole(number: Number, env: Environment, least: int = 1) -> int:
    """The number as a count of at least `least`."""
    if number.value != int(number.value) or number.value < least:
        env.refuse(
            "SE0117",
            number.span,
            why=(f"{plain(number.value)} is not a whole number from {least}.", f"{plain(number.value)} 不是从 {least} 起的整数。"),
            fix=("write a whole number.", "请写整数。"),
        )
    return int(number.value)
