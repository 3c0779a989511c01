"""A contract that renews another takes over what the old one carries out and the deposits it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rules_engine.core.program import Clause, Program
from rules_engine.settlement.past.statements import PostedLine, PostedStatement
from rules_engine.settlement.targets import NOTHING, Held
from rules_engine.values.period import Period

Group = tuple[tuple[str, str], ...]
DEPOSIT = "deposit"
PREPAYMENT = "prepayment"
BALANCE = "balance"


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


def balances_held(program: Program, old: PostedStatement | None) -> dict[tuple[str, tuple[str, ...]], tuple[Held, ...]]:
    """What declared balances of the same name held at the end of the contract renewed, by group: layers with their own ends, and
    what was short. One that says `starts` itself takes nothing over."""
    found: dict[tuple[str, tuple[str, ...]], tuple[Held, ...]] = {}
    for item in old.balances if old else ():
        declared = program.balances.get(item.name)
        if item.kind != BALANCE or declared is None or declared.kind != BALANCE or declared.starts is not None:
            continue
        if set(item.group) == set(declared.per):
            layers = tuple(Held(layer.since, layer.until, layer.left) for layer in item.layers if layer.left and not layer.expired)
            short = item.closing - sum((layer.amount for layer in layers), NOTHING)
            rest = (Held(program.header.start, None, short),) if short else ()
            found[item.name, tuple(item.group[column] for column in declared.per)] = (*layers, *rest)
    return found


def prepaid(program: Program, old: Sequence[PostedStatement]) -> tuple[PostedLine, ...]:
    """What was paid in advance under the contract renewed and not applied there, as if it had been applied too little here."""
    clauses = [clause for clause in program.clauses.values() if is_prepayment(clause) and not clause.per] if old else []
    found = []
    for clause in clauses:
        rest = sum((item.closing for item in old[-1].balances if (item.kind, item.name) == (PREPAYMENT, clause.id)), NOTHING)
        if rest:
            found.append(_line(program, clause, old[-1].contract, (), -rest))
    return tuple(found)


def is_prepayment(clause: Clause) -> bool:
    """Whether a clause applies prepayments as the net allows, in whatever order."""
    return clause.kind == PREPAYMENT and not clause.draws


def _held(program: Program, clause: Clause, old: Sequence[PostedStatement]) -> Iterable[PostedLine]:
    if not clause.per:
        closing = [item.closing for item in old[-1].balances if (item.kind, item.name) == (DEPOSIT, clause.id)]
        held: dict[Group, Decimal] = {(): sum(closing, NOTHING)}
    else:
        held = _by_group(clause.id, old)
    for group, amount in held.items():
        if amount:
            yield _line(program, clause, old[-1].contract, group, amount)


def _line(program: Program, clause: Clause, contract: str, group: Group, amount: Decimal) -> PostedLine:
    start = max(program.header.start, clause.start)
    window = Period(start, max(program.header.end, clause.end))
    name = "-".join((clause.id, *(value for _, value in group)))
    return PostedLine(
        f"{contract}-{name}", clause.id, clause.kind, clause.title, group, window, "", "receivable", amount, amount,
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
