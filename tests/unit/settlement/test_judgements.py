"""Findings, exceptions, reversals, counted conditions and days of the window: month by month as at once, compiled as interpreted."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from rules_engine import load, settle
from rules_engine.documents.model import Documents
from rules_engine.documents.read import from_rows
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.operations import logic
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.settle import COMPILED, INTERPRETER, settle as settle_with
from tests.unit.check.checking import program as whole

GALLERY = Path(__file__).parents[3] / "contracts"
FOLDERS = ("recall_exceptions", "sla_hours", "given_back")
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
YES, NO, UNKNOWN = Outcome(True), Outcome(False), Outcome(None, ("x",))


def read(folder: str) -> tuple[object, list[dict[str, str]]]:
    """The gallery's contract and its document rows."""
    program = load(GALLERY / folder / f"{folder}.contract")
    head, *rows = (GALLERY / folder / "documents.csv").read_text(encoding="utf-8").splitlines()
    names = head.split(",")
    return program, [dict(zip(names, row.split(","), strict=True)) for row in rows]


def sums(found: list[Settlement]) -> dict[tuple[str, str, str], Decimal]:
    """Posted amounts by clause, group and window."""
    total: dict[tuple[str, str, str], Decimal] = {}
    for settlement in found:
        for line in settlement.lines:
            key = (line.clause, " ".join(line.group.values()), str(line.window.start))
            total[key] = total.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in total.items() if amount}


@pytest.mark.parametrize("folder", FOLDERS)
def test_month_by_month_comes_to_the_cents_of_one_run(folder: str) -> None:
    program, rows = read(folder)
    documents: Documents = from_rows(rows, program)  # type: ignore[arg-type]
    posted: list[Settlement] = []
    for month in MONTHS:
        posted.append(settle(program, documents, month, posted))  # type: ignore[arg-type]
    assert sums(posted) == sums([settle(program, documents, MONTHS[-1])])  # type: ignore[arg-type]
    assert settle(program, documents, "2026-05", posted).totals.net == sum(  # type: ignore[arg-type]
        (line.amount * (1 if line.direction == "payable" else -1) for line in settle(program, documents, "2026-05", posted).lines),  # type: ignore[arg-type]
        Decimal(0),
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_shuffled_documents_and_both_evaluators_agree(folder: str) -> None:
    program, rows = read(folder)
    random.Random(7).shuffle(rows)
    documents = from_rows(rows, program)  # type: ignore[arg-type]
    one, two = (settle_with(program, documents, "2026-03", evaluator=name) for name in (COMPILED, INTERPRETER))  # type: ignore[arg-type]
    assert sums([one]) == sums([two]) == sums([settle(program, from_rows(rows[::-1], program), "2026-03")])  # type: ignore[arg-type]
    assert one.unsettled == two.unsettled


@pytest.mark.parametrize(
    ("operands", "count", "value"),
    [
        ((YES, YES, UNKNOWN), 2, True),
        ((YES, NO, UNKNOWN), 2, None),
        ((NO, NO, UNKNOWN), 2, False),
        ((YES, NO, NO), 2, False),
        ((YES,), 1, True),
    ],
)
def test_some_of_several_is_settled_as_soon_as_it_can_be(operands: tuple[Outcome, ...], count: int, value: bool | None) -> None:
    assert logic("at_least", operands, count).value is value
    if value is None:
        assert logic("at_least", operands, count).missing == ("x",)


DAYS = """
documents bills
  side none
  column due_on date

charge interest "1.00 a day on each bill" paid by platform
  on      sum of (days from due_on to max(due_on, settlement date)) over bills
  rate    1 per unit
  invoice none

measure billed show per quarter
  count over bills
"""


def test_a_settlement_date_goes_on_and_a_shown_window_is_its_own() -> None:
    program = whole(DAYS)
    rows = [{"type": "bills", "doc_id": f"B-{at}", "date": day, "due_on": "2026-01-21"} for at, day in enumerate(("2026-01-05", "2026-02-05"))]
    documents = from_rows(rows, program)
    posted: list[Settlement] = []
    for month in MONTHS:
        posted.append(settle(program, documents, month, posted))
    assert [settlement.totals.net for settlement in posted] == [Decimal(10), Decimal(28 + 38), Decimal(62), Decimal(60)]
    assert sums(posted) == sums([settle(program, documents, MONTHS[-1])])
    assert [settlement.measures_shown[0].value for settlement in posted] == [1, 2, 2, 0]
    assert {line.papers.invoice_by for settlement in posted for line in settlement.lines} == {"none"}
