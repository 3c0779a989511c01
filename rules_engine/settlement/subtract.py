"""Subtract: what is entitled less what is posted, over the union of both (kernel rules 2, 9 and 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.record import dataclass
from rules_engine.settlement.entitled.keys import Entitled, Entitlements, Group, Key, clause_of
from rules_engine.settlement.model import Lifecycle
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.statements import ACCEPTED, ADJUSTED, PostedLine, Standing, standing
from rules_engine.settlement.schedule import starts_early
from rules_engine.settlement.targets import NOTHING, Target
from rules_engine.values.period import Period

CONFIRMED, DISPUTED, WAIVED = "confirmed", "disputed", "waived"
OPPOSITE = {"payable": "receivable", "receivable": "payable"}
__all__ = [
    "ACCEPTED", "CONFIRMED", "DISPUTED", "WAIVED", "Movement", "Units", "direction_of", "lines_of", "movements", "units",
]  # fmt: skip
Place = tuple[str, object, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Movement:
    """One key: its cumulative amount, what stands posted, and what moves now (`due`). `status`: due, correction, pending."""

    key: Key
    group: Group
    window: Period
    direction: str
    amount: Decimal
    posted: Standing
    due: Decimal
    status: str
    target: Target | None = None
    entitled: Entitled | None = None
    flags: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None


@dataclass(frozen=True, slots=True)
class Units:
    """The units looked at, by clause, window start and group; `stuck` ones move nothing."""

    by_place: Mapping[Place, Target] = field(default_factory=dict)
    stuck: frozenset[tuple[str, object]] = frozenset()

    def find(self, program: Program, key: Key) -> Target | None:
        """The unit a key belongs to, spreads and payees left out."""
        clause = program.clauses.get(key.clause)
        if clause and not clause.per:
            return self.by_place.get((key.clause, key.start, ()))
        columns = dict(key.group)
        per = clause.per if clause else columns
        return self.by_place.get((key.clause, key.start, tuple([columns.get(column, "") for column in per])))


def units(found: Iterable[Target]) -> Units:
    """An index of the targets of a run."""
    by_place: dict[Place, Target] = {}
    stuck = set()
    for target in found:
        by_place[target.clause, target.window.start, target.group] = target
        if target.kept or (target.failure and not target.group):
            stuck.add((target.clause, target.window.start))
    return Units(by_place, frozenset(stuck))


def movements(program: Program, found: Entitlements, index: Units, past: History) -> list[Movement]:
    """Every key entitled or posted, by clause in the program's order, then by window."""
    posted = (key for key in past.lines if key not in found.keys and not key.clause.endswith(ADJUSTED))
    keys = [key for key in (*found.keys, *posted) if not _stuck(program, index, key)]
    order = {name: place for place, name in enumerate(program.order)}
    keys.sort(key=lambda key: (order.get(key.clause, len(order)), key.start))
    return [_movement(program, found.keys.get(key), key, index, past) for key in keys]


def _stuck(program: Program, index: Units, key: Key) -> bool:
    if (key.clause, key.start) in index.stuck:
        return True
    target = index.find(program, key)
    return target is not None and target.failure is not None


def _movement(program: Program, entitled: Entitled | None, key: Key, index: Units, past: History) -> Movement:
    lines = past.lines.get(key, ())
    direction = direction_of(program, key) or lines[-1].direction
    stands = standing(lines, direction)
    amount = entitled.amount if entitled else NOTHING
    target = entitled.target if entitled else index.find(program, key)
    window = entitled.window if entitled else lines[-1].window
    due = amount - stands.amount - stands.waived
    flags = (*(entitled.flags if entitled else ()), *((WAIVED,) if stands.waived else ()))
    return Movement(
        key, entitled.group if entitled else lines[-1].group, window, direction, amount, stands, due,
        _status(program, key, window, past, amount, due), target, entitled, flags,
    )  # fmt: skip


def direction_of(program: Program, key: Key) -> str:
    """Who owes the key's amount; '' for a clause that the contract no longer has."""
    clause = clause_of(program, key)
    if clause is None:
        return ""
    direction = "payable" if clause.payer == "platform" or (clause.payer != "supplier" and key.payee == "supplier") else "receivable"
    return OPPOSITE[direction] if key.clause in program.limits and "member" in dict(key.group) else direction


def _status(program: Program, key: Key, window: Period, past: History, amount: Decimal, due: Decimal) -> str:
    """A closed window moves by correction; what is owed by date, or waits for money, by what it still lacks."""
    clause = program.clauses.get(key.clause)
    if clause is not None and clause.needs_confirmation:
        return "pending"
    if window.end > past.settled_until:
        return "due"
    by_date = clause is not None and (starts_early(clause) or clause.collect == "within_net")
    return "due" if by_date and due * amount > 0 else "correction"


def lines_of(movement: Movement) -> tuple[PostedLine, ...]:
    """The lines a correction corrects."""
    return movement.posted.lines if movement.status == "correction" else ()
