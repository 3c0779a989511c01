"""Totals, payouts, balances, papers and what is taken only out of a positive net."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules_engine.core.expressions import Arithmetic, Choice, ChoiceRow, Expression
from rules_engine.core.program import Clause, DueShare, Measure, OnAccount, Papers, PayTerm, Share, Spread
from rules_engine.core.units import Unit
from rules_engine.settlement.closing.payments import due_day
from rules_engine.settlement.closing.proof import ProofError, prove
from rules_engine.values.calendar import CalendarUncovered
from rules_engine.values.period import parse_period
from tests.unit.settlement.building import (
    WHOLE,
    Account,
    D,
    amounts,
    at_least,
    clause,
    document,
    equals,
    goods,
    money,
    over,
    priced,
    program,
    sale,
    total,
)  # fmt: skip


def fines() -> Clause:
    return clause("fines", priced(total("amount", "penalty"), "100"), papers=Papers("receipt", "cash", "none"))


def fine(name: str, day: str, amount: str) -> object:
    return document("penalty", name, day, amount=amount)


def test_s12_a_negative_settlement_is_carried_forward() -> None:
    account = Account(program(goods(), fines()))
    first = account.settle("2026-01", sale("a", "2026-01-05", "30000"), document("penalty", "p", "2026-01-06", amount="45000"))
    assert [str(item) for item in (first.totals.net, first.totals.payout, first.totals.carried_out)] == [
        "-15000.00",
        "0.00",
        "-15000.00",
    ]
    assert first.totals.due_date is None
    second = account.settle("2026-02", sale("b", "2026-02-05", "60000"), document("penalty", "q", "2026-02-06", amount="5000"))
    assert [str(item) for item in (second.totals.carried_in, second.totals.payout)] == ["-15000.00", "40000.00"]
    assert [(item.kind, str(item.opening), str(item.closing)) for item in second.balances] == [("carried", "-15000.00", "0.00")]


def test_a_negative_net_may_be_invoiced() -> None:
    account = Account(program(goods(), fines(), negative_net="invoiced"))
    done = account.settle("2026-01", document("penalty", "p", "2026-01-06", amount="45"))
    assert (str(done.totals.payout), str(done.totals.carried_out)) == ("-45.00", "0.00")


def test_a_small_payout_waits() -> None:
    account = Account(program(goods(), minimum_payout=D(1000)))
    first = account.settle("2026-01", sale("a", "2026-01-05", "999.99"))
    assert (str(first.totals.payout), str(first.totals.carried_out)) == ("0.00", "999.99")
    second = account.settle("2026-02", sale("b", "2026-02-05", "0.01"))
    assert str(second.totals.payout) == "1000.00"


def deposit(required: str = "50000", refund: date | None = None) -> Clause:
    wired = total("amount", "deposit_payment")
    need: Expression = money(required)
    if refund is not None:
        need = Choice((ChoiceRow(need, end=refund), ChoiceRow(money("0"), otherwise=True)), Unit.MONEY)
    return clause(
        "quality", Arithmetic("-", (need, wired), Unit.MONEY), kind="deposit", period=WHOLE, on_account=OnAccount("settlement"),
        papers=Papers("receipt", "cash", "none"), collect="within_net", due=(DueShare(D(1), date(2026, 1, 9)),),
    )  # fmt: skip


def test_s14_the_rest_of_a_deposit_rolls() -> None:
    account = Account(program(goods(), deposit()))
    wire = document("deposit_payment", "w", "2026-01-04", amount="20000")
    first = account.settle("2026-01", sale("a", "2026-01-05", "18000"), wire)
    second = account.settle("2026-02", sale("b", "2026-02-05", "90000"))
    third = account.settle("2026-03", sale("c", "2026-03-05", "10"))
    assert amounts(first) == {"sold 01": "18000.00", "quality 01": "18000.00"}
    assert amounts(second) == {"sold 02": "90000.00", "quality 01": "12000.00"}
    assert amounts(third) == {"sold 03": "10.00"}
    assert [str(item.totals.payout) for item in (first, second, third)] == ["0.00", "78000.00", "10.00"]
    assert [str(item.closing) for done in (first, second, third) for item in done.balances if item.kind == "deposit"] == [
        "38000.00", "50000.00", "50000.00",
    ]  # fmt: skip


def test_a_deposit_is_not_taken_out_of_a_carried_debt() -> None:
    account = Account(program(goods(), fines(), deposit("100")))
    account.settle("2026-01", document("penalty", "p", "2026-01-06", amount="45"))
    second = account.settle("2026-02", sale("b", "2026-02-05", "60"))
    assert amounts(second) == {"sold 02": "60.00", "quality 01": "15.00"}


def test_a_deposit_is_not_taken_before_it_is_due() -> None:
    made = replace(deposit("100"), due=(DueShare(D(1), date(2026, 2, 9)),))
    account = Account(program(goods(), made))
    first = account.settle("2026-01", sale("a", "2026-01-05", "1000"))
    assert [(item.clause, item.reason) for item in first.nothing_due] == [("quality", "not_yet_due")]
    assert amounts(account.settle("2026-02")) == {}
    assert amounts(account.settle("2026-03", sale("b", "2026-03-05", "70"))) == {"sold 03": "70.00", "quality 01": "70.00"}


def test_a_deposit_comes_back_on_its_refund_day() -> None:
    account = Account(program(goods(), deposit("100", refund=date(2026, 3, 10))))
    account.settle("2026-01", sale("a", "2026-01-05", "1000"))
    account.settle("2026-02")
    done = account.settle("2026-03")
    assert amounts(done) == {"quality 01": "-100.00"}
    assert str(done.totals.payout) == "100.00"


def test_a_payment_before_the_term_counts_from_its_first_day() -> None:
    account = Account(program(goods(), deposit("100")))
    done = account.settle(
        "2026-01", sale("a", "2026-01-05", "1000"), document("deposit_payment", "w", "2025-12-29", amount="40")
    )
    assert amounts(done)["quality 01"] == "60.00"
    assert not done.unused


def test_prepayments_are_applied_to_what_is_payable() -> None:
    made = clause(
        "advance", priced(total("amount", "prepayment"), "100"), kind="prepayment", collect="within_net",
        papers=Papers("none", "prepayment", "none"),
    )  # fmt: skip
    account = Account(program(goods(), made))
    first = account.settle("2026-01", sale("a", "2026-01-05", "70"), document("prepayment", "p", "2026-01-02", amount="100"))
    assert str(first.papers.prepayment_applied) == "70.00"
    second = account.settle("2026-02", sale("b", "2026-02-05", "70"))
    assert amounts(second) == {"sold 02": "70.00", "advance 01": "30.00"}
    assert [(item.kind, str(item.opening), str(item.used), str(item.closing)) for item in second.balances] == [
        ("prepayment", "30.00", "30.00", "0.00")
    ]


def test_due_shares_post_their_part_when_their_day_comes() -> None:
    shares = (DueShare(D("0.4"), date(2026, 2, 10)), DueShare(D("0.6"), date(2026, 4, 10)))
    account = Account(program(clause("c", money("100.01"), period=WHOLE, due=shares)))
    found = [amounts(account.settle(f"2026-0{month}")) for month in range(1, 6)]
    assert found == [{}, {"c 01": "40.00"}, {}, {"c 01": "60.01"}, {}]
    assert {line.status for done in account.settlements for line in done.lines} == {"due"}


def test_an_amount_spread_by_day_follows_the_calendar() -> None:
    made = clause("c", money("365"), period=WHOLE, spread=Spread("day", start=date(2026, 1, 1), end=date(2027, 1, 1)))
    account = Account(program(made))
    assert [amounts(account.settle(f"2026-0{month}")) for month in (1, 2)] == [{"c 01": "31.00"}, {"c 01": "28.00"}]


def test_payees_share_and_the_last_takes_the_rest() -> None:
    made = clause("c", priced(total(), "10"), shares=(Share("A", D("0.35")), Share("B", D("0.15")), Share("C", None)))
    done = Account(program(made)).settle("2026-01", sale("a", "2026-01-05", "0.5"))
    assert [(line.payee, str(line.amount)) for line in done.lines] == [("A", "0.02"), ("B", "0.01"), ("C", "0.02")]
    assert [line.id for line in done.lines] == ["c-A-2026-01", "c-B-2026-01", "c-C-2026-01"]


def test_s11_every_paper() -> None:
    items = [
        goods(),
        clause(
            "rebate", priced(total("amount", "price_adjustment"), "100"), papers=Papers("supplier", "invoice_discount", "none")
        ),
        clause("fixed", priced(total("amount", "fixed_fee"), "100"), papers=Papers("platform", "cash", "none")),
        fines(),
        clause(
            "advance",
            priced(total("amount", "prepayment"), "100"),
            collect="within_net",
            papers=Papers("none", "prepayment", "none"),
        ),
    ]
    given = {"price_adjustment": "51600", "fixed_fee": "27700", "penalty": "51000", "prepayment": "100000"}
    documents = [document(kind, kind, "2026-01-05", amount=amount) for kind, amount in given.items()]
    done = Account(program(*items)).settle("2026-01", sale("a", "2026-01-05", "500000"), *documents)
    papers = done.papers
    found = (papers.supplier_invoice, papers.platform_invoice, papers.receipts, papers.prepayment_applied, done.totals.net)
    assert [str(item) for item in found] == ["448400.00", "27700.00", "51000.00", "100000.00", "269700.00"]


@pytest.mark.parametrize(
    ("pay", "period", "day"),
    [
        (PayTerm(60, "days", "statement"), "2026-03", date(2026, 5, 30)),
        (PayTerm(30, "days", "month_end"), "2026-03-01..2026-03-10", date(2026, 4, 30)),
        (PayTerm(1, "months", "statement", overflow="last_day"), "2026-01", date(2026, 2, 28)),
        (PayTerm(1, "months", "statement", overflow="first_of_next"), "2026-01", date(2026, 3, 1)),
        (PayTerm(7, "working_days", "statement"), "2026-09", date(2026, 10, 15)),
        (PayTerm(1, "days", "statement", "following"), "2026-09", date(2026, 10, 8)),
        (PayTerm(1, "days", "statement", "preceding"), "2026-09", date(2026, 9, 30)),
    ],
)
def test_due_dates(pay: PayTerm, period: str, day: date) -> None:
    assert due_day(pay, parse_period(period).last) == day


def test_working_days_of_an_unannounced_year_are_told_and_not_guessed() -> None:
    pay = PayTerm(5, "working_days", "statement")
    with pytest.raises(CalendarUncovered):
        due_day(pay, date(2026, 12, 31))
    done = Account(program(goods(), pay=pay)).settle("2026-12", sale("a", "2026-12-05", "1"))
    assert done.totals.due_date is None
    assert [item.code for item in done.diagnostics] == ["SE0703"]


def test_a_broken_identity_never_leaves() -> None:
    done = Account(program(goods())).settle("2026-01", sale("a", "2026-01-05", "100"))
    for broken in (
        replace(done, totals=replace(done.totals, net=D(1))),
        replace(done, totals=replace(done.totals, payout=D(1))),
        replace(done, papers=replace(done.papers, receipts=D(1))),
        replace(done, lines=(*done.lines, *done.lines)),
        replace(done, lines=tuple(replace(line, amount=D(1)) for line in done.lines)),
    ):
        with pytest.raises(ProofError):
            prove(broken)


def test_missing_inputs_leave_one_line_unsettled_and_the_rest_alone() -> None:
    ratio = Arithmetic("/", (total(), total("quantity")), Unit.MONEY)
    account = Account(program(goods(), clause("c", ratio), clause("d", priced(total(), "10"))))
    done = account.settle("2026-01", sale("a", "2026-01-05", "100", quantity="0"))
    assert amounts(done) == {"sold 01": "100.00", "d 01": "10.00"}
    assert [(item.clause, item.reason) for item in done.unsettled] == [("c", "not_applicable")]
    assert [item.code for item in done.diagnostics] == ["SE0716"]


def test_an_unsettled_line_takes_nothing_back() -> None:
    ratio = Arithmetic("/", (total(), total("quantity", less="customer_return")), Unit.MONEY)
    account = Account(program(clause("c", ratio)))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "100", quantity="2"))) == {"c 01": "50.00"}
    back = document("customer_return", "r", "2026-01-09", known="2026-02-01", quantity="2", paid="0")
    done = account.settle("2026-02", back)
    assert not done.lines
    assert [item.window.start.month for item in done.unsettled] == [1, 2]


def test_documents_left_out_say_why() -> None:
    account = Account(program(goods(), clause("c", priced(total(where=equals("category", "x")), "1")), late="not settled"))
    done = account.settle(
        "2026-02",
        document("sale", "other", "2026-02-05", contract="T-9"),
        sale("later", "2026-03-05", "1"),
        sale("late", "2026-01-05", "1", known="2026-02-05"),
        sale("unheard", "2026-02-05", "1", known="2026-03-05"),
        sale("orphan", "2026-02-05", "1", ref_doc_id="nowhere"),
        document("stock", "stock", "2026-02-05", quantity="5"),
        sale("used", "2026-02-06", "1"),
    )
    assert [(item.id, item.reason) for item in done.unused] == [
        ("late", "late"), ("orphan", "unknown_link"), ("other", "foreign_contract"), ("stock", "type"), ("later", "after_period"),
    ]  # fmt: skip
    assert (done.documents_read, done.documents_used) == (6, 1)
    assert amounts(done) == {"sold 02": "1.00"}


def test_documents_after_the_term_are_told() -> None:
    account = Account(program(goods()))
    done = account.settle("2027-01", sale("a", "2027-01-05", "1"), sale("b", "2025-12-30", "1"))
    assert [(item.id, item.reason) for item in done.unused] == [("b", "before_term"), ("a", "after_term")]


def test_floors_hold_where_no_gate_forbids() -> None:
    made = clause("c", priced(total(), "10"), bounds=(at_least("50"),), when=over(total(), "100"))
    account = Account(program(made))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "99"))) == {}
    assert [item.reason for item in account.settlements[0].nothing_due] == ["condition_not_met"]
    assert amounts(account.settle("2026-02", sale("b", "2026-02-05", "100"))) == {"c 02": "50.00"}


def test_shown_measures_are_printed_money_in_cents_and_rates_in_full() -> None:
    rate = Arithmetic("/", (total(), total("quantity")), Unit.PERCENT)
    measures = [
        Measure("spent", "Spent", Arithmetic("/", (total(), money("0.7")), Unit.MONEY), Unit.MONEY, shown=True),
        Measure("rate", "", rate, Unit.PERCENT, shown=True),
        Measure("hidden", "", rate, Unit.PERCENT, shown=False),
    ]
    account = Account(program(goods(), measures=measures))
    done = account.settle("2026-01", sale("a", "2026-01-05", "1", quantity="3"))
    assert [(item.name, item.title, str(item.value)) for item in done.measures_shown] == [
        ("spent", "Spent", "1.43"), ("rate", "rate", "0.3333333333"),
    ]  # fmt: skip
    assert account.settle("2026-02").measures_shown[1].value is None
