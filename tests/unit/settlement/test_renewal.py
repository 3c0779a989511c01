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


BALANCES = [FOLDER / "expected" / f"royalty-2025-H{half}.json" for half in (1, 2)]


def test_balances_and_prepayments_at_once_or_quarter_by_quarter() -> None:
    program = load(FOLDER / "royalty_2026.contract")
    documents = read_documents(FOLDER / "royalty.csv", program)
    once = settle(program, documents, "2026-01-01..2026-06-30", posted=BALANCES)
    quarters = [settle(program, documents, "2026-Q1", posted=BALANCES)]
    quarters.append(settle(program, documents, "2026-Q2", posted=[*BALANCES, FOLDER / "expected" / "royalty-2026-Q1.json"]))
    assert sum(item.totals.payout for item in quarters) == once.totals.payout == Decimal("6990.00")
    closing = {item.name: item.closing for item in once.balances}
    assert [str(closing[name]) for name in ("paid_ahead", "unrecouped", "goodwill")] == ["0.00", "0.00", "100"]


def test_a_balance_that_starts_anew_and_one_kept_by_order_take_nothing_over(tmp_path: Path) -> None:
    text = (FOLDER / "royalty_2026.contract").read_text(encoding="utf-8")
    text = text.replace("  adds  sum of amount over other_deductions\n", "  starts  0\n  adds  sum of amount over other_deductions\n")
    text = text.replace("  on  sum of amount over prepayments\n", "  on  sum of amount over prepayments\n  per po_id\n  applied to bought, rest stays\n")
    text = text.replace("goods received", "measure bought\n  sum of supply_amount over purchase_receipts\n\ngoods received", 1)
    (tmp_path / "a.contract").write_text(text, encoding="utf-8")
    program = load(tmp_path / "a.contract")
    found = settle(program, read_documents(FOLDER / "royalty.csv", program), "2026-Q1", posted=BALANCES)
    assert {line.clause: line.amount for line in found.lines}["royalty"] == Decimal("800.00")
    assert "renewed_by_order" in [code for code, _ in found.notices]
