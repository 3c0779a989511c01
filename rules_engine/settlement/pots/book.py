"""A balance as it stands at a moment: its accounts, who took from them, and what was left uncovered."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from fractions import Fraction

from rules_engine.core.program import Balance
from rules_engine.engine.evaluator import Outcome
from rules_engine.record import dataclass
from rules_engine.settlement.pots.layers import Account, Taking


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes: a clause's group in a window."""

    clause: str
    group: tuple[str, ...]
    start: date


@dataclass(slots=True)
class Book:
    """A balance at a moment. `accounts` by its own group; `takings` with the point each unit was looked at; `left` what a
    clause's documents leave uncovered, by place; `failure` is why it has no figures."""

    balance: Balance
    moment: date
    accounts: dict[tuple[str, ...], Account] = field(default_factory=dict)
    takings: dict[Taker, tuple[date, Taking]] = field(default_factory=dict)
    left: dict[str, dict[tuple[int, str], Fraction]] = field(default_factory=dict)
    failure: Outcome | None = None

    def account(self, group: tuple[str, ...]) -> Account:
        """The group's account."""
        return self.accounts.setdefault(group, Account())
