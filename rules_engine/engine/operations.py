"""Arithmetic, comparison, logic and dates on outcomes: what both scopes share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from rules_engine.core.expressions import Round, Time
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import CALENDAR, NO_SUCH_DAY, NOT_APPLICABLE, ZERO, exact, failure, faulty, merged, number
from rules_engine.values.calendar import (
    CalendarUncovered,
    first_working_day_on_or_after,
    last_working_day_on_or_before,
)
from rules_engine.values.dates import NoSuchDayError, add, between, calendar_day
from rules_engine.values.rounding import round_to

YES, NO = Outcome(True), Outcome(False)


def arithmetic(op: str, operands: Sequence[Outcome]) -> Outcome:
    """`op` of the operands from left to right; a zero divisor is not applicable."""
    failed = failure(operands)
    if failed is None and op in ("min", "max") and isinstance(operands[0].value, date):
        days = [operand.value for operand in operands if isinstance(operand.value, date)]
        return Outcome(min(days) if op == "min" else max(days))
    if failed is None and op in ("+", "-") and any(isinstance(operand.value, date) for operand in operands):
        return _moved_day(op, operands[0].value, operands[1])
    return failed if failed is not None else _calculated(op, [number(operand) for operand in operands])


def _moved_day(op: str, day: object, other: Outcome) -> Outcome:
    """A day some whole days later or earlier, or the days between two."""
    assert isinstance(day, date)
    if isinstance(other.value, date):
        return Outcome(Fraction((day - other.value).days))
    count = number(other)
    if count.denominator != 1:
        return faulty(NO_SUCH_DAY, detail={"day": str(day), "days": str(count)})
    try:
        return Outcome(day + timedelta(days=int(count if op == "+" else -count)))
    except OverflowError:
        return faulty(NO_SUCH_DAY, detail={"day": str(day), "days": str(count)})


def _calculated(op: str, values: list[Fraction]) -> Outcome:
    match op:
        case "+":
            return Outcome(sum(values, ZERO))
        case "-":
            return Outcome(reduce(lambda left, right: left - right, values))
        case "*":
            return Outcome(reduce(lambda left, right: left * right, values))
        case "/":
            return NOT_APPLICABLE if 0 in values[1:] else Outcome(reduce(lambda left, right: left / right, values))
        case "min":
            return Outcome(min(values))
        case "max":
            return Outcome(max(values))
        case "abs":
            return Outcome(abs(values[0]))
        case "negate":
            return Outcome(-values[0])
        case _:
            raise ValueError(f"unknown arithmetic {op}")


def compare(op: str, left: Outcome, right: Outcome) -> Outcome:
    """Whether the comparison holds; undecided when a side has no value."""
    failed = failure((left, right))
    return failed if failed is not None else Outcome(holds(op, left.value, right.value))


def holds(op: str, left: object, right: object) -> bool:
    """The comparison of two values of the same unit."""
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return bool(left < right)  # type: ignore[operator]
        case "<=":
            return bool(left <= right)  # type: ignore[operator]
        case ">":
            return bool(left > right)  # type: ignore[operator]
        case ">=":
            return bool(left >= right)  # type: ignore[operator]
        case _:
            raise ValueError(f"unknown comparison {op}")


def logic(op: str, operands: Sequence[Outcome], count: int = 0) -> Outcome:
    """`and`, `or`, `not`, `at_least` `count`; an undecided operand leaves the whole undecided unless another settles it."""
    if op == "not":
        return operands[0] if operands[0].value is None else (NO if operands[0].value else YES)
    if op == "at_least":
        return _counted(operands, count)
    settling = op == "or"
    if any(operand.value is settling for operand in operands):
        return YES if settling else NO
    undecided = [operand for operand in operands if operand.value is None]
    return merged(undecided) if undecided else (NO if settling else YES)


def _counted(operands: Sequence[Outcome], count: int) -> Outcome:
    undecided = [operand for operand in operands if operand.value is None]
    holding = sum(1 for operand in operands if operand.value is True)
    if holding >= count:
        return YES
    return NO if holding + len(undecided) < count else merged(undecided)


def rounded(expression: Round, operand: Outcome) -> Outcome:
    """The operand rounded as the expression says."""
    if operand.value is None:
        return operand
    return Outcome(Fraction(round_to(number(operand), expression.to, expression.mode)))


def time(expression: Time, operands: Sequence[Outcome]) -> Outcome:
    """Date arithmetic; a year without a calendar and a day that does not exist are faults."""
    failed = failure(operands)
    if failed is not None:
        return failed
    try:
        return exact(_timed(expression, [operand.value for operand in operands]))
    except CalendarUncovered as uncovered:
        return faulty(CALENDAR, detail={"year": str(uncovered.year)})
    except (NoSuchDayError, OverflowError):
        return faulty(NO_SUCH_DAY, detail={"day": str(operands[0].value)})


def _timed(expression: Time, values: list[Decimal | Fraction | bool | str | date | None]) -> Fraction | date:
    first = values[0]
    assert isinstance(first, date)
    match expression.op:
        case "between":
            last = values[1]
            assert isinstance(last, date)
            return between(first, last, expression.of, expression.mode or "exact", expression.count, expression.basis)
        case "shift":
            return add(first, expression.count, expression.of, expression.mode)
        case "working_day":
            after, first = expression.mode == "after", calendar_day(first)
            return first_working_day_on_or_after(first) if after else last_working_day_on_or_before(first)
        case _:
            raise ValueError(f"unknown time {expression.op}")
