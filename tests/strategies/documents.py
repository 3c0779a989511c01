"""Documents that go with a generated contract: sales and what follows them, receipts, spend, labelling; early and late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.strategies.frame import CATEGORIES, SKUS

Draw = Any
Row = dict[str, Any]

BOUNDS = (5, 20, 50, 120)
"""Amounts at which generated bands begin and end."""
AMOUNTS = st.one_of(
    st.sampled_from((0, 1, 5, 15, 125, 995, 1005, 10_005, 99_995)),
    st.integers(0, 60_000),
    st.integers(1, 120).map(lambda whole: whole * 1000),
    st.sampled_from(BOUNDS).map(lambda whole: whole * 1000),
).map(lambda thousandths: Fraction(thousandths, 1000))
"""Money with thousandths, so that halves of a cent are common."""

QUANTITIES = st.one_of(st.sampled_from((0, 1, 12, 24)), st.integers(0, 40)).map(Fraction)
VAT = st.sampled_from((None, None, None, Fraction(9, 100), Fraction(13, 100)))
FAMILIES = ("sale", "sale", "sale", "return", "unlinked", "receipt", "sent_back", "spend", "labelling", "wire")
MORE = (*FAMILIES, "audit", "audit", "transshipment", "prepayment")
"""The families with those only written contracts read."""


def families(text: str) -> tuple[str, ...]:
    """The families that a contract's text knows."""
    words = {
        "found_approved": "judgement", "indexed_notice": "notice", "documents price_adjustments": "adjusted", "rebate noted": "word",
    }  # fmt: skip
    more = [family for word, family in words.items() if word in text for _ in range(6)]
    return (*MORE, *more) if "documents audits" in text else FAMILIES


@st.composite
def days(draw: Draw, start: date, end: date) -> Any:
    """A day of the term, the edges of months more often; now and then one beside the term."""
    last = (end - start).days
    day = start + timedelta(days=draw(st.integers(0, min(last, 130))))
    edge = draw(st.integers(0, 7))
    if edge == 0:
        return max(start, day.replace(day=1))
    if edge == 1:
        return max(start, day.replace(day=1) - timedelta(days=1))
    if edge == 2:
        return draw(st.sampled_from((start, end, start - timedelta(days=1), end + timedelta(days=1))))
    return day


def goods_cells(draw: Draw) -> Row:
    """What a sale and its return say."""
    return {
        "category": draw(st.sampled_from(CATEGORIES)), "sku": draw(st.sampled_from(SKUS)), "quantity": draw(QUANTITIES),
        "supply_amount": draw(AMOUNTS), "paid": draw(AMOUNTS), "platform_coupon": draw(AMOUNTS) / 8,
        "platform_discount": draw(AMOUNTS) / 4, "campaign": draw(st.sampled_from(("618", "none"))), "vat": draw(VAT),
        "order_id": draw(st.sampled_from(("O1", "O2", "O3"))),
    }  # fmt: skip


def part_of(sale: Row, share: Fraction) -> Row:
    """A return of a part of a sale: same goods, its own figures, no word on campaign or VAT."""
    figures = ("quantity", "supply_amount", "paid", "platform_coupon", "platform_discount")
    cells = {column: Fraction(int(sale[column] * share * 1000), 1000) for column in figures}
    return {**cells, "ref_doc_id": sale["doc_id"], "ref_line_no": sale["line_no"]}


@st.composite
def rows(draw: Draw, start: date, end: date, most: int = 12, families: Sequence[str] = FAMILIES) -> tuple[Row, ...]:
    """Some documents of one contract, ids in drawing order; now and then a last sale brings its month exactly onto a bound."""
    found: list[Row] = []
    for index, family in enumerate(draw(st.lists(st.sampled_from(families), min_size=4, max_size=most))):
        cells = one(draw, family, [row for row in found if row["type"] == "sale"])
        day = draw(days(start, end))
        if cells.get("ref_doc_id"):
            day = max(day, next(row["date"] for row in found if row["doc_id"] == cells["ref_doc_id"]))
        late = draw(st.sampled_from((0, 0, 0, 0, 20, 45)))
        row = {"doc_id": f"D{index}", "line_no": "1", "date": day, **cells}
        found.append({**row, "known_on": day + timedelta(days=late)} if late else row)
    onto = draw(st.integers(0, 2)) == 0
    return (*found, *onto_a_bound(draw(st.sampled_from(BOUNDS)), found)) if onto else tuple(found)


