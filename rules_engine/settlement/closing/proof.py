"""The identities every settlement must meet before anyone sees it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules_engine.settlement.lines.payees import brought
from rules_engine.settlement.model import Settlement, Totals
from rules_engine.settlement.subtract import CONFIRMED, WAIVED
from rules_engine.settlement.targets import NOTHING


class ProofError(AssertionError):
    """An identity does not hold: a bug of ours, never a wrong statement."""


def prove(settlement: Settlement) -> Settlement:
    """The settlement itself; raises `ProofError` naming every identity that fails."""
    broken = [name for name, holds in _identities(settlement) if not holds]
    if broken:
        raise ProofError(f"{settlement.program.header.id} {settlement.period}: {'; '.join(broken)}")
    return settlement


def _identities(settlement: Settlement) -> Iterator[tuple[str, bool]]:
    totals, papers, lines = settlement.totals, settlement.papers, settlement.lines
    for direction, total in (("payable", totals.payable), ("receivable", totals.receivable)):
        yield f"sum of {direction} lines", sum((line.amount for line in lines if line.direction == direction), NOTHING) == total
    yield "net = payable - receivable", totals.net == totals.payable - totals.receivable
    yield "payout + carried out = net + carried in", _moved(totals) == totals.net + totals.carried_in
    yield "payments = payout", not settlement.payments or sum((item.amount for item in settlement.payments), NOTHING) == totals.payout
    whole = papers.supplier_invoice - papers.platform_invoice - papers.receipts - papers.prepayment_applied
    yield "net = supplier invoice - platform invoice - receipts - prepayment applied", totals.net == whole
    yield "papers by VAT rate", _by_rate(settlement) == whole
    others = tuple(line for payee in settlement.payees for line in payee.lines)
    yield "net of VAT + VAT", all(line.papers.net_of_vat + line.papers.vat == line.amount for line in (*lines, *others))
    yield "payees", sum((item.receives for item in settlement.payees), NOTHING) == sum((brought(line) for line in (*lines, *others) if line.payee), NOTHING)
    yield "parts by VAT rate", all(part.net + part.vat == part.gross for part in papers.by_vat_rate)
    yield (
        "amount within target - posted",
        all(
            _within(line.amount, line.target - line.posted)
            for line in (*lines, *others)
            if line.status != "pending" and not {CONFIRMED, WAIVED} & set(line.flags)
        ),
    )
    yield "goods apart", not any(line.goods for line in (*lines, *others))
    every = (*lines, *others, *settlement.goods, *settlement.pending)
    yield "unique line ids", len({line.id for line in every}) == len(every)
    yield "balances", all(item.closing == item.opening + item.added - item.used - item.expired for item in settlement.balances)


def _moved(totals: Totals) -> Decimal:
    return totals.payout + totals.carried_out + totals.written_off


def _by_rate(settlement: Settlement) -> object:
    parts = settlement.papers.by_vat_rate
    return sum((part.gross if part.paper == "supplier" else -part.gross for part in parts), NOTHING)


def _within(amount: object, due: object) -> bool:
    """A line moves what is due, or less of it where money could not be collected."""
    return amount == due or 0 < amount < due  # type: ignore[operator]
