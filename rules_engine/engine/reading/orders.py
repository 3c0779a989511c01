"""Promotions of whole orders: what each line bears, return after return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Expression, OrderShare
from rules_engine.core.order_promotion import OrderPromotion
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import failure, number
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.order_parts import NONE, ZERO, OrderLine, borne, order_parts, shared
from rules_engine.engine.reading.records import Record
from rules_engine.record import dataclass
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_to

Parts = Sequence[Decimal]


@dataclass(slots=True)
class Order:
    """The lines of one order and what came back of it, each in date order; `history` holds the lines' parts before the first
    return and after each."""

    lines: list[Record]
    returns: list[Record]
    history: tuple[Parts, ...] | Outcome | None = None


class Orders:
    """Answers `OrderShare`; the orders of a promotion are gathered once."""

    def __init__(self, by_type: Mapping[str, list[Record]]) -> None:
        self._by_type = by_type
        self._gathered: dict[int, tuple[OrderPromotion, dict[str, Order] | Outcome]] = {}

    def __call__(self, share: OrderShare, record: Record, reader: Reader) -> Outcome:
        """What the funder bears on a sale, or less because of a return."""
        promotion = share.promotion
        gathered = self._orders(promotion, reader)
        line = record if record.type in promotion.sales else record.original
        if isinstance(gathered, Outcome) or line is None:
            return gathered if isinstance(gathered, Outcome) else Outcome(None, missing=(f"original of {record.label}",))
        order = gathered.get(order_of(line))
        if order is None:
            return Outcome(NONE)
        if order.history is None:
            order.history = history(promotion, order, reader)
        if isinstance(order.history, Outcome):
            return order.history
        return Outcome(as_fraction(_share(share, record, order, order.history)))

    def _orders(self, promotion: OrderPromotion, reader: Reader) -> dict[str, Order] | Outcome:
        held = self._gathered.get(id(promotion))
        if held is None:
            held = self._gathered[id(promotion)] = (promotion, self._gather(promotion, reader))
        return held[1]

    def _gather(self, promotion: OrderPromotion, reader: Reader) -> dict[str, Order] | Outcome:
        found: dict[str, Order] = {}
        undecided: list[Outcome] = []
        for record in self._of(promotion.sales):
            taken = holds(promotion.taken, record, reader)
            if taken.value is None:
                undecided.append(taken)
            elif taken.value:
                found.setdefault(order_of(record), Order([], [])).lines.append(record)
        for record in self._of(promotion.returns):
            order = found.get(order_of(record.original)) if record.original is not None else None
            if order is not None and any(line is record.original for line in order.lines):
                order.returns.append(record)
        return failure(undecided) or found

    def _of(self, types: Sequence[str]) -> list[Record]:
        found = [record for name in types for record in self._by_type.get(name, [])]
        return sorted(
            found, key=lambda record: (record.document.date, record.document.id, _natural(record.document.line), record.type)
        )


def _natural(line: str) -> tuple[int, str]:
    """Line 2 before line 10."""
    return (int(line) if line.isdigit() else -1, line)


def order_of(record: Record) -> str:
    """The order of a line; a document without one is its own."""
    return str(record.values.get("order_id") or f"document {record.document.id}")


def holds(condition: Expression | None, record: Record, reader: Reader) -> Outcome:
    """Whether the condition takes the line; none takes every line."""
    return Outcome(True) if condition is None else reader.value(condition, record)


def _share(share: OrderShare, record: Record, order: Order, snapshots: tuple[Parts, ...]) -> Decimal:
    promotion, funder = share.promotion, share.funder
    for place, line in enumerate(order.lines):
        if line is record:
            return borne(snapshots[0][place], promotion, funder)
    for place, item in enumerate(order.returns):
        if item is record:
            before, after = (
                sum((borne(part, promotion, funder) for part in parts), ZERO) for parts in snapshots[place : place + 2]
            )
            return before - after
    return ZERO


def history(promotion: OrderPromotion, order: Order, reader: Reader) -> tuple[Parts, ...] | Outcome:
    """The parts of the order's lines at the sale, then after each return."""
    read = [_line(promotion, record, reader) for record in order.lines]
    failed = failure([outcome for item in read if not isinstance(item, OrderLine) for outcome in item])
    if failed is not None:
        return failed
    lines = [item for item in read if isinstance(item, OrderLine)]
    first = order_parts(promotion, lines)
    found: list[Parts] = [first]
    left = lines
    for record in order.returns:
        left = [
            _less(line, record, reader, promotion) if own is record.original else line
            for line, own in zip(left, order.lines, strict=True)
        ]
        found.append(_after(promotion, lines, left, first))
    return tuple(found)


def _line(promotion: OrderPromotion, record: Record, reader: Reader) -> OrderLine | tuple[Outcome, ...]:
    value, counts, gets = (
        reader.value(promotion.value, record), holds(promotion.counts, record, reader), holds(promotion.gets, record, reader)
    )  # fmt: skip
    if value.value is None or counts.value is None or gets.value is None:
        return tuple(outcome for outcome in (value, counts, gets) if outcome.value is None)
    sku = str(record.values.get("sku") or "")
    if not sku and gets.value is True and any(each.apart for each in promotion.reductions):
        return (Outcome(None, missing=(f"sku of {record.label}",)),)
    return OrderLine(max(NONE, number(value)), units_of(record, Fraction(1)), counts.value is True, gets.value is True, sku)


def units_of(record: Record, otherwise: Fraction) -> Fraction:
    """The quantity of a line."""
    quantity = record.values.get("quantity")
    return as_fraction(quantity) if isinstance(quantity, Decimal) else otherwise


def _less(line: OrderLine, record: Record, reader: Reader, promotion: OrderPromotion) -> OrderLine:
    """The line less what came back: by units where both documents count them, else by value; never below nothing."""
    assert record.original is not None
    sold, back = units_of(record.original, NONE), units_of(record, NONE)
    if not (sold and back):
        whole, part = (reader.value(promotion.value, item) for item in (record.original, record))
        sold, back = (number(item) if item.value is not None else NONE for item in (whole, part))
        if not (sold and back):
            sold = back = Fraction(1)
    share = back / sold
    originally = max(NONE, number(reader.value(promotion.value, record.original)))
    units = units_of(record.original, Fraction(1))
    return replace(line, value=max(NONE, line.value - originally * share), units=max(NONE, line.units - units * share))


def _after(promotion: OrderPromotion, lines: Sequence[OrderLine], left: Sequence[OrderLine], first: Parts) -> Parts:
    """The parts of what stays: judged again, or kept, or kept less what the rest no longer earns."""
    if promotion.returned == "recompute":
        return order_parts(promotion, left)
    kept = [
        round_to(as_fraction(part) * now.value / line.value, promotion.rounding.to, promotion.rounding.mode)
        if line.value
        else ZERO
        for part, line, now in zip(first, lines, left, strict=True)
    ]
    if promotion.returned == "keep":
        return kept
    earned = sum(order_parts(promotion, left), ZERO)
    standing = sum(kept, ZERO)
    return kept if earned >= standing else shared(earned, [as_fraction(part) for part in kept], promotion)
