"""How the lines of a statement are laid out for reading: by paper, signed from the supplier's money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from rules_engine.record import dataclass
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.model import Line, PaperTotals, Payment, Settlement, UnusedDocument
from rules_engine.settlement.papers import PAPERS, paper_of, smallest_unit
from rules_engine.settlement.reasons import AFTER_PERIOD


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one paper; `subtotal` is what they add to the net."""

    paper: str
    lines: tuple[Line, ...]
    subtotal: Decimal


def signed(line: Line) -> Decimal:
    """What the line adds to the net: payables add, receivables take away."""
    return line.amount if line.direction == "payable" else line.amount.copy_negate() if line.amount else line.amount


def sections(lines: Iterable[Line]) -> tuple[Section, ...]:
    """Lines by paper in the order of the invoice plan; inside a paper they keep their order."""
    by_paper: dict[str, list[Line]] = {name: [] for name in PAPERS}
    for line in lines:
        by_paper[paper_of(line)].append(line)
    return tuple(
        Section(name, tuple(found), total(signed(line) for line in found)) for name, found in by_paper.items() if found
    )


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum; amounts of a statement have few digits, so nothing is ever rounded here."""
    return sum(amounts, Decimal("0.00"))


def of_period(found: Iterable[UnusedDocument]) -> tuple[UnusedDocument, ...]:
    """The documents a reader has to look at; those of a later period wait for their own statement."""
    return tuple(item for item in found if item.reason != AFTER_PERIOD)


def of_later(found: Iterable[UnusedDocument]) -> int:
    """How many documents wait for a later period's statement."""
    return sum(item.reason == AFTER_PERIOD for item in found)


def heading(settlement: Settlement) -> str:
    """The phrase for what the statement is."""
    return "statement.accrual" if settlement.book == "accrual" else "statement"


def schedule(settlement: Settlement) -> tuple[Payment, ...]:
    """The payments, where there is more to say than one day."""
    found = settlement.payments
    return found if len(found) > 1 or any(item.due is None or item.documents for item in found) else ()


def payout_key(settlement: Settlement) -> str:
    """The phrase for the payout: a negative one is paid by the supplier."""
    return "payout_negative" if settlement.totals.payout < 0 else "payout"


def paper_totals(settlement: Settlement) -> PaperTotals:
    """The invoice plan with at least the decimals of the currency in every sum."""
    papers, unit = settlement.papers, smallest_unit(settlement.program.header.currency)
    return replace(
        papers,
        supplier_invoice=at_scale(papers.supplier_invoice, unit),
        platform_invoice=at_scale(papers.platform_invoice, unit),
        receipts=at_scale(papers.receipts, unit),
        prepayment_applied=at_scale(papers.prepayment_applied, unit),
    )


def language_of(settlement: Settlement, lang: str | None) -> str:
    """The language asked for, else the contract's."""
    return lang or settlement.program.header.language
