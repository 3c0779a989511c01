"""A contract that renews another: what it takes over, and what it says when the old statements are not given."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from rules_engine.api import load, read_documents, settle

FOLDER = Path(__file__).parents[3] / "contracts" / "renewal"
OLD = [FOLDER / "expected" / name for name in ("2025-01.json", "2025-12.json", "2025-late.json")]


def test_one_run_at_the_end_pays_what_two_months_pay() -> None:
    program = load(FOLDER / "tea_2026.contract")
    found = settle(program, read_documents(FOLDER / "documents.csv", program), "2026-01-01..2026-02-28", posted=OLD)
    assert (found.totals.carried_in, found.totals.payout) == (Decimal("-150.00"), Decimal("650.00"))


def test_without_the_old_statements_nothing_is_taken_over_and_that_is_said() -> None:
    program = load(FOLDER / "tea_2026.contract")
    found = settle(program, read_documents(FOLDER / "documents.csv", program), "2026-01")
    assert [(line.clause, line.amount) for line in found.lines] == [
        ("received", Decimal("800.00")),
        ("quality", Decimal("800.00")),
    ]
    assert [code for code, _ in found.notices] == ["renewed_absent"]


def test_a_rerun_posts_nothing() -> None:
    program = load(FOLDER / "tea_2026.contract")
    documents = read_documents(FOLDER / "documents.csv", program)
    posted = [*OLD, FOLDER / "expected" / "2026-01.json", FOLDER / "expected" / "2026-02.json"]
    found = settle(program, documents, "2026-03", posted=posted)
    assert not found.lines
    assert found.totals.carried_in == 0
