"""Values of a trace as text, by what they count."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.trace import Value
from rules_engine.core.units import Unit
from rules_engine.statement.clean import one_line
from rules_engine.statement.numbers import grouped, percent_text
from rules_engine.statement.words import Words


def value_text(value: Value, unit: Unit | None, words: Words) -> str:
    """`1,200.00`, `12%`, `7 days`, `yes`, `2026-03-05`; what is absent is said to be missing."""
    if value is None:
        return words("missing_value")
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return one_line(value) if isinstance(value, str) else number_text(value, unit, words)


def number_text(value: Decimal | Fraction, unit: Unit | None, words: Words) -> str:
    """A number in its unit: money has at least two decimals."""
    match unit:
        case Unit.PERCENT:
            return percent_text(value)
        case Unit.MONEY:
            return grouped(value, 2)
        case Unit.PRICE:
            return words("unit.price", value=grouped(value, 2))
        case Unit.DAYS:
            return words("unit.days", value=grouped(value))
        case Unit.QUANTITY | Unit.NUMBER | Unit.DATE | Unit.MOMENT | Unit.TEXT | Unit.YES_NO | None:
            return grouped(value)
