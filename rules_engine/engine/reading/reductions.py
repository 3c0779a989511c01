"""What an aggregate makes of the documents it reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from rules_engine.core.expressions import Aggregate
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import ZERO, failure, missing, number
from rules_engine.engine.reading.records import Record
from rules_engine.record import dataclass

ANSWER = "answer"
"""The column in which a finding's documents say it; the finding itself is what is missing."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document with its sign and the value of the aggregate's item (None: the aggregate has no item)."""

    record: Record
    sign: int
    value: Outcome | None


def reduced(aggregate: Aggregate, items: Sequence[Item], until: date | None, asker: str = "") -> Outcome:
    """The aggregate of items in date order. `until` ends the last stretch of a time-weighted average. Sum and count of nothing
    are 0; anything else of nothing is missing."""
    failed = failure([item.value for item in items if item.value is not None])
    if failed is not None:
        return failed
    if aggregate.op == "count":
        return Outcome(Fraction(sum(item.sign for item in items)))
    if aggregate.op == "sum":
        return Outcome(sum((_signed(item) for item in items), ZERO))
    if aggregate.op == "count_distinct":
        return Outcome(Fraction(len({item.value.value for item in items if item.value is not None})))
    if not items:
        return missing(_nothing(aggregate, asker))
    return _picked(aggregate.op, items, until)


def _picked(op: str, items: Sequence[Item], until: date | None) -> Outcome:
    match op:
        case "min":
            return min((_value(item) for item in items), key=lambda outcome: outcome.value)  # type: ignore[arg-type,return-value]
        case "max":
            return max((_value(item) for item in items), key=lambda outcome: outcome.value)  # type: ignore[arg-type,return-value]
        case "average":
            return Outcome(sum((_signed(item) for item in items), ZERO) / len(items))
        case "latest":
            return _value(items[-1])
        case "earliest":
            return _value(items[0])
        case "time_weighted_average":
            return _weighted(items, until)
        case _:
            raise ValueError(f"unknown aggregate {op}")


def _weighted(items: Sequence[Item], until: date | None) -> Outcome:
    """Every value counts from its own day to the next document's; the days before the first do not count."""
    ends = [item.record.date for item in items[1:]]
    ends.append(until or items[-1].record.date)
    days = [(end - item.record.date).days for item, end in zip(items, ends, strict=True)]
    if not sum(days):
        return _value(items[-1])
    return Outcome(sum((_signed(item) * stretch for item, stretch in zip(items, days, strict=True)), ZERO) / sum(days))


def _value(item: Item) -> Outcome:
    assert item.value is not None
    return Outcome(_signed(item)) if isinstance(item.value.value, Fraction) else item.value


def _signed(item: Item) -> Fraction:
    assert item.value is not None
    return item.sign * number(item.value)


def _nothing(aggregate: Aggregate, asker: str) -> str:
    over = ", ".join(dict.fromkeys(source.type for source in aggregate.sources))
    what = getattr(aggregate.item, "name", "")
    if what == ANSWER:
        return over
    read = f"{aggregate.op} {what} of {over}" if what else f"{aggregate.op} of {over}"
    return f"{read} for {asker}" if asker else read
