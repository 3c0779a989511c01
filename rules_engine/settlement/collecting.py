"""Collecting: confirmations first, then what is only taken out of a positive net (deposits, prepayments)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.settlement.keys import Key
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import NOTHING

DISPUTED = "disputed"
CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Word:
    """What the other side said of a line: the amount confirmed, or a refusal."""

    amount: Decimal
    refused: bool


def words(confirmations: Iterable[Document]) -> dict[str, Word]:
    """Line id → what was said of it; several amounts add up, a confirmation without an amount is a refusal."""
    found: dict[str, Word] = {}
    for document in confirmations:
        line, amount = str(document.values.get("line", "")), document.values.get("amount")
        known = found.get(line, Word(NOTHING, refused=False))
        if isinstance(amount, Decimal):
            found[line] = Word(known.amount + amount, known.refused)
        else:
            found[line] = Word(known.amount, refused=True)
    return found


def confirmed(moving: Iterable[Movement], ids: Mapping[Key, str], said: Mapping[str, Word]) -> list[Movement]:
    """Pending movements split into what was confirmed, which moves, and the rest, which waits (kernel rule 16)."""
    found: list[Movement] = []
    for movement in moving:
        word = said.get(ids[movement.key]) if movement.status == "pending" else None
        if word is None:
            found.append(movement)
            continue
        if word.amount:
            found.append(replace(movement, due=word.amount, status="due", flags=(*movement.flags, CONFIRMED)))
        flags = (*movement.flags, DISPUTED) if word.refused else movement.flags
        found.append(replace(movement, due=movement.due - word.amount, flags=flags))
    return found


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
