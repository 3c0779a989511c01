"""A scenario plays documents of a type that took a general name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.cli.main import main

CONTRACT = """contract T-1 "Own invoices"
  platform  "Northgate Retail Trading Co."
  supplier  S-1 "Riverside Tea Co."
  term      2026-01-01 to 2026-12-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       60 days after statement
  payout    any amount, negative carried forward
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line

documents invoices "Invoices of the trade" on invoiced_on
  side  none

goods billed
  on  sum of amount over invoices

scenario "one invoice"
  | type     | doc_id | invoiced_on | amount |
  | invoices | I-1    | 2026-01-05  | 100    |
  settle 2026-01
    billed  100.00
"""


def test_rows_of_the_contracts_own_invoices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.contract"
    path.write_text(CONTRACT, encoding="utf-8")
    assert main(["test", str(path)]) == 0
    assert "1 passed, 0 failed" in capsys.readouterr().out
