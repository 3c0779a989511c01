"""The rules of the kernel, each with its worked numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules_engine.core.expressions import Aggregate, Arithmetic, Constant, Part, Parts, ResultOf, Rounding, Source
from rules_engine.core.program import Dated, Limit, OnAccount, Papers, Spread
from rules_engine.core.units import Unit
from tests.unit.settlement.building import (
    CENT,
    MONTH,
    QUARTER,
    YEAR,
    Account,
    amounts,
    at_least,
    at_most,
    back,
    clause,
    document,
    equals,
    goods,
    lump,
    money,
    over,
    percent,
    priced,
    program,
    sale,
    total,
    whole,
)  # fmt: skip

D = Decimal


def test_rule_1_round_then_subtract() -> None:
    account = Account(program(clause("c", priced(total(), "10"), period=QUARTER, on_account=OnAccount("month"))))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "71.25"))) == {"c 01": "7.13"}
    assert amounts(account.again("2026-01")) == {}
    assert amounts(account.settle("2026-02")) == {}


def test_rule_2_the_union_of_keys_is_settled() -> None:
    account = Account(program(clause("c", priced(total(), "10"), per=("category",))))
    account.settle("2026-01", sale("a", "2026-01-05", "840", category="tea"))
    account.documents = [sale("a", "2026-01-05", "840", category="cocoa")]
    assert amounts(account.settle("2026-02")) == {"c tea 01": "-84.00", "c cocoa 01": "84.00"}


def test_rule_2_a_clause_that_is_gone_is_taken_back() -> None:
    account = Account(program(clause("c", priced(total(), "10")), clause("d", priced(total(), "1"))))
    account.settle("2026-01", sale("a", "2026-01-05", "840"))
    account.program = program(clause("d", priced(total(), "1")), sha256="1" * 64)
    done = account.settle("2026-02")
    assert amounts(done) == {"c 01": "-84.00"}
    assert {code for code, _ in done.notices} == {"contract_changed", "clause_gone"}


def test_rule_3_a_quarter_without_documents_owes_its_minimum() -> None:
    account = Account(program(clause("c", priced(total(), "10"), period=QUARTER, bounds=(at_least("620"),))))
    assert amounts(account.settle("2026-02")) == {}
    assert amounts(account.settle("2026-03")) == {"c 01": "620.00"}


def test_rule_3_a_minimum_for_each_named_group() -> None:
    made = clause("c", priced(total(), "10"), per=("category",), groups=(("rice",), ("oil",)), bounds=(at_least("5"),))
    account = Account(program(made))
    done = account.settle("2026-01", sale("a", "2026-01-05", "100", category="rice"))
    assert amounts(done) == {"c rice 01": "10.00", "c oil 01": "5.00"}


def test_rule_4_a_floor_stays_inside_for_ever() -> None:
    account = Account(
        program(clause("c", priced(total(), "10"), period=QUARTER, on_account=OnAccount("month"), bounds=(at_least("620"),)))
    )
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "4100"))) == {"c 01": "410.00"}
    account.settle("2026-02")
    assert amounts(account.settle("2026-03")) == {"c 01": "210.00"}
    done = account.settle("2026-04", sale("b", "2026-03-30", "800", known="2026-04-02"))
    assert amounts(done) == {}


def test_rule_4_at_its_end_owes_nothing_before() -> None:
    account = Account(program(clause("c", priced(total(), "10"), period=QUARTER)))
    done = account.settle("2026-01", sale("a", "2026-01-05", "100"))
    assert [item.reason for item in done.nothing_due] == ["window_open"]
    account.settle("2026-02")
    assert amounts(account.settle("2026-03")) == {"c 01": "10.00"}


def test_rule_5_a_wide_cap_is_used_up_in_window_order() -> None:
    account = Account(program(clause("c", priced(total(less="customer_return"), "10"), bounds=(at_most("90", YEAR),))))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "550"))) == {"c 01": "55.00"}
    assert amounts(account.settle("2026-02", sale("b", "2026-02-05", "550"))) == {"c 02": "35.00"}
    done = account.settle("2026-03", back("r", "2026-01-20", "300", known="2026-03-02"))
    assert amounts(done) == {"c 01": "-30.00", "c 02": "20.00"}
    assert [line.status for line in done.lines] == ["correction", "correction"]


def test_rule_5_caps_from_narrow_to_wide() -> None:
    bounds = (at_most("60", YEAR), at_most("50"))
    account = Account(program(clause("c", priced(total(), "10"), bounds=bounds)))
    account.settle("2026-01", sale("a", "2026-01-05", "550"))
    assert amounts(account.settlements[0]) == {"c 01": "50.00"}
    assert amounts(account.settle("2026-02", sale("b", "2026-02-05", "550"))) == {"c 02": "10.00"}


def test_rule_5_a_bound_inside_the_window_binds_what_its_days_add() -> None:
    made = clause("c", priced(total(), "10"), period=QUARTER, bounds=(at_most("50", MONTH),))
    account = Account(program(made)).add(sale("a", "2026-01-05", "900"), sale("b", "2026-02-05", "200"))
    assert amounts(account.settle("2026-Q1")) == {"c 01": "70.00"}


def test_rule_5_a_cap_that_is_a_share_of_a_measure() -> None:
    cap = Arithmetic("*", (Constant(D("0.05"), Unit.PERCENT), total()), Unit.MONEY)
    account = Account(program(clause("c", priced(total(), "10"), bounds=(at_most(cap, YEAR),))))
    account.settle("2026-01", sale("a", "2026-01-05", "1000"))
    assert amounts(account.settlements[0]) == {"c 01": "50.00"}


@pytest.mark.parametrize(
    ("taken_back", "february", "march"), [("always", "-40.00", "30.00"), ("never", None, None), ("at_end", None, "-10.00")]
)
def test_rule_7_points_of_on_account(taken_back: str, february: str | None, march: str | None) -> None:
    plan = OnAccount("month", taken_back=taken_back)
    account = Account(program(clause("c", priced(total(less="customer_return"), "10"), period=QUARTER, on_account=plan)))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "1000"))) == {"c 01": "100.00"}
    assert amounts(account.settle("2026-02", back("r", "2026-02-05", "400"))).get("c 01") == february
    assert amounts(account.settle("2026-03", sale("b", "2026-03-05", "300"))).get("c 01") == march


def test_rule_7_runs_between_points_post_nothing() -> None:
    account = Account(program(clause("c", priced(total(), "10"), period=YEAR, on_account=OnAccount("quarter"))))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "1000"))) == {}
    assert amounts(account.settle("2026-02")) == {}
    assert amounts(account.settle("2026-03")) == {"c 01": "100.00"}


def test_rule_7_a_provisional_price_until_the_close() -> None:
    plan = OnAccount("month", provisional=percent("1.1"))
    account = Account(program(clause("c", priced(total(), whole(("1500", "3"))), period=QUARTER, on_account=plan)))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "1000"))) == {"c 01": "11.00"}
    assert amounts(account.settle("2026-02", sale("b", "2026-02-05", "1000"))) == {"c 01": "11.00"}
    assert amounts(account.settle("2026-03")) == {"c 01": "38.00"}


def test_rule_7_points_on_dates_and_on_each_document() -> None:
    dated = clause("dated", priced(total(), "10"), period=QUARTER, on_account=OnAccount("dates", (date(2026, 2, 15),)))
    each = clause("each", priced(total(), "10"), period=QUARTER, on_account=OnAccount("document", taken_back="never"))
    account = Account(program(dated, each)).add(sale("a", "2026-01-05", "100"), sale("b", "2026-02-20", "100"))
    assert amounts(account.settle("2026-01")) == {"each 01": "10.00"}
    assert amounts(account.settle("2026-02")) == {"dated 01": "10.00", "each 01": "10.00"}
    assert amounts(account.settle("2026-03")) == {"dated 01": "10.00"}


def test_rule_9_a_correction_names_the_lines_it_corrects() -> None:
    account = Account(program(clause("c", priced(total(less="customer_return"), "10"))))
    first = account.settle("2026-01", sale("a", "2026-01-05", "960"))
    done = account.settle("2026-02", back("r", "2026-01-25", "320", known="2026-02-02"))
    (line,) = done.lines
    assert (str(line.amount), str(line.target), str(line.posted), line.status) == ("-32.00", "64.00", "96.00", "correction")
    assert line.corrects == (first.lines[0].id,)
    assert line.id == "c-2026-01.2026-02"
    assert line.window == first.lines[0].window


def test_rule_10_net_and_vat_are_posted_by_difference() -> None:
    made = clause(
        "c", priced(total(), "100"), period=QUARTER, on_account=OnAccount("month"), papers=Papers("supplier", "cash", D("0.06"))
    )
    account = Account(program(made))
    first = account.settle("2026-01", sale("a", "2026-01-05", "5.05")).lines[0]
    second = account.settle("2026-02", sale("b", "2026-02-05", "5.05")).lines[0]
    assert [str(item) for item in (first.papers.net_of_vat, first.papers.vat)] == ["4.76", "0.29"]
    assert [str(item) for item in (second.amount, second.papers.net_of_vat, second.papers.vat)] == ["5.05", "4.77", "0.28"]


def test_rule_10_a_base_with_several_rates_gives_a_line_each() -> None:
    made = clause("c", priced(total(), "10"), papers=Papers("supplier", "cash"))
    account = Account(program(made, vat=(Dated(D("0.13")),)))
    done = account.settle("2026-01", sale("a", "2026-01-05", "1000"), sale("b", "2026-01-05", "500", vat="0.09"))
    assert [(line.id, str(line.amount)) for line in done.lines] == [("c-vat9-2026-01", "50.00"), ("c-vat13-2026-01", "100.00")]
    assert [(part.paper, str(part.rate), str(part.gross)) for part in done.papers.by_vat_rate] == [
        ("supplier", "0.13", "-100.00"), ("supplier", "0.09", "-50.00"),
    ]  # fmt: skip


def test_rule_10_prices_without_vat_get_rounded_net_times_rate() -> None:
    made = clause("c", priced(total(), "10"), papers=Papers("supplier", "cash"))
    account = Account(program(made, vat=(Dated(D("0.13")),), prices_include_vat=False))
    (line,) = account.settle("2026-01", sale("a", "2026-01-05", "84")).lines
    assert [str(item) for item in (line.amount, line.papers.net_of_vat, line.papers.vat)] == ["9.49", "8.40", "1.09"]


def test_rule_11_spread_shares_the_cumulative_amount() -> None:
    weight = total("quantity")
    made = clause(
        "c", priced(total("amount", "freight"), "100"), period=QUARTER, on_account=OnAccount("month"),
        spread=Spread("weight", "sku", weight),
    )  # fmt: skip
    account = Account(program(made))
    day = "2026-01-05"
    units = [sale(name, day, "0", sku=name, quantity="1") for name in "abc"]
    first = account.settle("2026-01", *units, document("freight", "f", day, amount="0.10"))
    assert amounts(first) == {"c a 01": "0.04", "c b 01": "0.03", "c c 01": "0.03"}
    second = account.settle(
        "2026-02", sale("d", "2026-02-03", "0", sku="c", quantity="1"), document("freight", "g", "2026-02-03", amount="0.03")
    )
    assert amounts(second) == {"c a 01": "-0.01", "c c 01": "0.04"}


def test_rule_11_weights_of_nothing_leave_the_line_unshared() -> None:
    made = clause("c", priced(total("amount", "freight"), "100"), spread=Spread("weight", "sku", total("quantity")))
    done = Account(program(made)).settle("2026-01", document("freight", "f", "2026-01-05", amount="7"))
    assert amounts(done) == {"c  01": "7.00"}
    assert done.lines[0].flags == ("unshared",)
    assert [code for code, _ in done.notices] == ["unshared"]


def test_rule_12_each_document_gets_the_increase_it_caused() -> None:
    ladder = whole(("1000", "10"))
    made = clause("c", priced(total(), ladder), spread=Spread("document_order", "document"))
    account = Account(program(made))
    done = account.settle(
        "2026-01", sale("a", "2026-01-03", "600"), sale("b", "2026-01-09", "600"), sale("d", "2026-01-09", "100")
    )
    assert amounts(done) == {"c b 01": "120.00", "c d 01": "10.00"}
    late = account.settle("2026-02", sale("c", "2026-01-05", "500", known="2026-02-01"))
    assert amounts(late) == {"c b 01": "-60.00", "c c 01": "110.00"}


def test_rule_13_a_month_with_only_a_return_pays_the_lowest_band() -> None:
    account = Account(program(clause("c", priced(total(less="customer_return"), whole(("6000", "3"))))))
    assert amounts(account.settle("2026-03", sale("a", "2026-03-05", "7000"))) == {"c 03": "210.00"}
    assert amounts(account.settle("2026-04", back("r", "2026-04-05", "2000", ref_doc_id="a"))) == {}


def test_rule_13_back_to_the_sale_reopens_its_window() -> None:
    made = clause("c", priced(total(less="customer_return"), whole(("6000", "3"))))
    account = Account(program(made, returns="back_to_sale"))
    account.settle("2026-03", sale("a", "2026-03-05", "7000"))
    assert amounts(account.settle("2026-04", back("r", "2026-04-05", "2000", ref_doc_id="a"))) == {"c 03": "-210.00"}


def test_rule_14_a_return_joins_its_document() -> None:
    price = Parts((Part("rate", Constant(D("0.018"), Unit.PERCENT)), Part("lump", money("0.25"))), floor=lump("0.90"))
    made = clause("c", priced(total(less="customer_return"), price), per=("document",))
    account = Account(program(made))
    assert amounts(account.settle("2026-01", sale("a", "2026-01-05", "120"))) == {"c a 01": "2.41"}
    done = account.settle("2026-02", back("r", "2026-02-05", "80", ref_doc_id="a"))
    assert amounts(done) == {"c a 01": "-1.44"}
    assert amounts(account.settle("2026-03", back("s", "2026-03-05", "40", ref_doc_id="a"))) == {"c a 01": "-0.97"}


def test_rule_14_an_unlinked_return_is_an_exception_and_no_line() -> None:
    made = clause("c", priced(total(less="customer_return"), "10"), per=("document",))
    done = Account(program(made)).settle("2026-01", sale("a", "2026-01-05", "100"), back("r", "2026-01-06", "80"))
    assert amounts(done) == {"c a 01": "10.00"}
    assert [(item.id, item.reason) for item in done.unused] == [("r", "unlinked_return")]


def test_rule_15_result_of_reads_rounded_targets() -> None:
    fee = clause("fee", priced(total("amount", "freight"), "67.4"))
    reader = clause("reader", Arithmetic("*", (Constant(D(4), Unit.NUMBER), ResultOf("fee")), Unit.MONEY))
    done = Account(program(fee, reader)).settle("2026-01", document("freight", "f", "2026-01-05", amount="1"))
    assert amounts(done) == {"fee 01": "0.67", "reader 01": "2.68"}


def test_rule_15_results_add_up_over_windows_and_groups() -> None:
    fee = clause("fee", priced(total(), "10"), per=("category",))
    reader = clause("reader", ResultOf("fee"), period=QUARTER)
    account = Account(program(fee, reader)).add(
        sale("a", "2026-01-05", "0.06", category="x"),
        sale("b", "2026-01-05", "0.06", category="y"),
        sale("c", "2026-02-05", "0.06", category="x"),
    )
    assert amounts(account.settle("2026-Q1"))["reader 01"] == "0.03"


def test_rule_15_a_correction_corrects_its_readers() -> None:
    fee = clause("fee", priced(total(), "10"))
    reader = clause("reader", ResultOf("fee"), period=QUARTER)
    account = Account(program(fee, reader))
    account.settle("2026-Q1", sale("a", "2026-01-05", "100"))
    done = account.settle("2026-04", sale("b", "2026-02-05", "50", known="2026-04-02"))
    assert amounts(done) == {"fee 02": "5.00", "reader 01": "5.00"}


def test_rule_16_a_pending_line_waits_for_its_confirmation() -> None:
    made = clause("c", priced(total(), "10"), period=YEAR, on_account=OnAccount("month"), needs_confirmation=True)
    account = Account(program(made))
    may = account.settle("2026-05", sale("a", "2026-05-05", "3400"))
    assert not may.lines
    assert [(line.id, str(line.amount), line.status) for line in may.pending] == [("c-2026", "340.00", "pending")]
    june = account.settle("2026-06", sale("b", "2026-06-05", "250"))
    assert [str(line.amount) for line in june.pending] == ["365.00"]
    july = account.settle("2026-07", document("confirmation", "k", "2026-07-03", line="c-2026", amount="340"))
    assert [(str(line.amount), line.status) for line in july.lines] == [("340.00", "due")]
    assert [str(line.amount) for line in july.pending] == ["25.00"]
    august = account.settle("2026-08")
    assert not august.lines
    assert [str(line.amount) for line in august.pending] == ["25.00"]


def test_rule_16_a_refusal_is_a_dispute() -> None:
    made = clause("c", priced(total(), "10"), needs_confirmation=True)
    account = Account(program(made))
    account.settle("2026-05", sale("a", "2026-05-05", "3400"))
    done = account.settle("2026-06", document("confirmation", "k", "2026-06-03", line="c-2026-05", by="supplier"))
    assert [line.flags for line in done.pending] == [("disputed",)]


def test_rule_17_a_gate_that_turns_false_takes_back() -> None:
    gate = over(total(less="customer_return"), "280")
    made = clause("c", priced(total(less="customer_return"), "10"), period=YEAR, on_account=OnAccount("month"), when=gate)
    account = Account(program(made))
    assert amounts(account.settle("2026-05", sale("a", "2026-05-10", "286"))) == {"c 01": "28.60"}
    assert amounts(account.settle("2026-06", back("r", "2026-06-02", "20", ref_doc_id="a"))) == {"c 01": "-28.60"}


def test_rule_17_once_reached_stays_on_day_end_totals() -> None:
    gate = over(total(less="customer_return"), "280")
    made = clause(
        "c", priced(total(less="customer_return"), "10"), period=YEAR, on_account=OnAccount("month"), when=gate, once_reached=True
    )  # fmt: skip
    account = Account(program(made))
    account.settle("2026-05", sale("a", "2026-05-10", "286"))
    assert amounts(account.settle("2026-06", back("r", "2026-06-02", "20"))) == {"c 01": "-2.00"}
    assert amounts(account.settle("2026-07", back("s", "2026-05-09", "20", known="2026-07-01"))) == {"c 01": "-26.60"}


def test_rule_19_no_movement_no_line() -> None:
    done = Account(program(clause("c", priced(total(), "10")))).settle("2026-01")
    assert not done.lines
    assert [(item.clause, item.reason) for item in done.nothing_due] == [("c", "no_documents")]


def test_rule_20_a_run_sees_what_was_known() -> None:
    account = Account(program(clause("c", priced(total(), "10"))))
    before = account.add(sale("a", "2026-01-05", "100")).again("2026-01")
    account.add(sale("b", "2026-01-06", "100", known="2026-02-03"))
    assert account.again("2026-01") == before
    account.settle("2026-01")
    assert amounts(account.settle("2026-02")) == {"c 01": "10.00"}


def test_limit_reduces_each_member_and_floor_is_a_line_of_its_own() -> None:
    one, two = clause("one", priced(total(), "6")), clause("two", priced(total(), "3"))
    cap = Limit("cap", "Cap", ("one", "two"), (at_most("60", QUARTER),), Papers("supplier", "cash", "none"), CENT)
    floor = Limit("floor", "Floor", ("two",), (at_least("50", QUARTER),), Papers("supplier", "cash", "none"), CENT)
    account = Account(program(one, two, cap, floor))
    done = account.settle("2026-Q1", sale("a", "2026-01-05", "1000"))
    assert amounts(done) == {
        "one 01": "60.00",
        "two 01": "30.00",
        "cap one 01": "20.00",
        "cap two 01": "10.00",
        "floor 01": "30.00",
    }
    assert {line.clause: line.direction for line in done.lines} == {
        "one": "receivable", "two": "receivable", "cap": "payable", "floor": "receivable",
    }  # fmt: skip
    assert str(done.totals.net) == "-90.00"


def test_limits_act_in_the_order_they_are_written() -> None:
    one, two = clause("one", priced(total(), "6")), clause("two", priced(total(), "3"))
    papers = Papers("supplier", "cash", "none")
    floor = Limit("floor", "Floor", ("two",), (at_least("50", QUARTER),), papers, CENT)
    cap = Limit("cap", "Cap", ("one", "two"), (at_most("60", QUARTER),), papers, CENT)
    last = Limit("last", "Last", ("one",), (at_most("20", QUARTER),), papers, CENT)
    done = Account(program(one, two, floor, cap, last)).settle("2026-Q1", sale("a", "2026-01-05", "1000"))
    assert amounts(done) == {
        "one 01": "60.00",
        "two 01": "30.00",
        "floor 01": "20.00",
        "cap one 01": "33.33",  # 60 + 30 + 20 - 60 = 50, shared 60 : 30
        "cap two 01": "16.67",
        "last one 01": "6.67",  # 60 - 33.33 - 20
    }
    assert str(done.totals.net) == "-53.33"


def test_result_after_limits_reads_the_limited_amount() -> None:
    one = clause("one", priced(total(), "10"))
    cap = Limit("cap", "Cap", ("one",), (at_most("60", MONTH),), Papers("supplier", "cash", "none"), CENT)
    reader = clause("reader", ResultOf("one", after_limits=True))
    done = Account(program(one, cap, reader)).settle("2026-01", sale("a", "2026-01-05", "1000"))
    assert amounts(done)["reader 01"] == "60.00"


def test_rounding_on_the_total_is_shared_among_groups() -> None:
    made = clause("c", priced(total(), "10"), per=("category",), rounding_place="total")
    account = Account(program(made)).add(*(sale(name, "2026-01-05", "0.04", category=name) for name in "abc"))
    assert amounts(account.settle("2026-01")) == {"c a 01": "0.01"}


def test_equals_filters_inside_a_table() -> None:
    count = Aggregate("count", None, (Source("sale", 1),), equals("category", "x"), Unit.QUANTITY)
    made = clause("c", priced(count, Parts((Part("per", money("0.5")),))))
    done = Account(program(made)).settle(
        "2026-01", sale("a", "2026-01-05", "1", category="x"), sale("b", "2026-01-05", "1", category="y")
    )
    assert amounts(done) == {"c 01": "0.50"}
    assert [(item.id, item.reason) for item in done.unused] == [("b", "where:category")]


def test_negative_amounts_turn_round_count_as_zero_or_carry_forward() -> None:
    for policy, expected in (("turns_round", ["-20.00", "30.00"]), ("zero", [None, "30.00"]), ("carry", [None, "10.00"])):
        account = Account(program(clause("c", priced(total(less="customer_return"), "10"), negative=policy)))
        account.settle("2026-01", back("r", "2026-01-05", "200"))
        account.settle("2026-02", sale("a", "2026-02-05", "300"))
        assert [
            amounts(done).get(f"c {month}") for done, month in zip(account.settlements, ("01", "02"), strict=True)
        ] == expected


def test_a_cut_window_scales_where_the_clause_says_so() -> None:
    made = clause("c", money("730"), period=QUARTER, proportion="days", start=date(2026, 3, 22))
    assert amounts(Account(program(made)).settle("2026-Q1")) == {"c 03": "81.11"}
    assert amounts(Account(program(replace(made, proportion=""))).settle("2026-Q1")) == {"c 03": "730.00"}


def test_goods_are_payable_and_the_due_date_follows() -> None:
    done = Account(program(goods())).settle("2026-01", sale("a", "2026-01-05", "80"))
    assert (str(done.totals.net), str(done.totals.payout), done.totals.due_date) == ("80.00", "80.00", date(2026, 4, 1))


def test_rule_3_a_yearly_minimum_of_a_group_closes_without_its_documents() -> None:
    account = Account(program(clause("c", priced(total(), "10"), per=("category",), bounds=(at_least("62", QUARTER),))))
    account.settle("2026-01", sale("a", "2026-01-05", "410", category="tea"))
    account.settle("2026-02")
    assert amounts(account.settle("2026-03")) == {"c tea 03": "21.00"}


def test_rule_5_rounding_up_past_a_cap_takes_nothing_back() -> None:
    up = Rounding("up", D("0.01"))
    account = Account(program(clause("c", priced(total(), "10"), bounds=(at_most("0.863", YEAR),), rounding=up)))
    account.settle("2026-01", sale("a", "2026-01-05", "100"))
    assert amounts(account.settlements[0]) == {"c 01": "0.87"}
    assert amounts(account.settle("2026-02", sale("b", "2026-02-05", "100"))) == {}


def test_rule_15_what_is_pending_counts_nothing_and_flags_its_reader() -> None:
    fee = clause("fee", priced(total(), "10"), needs_confirmation=True)
    reader = clause(
        "reader", Arithmetic("+", (ResultOf("fee"), money("1")), Unit.MONEY), period=QUARTER, on_account=OnAccount("month")
    )
    account = Account(program(fee, reader))
    first = account.settle("2026-01", sale("a", "2026-01-05", "100"))
    assert [(line.clause, str(line.amount), line.flags) for line in first.lines] == [("reader", "1.00", ("reads_pending",))]
    account.settle("2026-02", document("confirmation", "k", "2026-02-03", line="fee-2026-01", amount="10"))
    assert amounts(account.settlements[1]) == {"fee 01": "10.00"}
    assert amounts(account.settle("2026-03")) == {"reader 01": "10.00"}
