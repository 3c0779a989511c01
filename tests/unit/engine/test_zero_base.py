"""Documents that come to zero together: nothing is due on the sum, but each is still priced by its own row and rounded alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rules_engine.core.expressions import Parts, Price, Priced, Rounding, Row, Table
from rules_engine.documents.model import Document
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import gather
from tests.unit.engine.building import D, asking, clause, document, is_text, lump, no_results, program, rate, total

PAID = total("paid", "sale", less="customer_return")
YEAR = asking("2026-01-01", "2027-01-01")
BY_CATEGORY = Table((Row(rate("5"), is_text("category", "rice")), Row(rate("3"), is_text("category", "oil"))))
UP = Rounding("ceiling", D("0.01"))


def sale(paid: str, category: str = "rice") -> Document:
    return document("sale", "S", "2026-02-03", paid=paid, category=category)


def back(paid: str, category: str = "rice") -> Document:
    return document("customer_return", "R", "2026-02-04", paid=paid, category=category)


def earned(price: Price, documents: Sequence[Document], each: Rounding | None = None) -> object:
    earn = Priced(PAID, price, each=each)
    made = program(clause(earn))
    facts = gather(made, documents)
    reference = Interpreter(made, facts).evaluate(earn, YEAR, no_results)
    assert reference == compile_program(made).bind(facts).evaluate(earn, YEAR, no_results)
    return reference.value


def test_rows_price_their_own_documents() -> None:
    assert earned(BY_CATEGORY, [sale("100"), back("100", "oil")]) == Fraction(2)
    assert earned(BY_CATEGORY, [sale("100"), back("100")]) == 0


def test_documents_are_rounded_alone() -> None:
    """0.003125 is rounded up to 0.01, -0.003125 up to 0."""
    assert earned(rate("0.5"), [sale("0.625"), back("0.625")], UP) == Fraction(1, 100)
    assert earned(BY_CATEGORY, [sale("0.1"), back("0.1")], UP) == Fraction(1, 100)


def test_what_belongs_to_a_sum_needs_one() -> None:
    floor = Parts(rate("5").parts, floor=lump("7"))
    assert earned(floor, [sale("100"), back("100")]) == 0
    rows = Table((Row(floor, is_text("category", "rice")), Row(lump("9"), is_text("category", "oil"))))
    assert earned(rows, [sale("100"), back("100")]) == 0
    assert earned(rows, [sale("0")]) == 0


def test_an_at_zero_row_answers_for_the_sum() -> None:
    rows = Table(BY_CATEGORY.rows, at_zero=lump("4"))
    assert earned(rows, [sale("100"), back("100", "oil")]) == Fraction(4)


def test_no_document_asks_for_no_row() -> None:
    assert earned(BY_CATEGORY, []) == 0
