"""Balances: layers, order, expiry, ceilings, groups, and that any way of splitting runs gives the same cents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules_engine.core.expressions import Constant
from rules_engine.core.program import Adding, Balance, Bound, Clause, Draw, Program
from rules_engine.core.units import Unit
from rules_engine.settlement.pots.layers import Account as Layers, Stack
from tests.unit.settlement.building import (
    CENT,
    MONTH,
    QUARTER,
    YEAR,
    Account,
    D,
    amounts,
    at_most,
    back,
    clause,
    document,
    money,
    priced,
    program,
    sale,
    total,
)

F = Fraction
NET = total(less="customer_return")


def room(how: str = "ahead", amount: object = None, window: object = MONTH, **changes: object) -> Balance:
    adding = Adding(money("100") if amount is None else amount, how, window)  # type: ignore[arg-type]
    made = Balance("room", "Room", "balance", Unit.MONEY, (adding,), rounding=CENT)
    return replace(made, **changes)  # type: ignore[arg-type]


def against(item: Clause, *bounds: Bound) -> Clause:
    return replace(item, draws=(Draw("room", "amount", bounds),))


def made(balance: Balance, *items: Clause) -> Program:
    return replace(program(*items), balances={balance.id: balance})


def left(account: Account) -> list[tuple[str, ...]]:
    return [
        tuple(str(item) for item in (balance.opening, balance.added, balance.used, balance.expired, balance.closing))
        for balance in account.settlements[-1].balances
        if balance.kind == "balance"
    ]


def day(text: str) -> date:
    return date.fromisoformat(text)


class TestLayers:
    def test_the_oldest_goes_first_and_an_ended_one_is_passed_over(self) -> None:
        account = Layers()
        account.add(day("2026-01-01"), day("2026-02-01"), F(5))
        account.add(day("2026-01-10"), None, F(7))
        taken = [(str(layer.since), str(part)) for layer, part in account.take(F(8), day("2026-01-31"))]
        assert taken == [("2026-01-01", "5"), ("2026-01-10", "3")]
        account.add(day("2026-01-20"), day("2026-02-01"), F(2))
        assert sum(part for _, part in account.take(F(9), day("2026-02-01"))) == 4
        assert account.expired(day("2026-02-01")) == 2

    def test_more_taken_back_than_is_there_is_filled_first(self) -> None:
        account = Layers()
        account.add(day("2026-01-01"), None, F(5))
        account.add(day("2026-01-02"), None, F(-8))
        assert (account.added, account.short, account.there(day("2026-01-03"))) == (F(-3), F(3), F(0))
        account.add(day("2026-01-04"), None, F(10))
        assert (account.added, account.short, account.there(day("2026-01-05"))) == (F(7), F(0), F(7))

    def test_a_ceiling_cuts_what_is_added(self) -> None:
        account = Layers()
        for month in ("01", "02"):
            account.add(day(f"2026-{month}-01"), None, F(60), F(100))
        assert account.added == 100

    def test_a_return_undoes_what_was_paid_before_what_was_covered(self) -> None:
        account = Layers()
        account.add(day("2026-01-01"), None, F(100))
        stack = Stack(account)
        assert [stack.left(F(each), day("2026-01-05")) for each in (60, 70, -20, -40)] == [0, 30, -20, -10]
        assert account.there(day("2026-01-05")) == 30

    def test_a_return_beyond_everything_is_negative(self) -> None:
        stack = Stack(Layers())
        assert [stack.left(F(each), day("2026-01-05")) for each in (10, -30)] == [10, -30]


def test_an_allowance_of_each_month_covers_its_month_and_expires() -> None:
    fee = against(clause("fee", priced(NET, "10")))
    account = Account(made(room(lasts=(1, "months")), fee))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-03", "900"))) == {}
    assert left(account) == [("0.00", "100.00", "90.00", "10.00", "0.00")]
    assert amounts(account.settle("2026-02", sale("b", "2026-02-03", "1234.56"))) == {"fee 02": "23.46"}
    assert left(account) == [("0.00", "100.00", "100.00", "0.00", "0.00")]


def test_what_is_left_is_kept_without_an_end() -> None:
    fee = against(clause("fee", priced(NET, "10")))
    account = Account(made(room(), fee))
    account.settle("2026-01", sale("a", "2026-01-03", "900"))
    assert amounts(account.settle("2026-02", sale("b", "2026-02-03", "1234.56"))) == {"fee 02": "13.46"}
    assert left(account) == [("10.00", "100.00", "110.00", "0.00", "0.00")]


def test_a_late_document_takes_its_place_and_the_later_window_is_corrected() -> None:
    fee = against(clause("fee", priced(NET, "10")))
    account = Account(made(room(window=YEAR), fee))
    account.settle("2026-01")
    assert amounts(account.settle("2026-02", sale("b", "2026-02-03", "900"))) == {}
    late = sale("a", "2026-01-03", "500", "2026-03-02")
    assert amounts(account.settle("2026-03", late)) == {"fee 02": "40.00"}
    assert left(account) == [("10.00", "0.00", "10.00", "0.00", "0.00")]


def test_clauses_take_in_the_contracts_order_and_windows_before_clauses() -> None:
    first, second = (against(clause(name, priced(NET, rate))) for name, rate in (("first", "10"), ("second", "5")))
    account = Account(made(room(window=YEAR), first, second))
    done = account.settle("2026-02", sale("a", "2026-01-03", "600"), sale("b", "2026-02-03", "600"))
    assert amounts(done) == {"first 02": "50.00", "second 02": "30.00"}


def test_a_cap_of_each_year_is_used_in_window_order() -> None:
    fee = against(clause("fee", priced(NET, "10")), at_most("25", YEAR))
    account = Account(made(room(window=YEAR), fee))
    account.settle("2026-01", sale("a", "2026-01-03", "200"))
    assert amounts(account.settle("2026-02", sale("b", "2026-02-03", "200"))) == {"fee 02": "15.00"}


def test_a_surplus_counts_at_the_close_of_its_window() -> None:
    fee = against(clause("fee", priced(NET, "10")))
    account = Account(made(room("window", priced(total("amount", "price_adjustment"), "100"), QUARTER), fee))
    note = document("price_adjustment", "n", "2026-01-09", amount="30")
    assert amounts(account.settle("2026-02", note, sale("a", "2026-02-03", "100"))) == {"fee 02": "10.00"}
    assert amounts(account.settle("2026-03", sale("b", "2026-03-03", "100"))) == {}
    assert left(account) == [("0.00", "30.00", "10.00", "0.00", "20.00")]


def test_each_group_has_its_own_account() -> None:
    fee = against(clause("fee", priced(NET, "10"), per=("category",)))
    account = Account(made(room(per=("category",)), fee))
    done = account.settle(
        "2026-01", sale("a", "2026-01-03", "1500", category="oil"), sale("b", "2026-01-03", "900", category="rice")
    )
    assert amounts(done) == {"fee oil 01": "50.00"}
    assert [(dict(item.group), str(item.closing)) for item in done.balances if item.kind == "balance"] == [
        ({"category": "oil"}, "0.00"), ({"category": "rice"}, "10.00"),
    ]  # fmt: skip


def test_what_is_taken_and_what_is_paid_add_to_the_rounded_whole() -> None:
    fee = against(clause("fee", priced(NET, "10")))
    starting = room(starts=Constant(D("5"), Unit.MONEY), adds=())
    account = Account(made(starting, fee))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-03", "71.25"))) == {"fee 01": "2.13"}
    assert left(account) == [("5.00", "0.00", "5.00", "0.00", "0.00")]


def test_covered_to_half_a_cent_nothing_is_left() -> None:
    fee = against(clause("fee", priced(NET, "10")))
    account = Account(made(room(starts=Constant(D("50"), Unit.MONEY), adds=()), fee))
    done = account.settle("2026-01", sale("a", "2026-01-03", "71.25"))
    assert amounts(done) == {}
    assert [item.reason for item in done.nothing_due] == ["covered_by_a_balance"]
    assert left(account) == [("50.00", "0.00", "7.13", "0.00", "42.87")]


@pytest.mark.parametrize("evaluator", ["compiled", "interpreter"])
def test_behind_a_base_the_document_where_it_runs_out_is_split(evaluator: str) -> None:
    base = replace(NET, against="room@fee")
    fee = replace(clause("fee", priced(base, "10")), base=base, draws=(Draw("room", "documents", wanted=NET),))
    account = Account(made(room(), fee), evaluator)
    lines = (sale("a", "2026-01-03", "60"), sale("b", "2026-01-09", "70"), back("c", "2026-01-20", "10"))
    assert amounts(account.settle("2026-01", *lines)) == {"fee 01": "2.00"}
    assert amounts(account.settle("2026-02", back("d", "2026-01-21", "30", "2026-02-04"))) == {"fee 01": "-2.00"}
    assert left(account) == [("0.00", "100.00", "-10.00", "0.00", "110.00")]


def test_a_balance_needs_no_order_of_arrival() -> None:
    first = against(clause("first", priced(NET, "10")))
    lines = [sale(name, f"2026-01-0{at}", "400") for at, name in enumerate("abc", start=1)]
    done = [amounts(Account(made(room(), first)).add(*order).settle("2026-01")) for order in (lines, lines[::-1])]
    assert done[0] == done[1] == {"first 01": "20.00"}


def test_units_cut_by_days_split_a_document_without_end() -> None:
    counted = total("quantity")
    base = replace(counted, against="room@fee")
    fee = replace(clause("fee", priced(base, "10")), base=base, draws=(Draw("room", "documents", wanted=counted),))
    cut = Adding(Constant(D(100), Unit.QUANTITY), "ahead", MONTH, "days")
    units = room(adds=(cut,), rounding=None, unit=Unit.QUANTITY)
    account = Account(replace(program(fee, start=day("2026-01-15")), balances={"room": units}))
    done = account.settle("2026-01", sale("a", "2026-01-20", "1", quantity="80"))
    assert amounts(done) == {"fee 01": "2.52"}
    assert left(account) == [("0", "54.8387096774", "54.8387096774", "0", "0")]
