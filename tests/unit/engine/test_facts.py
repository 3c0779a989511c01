"""What documents become: links, clocks, groups, VAT, look-ups, reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules_engine.core.builtin import OWN_TYPE_COLUMNS
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    Priced,
    Row,
    Shift,
    Source,
    Table,
    Time,
)
from rules_engine.core.program import ColumnType, Dated, DocumentType, Measure, Program
from rules_engine.core.units import Unit
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.reading.facts import Facts, gather
from rules_engine.values.period import Period
from tests.unit.engine.building import (
    D,
    asking,
    clause,
    column,
    document,
    is_text,
    ladder,
    measure,
    money,
    no_results,
    per_unit,
    plus,
    program,
    rate,
    ref,
    text,
    total,
)  # fmt: skip

SUPPLY = total("supply_amount", "sale", "customer_return")


def value(made: Program, facts: Facts, earn: Expression, asks: Asking) -> Fraction:
    outcome = Interpreter(made, facts).evaluate(earn, asks, no_results)
    assert isinstance(outcome.value, Fraction), outcome
    return outcome.value


def sale(name: str, day: str, amount: str, **values: str) -> Document:
    return document("sale", name, day, supply_amount=amount, **values)


def back(name: str, day: str, amount: str, of: str, **values: str) -> Document:
    return document("customer_return", name, day, supply_amount=amount, ref_doc_id=of, **values)


def test_seed_case_23_a_return_reverses_its_sale_in_its_own_period() -> None:
    made = program(clause(Priced(SUPPLY, rate("100"))))
    documents = [sale("1", "2026-01-05", "8000"), sale("2", "2026-02-05", "3750"), back("3", "2026-02-20", "400", "1")]
    facts = gather(made, documents)
    assert value(made, facts, SUPPLY, asking("2026-02-01", "2026-03-01")) == 3350
    assert value(made, facts, SUPPLY, asking("2026-01-01", "2026-02-01")) == 8000


def test_returns_back_to_the_sale_reopen_its_window() -> None:
    made = program(clause(SUPPLY), returns="back_to_sale")
    facts = gather(made, [sale("1", "2026-01-05", "8000"), back("3", "2026-02-20", "400", "1")])
    assert value(made, facts, SUPPLY, asking("2026-01-01", "2026-02-01")) == 7600
    assert facts.clock(facts.records[1].document) == date(2026, 1, 5)


def test_a_linked_return_takes_the_group_the_rate_and_the_row_of_its_sale() -> None:
    old, new = Dated(D("0.16"), None, date(2026, 2, 1)), Dated(D("0.13"), date(2026, 2, 1))
    rows = Table((Row(rate("10"), end=date(2026, 2, 1)), Row(rate("20"), start=date(2026, 2, 1))))
    earn = Priced(SUPPLY, rows)
    made = program(clause(earn, per=("category",)), vat=(old, new))
    facts = gather(made, [sale("1", "2026-01-05", "100", category="tea"), back("2", "2026-02-20", "100", "1")])
    assert facts.groups(earn, ("category",), date(2026, 2, 1), date(2026, 3, 1)) == (("tea",),)
    assert value(made, facts, earn, asking("2026-02-01", "2026-03-01", ["category"], ["tea"])) == -10
    assert facts.weights_by_vat(earn, asking("2026-02-01", "2026-03-01")) == {D("0.16"): D(-100)}


def test_a_document_rate_stands_before_the_contract_rate() -> None:
    made = program(clause(SUPPLY))
    facts = gather(made, [sale("1", "2026-03-05", "100", vat="0.09"), sale("2", "2026-03-06", "50")])
    assert facts.weights_by_vat(SUPPLY, asking()) == {D("0.09"): D(100), D("0.13"): D(50)}


def test_rule_14_a_return_joins_its_document_on_the_day_of_the_sale() -> None:
    made = program(clause(Priced(SUPPLY, rate("10")), per=("document",)))
    facts = gather(made, [sale("A", "2026-03-05", "120"), back("B", "2026-04-02", "80", "A")])
    assert facts.groups(SUPPLY, ("document",), date(2026, 3, 1), date(2026, 4, 1)) == (("A",),)
    assert facts.groups(SUPPLY, ("document",), date(2026, 4, 1), date(2026, 5, 1)) == ()
    assert value(made, facts, SUPPLY, asking(per=["document"], group=["A"])) == 40


def test_groups_are_ordered_and_documents_stand_in_date_order() -> None:
    made = program(clause(SUPPLY))
    documents = [sale("2", "2026-03-09", "1", category="tea"), sale("1", "2026-03-09", "1", category="oil"), sale("9", "2026-03-01", "2")]
    facts = gather(made, documents)
    assert facts.groups(SUPPLY, ("category",), date(2026, 3, 1), date(2026, 4, 1)) == (("",), ("oil",), ("tea",))
    assert [item.id for item in facts.documents(SUPPLY, asking())] == ["9", "1", "2"]
    assert facts.groups(SUPPLY, (), date(2030, 1, 1), date(2030, 2, 1)) == ((),)


def test_a_moved_base_has_the_groups_and_rates_of_the_window_it_reads() -> None:
    before = MeasureRef("bought", Unit.MONEY, Shift("previous", "month"))
    made = program(clause(before, per=("category",)), measures=[Measure("bought", "", SUPPLY, Unit.MONEY, shown=False)])
    facts = gather(made, [sale("1", "2026-02-05", "100", category="tea", vat="0.09"), sale("2", "2026-03-06", "50", category="oil")])
    assert facts.groups(before, ("category",), date(2026, 3, 1), date(2026, 4, 1)) == (("tea",),)
    assert value(made, facts, before, asking(per=["category"], group=["tea"])) == 100
    assert facts.weights_by_vat(before, asking(per=["category"], group=["tea"])) == {D("0.09"): D(100)}


def test_a_blank_amount_names_its_document_and_a_blank_coupon_is_zero() -> None:
    gmv = total(plus(column("paid"), column("platform_coupon")), "sale")
    made = program(clause(gmv))
    facts = gather(made, [document("sale", "1", "2026-03-05", "1", paid="70"), document("sale", "2", "2026-03-06")])
    assert value(made, facts, gmv, asking(end="2026-03-06")) == 70
    missing = Interpreter(made, facts).evaluate(gmv, asking(), no_results)
    assert missing == Outcome(None, missing=("paid of sale:2",))


def test_windows_stop_where_nothing_is_seen_yet() -> None:
    made = program(clause(SUPPLY))
    facts = gather(made, [sale("1", "2026-03-05", "1"), sale("2", "2026-03-10", "2"), sale("3", "2026-03-31", "4")])
    assert value(made, facts, SUPPLY, asking(upto="2026-03-10")) == 1
    assert value(made, facts, SUPPLY, asking()) == 7


@pytest.mark.parametrize(
    ("how", "unit", "count", "due"),
    [("previous", "month", 1, 2), ("so_far", "year", 1, 7), ("all_earlier", "month", 1, 3), ("before", "month", 2, 3)],
)
def test_a_measure_in_another_window(how: str, unit: str, count: int, due: int) -> None:
    reading = MeasureRef("supply", Unit.MONEY, Shift(how, unit, count))
    made = program(clause(reading), measures=[measure("supply", SUPPLY)])
    facts = gather(made, [sale("1", "2026-01-05", "1"), sale("2", "2026-02-10", "2"), sale("3", "2026-03-31", "4")])
    assert value(made, facts, reading, asking()) == due


def test_computed_columns_links_and_look_ups() -> None:
    wait = Time("between", (Column("shipped_on", Unit.DATE, "original"), Column("audited_on", Unit.DATE)), Unit.DAYS, "days")
    then = Logic(
        "and",
        (
            Compare("=", text("sku"), text("sku", "this")),
            Compare("<=", Column("valid_on", Unit.DATE), Column("audited_on", Unit.DATE, "this")),
        ),
    )
    price = Aggregate("latest", column("amount"), (Source("price_list", 1),), then, Unit.MONEY)
    own = {name: ColumnType(name, Unit.DATE, "date") for name in ("audited_on", "shipped_on", "valid_on")}
    made_columns = {
        "wait": ColumnType("wait", Unit.DAYS, "days", formula=wait),
        "price_then": ColumnType("price_then", Unit.MONEY, "amount", formula=price),
    }
    audit = DocumentType("audit", "audit", "none", "audited_on", {**OWN_TYPE_COLUMNS, **own, **made_columns})
    listed = DocumentType("price_list", "price_list", "none", "valid_on", {**OWN_TYPE_COLUMNS, **own})
    waiting, priced = total(column("wait", Unit.DAYS), "audit", unit=Unit.DAYS), total("price_then", "audit")
    made = program(clause(waiting), clause(priced, "d"), types=[audit, listed])
    documents = [
        document("sale", "S", "2026-03-01", shipped_on="2026-03-02"),
        document("audit", "A", "2026-03-10", ref_doc_id="S", sku="x"),
        document("price_list", "P1", "2026-01-01", sku="x", amount="5"),
        document("price_list", "P2", "2026-03-05", sku="x", amount="6"),
        document("price_list", "P3", "2026-03-11", sku="x", amount="7"),
        document("price_list", "P4", "2026-03-09", sku="y", amount="8"),
    ]
    facts = gather(made, documents)
    assert value(made, facts, waiting, asking()) == 8
    assert value(made, facts, priced, asking()) == 6
    lost = gather(made, [replace(documents[1], values={"ref_doc_id": "nowhere"})])
    assert Interpreter(made, lost).evaluate(waiting, asking(), no_results).missing == ("original of audit:A",)
    assert Interpreter(made, lost).evaluate(priced, asking(), no_results).missing == ("latest amount of price_list for audit:A",)


def test_reasons_of_unused_documents() -> None:
    oil = total("supply_amount", "sale", where=is_text("category", "oil"))
    made = program(clause(oil))
    documents = [
        sale("1", "2026-03-05", "1", category="tea"),
        sale("2", "2026-03-05", "1", category="oil"),
        document("labelling", "3", "2026-03-05", quantity="1"),
        sale("4", "2027-03-05", "1", category="oil"),
    ]
    facts = gather(made, documents)
    assert [facts.first_failed_condition(item) for item in documents] == ["where:category", "", "type", "period"]


def test_unlinked_returns_are_named() -> None:
    made = program(clause(SUPPLY))
    lost = back("2", "2026-03-06", "1", "nowhere")
    facts = gather(made, [sale("1", "2026-03-05", "1"), back("3", "2026-03-06", "1", "1"), lost])
    assert facts.unlinked() == (lost,)


def test_other_aggregates() -> None:
    stock = [document("stock", str(n), f"2026-03-{day}", quantity=str(units), sku=sku) for n, (day, units, sku) in enumerate(
        [("01", 10, "a"), ("11", 40, "b"), ("21", 10, "a")])]  # fmt: skip
    quantity = Column("quantity", Unit.QUANTITY)
    found = {}
    for op in ("min", "max", "average", "latest", "earliest", "time_weighted_average", "count"):
        node = Aggregate(op, quantity, (Source("stock", 1),), None, Unit.QUANTITY)
        made = program(clause(node))
        found[op] = value(made, gather(made, stock), node, asking())
    assert found == {
        "min": 10, "max": 40, "average": 20, "latest": 10, "earliest": 10, "count": 3,
        "time_weighted_average": Fraction(10 * 10 + 40 * 10 + 10 * 11, 31),
    }  # fmt: skip
    distinct = Aggregate("count_distinct", text("sku"), (Source("stock", 1),), None, Unit.QUANTITY)
    made = program(clause(distinct))
    assert value(made, gather(made, stock), distinct, asking()) == 2


TIERS = ladder("marginal", ("100", rate("1")), ("", rate("10")))


def test_rule_18_carried_sums_stand_for_earlier_documents() -> None:
    earn = Priced(ref("supply"), Table((Row(TIERS, is_text("category", "tea")), Row(rate("50"), otherwise=True))))
    made = program(clause(earn, per=("category",)), measures=[measure("supply", SUPPLY)])
    documents = [
        sale("1", "2026-01-05", "60", category="tea"),
        sale("2", "2026-02-05", "60.005", category="tea"),
        sale("3", "2026-03-05", "60", category="tea"),
        sale("4", "2026-02-05", "60", category="oil"),
    ]
    year = asking("2026-01-01", "2027-01-01", ["category"], ["tea"], upto="2026-04-01")
    whole = gather(made, documents)
    expected = value(made, whole, earn, year)
    assert expected == 1 + Fraction("80.005") / 10
    earlier = gather(made, [item for item in documents if item.date < date(2026, 3, 1)])
    value(made, earlier, earn, year)
    carried = earlier.carry([Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1), date(2026, 3, 1))])
    later = gather(made, [documents[2]], carried)
    assert value(made, later, earn, year) == expected
    assert later.groups(earn, ("category",), date(2026, 2, 1), date(2026, 3, 1)) == (("oil",), ("tea",))
    assert later.covers(earn, ("category",), Period(date(2026, 2, 1), date(2026, 3, 1)))
    assert not later.covers(earn, ("category",), Period(date(2026, 3, 1), date(2026, 4, 1)))
    cut = Interpreter(made, later).evaluate(earn, replace(year, start=date(2026, 1, 10)), no_results)
    assert [fault.code for fault in cut.faults] == ["cut_carried"]
    again = later.carry([Period(date(2026, 1, 1), date(2026, 2, 1))])
    assert [item for item in again if item.count] == [item for item in carried if item.count and item.start == date(2026, 1, 1)]


def test_what_can_be_carried() -> None:
    made = program(measures=[measure("supply", SUPPLY)])
    facts = gather(made, [])
    assert facts.is_additive(Priced(ref("supply"), rate("1")))
    assert not facts.is_additive(Aggregate("latest", column("paid"), SUPPLY.sources, None, Unit.MONEY))
    assert not facts.is_additive(total(column("paid", of="original"), "customer_return"))
    assert not facts.is_additive(Priced(SUPPLY, replace(per_unit("1"), parts=(replace(per_unit("1").parts[0], kind="per_document"),))))


def test_a_group_column_is_read_in_window_scope() -> None:
    named = Compare("=", Column("category", Unit.TEXT, "group"), Constant("tea", Unit.TEXT))
    made = program(clause(named))
    outcome = Interpreter(made, gather(made, [])).evaluate(named, asking(per=["category"], group=["tea"]), no_results)
    assert outcome == Outcome(True)


def test_working_days_of_an_unknown_year_are_a_fault() -> None:
    days = Time("shift", (Constant(date(2031, 5, 1), Unit.DATE),), Unit.DATE, "working_days", "", 7)
    made = program()
    outcome = Interpreter(made, gather(made, [])).evaluate(days, asking(), no_results)
    assert [fault.code for fault in outcome.faults] == ["calendar"]
    signed = replace(days, operands=(Constant(date(2024, 9, 27), Unit.DATE),))
    assert Interpreter(made, gather(made, [])).evaluate(signed, asking(), no_results).value == date(2024, 10, 12)


def test_division_by_zero_is_not_applicable() -> None:
    ratio = Arithmetic("/", (money("1"), SUPPLY), Unit.NUMBER)
    made = program(clause(ratio))
    assert Interpreter(made, gather(made, [])).evaluate(ratio, asking(), no_results) == Outcome(None, not_applicable=True)
