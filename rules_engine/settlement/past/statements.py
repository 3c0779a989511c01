"""Statements of earlier runs, as the kernel reads them: what is posted under which key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal

from rules_engine.record import dataclass
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.model import Balance, CarriedMeasure, Lifecycle, Line, Settlement
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period

SCHEMA = "settlewright/statement/1"
ADJUSTED = ".adjustment"
"""Ends the clause of an adjustment's key; no clause id has a point in it."""
ACCEPTED = "accepted"
DIRECTIONS = ("payable", "receivable")


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A line that stands. `group` is (column, value) in written order; amounts are in `direction`."""

    id: str
    clause: str
    kind: str
    title: str
    group: tuple[tuple[str, str], ...]
    window: Period
    payee: str
    direction: str
    amount: Decimal
    net_of_vat: Decimal
    vat: Decimal
    vat_rate: Decimal | None
    invoice_by: str
    treatment: str
    target: Decimal
    posted: Decimal
    flags: tuple[str, ...] = ()
    payer: str = ""

    @property
    def waived(self) -> Decimal:
        """What was left between the computed figure and the one both sides agreed on."""
        return self.target - self.posted - self.amount if ACCEPTED in self.flags else NOTHING

    @property
    def key(self) -> Key:
        """What it is posted under; an adjustment stands beside what it adjusts."""
        clause = f"{self.clause}{ADJUSTED}" if self.kind == "adjustment" else self.clause
        return Key(clause, tuple(sorted(self.group)), self.window.start, self.payee, self.vat_rate)


@dataclass(frozen=True, slots=True)
class PostedPending:
    """A line that an earlier statement showed waiting."""

    id: str
    flags: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None


@dataclass(frozen=True, slots=True)
class PostedStatement:
    """One earlier statement: its lines in totals, what it carried out, and what proves its documents. `others` are the lines of
    its payees that move no money of the supplier's."""

    contract: str
    contract_sha256: str
    period: Period
    as_of: date | None
    currency: str
    lines: tuple[PostedLine, ...]
    carried_in: Decimal
    carried_out: Decimal
    control_totals: Mapping[str, str] = field(default_factory=dict)
    carried_measures: tuple[CarriedMeasure, ...] = ()
    balances: tuple[Balance, ...] = ()
    notices: tuple[str, ...] = ()
    payout: Decimal = NOTHING
    written_off: Decimal = NOTHING
    pending: tuple[PostedPending, ...] = ()
    others: tuple[PostedLine, ...] = ()
    book: str = "settled"
    accrual: tuple[PostedLine, ...] = ()

    @property
    def known_by(self) -> date:
        """The last day of what it knew."""
        return self.as_of or self.period.last


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything posted under one key, in one direction."""

    amount: Decimal
    net_of_vat: Decimal
    lines: tuple[PostedLine, ...]
    waived: Decimal = NOTHING


UNPOSTED = Standing(NOTHING, NOTHING, (), NOTHING)


def standing(lines: Iterable[PostedLine], direction: str) -> Standing:
    """The sum of a key's lines, in `direction`; a line of the other direction counts against it."""
    known = tuple(lines)
    if not known:
        return UNPOSTED
    signs = [1 if line.direction == direction else -1 for line in known]
    return Standing(
        sum((sign * line.amount for sign, line in zip(signs, known, strict=True)), NOTHING),
        sum((sign * line.net_of_vat for sign, line in zip(signs, known, strict=True)), NOTHING),
        known,
        sum((sign * line.waived for sign, line in zip(signs, known, strict=True)), NOTHING),
    )


def as_posted(settlement: Settlement) -> PostedStatement:
    """A settlement taken as posted, as if its statement had been written and read again."""
    header = settlement.program.header
    return PostedStatement(
        header.id,
        header.sha256,
        settlement.period,
        settlement.as_of,
        header.currency,
        tuple(posted_line(line) for line in settlement.lines),
        settlement.totals.carried_in,
        settlement.totals.carried_out,
        settlement.receipt.control_totals,
        settlement.receipt.carried_measures,
        settlement.balances,
        tuple(code for code, _ in settlement.notices),
        settlement.totals.payout,
        settlement.totals.written_off,
        tuple(PostedPending(line.id, line.flags, line.lifecycle) for line in settlement.pending),
        tuple(posted_line(line) for line in (*(line for payee in settlement.payees for line in payee.lines), *settlement.goods)),
        settlement.book,
        tuple(posted_line(line) for line in settlement.accrual),
    )


def posted_line(line: Line) -> PostedLine:
    """A line as it stands once posted."""
    papers = line.papers
    return PostedLine(
        line.id, line.clause, line.kind, line.title, tuple(line.group.items()), line.window, line.payee, line.direction,
        line.amount, papers.net_of_vat, papers.vat, papers.vat_rate, papers.invoice_by, papers.treatment, line.target, line.posted,
        line.flags,
        line.payer,
    )  # fmt: skip
