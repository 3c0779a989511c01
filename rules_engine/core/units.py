"""What a number counts. Every expression has exactly one unit; mixing them is a checker error."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """Units of values. Percent values are stored as fractions (12 % is 0.12)."""

    MONEY = "money"
    PERCENT = "percent"
    QUANTITY = "quantity"
    PRICE = "price"  # money per unit
    NUMBER = "number"
    DAYS = "days"
    DATE = "date"
    MOMENT = "moment"  # a day and a time of day
    TEXT = "text"
    YES_NO = "yes_no"
