"""Headers and measures every generated contract draws from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from rules_engine.syntax import tree
from tests.strategies import build as b

CATEGORIES = ("rice", "oil", "tea")
SKUS = ("s1", "s2", "s3")
TERMS = (
    (date(2026, 1, 1), date(2026, 4, 30)),
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 1, 10), date(2026, 5, 20)),
    (date(2025, 11, 16), date(2026, 4, 15)),
)
ROUNDINGS = ("half_up", "half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")

Draw = Any


@dataclass(frozen=True)
class Frame:
    """What clauses must know of the header."""

    start: date
    end: date
    settle: str
    back_to_sale: bool
    document_place: bool
    total_place: bool = False


def name_is(column: str, text: str) -> tree.Comparison:
    """`column = text`."""
    return b.compare("=", b.name(column), b.name(text))


def plus(*columns: str) -> tree.Expression:
    """Columns added up."""
    found: tree.Expression = b.name(columns[0])
    for column in columns[1:]:
        found = b.binary("+", found, b.name(column))
    return found


def measure(identifier: str, formula: tree.Expression) -> tree.Block:
    """A measure of one line."""
    return b.block("measure", identifier, b.field("formula", formula), title=identifier)


MEASURES = (
    measure("gmv", b.aggregate("sum", plus("paid", "platform_coupon"), ("sales",), ("customer_returns",))),
    measure("cost_of_sales", b.aggregate("sum", b.name("supply_amount"), ("sales",), ("customer_returns",))),
    measure("turnover", b.aggregate("sum", plus("paid", "platform_coupon"), ("sales",))),
    measure("oil_turnover", b.aggregate("sum", b.name("paid"), ("sales",), where=name_is("category", "oil"))),
    measure("purchases", b.aggregate("sum", b.name("supply_amount"), ("purchase_receipts",), ("warehouse_returns",))),
    measure("bought", b.aggregate("sum", b.name("supply_amount"), ("purchase_receipts", "purchase_batches"))),
    measure("ad_spend", b.aggregate("sum", b.name("amount"), ("marketing_spend",))),
    measure("units", b.aggregate("sum", b.name("quantity"), ("sales",), ("customer_returns",))),
    measure("gross_margin", b.binary("-", b.name("gmv"), b.name("cost_of_sales"))),
)
SIGNED = ("gmv", "cost_of_sales", "purchases", "units", "gross_margin")
"""Measures that can go negative."""


def header(frame: Frame, mode: str, step: str, vat: str, prices: str = "include_vat") -> tuple[tree.Field, ...]:
    """The frame as fields."""
    place = "on_each_document_line" if frame.document_place else "on_the_total" if frame.total_place else "on_each_line"
    return (
        b.field("platform", b.text("Northgate Retail")),
        b.field("supplier", b.name("S-1"), b.text("Golden Grain")),
        b.field("mode", b.word("self_operated")),
        b.field("signed", b.day(date(2025, 10, 10))),
        b.field("term", b.day(frame.start), b.day(frame.end)),
        b.field("currency", b.name("CNY")),
        b.field("prices", b.word(prices), *vat_items(vat)),
        b.field("settle", b.window(frame.settle)),
        b.field("pay", b.number("60", "days"), b.word("after_statement")),
        b.field("payout", b.word("any_amount"), b.word("negative_carried_forward")),
        b.field("late_documents", b.word("settle_in_the_period_they_arrive")),
        b.field("returns", b.word("back_to_the_sale" if frame.back_to_sale else "in_their_own_period")),
        b.field("rounding", b.word(mode), b.number(step), b.word(place)),
    )


def vat_items(vat: str) -> tuple[tree.Item, ...]:
    """One rate, or a rate that changes in the term."""
    if vat:
        return (b.percent(vat),)
    return (
        b.row(b.value(b.rate_part("16")), end=date(2026, 2, 28)),
        b.row(b.value(b.rate_part("13")), start=date(2026, 3, 1)),
    )


@st.composite
def frames(draw: Draw) -> tuple[Frame, tuple[tree.Field, ...]]:
    """A header and what clauses must know of it."""
    start, end = draw(st.sampled_from(TERMS))
    frame = Frame(
        start, end, draw(st.sampled_from(("month", "month", "month", "quarter", "half_month"))),
        draw(st.booleans()), *draw(st.sampled_from(((False, False), (False, False), (True, False), (False, True)))),
    )  # fmt: skip
    mode = draw(st.sampled_from(ROUNDINGS))
    step = draw(st.sampled_from(("0.01", "0.01", "0.1", "1")))
    prices = draw(st.sampled_from(("include_vat", "include_vat", "exclude_vat")))
    return frame, header(frame, mode, step, draw(st.sampled_from(("13", "13", ""))), prices)
