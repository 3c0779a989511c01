"""The short way along a counter comes to what the long way tells, to the last digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.api import check, settle
from rules_engine.core.program import Program
from rules_engine.documents.model import Documents
from rules_engine.documents.read import from_rows
from rules_engine.engine.interpreted import along, straight
from rules_engine.settlement.model import Line
from rules_engine.source import SourceFile

GALLERY = Path(__file__).parents[3] / "contracts/royalty_steps"
HEAD = (GALLERY / "royalty_steps.contract").read_text(encoding="utf-8").partition("# Every title")[0]
COUNTER = 'counter copies "Copies"\n  sum of quantity over sales less customer_returns\n  restarts never\n\n'
CHARGE = 'charge royalty "Royalty" paid by platform\n  on sum of list_amount over sales less customer_returns\n'
LADDERS = {
    "marginal": "  tiers marginal along copies\n    up to 100  6%\n    up to 300  8%\n    over 300  none\n",
    "whole": "  tiers whole along copies\n    below 90  6%\n    from 90  8.125%\n",
    "by the copy": "  tiers marginal along copies\n    up to 70  0.30 per unit\n    over 70  0.0125 per unit\n",
}


def documents(program: Program, several: int) -> Documents:
    """Sales of one to four copies, every seventh returned in part, every eleventh without a copy, one return of nothing known."""
    rows = []
    for number in range(several):
        day = f"2026-0{1 + number % 3}-{1 + number % 28:02d}"
        copies = 0 if number % 11 == 5 else 1 + number % 4
        rows.append({"doc_id": f"S{number}", "type": "sale", "date": day, "sku": "a", "quantity": str(copies), "list_amount": f"{10 + number}.37"})
        if number % 7 == 3:
            back = {"doc_id": f"R{number}", "type": "customer_return", "date": "2026-03-29", "ref_doc_id": f"S{number}", "sku": "a"}
            rows.append({**back, "quantity": "1", "list_amount": "3.11"})
    rows.append({"doc_id": "R", "type": "customer_return", "date": "2026-03-30", "sku": "a", "quantity": "2", "list_amount": "5.00"})
    return from_rows([{"line_no": "1", **row} for row in rows], program)


def lines(program: Program, given: Documents) -> list[tuple[Line, object]]:
    return [(line, line.trace) for line in settle(program, given, "2026-03").lines]


@pytest.mark.parametrize("several", [12, 180])
@pytest.mark.parametrize("ladder", LADDERS)
def test_amounts_and_explanations_are_those_of_the_long_way(ladder: str, several: int, monkeypatch: pytest.MonkeyPatch) -> None:
    charge = CHARGE.replace("list_amount", "quantity") if "unit" in LADDERS[ladder] else CHARGE
    program = check(SourceFile("along.contract", HEAD + COUNTER + charge + LADDERS[ladder]))
    given = documents(program, several)
    taken = lines(program, given)
    assert len(taken) == 3
    short = straight.straight_amounts
    asked: list[bool] = []

    def refused(*given: object) -> None:
        asked.append(short(*given) is not None)  # type: ignore[arg-type]

    monkeypatch.setattr(along, "straight_amounts", refused)
    assert lines(program, given) == taken
    assert asked
    assert all(asked), "the short way was open"


def test_what_is_paid_once_takes_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    lump = "  tiers marginal along copies\n    below 100  none\n    from 100  500\n"
    program = check(SourceFile("along.contract", HEAD + COUNTER + CHARGE + lump))
    found: list[object] = []
    short = straight.straight_amounts

    def watched(*given: object) -> object:
        found.append(short(*given))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(along, "straight_amounts", watched)
    paid = sum(line.amount for line in settle(program, documents(program, 60), "2026-03").lines)
    assert paid == 500
    assert set(found) == {None}
