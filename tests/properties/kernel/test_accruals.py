"""The accrual book on generated histories: accrued = settled + open + reversed, and S + A = T after every run."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings, strategies as st

from rules_engine.core.program import OnAccount, Program
from rules_engine.documents.model import Document, Documents
from rules_engine.settlement.model import Line, Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle
from tests.unit.settlement.building import QUARTER, D, at_least, at_most, clause, goods, priced, program, sale, total, whole

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
PLANS = (None, OnAccount("month"), OnAccount("month", taken_back="never"))


def contract(plan: OnAccount | None, waits: bool) -> Program:
    earn = replace(priced(total(), "10"), price=whole(("50", "1"), ("200", "3")))
    bonus = clause("bonus", earn, period=QUARTER, on_account=plan, bounds=(at_most("9"), at_least("2")), needs_confirmation=waits)
    return program(goods(), bonus)


def signed(line: Line) -> Decimal:
    return line.amount if line.direction == "payable" else -line.amount


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 150), st.booleans()), max_size=6),
    st.lists(st.sampled_from(("accrue", "settle", "both")), min_size=4, max_size=4),
    st.sampled_from(PLANS), st.booleans(),
)  # fmt: skip
def test_what_is_accrued_is_settled_open_or_reversed(
    sales: list[tuple[int, int, bool]], plan: list[str], on_account: OnAccount | None, waits: bool
) -> None:
    made = contract(on_account, waits)
    documents = Documents(tuple(document(number, *item) for number, item in enumerate(sales)))
    done: list[Settlement] = []
    for month, what in zip(MONTHS, plan, strict=True):
        for book in {"accrue": ("accrual",), "settle": ("settled",), "both": ("accrual", "settled")}[what]:
            done.append(settle(made, documents, month, [as_posted(item) for item in done], book=book))
        if any(item.book == "accrual" for item in done):
            earned = settle(made, documents, month, (), book="accrual").totals.net
            assert sum(map(signed, settled(done)), D(0)) + sum(map(signed, accrued(done)), D(0)) == earned, "S + A is not T"
            assert closing(done) == sum(map(signed, accrued(done)), D(0))


def settled(done: list[Settlement]) -> list[Line]:
    return [line for item in done if item.book == "settled" for line in item.lines]


def accrued(done: list[Settlement]) -> list[Line]:
    return [line for item in done for line in (item.lines if item.book == "accrual" else item.accrual)]


def closing(done: list[Settlement]) -> Decimal:
    held = [balance for item in done for balance in item.balances if balance.kind == "accrual"]
    return held[-1].closing if held else D(0)


def document(number: int, month: int, amount: int, late: bool) -> Document:
    known = f"2026-{month + 2:02d}-03" if late else ""
    return sale(f"s{number}", f"2026-{month + 1:02d}-05", str(amount), known)
