"""How the lines of a statement are laid out for reading: by paper, signed from the supplier's money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rules_engine.settlement.model import Line, Settlement

PAPERS = ("supplier", "platform", "receipt", "prepayment", "none")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one paper; `subtotal` is what they add to the net."""

    paper: str
    lines: tuple[Line, ...]
    subtotal: Decimal


def signed(line: Line) -> Decimal:
    """What the line adds to the net: payables add, receivables take away."""
    return line.amount if line.direction == "payable" else line.amount.copy_negate() if line.amount else line.amount


def paper(line: Line) -> str:
    """The paper a line belongs to: a prepayment applied is its own, else whoever invoices."""
    return "prepayment" if line.papers.treatment == "prepayment" else line.papers.invoice_by


def sections(lines: Iterable[Line]) -> tuple[Section, ...]:
    """Lines by paper in the order of the invoice plan; inside a paper they keep their order."""
    by_paper: dict[str, list[Line]] = {name: [] for name in PAPERS}
    for line in lines:
        by_paper.setdefault(paper(line), []).append(line)
    return tuple(
        Section(name, tuple(found), total(signed(line) for line in found)) for name, found in by_paper.items() if found
    )


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum; amounts of a statement have few digits, so nothing is ever rounded here."""
    return sum(amounts, Decimal("0.00"))


def language_of(settlement: Settlement, lang: str | None) -> str:
    """The language asked for, else the contract's."""
    return lang or settlement.program.header.language