def onto_a_bound(bound: int, found: Sequence[Row]) -> Sequence[Row]:
    """A sale that makes what was sold in the month of the first sale exactly `bound`, where less was sold."""
    sales = [row for row in found if row["type"] == "sale"]
    if not sales:
        return ()
    first = sales[0]
    month = [row for row in sales if (row["date"].year, row["date"].month) == (first["date"].year, first["date"].month)]
    lacking = bound - sum((row["paid"] + row["platform_coupon"] for row in month), Fraction(0))
    return ({**first, "doc_id": "BOUND", "paid": lacking, "platform_coupon": Fraction(0)},) if lacking > 0 else ()


def one(draw: Draw, family: str, sales: Sequence[Row]) -> Row:
    """The cells of one document."""
    if family == "return" and sales:
        share = draw(st.sampled_from((Fraction(1), Fraction(1, 2), Fraction(1, 3))))
        return {"type": "customer_return", **part_of(draw(st.sampled_from(list(sales))), share)}
    match family:
        case "sale" | "return":
            return {"type": "sale", **goods_cells(draw)}
        case "unlinked":
            return {"type": "customer_return", **goods_cells(draw)}
        case "receipt" | "sent_back":
            cells = goods_cells(draw)
            kinds = ("purchase_receipt", "purchase_batch") if family == "receipt" else ("warehouse_return",)
            kept = ("category", "sku", "quantity", "supply_amount", "vat")
            return {"type": draw(st.sampled_from(kinds)), **{column: cells[column] for column in kept}}
        case _:
            pass
    if family == "audit":
        return {"type": "audits", "score": draw(st.sampled_from((0, 79, 80, 81, 100)).map(Fraction))}
    if family == "notice":
        return {"type": "indexed_notice", "change": draw(st.sampled_from((-5, 0, 3, 10)).map(lambda part: Fraction(part, 100)))}
    if family == "adjusted":
        prices = {"old_price": draw(AMOUNTS), "new_price": draw(AMOUNTS), "in_stock": draw(QUANTITIES)}
        return {"type": "price_adjustment", "sku": draw(st.sampled_from(SKUS)), **prices}
    if family == "word":
        return said(draw)
    if family == "judgement":
        return {"type": "found_approved", "answer": draw(st.sampled_from(("yes", "no"))), "by": "Li Wei"}
    kind = {"spend": "marketing_spend", "wire": "deposit_payment"}.get(family, family)
    amount = {"amount": draw(AMOUNTS), "quantity": draw(QUANTITIES)}
    return {"type": kind, "category": draw(st.sampled_from(CATEGORIES)), "sku": draw(st.sampled_from(SKUS)), **amount}


def said(draw: Draw) -> Row:
    """A confirmation, a refusal or a dispute about the line of a month."""
    kind = draw(st.sampled_from(("confirmation", "confirmation", "dispute")))
    amount = draw(st.sampled_from((None, "1", "1", "4")))
    month = draw(st.sampled_from(("", "2026-01-01..2026-01-31", "2026-01-01..2026-01-31", "2026-02-01..2026-02-28")))
    about = {"clause": "noted", "window": month or None, "category": draw(st.sampled_from((None, None, None, *CATEGORIES)))}
    figures = {"amount": None if amount is None else Fraction(amount), "by": "Li Wei", "reason": "checked"}
    return {"type": kind, **{column: value for column, value in {**about, **figures}.items() if value is not None}}


def texts(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as a file would hold it; blank cells are left out."""
    return {column: cell(value) for column, value in row.items() if value is not None}


def cell(value: Any) -> str:
    """One cell as text: exact decimals, ISO days."""
    if isinstance(value, Fraction):
        scaled = value * 10**10
        assert scaled.denominator == 1
        digits = str(abs(scaled.numerator)).rjust(11, "0")
        text = f"{digits[:-10]}.{digits[-10:]}".rstrip("0").rstrip(".")
        return f"-{text}" if value < 0 else text
    return value.isoformat() if isinstance(value, date) else str(value)
