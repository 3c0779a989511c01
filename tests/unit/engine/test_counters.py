"""Counters: where documents stand, and that neither the split of runs nor the order of a file moves a cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from rules_engine.api import check, settle
from rules_engine.core.trace import TraceStep
from rules_engine.documents.model import Document, Documents
from rules_engine.documents.read import read_documents
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle as settle_with
from rules_engine.source import SourceFile

GALLERY = Path(__file__).parents[3] / "contracts/royalty_steps"
PROGRAM = check(SourceFile("steps", (GALLERY / "royalty_steps.contract").read_text(encoding="utf-8")))
MONTHS = ("2026-01", "2026-02", "2026-03")


def documents() -> Documents:
    return read_documents([GALLERY / "documents.csv"], PROGRAM)


def reordered(lines: tuple[Document, ...]) -> Documents:
    return replace(documents(), lines=lines)


def by_clause(*settlements: Settlement) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for settlement in settlements:
        for line in settlement.lines:
            key = (line.clause, "".join(line.group.values()))
            sums[key] = sums.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in sums.items() if amount}


def month_by_month() -> list[Settlement]:
    found: list[Settlement] = []
    for month in MONTHS:
        found.append(settle(PROGRAM, documents(), month, [as_posted(each) for each in found]))
    return found


def test_month_by_month_and_once_at_the_end_come_to_the_same_cents() -> None:
    assert by_clause(*month_by_month()) == by_clause(settle(PROGRAM, documents(), "2026-03"))


def test_a_posted_slice_is_never_moved_by_what_arrives_later() -> None:
    corrected = [line.clause for each in month_by_month() for line in each.lines if line.posted and line.clause != "royalty"]
    assert corrected == ["handling", "delivery"], "only the late delivery's own pieces are added"


def test_the_order_of_the_file_plays_no_part() -> None:
    lines = documents().lines
    wanted = by_clause(settle(PROGRAM, documents(), "2026-03"))
    for order in list(permutations(lines))[::5000]:
        assert by_clause(settle(PROGRAM, reordered(order), "2026-03")) == wanted


@pytest.mark.parametrize("month", MONTHS)
def test_both_evaluators_agree(month: str) -> None:
    compiled, told = (settle_with(PROGRAM, documents(), month, (), None, name) for name in ("compiled", "interpreter"))
    assert compiled.lines == told.lines


def test_the_explanation_tells_each_document_s_stretch() -> None:
    line = next(item for item in settle(PROGRAM, documents(), "2026-01").lines if item.group == {"sku": "tales"})
    stretches = [step for step in _walk(line.trace) if step.op == "stretch"]
    assert [(step.detail["low"], step.detail["high"], step.value) for step in stretches] == [
        ("0", "900", 2160),
        ("900", "1300", 1200),
    ]


def _walk(step: TraceStep) -> Iterator[TraceStep]:
    yield step
    for part in step.parts:
        yield from _walk(part)
