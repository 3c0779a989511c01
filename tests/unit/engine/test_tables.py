"""Rows of a price: which row takes which document, and what is loud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from rules_engine.core.expressions import Compare, Expression, Price, Priced, Row, Table
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import gather
from tests.unit.engine.building import (
    NONE,
    asking,
    clause,
    document,
    is_text,
    ladder,
    lump,
    money,
    no_results,
    program,
    rate,
    total,
)  # fmt: skip

PAID = total("paid", "sale")
JULY = date(2026, 7, 1)
DEDUCTION = Table(
    (
        Row(rate("12"), is_text("category", "rice")),
        Row(rate("15"), is_text("category", "oil"), end=JULY),
        Row(rate("14"), is_text("category", "oil"), start=JULY),
        Row(rate("11"), otherwise=True),
    )
)


def sale(name: str, day: str, paid: str, category: str) -> Document:
    return document("sale", name, day, paid=paid, category=category)


def outcome(
    price: Price, documents: Sequence[Document], asks: Asking, payer: str = "supplier", changes: str = "", base: Expression = PAID
) -> Outcome:
    earn = Priced(base, price)
    made = program(clause(earn, payer=payer, changes=changes))
    facts = gather(made, documents)
    reference = Interpreter(made, facts).evaluate(earn, asks, no_results)
    assert reference == compile_program(made).bind(facts).evaluate(earn, asks, no_results)
    return reference


YEAR = asking("2026-01-01", "2027-01-01")


def test_every_document_finds_its_row_by_filter_and_day() -> None:
    documents = [sale("1", "2026-06-30", "100", "oil"), sale("2", "2026-07-01", "100", "oil"), sale("3", "2026-02-01", "100", "tea")]
    assert outcome(DEDUCTION, documents, YEAR).value == 15 + 14 + 11


def test_a_document_without_a_row_is_loud() -> None:
    rows = Table(DEDUCTION.rows[:3])
    found = outcome(rows, [sale("1", "2026-06-30", "100", "tea")], YEAR)
    assert found.value is None
    assert [(fault.code, fault.documents) for fault in found.faults] == [("no_row", ("sale:1",))]
    assert found.faults[0].detail == (("category", "tea"), ("date", "2026-06-30"))


def test_two_rows_with_different_results_are_loud_and_equal_ones_are_not() -> None:
    documents = [sale("1", "2026-03-05", "100", "rice")]
    two = Table((Row(rate("12"), is_text("category", "rice")), Row(rate("10"))))
    found = outcome(two, documents, YEAR)
    assert [(fault.code, fault.detail) for fault in found.faults] == [("two_rows", (("row 1", "12"), ("row 2", "10")))]
    same = Table((Row(rate("12"), is_text("category", "rice")), Row(rate("12"))))
    assert outcome(same, documents, YEAR).value == 12


@pytest.mark.parametrize(
    ("pick", "payer", "due"),
    [("all", "supplier", 22), ("first", "supplier", 12), ("best_for_supplier", "supplier", 10), ("best_for_platform", "supplier", 12),
     ("best_for_supplier", "platform", 12), ("best_for_platform", "platform", 10)],
)  # fmt: skip
def test_picks(pick: str, payer: str, due: int) -> None:
    rows = Table((Row(rate("12"), is_text("category", "rice")), Row(rate("10"))), pick)
    assert outcome(rows, [sale("1", "2026-03-05", "100", "rice")], YEAR, payer).value == due


def test_a_condition_reads_the_whole_window_and_an_undecided_one_stops() -> None:
    big = Compare(">", PAID, money("150"))
    rows = Table((Row(rate("1"), when=big), Row(rate("2"), otherwise=True)))
    documents = [sale("1", "2026-03-05", "100", "rice"), sale("2", "2026-05-05", "100", "tea")]
    assert outcome(rows, documents, YEAR).value == 2
    assert outcome(rows, documents, asking()).value == 2
    undecided = Table((Row(rate("1"), when=Compare(">", total("paid", "stock", op="latest"), money("1"))), Row(rate("2"))), "first")
    assert outcome(undecided, documents, YEAR).missing == ("latest paid of stock",)


def test_a_lump_a_row_is_paid_by_rows_with_documents() -> None:
    rows = Table((Row(lump("5"), is_text("category", "rice")), Row(lump("7"), is_text("category", "oil"))))
    assert outcome(rows, [sale("1", "2026-03-05", "1", "rice"), sale("2", "2026-03-06", "1", "rice")], YEAR).value == 5


def test_without_documents_the_group_and_the_last_day_decide() -> None:
    rows = Table((Row(lump("30000"), is_text("category", "rice")), Row(lump("50000"), is_text("category", "oil"))))
    asks = asking(per=["category"], group=["oil"])
    assert outcome(rows, [], asks, base=money("1")).value == 50000
    dated = Table((Row(lump("1"), end=JULY), Row(lump("2"), start=JULY)))
    assert outcome(dated, [], asking("2026-06-01", "2026-07-01"), base=money("1")).value == 1
    assert outcome(dated, [], asking("2026-07-01", "2026-08-01"), base=money("1")).value == 2


OLD = ladder("marginal", ("100", NONE), ("", rate("10")))
NEW = ladder("marginal", ("100", NONE), ("", rate("20")))
CHANGED = Table((Row(OLD, end=JULY), Row(NEW, start=JULY)))
BEFORE_AND_AFTER = [sale("1", "2026-03-05", "150", "rice"), sale("2", "2026-09-05", "150", "rice")]


@pytest.mark.parametrize(("changes", "due"), [("split", 5 + 10), ("continue", 5 + 30), ("last", 40)])
def test_a_ladder_that_changes_inside_the_window(changes: str, due: int) -> None:
    assert outcome(CHANGED, BEFORE_AND_AFTER, YEAR, changes=changes).value == due


def test_continuing_whole_ladders_pick_by_the_total_and_pay_by_the_day() -> None:
    old, new = (ladder("whole", ("200", NONE), ("", rate(value))) for value in ("10", "20"))
    assert outcome(Table((Row(old, end=JULY), Row(new, start=JULY))), BEFORE_AND_AFTER, YEAR, changes="continue").value == 45


def test_a_table_inside_a_band_shares_the_slice_by_its_documents() -> None:
    inner = Table((Row(rate("10"), is_text("category", "rice")), Row(rate("20"), otherwise=True)))
    price = ladder("marginal", ("100", NONE), ("", inner))
    documents = [sale("1", "2026-03-05", "150", "rice"), sale("2", "2026-03-05", "50", "oil")]
    assert outcome(price, documents, YEAR).value == Fraction(100 * 3, 4) / 10 + Fraction(100, 4) / 5
