"""Collecting: what is only taken out of a positive net (deposits, prepayments)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import NOTHING


def collected(program: Program, moving: Iterable[Movement], carried_in: Decimal) -> list[Movement]:
    """Movements with amounts `within net` cut to what the others leave, in the contract's order; the rest stays unposted."""
    found = list(moving)
    left = carried_in + sum((signed(item) for item in found if item.status != "pending" and not _waits(program, item)), NOTHING)
    for index, movement in enumerate(found):
        if movement.status == "pending" or not _waits(program, movement):
            continue
        if movement.direction == "receivable" and movement.due > 0:
            movement = replace(movement, due=min(movement.due, max(left, NOTHING)))  # noqa: PLW2901 - the cut movement takes its place
            found[index] = movement
        left += signed(movement)
    return found


def signed(movement: Movement) -> Decimal:
    """What the movement adds to the net."""
    return movement.due if movement.direction == "payable" else -movement.due


def _waits(program: Program, movement: Movement) -> bool:
    clause = program.clauses.get(movement.key.clause)
    return clause is not None and clause.collect == "within_net"
