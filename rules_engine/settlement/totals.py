"""Totals, payout and due date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from rules_engine.core.program import Header, PayTerm
from rules_engine.settlement.lines import at_scale
from rules_engine.settlement.model import Line, Totals
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.calendar import first_working_day_on_or_after, last_working_day_on_or_before
from rules_engine.values.dates import add, add_months
from rules_engine.values.period import Period


def totals(header: Header, lines: Iterable[Line], carried_in: Decimal, due: date | None) -> Totals:
    """Sums by direction, and what of the net is paid now or carried out."""
    unit = smallest_unit(header.currency)
    sums = {"payable": at_scale(NOTHING, unit), "receivable": at_scale(NOTHING, unit)}
    for line in lines:
        sums[line.direction] += line.amount
    net = sums["payable"] - sums["receivable"]
    available = net + at_scale(carried_in, unit)
    payout = _payout(header, available)
    return Totals(
        sums["payable"], sums["receivable"], net, at_scale(carried_in, unit), payout, available - payout,
        due if payout > 0 else None,
    )  # fmt: skip


def _payout(header: Header, available: Decimal) -> Decimal:
    paid = header.negative_net == "invoiced" if available < 0 else available >= header.minimum_payout
    return available if paid else at_scale(NOTHING, smallest_unit(header.currency))


def due_date(pay: PayTerm, period: Period) -> date:
    """The day payment falls due: counted from the period's last day, or from its month's end, then rolled to a working day.
    Working days of a year the calendar lacks raise `CalendarUncovered`."""
    anchor = period.last
    if pay.anchor == "month_end":
        anchor = add_months(anchor.replace(day=1), 1) - timedelta(days=1)
    day = add(anchor, pay.count, pay.unit, pay.overflow or "last_day")
    match pay.roll:
        case "following":
            return first_working_day_on_or_after(day)
        case "preceding":
            return last_working_day_on_or_before(day)
        case _:
            return day
