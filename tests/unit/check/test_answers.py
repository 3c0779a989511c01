"""Findings and exceptions: what is refused, and what a contract then pays."""

from __future__ import annotations

from datetime import date

import pytest

from rules_engine.core.expressions import Choice, MeasureRef
from rules_engine.core.program import Program
from rules_engine.core.walk import walk
from rules_engine.settlement.deadlines import at_moment
from tests.unit.check.checking import codes, program

FINDING = "finding recall_open yes/no per quarter\n"
SALES = "measure gross\n  sum of paid over sales\n"
VOLUME = "rebate volume\n  on  gross\n  rate  3%\n"
ELECTION = "finding basis one of fixed, indexed\n  otherwise fixed after 2026-03-31\n"


def read(found: Program) -> MeasureRef:
    """The reading of a finding in the clause `volume`."""
    when = found.clauses["volume"].when
    assert when is not None
    return next(item for item in walk(when) if isinstance(item, MeasureRef))


@pytest.mark.parametrize(
    ("block", "unit", "per"),
    [
        ("finding told yes/no", "state", ()),
        ("finding told yes/no per quarter", "quarter", ()),
        ("finding told yes/no per category per month", "month", ("category",)),
        ("finding told yes/no per term", "term", ()),
        ("finding told yes/no\n  otherwise no after 2026-03-31", "term", ()),
    ],
)
def test_the_window_and_group_of_an_answer(block: str, unit: str, per: tuple[str, ...]) -> None:
    shift = read(program(f"{block}\n{SALES}{VOLUME}  per category\n  when  told\n")).shift
    assert shift is not None
    assert (shift.unit, shift.per) == (unit, per)


def test_a_finding_is_a_document_type_of_its_own() -> None:
    kind = program(FINDING + SALES + VOLUME).types["recall_open"]
    assert (kind.side, kind.columns["answer"].kind) == ("none", "yes_no")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{ELECTION}{SALES}{VOLUME}  when  basis = float\n", "SE0571"),
        (f"finding told yes/no per category\n{SALES}{VOLUME}  when  told\n", "SE0572"),
        (f"finding told yes/no per month\n{SALES}{VOLUME}  when  told\n  period  quarter\n", "SE0573"),
        (f"{FINDING}{SALES}{VOLUME}  when  recall_open in the previous quarter\n", "SE0573"),
        (f"{FINDING}{SALES}{VOLUME}except recall over volume\n  when  recall_open\n  at most  5 in each year\n", "SE0574"),
        (f"{FINDING}{SALES}{VOLUME}except recall over volume\n  amount  0\n", "SE0201"),
        (f"{FINDING}{SALES}{VOLUME}except recall over volume\n  when  recall_open\n", "SE0201"),
        (f"{FINDING}{SALES}{VOLUME}except recall over volum\n  when  recall_open\n  amount  0\n", "SE0307"),
        (f"{FINDING}{SALES}{VOLUME}except recall over volume\n  when  recall_open\n  amount  0\n  outranks  other\n", "SE0307"),
        (f"{FINDING}{SALES}{VOLUME}except recall over volume\n  when  recall_open\n  period  month\n", "SE0574"),
        ("finding told number\n  otherwise yes\n", "SE0402"),
        ("finding told number per month per quarter\n", "SE0203"),
        ("finding payment yes/no\n", "SE0302"),
        ("fee lump\n  amount  100\n  period  month\nreversal b\n  of  lump\n  over  customer_returns\n  on  quantity\n", "SE0201"),
        (f"{SALES}{VOLUME}reversal b\n  of  volume\n  on  quantity\n", "SE0201"),
        (f"{SALES}{VOLUME}reversal b\n  of  volum\n  over  customer_returns\n  on  quantity\n", "SE0307"),
        (f"{SALES}{VOLUME}reversal b\n  of  volume\n  over  customer_returns\n  on  category\n", "SE0402"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [("> 100", "> 500", ["SE0575"]), ("< 100", "> 500", []), ("<= 100", ">= 100", ["SE0575"])],
)
def test_exceptions_seen_to_meet_need_an_order(one: str, two: str, found: list[str]) -> None:
    first, second = (f"except e{at} over volume\n  when  gross {test}\n  rate  {at}%\n" for at, test in ((1, one), (2, two)))
    assert codes(SALES + VOLUME + first + second) == found
    assert codes(SALES + VOLUME + first + second + "  outranks  e1\n") == []


def test_a_default_waits_for_its_last_day() -> None:
    found = program(ELECTION + SALES + VOLUME + "  when  basis = fixed\n")

    def rows(moment: date) -> int:
        choice = at_moment(found, moment).measures["basis"].expression
        assert isinstance(choice, Choice)
        return len(choice.rows)

    assert (rows(date(2026, 3, 31)), rows(date(2026, 4, 1))) == (1, 2)


@pytest.mark.parametrize(
    ("line", "found"),
    [("from 2026-03-01", []), ("until 2026-06-30", []), ("from 2026-03-02", ["SE0574"]), ("until 2026-06-29", ["SE0574"])],
)
def test_an_exception_begins_and_ends_with_windows(line: str, found: list[str]) -> None:
    text = f"{FINDING}{SALES}{VOLUME}  period  month\nexcept recall over volume\n  when  recall_open\n  amount  0\n  {line}\n"
    assert codes(text) == found
