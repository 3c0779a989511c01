"""Confirmations, disputes and adjustments: what is posted, what waits, and that runs may be split."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.model import Document, Documents
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle
from tests.unit.settlement.building import Account, D, clause, document, goods, priced, program, sale, total


def noted() -> Program:
    return program(goods(), clause("note", priced(total(), "10"), needs_confirmation=True))


def said(kind: str, name: str, day: str, amount: str = "", **texts: str) -> Document:
    found = document(kind, name, day, **({"amount": amount} if amount else {}))
    return replace(found, values={**found.values, **texts})


def waiting(done: Settlement) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(line.id, str(line.amount), line.flags) for line in done.pending]


def test_a_dispute_stands_with_both_figures_until_it_is_accepted() -> None:
    account = Account(noted())
    account.settle("2026-01", sale("a", "2026-01-05", "3400"))
    dispute = said("dispute", "d", "2026-02-03", "300", line="note-2026-01", by="Li", reason="never ordered")
    february = account.settle("2026-02", dispute)
    assert waiting(february) == [("note-2026-01", "340.00", ("disputed",))]
    life = february.pending[0].lifecycle
    assert life is not None
    assert (str(life.computed), str(life.stated), life.by, life.since) == ("340.00", "300.00", "Li", date(2026, 1, 31))
    assert not february.lines
    march = account.settle("2026-03")
    assert waiting(march) == [("note-2026-01", "340.00", ("disputed",))], "it stands on the statement, not in the files"
    april = account.settle("2026-04", said("confirmation", "c", "2026-04-03", "300", line="note-2026-01", by="Zhao"))
    assert [(str(line.amount), line.flags) for line in april.lines] == [("300.00", ("confirmed", "accepted"))]
    assert not april.pending
    assert not account.settle("2026-05").pending
    later = account.settle("2026-06", sale("b", "2026-01-20", "500", "2026-06-02"))
    assert waiting(later) == [("note-2026-01", "50.00", ("waived",))]


def test_another_amount_than_computed_is_told() -> None:
    account = Account(noted())
    account.settle("2026-01", sale("a", "2026-01-05", "3400"))
    done = account.settle("2026-02", said("confirmation", "c", "2026-02-03", "350", line="note-2026-01"))
    assert [item.code for item in done.diagnostics] == ["SE0783"]
    assert waiting(done) == [("note-2026-01", "-10.00", ())]
    lost = account.settle("2026-03", said("confirmation", "k", "2026-03-03", "1", line="note-2026-07"))
    assert [item.code for item in lost.diagnostics] == ["SE0784"]


def test_a_line_confirmed_in_full_waits_for_nothing_more() -> None:
    account = Account(noted())
    account.settle("2026-01", sale("a", "2026-01-05", "3400"))
    account.settle("2026-02", said("confirmation", "c", "2026-02-03", "340", line="note-2026-01"))
    again = account.settle("2026-03", said("confirmation", "k", "2026-03-03", "340", line="note-2026-01"))
    assert (again.lines, again.pending) == ((), ())
    assert [item.code for item in again.diagnostics] == ["SE0784"]


def test_an_adjustment_is_posted_once_and_taken_back_when_it_is_withdrawn() -> None:
    account = Account(program(goods()))
    made = said("adjustment", "A", "2026-02-03", "-40", line="sold-2026-01", by="Zhao", reason="torn bags")
    account.settle("2026-01", sale("a", "2026-01-05", "100"))
    february = account.settle("2026-02", made)
    assert [(line.kind, line.clause, line.group, str(line.amount)) for line in february.lines] == [
        ("adjustment", "sold", {"adjustment": "A"}, "-40.00")
    ]
    assert not account.settle("2026-03").lines
    account.documents.remove(made)
    assert [str(line.amount) for line in account.settle("2026-04").lines] == ["40.00"]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"line": "sold-2026-01", "by": "Zhao"}, "SE0781"),
        ({"line": "sold-2026-01", "reason": "why"}, "SE0781"),
        ({"line": "sold-2026-09", "by": "Zhao", "reason": "why"}, "SE0782"),
        ({"clause": "gold", "by": "Zhao", "reason": "why"}, "SE0782"),
    ],
)
def test_an_adjustment_answers_for_itself(texts: dict[str, str], code: str) -> None:
    account = Account(program(goods()))
    with pytest.raises(ContractError) as error:
        account.settle("2026-01", sale("a", "2026-01-05", "100"), said("adjustment", "A", "2026-01-20", "5", **texts))
    assert [item.code for item in error.value.diagnostics] == [code]


def test_month_after_month_or_all_at_once_posts_the_same() -> None:
    documents = (
        sale("a", "2026-01-05", "3400"),
        sale("b", "2026-02-05", "1000"),
        said("dispute", "d", "2026-02-03", "300", line="note-2026-01", by="Li"),
        said("confirmation", "c", "2026-03-03", "300", line="note-2026-01", by="Zhao"),
        said("confirmation", "k", "2026-03-03", "60", clause="note", window="2026-02", by="Zhao"),
        said("adjustment", "A", "2026-03-04", "-7.77", clause="sold", window="2026-01", by="Zhao", reason="torn"),
    )
    done: list[Settlement] = []
    for month in ("2026-01", "2026-02", "2026-03"):
        done.append(settle(noted(), Documents(documents), month, [as_posted(item) for item in done]))
    once = settle(noted(), Documents(documents), "2026-03")
    assert sum((item.totals.net for item in done), Decimal(0)) == once.totals.net == D("4400") - 300 - 60 - D("7.77")
    assert [line.amount for line in done[-1].pending] == [line.amount for line in once.pending] == [D("40.00")]
