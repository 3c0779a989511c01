"""A clause or limit as the naive kernel needs it, read from the tree by `reading.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.windows import Span
from tests.naive.world import Ask, World

Earn = Callable[[Ask, World], Fraction]


@dataclass(frozen=True)
class WindowTerms:
    """A named window; `starting_day` moves months. `name` is one of the contract's ranges ('': any), `count` of `unit` is what rolls."""

    kind: str
    starting_day: int = 1
    name: str = ""
    count: int = 0
    unit: str = ""


@dataclass(frozen=True)
class BoundTerms:
    """`at most` or `at least` of a clause or limit, with its own window (None: the clause's)."""

    side: str
    figure: tree.Expression
    window: WindowTerms | None
    proportion: str = ""


@dataclass(frozen=True)
class ClauseTerms:
    """Everything between earning and papers. `bases` are the expressions whose documents make groups and carry VAT; `vat` is
    'contract', a rate of the clause's own, or None; a payee without a share takes the rest; `draw` is a balance, whether it covers the 'amount' or 'documents', and at most how much."""

    id: str
    kind: str
    payer: str
    earn: Earn
    bases: tuple[tree.Expression, ...]
    per: tuple[str, ...]
    window: WindowTerms
    on_account: WindowTerms | tuple[date, ...] | None
    taken_back: str
    start: date
    end: date
    bounds: tuple[BoundTerms, ...]
    rounding: tuple[Fraction, str]
    place: str
    when: tree.Expression | None
    latch: bool
    negative: str
    proportion: str
    invoice_by: str
    treatment: str
    vat: Fraction | str | None
    groups: tuple[tuple[str, ...], ...] = ()
    collect: str = "in_full"
    due: tuple[tuple[Fraction, date], ...] = ()
    by_day: Span | None = None
    spread: tuple[str, tree.Expression] | None = None
    date_order: bool = False
    payees: tuple[tuple[str, Fraction | None], ...] = ()
    provisional: Earn | None = None
    confirmed: bool = False
    draw: tuple[str, str, tree.Expression | None] | None = None


@dataclass(frozen=True)
class LimitTerms:
    """A bound over several clauses."""

    id: str
    members: tuple[str, ...]
    bounds: tuple[BoundTerms, ...]
    rounding: tuple[Fraction, str]


@dataclass(frozen=True)
class ContractTerms:
    """The contract as terms; `clauses` in file order."""

    start: date
    end: date
    year_start: int
    clauses: dict[str, ClauseTerms]
    limits: dict[str, LimitTerms]
    measures: dict[str, tree.Block]
    values: dict[str, tree.Block]
    own_types: dict[str, str]
    returns: str
    vat: Sequence[tuple[Fraction, date | None, date | None]]
    inclusive: bool
    late: str
    negative_net: str
    minimum_payout: Fraction
    settle: WindowTerms
    findings: dict[str, tree.Block]
    counters: dict[str, tree.Block]
    balances: dict[str, tree.Block]
    deferrals: Fraction | None = None
    write_off: int = 0
    ranges: dict[str, Span] = field(default_factory=dict)
    rounding: tuple[Fraction, str] = field(default=(Fraction(1, 100), "half_up"))
