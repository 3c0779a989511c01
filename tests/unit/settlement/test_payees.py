"""Money between the platform and others: settled like any other, never part of the supplier's payout."""

from __future__ import annotations

import json
from decimal import Decimal

from rules_engine.api import check, render
from rules_engine.core.program import Program
from rules_engine.documents.read import from_rows
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import parse_posted
from rules_engine.settlement.settle import settle
from rules_engine.source import SourceFile
from tests.unit.check.checking import HEADS

CLAUSES = """
party sharer P-1 "Sharer"

party leader P-2 "Leader"

commission shared "5%" paid by supplier
  on    sum of paid over sales less customer_returns
  rate  5%
  to    sharer 70%, leader 20%, rest platform

commission top_up "2% more" paid by platform
  on    sum of paid over sales less customer_returns
  rate  2%
  to    sharer 50%, rest leader

commission passed_on paid by leader to sharer
  on    sum of paid over sales less customer_returns
  rate  0.1%

charge paid_out paid by leader to supplier
  on    sum of paid over sales less customer_returns
  rate  1%
"""
ROWS = [
    {"type": "sale", "doc_id": "S-1", "date": "2026-03-05", "paid": "100"},
    {"type": "sale", "doc_id": "S-2", "date": "2026-04-05", "paid": "33.33"},
    {"type": "customer_return", "doc_id": "R-1", "date": "2026-04-06", "paid": "50", "ref_doc_id": "S-1"},
]


def program() -> Program:
    return check(SourceFile("t.contract", HEADS["en"] + CLAUSES))


def run(period: str, *posted: Settlement) -> Settlement:
    found = program()
    return settle(
        found, from_rows(ROWS, found), period, [parse_posted(json.loads(render(item, format="json"))) for item in posted]
    )


def own(settlement: Settlement) -> dict[str, tuple[str, str]]:
    return {item.party: (str(item.receives), str(item.pays)) for item in settlement.payees}


def test_the_payout_is_the_suppliers_alone() -> None:
    march = run("2026-03")
    assert march.totals.net == Decimal("-4.00")
    assert own(march) == {
        "sharer": ("4.60", "0.00"),
        "leader": ("2.00", "1.10"),
        "platform": ("0.50", "0.00"),
        "supplier": ("1.00", "0.00"),
    }
    assert {line.clause for payee in march.payees for line in payee.lines} == {"top_up", "passed_on"}
    assert march.papers.supplier_invoice - march.papers.platform_invoice - march.papers.receipts == march.totals.net


def test_month_after_month_comes_to_the_same_as_once() -> None:
    march = run("2026-03")
    april = run("2026-04", march)
    whole: dict[str, Decimal] = {}
    for settlement in (march, april):
        for item in settlement.payees:
            whole[item.party] = whole.get(item.party, Decimal(0)) + item.receives - item.pays
    assert {item.party: item.receives - item.pays for item in run("2026-04").payees} == whole
    assert not run("2026-05", march, april).payees
