"""Totals: sums by direction, and what of the net is paid now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from rules_engine.core.program import Header
from rules_engine.settlement.closing.payout import paid
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.model import Line, Payment, Totals
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.history import History
from rules_engine.settlement.targets import NOTHING


def totals(header: Header, lines: Iterable[Line], past: History) -> Totals:
    """Sums by direction, and what of the net is paid now, carried out or written off; without a due date yet."""
    unit = smallest_unit(header.currency)
    sums = {"payable": at_scale(NOTHING, unit), "receivable": at_scale(NOTHING, unit)}
    for line in lines:
        sums[line.direction] += line.amount
    return closed(header, sums["payable"], sums["receivable"], past)


def closed(header: Header, payable: Decimal, receivable: Decimal, past: History) -> Totals:
    """The totals of two sums."""
    unit, net = smallest_unit(header.currency), payable - receivable
    carried_in = at_scale(past.carried_in, unit)
    done = paid(header, net, carried_in, past)
    payout, carried_out, written_off = (at_scale(item, unit) for item in (done.payout, done.carried_out, done.written_off))
    return Totals(payable, receivable, net, carried_in, payout, carried_out, None, written_off)


def dated(sums: Totals, found: Iterable[Payment]) -> Totals:
    """The totals with the first day on which something falls due."""
    days = [item.due for item in found if item.due is not None]
    return replace(sums, due_date=min(days, default=None))
