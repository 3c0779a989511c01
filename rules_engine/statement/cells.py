"""One line of a statement as typed cells: what CSV files and workbooks share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.settlement.model import Line, Settlement
from rules_engine.statement.numbers import decimal_text, last_day

COLUMNS = (
    "id", "clause", "kind", "title", "group", "from", "to", "payee", "direction", "status", "base", "unrounded", "target",
    "posted", "amount", "invoice_by", "treatment", "vat_rate", "net_of_vat", "vat", "documents", "corrects", "reference",
    "computed", "stated", "by", "on", "reason", "since", "account",
)  # fmt: skip
Cell = str | int | Decimal | date | None


def line_cells(line: Line, account: str = "") -> tuple[Cell, ...]:
    """The cells of a line in the order of `COLUMNS`; None is an empty cell. `account` is empty for the supplier's own."""
    papers, group = line.papers, "; ".join(f"{key}={value}" for key, value in line.group.items())
    return (
        line.id, line.clause, line.kind, line.title, group, line.window.start, last_day(line.window), line.payee,
        line.direction, line.status, line.base, Decimal(decimal_text(Fraction(line.unrounded))), line.target, line.posted,
        line.amount, papers.invoice_by, papers.treatment, papers.vat_rate, papers.net_of_vat, papers.vat, line.document_count,
        " ".join(line.corrects), line.source, *_life(line), account,
    )  # fmt: skip


def _life(line: Line) -> tuple[Cell, ...]:
    life = line.lifecycle
    return (None,) * 6 if life is None else (life.computed, life.stated, life.by, life.on, life.reason, life.since)


def beside(settlement: Settlement) -> Iterator[tuple[Line, str]]:
    """(line, account) of all that moves none of the supplier's money now: pending lines, goods, and the accounts of payees."""
    yield from ((line, "") for line in settlement.pending)
    yield from ((line, f"goods:{line.goods}") for line in settlement.goods)
    yield from ((line, payee.party) for payee in settlement.payees for line in payee.lines)
