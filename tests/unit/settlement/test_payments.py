"""When a payout falls due, and how much of a balance is paid at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from rules_engine.core.program import PayTerm
from rules_engine.settlement.closing.payments import due_day
from rules_engine.settlement.model import Settlement
from tests.unit.settlement.building import Account, D, clause, document, goods, priced, program, sale, total


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("term", "anchor", "due"),
    [
        (PayTerm(30, "days", "receipt"), "2026-03-10", "2026-04-09"),
        (PayTerm(1, "months", "receipt", overflow="last_day"), "2026-03-10", "2026-04-10"),
        (PayTerm(30, "days", "receipt_month_end"), "2026-03-10", "2026-04-30"),
        (PayTerm(30, "days", "receipt_next_month"), "2026-03-10", "2026-05-01"),
        (PayTerm(0, "days", "statement", day=25, months=1), "2026-12-31", "2027-01-25"),
        (PayTerm(0, "days", "statement", day=31, months=1), "2026-01-31", "2026-02-28"),
        (PayTerm(0, "days", "statement", day=31, months=2), "2025-12-31", "2026-02-28"),
        (PayTerm(30, "days", "receipt", day=10, months=1), "2026-03-10", "2026-05-10"),
        (PayTerm(0, "days", "statement", roll="preceding", day=25, months=1), "2026-03-31", "2026-04-24"),
    ],
)
def test_the_day(term: PayTerm, anchor: str, due: str) -> None:
    assert due_day(term, day(anchor)) == day(due)


def schedule(done: Settlement) -> list[tuple[str, str]]:
    return [(item.due.isoformat() if item.due else "", str(item.amount)) for item in done.payments]


BY_RECEIPT = PayTerm(60, "days", "receipt")


def test_each_document_is_due_by_its_own_day_and_the_schedule_is_the_payout() -> None:
    account = Account(program(goods(), pay=BY_RECEIPT))
    done = account.settle("2026-01", sale("a", "2026-01-03", "10"), sale("b", "2026-01-20", "20"))
    assert schedule(done) == [("2026-03-04", "10.00"), ("2026-03-21", "20.00")]
    assert done.totals.due_date == day("2026-03-04")


def test_what_is_carried_in_reduces_what_falls_due_first() -> None:
    fines = clause("fines", priced(total("amount", "penalty"), "100"))
    account = Account(program(goods(), fines, pay=BY_RECEIPT))
    account.settle("2026-01", document("penalty", "p", "2026-01-06", amount="15"))
    done = account.settle("2026-02", sale("a", "2026-02-03", "10"), sale("b", "2026-02-20", "20"))
    assert schedule(done) == [("2026-04-21", "15.00")]


def test_a_late_document_is_due_by_its_own_day() -> None:
    account = Account(program(goods(), pay=BY_RECEIPT))
    account.settle("2026-01", sale("a", "2026-01-03", "10"))
    late = sale("b", "2026-01-20", "20", "2026-02-05")
    assert schedule(account.settle("2026-02", late)) == [("2026-03-21", "20.00")]


def test_nothing_paid_nothing_due() -> None:
    assert Account(program(goods(), pay=BY_RECEIPT)).settle("2026-01").payments == ()


def test_small_payouts_wait_as_often_as_is_written() -> None:
    account = Account(program(goods(), minimum_payout=D(500), deferrals=2))
    nets = [("2026-01", "100"), ("2026-02", "0"), ("2026-03", "0"), ("2026-04", "100")]
    paid = [str(account.settle(month, sale(month, f"{month}-05", amount)).totals.payout) for month, amount in nets]
    assert paid == ["0.00", "0.00", "100.00", "0.00"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-300, 300), min_size=1, max_size=8), st.integers(0, 3), st.integers(0, 3))
def test_payouts_closing_and_written_off_are_the_nets(nets: list[int], write_off: int, most: int) -> None:
    back = clause("back", priced(total("amount", "penalty"), "100"))
    account = Account(program(goods(), back, minimum_payout=D(100), deferrals=most, write_off_after=write_off))
    paid = written_off = made = closing = Decimal(0)
    for month, net in enumerate(nets, start=1):
        on = f"2026-{month:02d}-05"
        moved = sale(f"s{month}", on, str(net)) if net > 0 else document("penalty", f"p{month}", on, amount=str(-net))
        totals = account.settle(f"2026-{month:02d}", moved).totals
        paid, written_off, made = paid + totals.payout, written_off + totals.written_off, made + totals.net
        closing = totals.carried_out
        assert totals.payout >= 0
        assert totals.written_off <= 0
    assert paid + closing + written_off == made == sum(nets)


def test_an_invoice_is_for_the_period_it_names_or_is_dated_in() -> None:
    account = Account(program(goods(), pay=PayTerm(30, "days", "invoice")))
    march, later = document("invoice", "v", "2026-03-20", amount="60"), document("invoice", "w", "2026-04-03", amount="40")
    done = account.settle("2026-03", sale("a", "2026-03-05", "100"), march, later)
    assert schedule(done) == [("2026-04-19", "60.00"), ("", "40.00")]
    assert schedule(account.settle("2026-04", sale("b", "2026-04-05", "50"))) == [("2026-05-03", "40.00"), ("", "10.00")]
