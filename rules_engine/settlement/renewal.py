"""A contract that renews another takes over what the old one carries out and the deposits it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rules_engine.core.program import Clause, Program
from rules_engine.settlement.statements import PostedLine, PostedStatement
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period

Group = tuple[tuple[str, str], ...]
DEPOSIT = "deposit"


def renewed(
    program: Program, posted: Sequence[PostedStatement]
) -> tuple[tuple[PostedStatement, ...], tuple[PostedStatement, ...]]:
    """The statements of the contract renewed, in order, and all others."""
    old = program.header.renews
    theirs = [item for item in posted if old and item.contract == old and item.book == "settled"]
    ordered = sorted(theirs, key=lambda item: (item.period.start, item.period.end))
    return tuple(ordered), tuple(item for item in posted if not old or item.contract != old)


def deposits_held(program: Program, old: Sequence[PostedStatement]) -> tuple[PostedLine, ...]:
    """Deposits of the contract renewed, as lines posted under the clause of the same name: what was wired and deducted."""
    clauses = [clause for clause in program.clauses.values() if clause.kind == DEPOSIT] if old else []
    return tuple(line for clause in clauses for line in _held(program, clause, old))


def _held(program: Program, clause: Clause, old: Sequence[PostedStatement]) -> Iterable[PostedLine]:
    if not clause.per:
        closing = [item.closing for item in old[-1].balances if (item.kind, item.name) == (DEPOSIT, clause.id)]
        held: dict[Group, Decimal] = {(): sum(closing, NOTHING)}
    else:
        held = _by_group(clause.id, old)
    start = max(program.header.start, clause.start)
    window = Period(start, max(program.header.end, clause.end))
    for group, amount in held.items():
        if amount:
            name = "-".join((clause.id, *(value for _, value in group)))
            yield PostedLine(
                f"{old[-1].contract}-{name}", clause.id, DEPOSIT, clause.title, group, window, "", "receivable", amount, amount,
                NOTHING, None, clause.papers.invoice_by, clause.papers.treatment, amount, NOTHING,
            )  # fmt: skip


def _by_group(clause: str, old: Sequence[PostedStatement]) -> dict[Group, Decimal]:
    """What the old statements deducted and gave back, by group."""
    held: dict[Group, Decimal] = {}
    for statement in old:
        for line in statement.lines:
            if (line.kind, line.clause) == (DEPOSIT, clause):
                sign = 1 if line.direction == "receivable" else -1
                held[line.group] = held.get(line.group, NOTHING) + sign * line.amount
    return held
