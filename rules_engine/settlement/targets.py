"""What the kernel computes before it subtracts: targets, and the view of program and documents they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rules_engine.core.expressions import Expression
from rules_engine.core.program import Program
from rules_engine.engine.evaluator import Asking, Evaluator, Outcome, Results
from rules_engine.engine.reading.facts import Facts
from rules_engine.record import dataclass
from rules_engine.values.exact import Number
from rules_engine.values.period import Period

if TYPE_CHECKING:
    from rules_engine.settlement.pots.book import Book

NOTHING = Decimal(0)
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """One thing the kernel did to an amount: `op` as in traces, the amount after it, facts for its wording."""

    op: str
    value: Number
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """T of one calculation unit (clause or limit × group × window), evaluated at its last point.

    `amount` is rounded, `exact` is what was rounded. `failure` tells why there is no amount; `kept` targets repeat what
    is posted because their documents are proven but not given. `reason` says why the amount is 0.
    """

    clause: str
    per: tuple[str, ...]
    group: Group
    window: Period
    upto: date
    closed: bool
    amount: Decimal = NOTHING
    exact: Number = NOTHING
    expression: Expression | None = None
    steps: tuple[Applied, ...] = ()
    reason: str = ""
    failure: Outcome | None = None
    kept: bool = False
    flags: tuple[str, ...] = ()

    @property
    def asking(self) -> Asking:
        """Who asked for it."""
        return Asking(self.per, self.group, self.window.start, self.window.end, self.upto, self.closed)


@dataclass(frozen=True, slots=True)
class Unit:
    """A clause's group in a window that starts on a day: how posted amounts are found again."""

    clause: str
    start: date


PENDING = "reads_pending"
"""The flag of a line that reads a clause whose amount waits for confirmation."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a balance of the contract renewed still held: there since a day, until before another, so much."""

    since: date
    until: date | None
    amount: Decimal


@dataclass(slots=True)
class View:
    """One program over one set of documents. `posted` gives the groups (by column) and amounts posted for a unit,
    `kept` the units whose documents are absent, `memo` the targets already computed, by clause and moment, `so_far` those of a clause being computed,
    `shared` the same by the columns a reader has in common, `books` the balances already worked out. `accruing`: windows
    still open are evaluated as they stand. `brought` is what balances take over from the contract renewed, by name and group."""

    program: Program
    facts: Facts
    evaluator: Evaluator
    moment: date
    results: Results
    posted: Mapping[Unit, Mapping[Group, Decimal]] = field(default_factory=dict)
    kept: frozenset[Unit] = frozenset()
    memo: dict[tuple[str, date], tuple[Target, ...]] = field(default_factory=dict)
    so_far: dict[tuple[str, date], list[Target]] = field(default_factory=dict)
    shared: dict[tuple[str, date, tuple[int, ...]], dict[Group, list[Target]]] = field(default_factory=dict)
    books: dict[tuple[str, date], Book] = field(default_factory=dict)
    accruing: bool = False
    brought: Mapping[tuple[str, tuple[str, ...]], tuple[Held, ...]] = field(default_factory=dict)

    def confirmed(self, clause: str, window: Period, shared: Mapping[int, str] | None = None) -> Decimal:
        """What is posted of a clause that waits for confirmation, in windows inside `window`; `shared` fixes parts of the
        group by their place."""
        total = NOTHING
        for unit, groups in self.posted.items():
            if unit.clause == clause and window.contains(unit.start):
                wanted = (
                    amount for group, amount in groups.items() if all(group[at] == is_ for at, is_ in (shared or {}).items())
                )
                total += sum(wanted, NOTHING)
        return total
