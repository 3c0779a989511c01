"""What several fund: the payer's part is the line, for lines, readers and limits alike; and whole orders need whole histories."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules_engine.api import check
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.read import from_rows
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle
from rules_engine.source import SourceFile
from tests.unit.check.checking import HEADS

REFUNDS = "\ncharge refunds paid by supplier\n  on      sum of amount over other_deductions\n  funded  supplier 70%, platform 20%, rest government\n"
READER = "\ncharge reader paid by supplier\n  amount  10% * result of refunds\n  period  month\n"
LIMIT = "\nlimit most\n  of       refunds\n  at most  50 in each year\n"
PROMOTION = (
    "\npromotion p\n  on sum of list_amount over sales less customer_returns\n  {per}reduce 100 from 199\n"
    "  funded supplier 60%, rest platform\n  returned orders recompute\n"
)
ORDER = [
    {"type": "sale", "doc_id": "S-1", "line_no": "1", "date": "2026-03-05", "order_id": "O-1", "sku": "A", "campaign": "618", "list_amount": "129"},
    {"type": "sale", "doc_id": "S-1", "line_no": "2", "date": "2026-03-05", "order_id": "O-1", "sku": "B", "campaign": "618", "list_amount": "70"},
    {"type": "customer_return", "doc_id": "R-1", "date": "2026-04-05", "ref_doc_id": "S-1", "ref_line_no": "2", "list_amount": "70"},
]  # fmt: skip


def program(clauses: str) -> Program:
    return check(SourceFile("t.contract", HEADS["en"] + clauses))


def run(clauses: str, rows: list[dict[str, str]], period: str, *posted: Settlement) -> Settlement:
    found = program(clauses)
    return settle(found, from_rows(rows, found), period, [as_posted(item) for item in posted])


def amounts(settlement: Settlement) -> dict[str, Decimal]:
    return {" ".join((line.clause, *line.group.values())): line.amount for line in settlement.lines}


def test_readers_and_limits_see_the_payers_part() -> None:
    rows = [{"type": "other_deduction", "doc_id": "D-1", "date": "2026-01-05", "amount": "100"}]
    done = run(REFUNDS + READER + LIMIT, rows, "2026-01")
    assert amounts(done) == {"refunds": Decimal("70.00"), "reader": Decimal("7.00"), "most refunds": Decimal("20.00")}


def test_a_spread_is_funded_part_by_part() -> None:
    spread = REFUNDS + "  spread over sku by weight\n\nmeasure weight\n  sum of list_amount over sales\n"
    rows = [{"type": "other_deduction", "doc_id": "D-1", "date": "2026-03-05", "amount": "1"}, *ORDER[:2]]
    assert amounts(run(spread, rows, "2026-03")) == {
        "refunds A": Decimal("0.46"),
        "refunds B": Decimal("0.25"),
    }  # of 0.65 and 0.35: 0.455 and 0.245, ties to the first named


@pytest.mark.parametrize(
    ("per", "march", "april"),
    [
        ("sku", {"p A": "38.89", "p B": "21.11"}, {"p B": "-60.00"}),
        ("campaign", {"p 618": "60.00"}, {"p 618": "-60.00"}),
        ("order", {"p O-1": "60.00"}, {"p O-1": "-60.00"}),
    ],
)
def test_a_promotion_by_group(per: str, march: dict[str, str], april: dict[str, str]) -> None:
    clauses = PROMOTION.format(per=f"per {per}\n  ")
    first = run(clauses, ORDER, "2026-03")
    assert amounts(first) == {key: Decimal(amount) for key, amount in march.items()}
    assert amounts(run(clauses, ORDER, "2026-04", first)) == {key: Decimal(amount) for key, amount in april.items()}


def test_half_an_order_is_refused() -> None:
    clauses = PROMOTION.format(per="")
    march = run(clauses, ORDER, "2026-03")
    late = {"type": "sale", "doc_id": "S-2", "date": "2026-04-02", "order_id": "O-1", "list_amount": "100"}
    with pytest.raises(ContractError) as refused:
        run(clauses, [late], "2026-04", march)
    assert {item.code for item in refused.value.diagnostics} == {"SE0713"}
