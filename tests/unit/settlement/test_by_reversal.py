"""Kernel rule 9, in the form 红冲重开: what was posted is taken back whole, the new amount stands by itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from rules_engine import load, settle
from rules_engine.documents.read import from_rows

CONTRACT = Path(__file__).parents[3] / "contracts" / "returns_policies" / "by_reversal.contract"
SALE = {"doc_id": "SO-1", "type": "sale", "date": "2026-03-05", "paid": "9600.00"}
RETURN = {"doc_id": "CR-1", "type": "customer_return", "date": "2026-04-10", "ref_doc_id": "SO-1", "paid": "3200.00", "known_on": "2026-04-10"}


def test_a_correction_is_two_lines_and_the_next_statement_posts_nothing() -> None:
    program = load(CONTRACT)
    march = settle(program, from_rows([SALE], program), "2026-03")
    both = from_rows([SALE, RETURN], program)
    april = settle(program, both, "2026-04", [march])
    back, again = april.lines
    assert (back.amount, back.papers.net_of_vat, back.papers.vat) == (Decimal("-96.00"), Decimal("-90.57"), Decimal("-5.43"))
    assert (again.amount, again.papers.net_of_vat, again.papers.vat) == (Decimal("64.00"), Decimal("60.38"), Decimal("3.62"))
    assert (back.corrects, again.corrects) == ((march.lines[0].id,), ())
    assert settle(program, both, "2026-05", [march, april]).lines == ()
