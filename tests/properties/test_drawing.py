"""What a test draws depends on the test alone, and what it finds is told small."""

from __future__ import annotations

import importlib
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from tests.properties.pipeline import checked
from tests.properties.smaller import Case, smallest
from tests.strategies.documents import Row
from tests.strategies.terms import clause
from tests.strategies.written import PLAIN_HEADER as HEADER, text_of

NUMBERS = tuple(range(20_000, 20_400))


def drawn() -> list[int]:
    """Numbers as a property test of a CI run draws them."""
    found: list[int] = []

    @settings(max_examples=200, derandomize=True, database=None)
    @given(st.lists(st.integers(0, 60_000), max_size=20))
    def keep(numbers: list[int]) -> None:
        found.extend(numbers)

    keep()
    return found


def test_a_module_loaded_in_between_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    (tmp_path / "many_numbers_of_ours.py").write_text(f"NUMBERS = {NUMBERS}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("many_numbers_of_ours")
    try:
        assert module.NUMBERS == NUMBERS
        assert drawn() == before
    finally:
        del sys.modules["many_numbers_of_ours"]


def test_a_disagreement_is_told_without_what_can_be_left_out() -> None:
    fees = [clause(f"fee {name}", "  amount 12", "  period month") for name in ("one", "two", "three")]
    made = checked(text_of(HEADER, fees))
    case = Case(made, tuple(sale(f"D{number}") for number in range(6)), made.periods[:5], "compiled")

    def differ(tried: Case) -> list[str]:
        ids = {row["doc_id"] for row in tried.rows}
        return ["they differ"] if {"D2", "D4"} <= ids and "fee two" in tried.made.text and len(tried.periods) > 2 else []

    small = smallest(case, differ)
    assert [row["doc_id"] for row in small.rows] == ["D2", "D4"]
    assert len(small.periods) == 3
    assert small.made.text.split("\n\n")[1:] == ["fee two\n  amount 12\n  period month"]
    assert repr(small).endswith("period 2026-03-01 to 2026-03-31")


def sale(number: str) -> Row:
    """A sale of one unit."""
    return {"type": "sale", "doc_id": number, "line_no": "1", "date": date(2026, 1, 5), "quantity": Fraction(1)}
