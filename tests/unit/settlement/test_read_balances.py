"""Balances and counters read as numbers: however runs are split, shuffled or evaluated, the same cents."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from rules_engine.api import check, diagnose
from rules_engine.documents.read import from_rows
from rules_engine.settlement.past.posted import PostedStatement, as_posted
from rules_engine.settlement.settle import settle
from rules_engine.source import SourceFile
from rules_engine.values.period import Period, parse_period

LOAN = (Path(__file__).parents[3] / "contracts/interest_and_discount/loan.contract").read_text(encoding="utf-8")
PROGRAM = check(SourceFile("loan", LOAN))
ROWS = [
    {"type": "sale", "doc_id": "S-1", "date": "2026-02-05", "quantity": "60", "paid": "9999.99"},
    {"type": "sale", "doc_id": "S-2", "date": "2026-03-31", "quantity": "50", "paid": "3333.33"},
    {"type": "customer_return", "doc_id": "R-1", "date": "2026-05-02", "quantity": "20", "paid": "4000", "ref_doc_id": "S-1"},
    {"type": "sale", "doc_id": "S-3", "date": "2026-03-30", "known_on": "2026-05-20", "quantity": "5", "paid": "7000.05"},
    {"type": "sale", "doc_id": "S-4", "date": "2026-06-30", "quantity": "30", "paid": "8000.10"},
]
EVERY = [f"2026-{month:02d}" for month in range(1, 9)]


def totals(periods: list[Period], rows: list[dict[str, str]], evaluator: str) -> dict[tuple[str, str], Decimal]:
    documents, posted = from_rows(rows, PROGRAM), list[PostedStatement]()
    found: dict[tuple[str, str], Decimal] = {}
    for period in periods:
        settlement = settle(PROGRAM, documents, period, posted, None, evaluator)
        posted.append(as_posted(settlement))
        for line in settlement.lines:
            key = (line.clause, str(line.window.start))
            found[key] = found.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in found.items() if amount}


def months(*ends: str) -> list[Period]:
    starts = [parse_period("2026-01").start, *(parse_period(end).end for end in ends)]
    return [Period(one, two) for one, two in pairwise(starts)]


@pytest.mark.parametrize("evaluator", ["compiled", "interpreter"])
def test_month_by_month_in_pieces_or_at_once(evaluator: str) -> None:
    done = totals(months(*EVERY), ROWS, evaluator)
    assert done["interest", "2026-02-01"] == Decimal("10.00")
    assert done == totals(months(*EVERY), ROWS[::-1], "compiled")
    assert done == totals(months("2026-02", "2026-05", "2026-08"), ROWS, evaluator) == totals(months("2026-08"), ROWS, evaluator)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  amount  1% * closing of owed\n  period  month\n  against owed\n", "SE0552"),
        ("  amount  1% * closing of nothing\n  period  month\n", "SE0301"),
        ("  on      sum of paid * (opening of owed) over sales\n", "SE0304"),
        ("  amount  1% * opening of units\n  period  month\n", "SE0258"),
    ],
)
def test_what_cannot_be_read(line: str, code: str) -> None:
    units = "\nbalance units\n  adds  10 units in each month\n"
    text = f"{LOAN.split('scenario')[0]}{units}\nfee wrong\n{line}"
    assert code in [finding.code for finding in diagnose(SourceFile("wrong", text))[1]]


def test_a_counter_of_each_sku_is_read_for_one() -> None:
    text = LOAN.split("scenario")[0].replace("  starts 400\n", "  per sku\n")
    assert "SE0257" in [finding.code for finding in diagnose(SourceFile("wrong", text))[1]]
