"""The accrual book: what is earned and not settled yet (kernel rule 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.model import Balance, Line, Totals
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.statements import PostedLine, posted_line
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import NOTHING

SETTLED, ACCRUAL = "settled", "accrual"
BOOKS = (SETTLED, ACCRUAL)
ID = ".accrual"
"""Ends the id of an accrual's line."""


def both_books(past: History, settled: Iterable[Line] = ()) -> History:
    """The history with everything that stands in either book, and lines settled just now, under its key: S + A."""
    lines: dict[Key, list[PostedLine]] = {key: list(found) for key, found in past.lines.items()}
    for line in (*map(posted_line, settled), *past.accrued):
        lines.setdefault(line.key, []).append(line)
    return replace(past, lines={key: tuple(found) for key, found in lines.items()})


def accruals(program: Program, moving: Iterable[Movement]) -> list[Movement]:
    """What the accrual book moves: everything earned, waiting for a word or not. Deposits and prepayments are not earned."""
    found = []
    for movement in moving:
        clause = program.clauses.get(movement.key.clause)
        if clause is None or clause.collect != "within_net":
            found.append(replace(movement, status="due" if movement.status == "pending" else movement.status, lifecycle=None))
    return found


def opening(past: History) -> Decimal:
    """What the accrual book holds for the supplier before this run."""
    return sum((_signed(line.direction, line.amount) for line in past.accrued), NOTHING)


def accrual_totals(program: Program, lines: Sequence[Line], past: History) -> Totals:
    """Sums of an accrual statement: it pays nothing; what is open is carried."""
    unit = smallest_unit(program.header.currency)
    sums = {
        name: at_scale(sum((line.amount for line in lines if line.direction == name), NOTHING), unit)
        for name in ("payable", "receivable")
    }
    net, carried_in = sums["payable"] - sums["receivable"], at_scale(opening(past), unit)
    return Totals(sums["payable"], sums["receivable"], net, carried_in, at_scale(NOTHING, unit), carried_in + net, None)


def accrual_balance(program: Program, lines: Sequence[Line], past: History) -> tuple[Balance, ...]:
    """What is accrued and open: added by accruals, used by what was settled or reversed."""
    unit = smallest_unit(program.header.currency)
    moved = [_signed(line.direction, line.amount) for line in lines]
    start = opening(past)
    added, used = sum((item for item in moved if item > 0), NOTHING), -sum((item for item in moved if item < 0), NOTHING)
    if not (start or added or used):
        return ()
    first, plus, minus, last = (at_scale(item, unit) for item in (start, added, used, start + added - used))
    return (Balance(ACCRUAL, "", first, plus, minus, last),)


def _signed(direction: str, amount: Decimal) -> Decimal:
    return amount if direction == "payable" else -amount
