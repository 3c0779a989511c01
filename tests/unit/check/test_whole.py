"""A fraction of a count is refused, never cut."""

from __future__ import annotations

import pytest

from rules_engine.api import diagnose
from rules_engine.source import SourceFile
from tests.unit.check.checking import HEADS

ORDERS = "\npromotion p\n  on sum of list_amount over sales\n  {}\n  funded supplier\n  returned orders keep\n"
PAYOUT = "payout     any amount, negative carried forward"


def codes(text: str) -> list[str]:
    return [finding.code for finding in diagnose(SourceFile("count.contract", text))[1]]


@pytest.mark.parametrize(
    "line",
    [
        "reduce 40 per full 300, at most 2.5 times",
        "gift sku = MUG from 99, at most 1.5 units",
        "redeem sku = MUG for 9.90 from 59, at most 0 units",
        "bundle PAN, LID for 299, at most 0.5 times",
        "buy 1 get 1 free, of any sku, in sets from the dearest, at most 1.5 times",
    ],
)
def test_of_times_and_units(line: str) -> None:
    assert codes(HEADS["en"] + ORDERS.format(line)) == ["SE0117"]
    assert codes(HEADS["en"] + ORDERS.format(line.replace("1.5", "1").replace("2.5", "2").replace("0.5", "1").replace("most 0 u", "most 1 u"))) == []


@pytest.mark.parametrize("count", ["at least 5, at most 2.5 deferrals", "any amount, negative carried forward, written off after 1.5 settlements"])
def test_of_deferrals_and_settlements(count: str) -> None:
    lines = [f"  payout  {count}" if line.split()[:1] == ["payout"] else line for line in HEADS["en"].splitlines()]
    assert "SE0117" in codes("\n".join(lines) + "\n")


def test_of_months_a_balance_lasts() -> None:
    assert codes(f"{HEADS['en']}\nbalance b\n  adds  10 CNY in each month\n  lasts 2.5 months\n") == ["SE0117"]
