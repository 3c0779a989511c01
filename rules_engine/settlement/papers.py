"""Papers: VAT of a line by difference of cumulative amounts, and the invoice plan (kernel rule 10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from rules_engine.core.program import Header, Papers
from rules_engine.settlement.model import Line, LinePapers, PaperTotals, VatPart
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_ratio, round_to

_MINOR = {"JPY": "1", "KRW": "1", "VND": "1", "KWD": "0.001", "BHD": "0.001", "OMR": "0.001", "TND": "0.001", "JOD": "0.001"}
PAPERS = ("supplier", "platform", "receipt", "prepayment")


@lru_cache(maxsize=64)
def smallest_unit(currency: str) -> Decimal:
    """The smallest amount of a currency, 0.01 unless it is known to differ."""
    return Decimal(_MINOR.get(currency, "0.01"))


def rate_on(header: Header, day: date) -> Decimal | None:
    """The contract's VAT rate on a day; None if it names none."""
    for rate in header.vat:
        if (rate.start is None or rate.start <= day) and (rate.end is None or day < rate.end):
            return rate.value
    return None


def grossed(header: Header, papers: Papers, rate: Decimal | None, amount: Decimal) -> Decimal:
    """The amount with its VAT: prices that exclude VAT get rounded net × rate on top."""
    if rate is None or header.prices_include_vat or papers.vat == "none":
        return amount
    return amount + round_to(as_fraction(amount) * as_fraction(rate), smallest_unit(header.currency), "half_up")


def split(header: Header, rate: Decimal | None, amount: Decimal) -> tuple[Decimal, Decimal]:
    """(net, VAT) of a cumulative amount that includes VAT: net is rounded, VAT is the rest."""
    if rate is None:
        return amount, NOTHING
    above, below = amount.as_integer_ratio()
    part, whole = _share_of_net(rate)
    net = round_ratio(above * part, below * whole, smallest_unit(header.currency), "half_up")
    return net, amount - net


@lru_cache(maxsize=256)
def _share_of_net(rate: Decimal) -> tuple[int, int]:
    """One over one and the rate, as two whole numbers."""
    return (1 / (1 + as_fraction(rate))).as_integer_ratio()


def line_papers(
    header: Header, papers: Papers, rate: Decimal | None, cumulative: Decimal, posted_net: Decimal, amount: Decimal
) -> LinePapers:
    """The papers of a line: net of everything including it, less the net already posted."""
    net = split(header, rate, cumulative)[0] - posted_net
    return LinePapers(papers.invoice_by, papers.treatment, rate, net, amount - net)


def paper_of(line: Line) -> str:
    """On which paper a line stands: supplier, platform, receipt or prepayment."""
    if line.papers.treatment == "prepayment":
        return "prepayment"
    return line.papers.invoice_by if line.papers.invoice_by in ("supplier", "platform") else "receipt"


def invoice_plan(lines: Iterable[Line]) -> PaperTotals:
    """The papers of a settlement: the supplier's invoice counts what is payable, the others what is receivable."""
    parts: dict[tuple[str, Decimal | None], tuple[Decimal, Decimal, Decimal]] = {}
    for line in lines:
        paper = paper_of(line)
        sign = 1 if (line.direction == "payable") == (paper == "supplier") else -1
        gross, net, vat = parts.get((paper, line.papers.vat_rate), (NOTHING, NOTHING, NOTHING))
        parts[paper, line.papers.vat_rate] = (
            gross + sign * line.amount, net + sign * line.papers.net_of_vat, vat + sign * line.papers.vat,
        )  # fmt: skip
    order = sorted(parts, key=lambda part: (PAPERS.index(part[0]), part[1] is None, -(part[1] or NOTHING)))
    supplier, platform, receipts, applied = (
        sum((parts[part][0] for part in order if part[0] == paper), NOTHING) for paper in PAPERS
    )
    return PaperTotals(supplier, platform, receipts, applied, tuple(VatPart(*part, *parts[part]) for part in order))
