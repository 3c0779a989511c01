"""The year of one contract, settled in twelve, four and one runs: the same cents for every clause, group and window."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

EXPECTED = Path(__file__).parents[3] / "contracts" / "whole_year" / "expected"
YEAR = {"base_points": "259.60", "guarantee": "80.00", "growth": "52.00", "capped": "40.00", "floor": "40.00", "together": "12.00"}


def added(names: list[str]) -> dict[Any, Decimal]:
    """What every key came to over some statements."""
    total: dict[Any, Decimal] = defaultdict(Decimal)
    for name in names:
        for line in json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))["lines"]:
            total[line["clause"], tuple(line["group"].items()), line["window"]["from"]] += Decimal(line["amount"])
    return {key: amount for key, amount in total.items() if amount}


def test_months_quarters_and_the_year_come_to_the_same_cents() -> None:
    months = added([f"2026-{month:02}" for month in range(1, 13)])
    assert months == added([f"2026-Q{quarter}" for quarter in range(1, 5)]) == added(["2026"])
    by_clause: dict[str, Decimal] = defaultdict(Decimal)
    for (clause, _, _), amount in months.items():
        by_clause[clause] += amount
    assert by_clause == {clause: Decimal(amount) for clause, amount in YEAR.items()}
