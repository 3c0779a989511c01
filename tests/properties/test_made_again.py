"""A contract of a template is the same whether it is checked whole or made again the way of another row, findings included."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings, strategies as st

from rules_engine.api import load_many
from rules_engine.bulk.looking import Look
from rules_engine.diagnostics.model import ContractError
from rules_engine.language import build_program
from rules_engine.many import ManyContracts
from tests.bench.platform import TEMPLATE

GALLERY = Path("contracts/templates")
PERCENT = st.sampled_from(["1%", "2.5%", "2.50%", "12%", "12.345%", "0%", "100%", "130%"])
MONEY = st.sampled_from(["0", "0.05", "1000", "1,000", "5000.00", "800000", "0.001", "123456789012.34"])
TEXTS = st.sampled_from(["rice", "rice; oil", "tea; rice; oil", "rice; rice", "Golden Grain"])
WORDS = st.sampled_from(["Golden Grain", "rice", "sale", "S-1", "Made-up & Sons"])
ENDS = st.sampled_from(["", "2026-12-31", "2026-06-30", "2025-06-30"])
GROCERY = {
    "supplier_code": st.sampled_from(["S-1", "S-2", "S-3"]), "supplier_name": WORDS, "signed_on": st.sampled_from(["2025-12-22", "2025-12-23", "2027-01-01"]),
    "starts": st.sampled_from(["2026-01-01", "2026-02-01", "2026-01-15"]), "ends": ENDS, "wait": st.sampled_from(["", "30", "0", "45"]),
    "deduction": PERCENT, "promoted": TEXTS, "promoted_rate": PERCENT, "target": MONEY, "bonus": PERCENT, "judged": st.sampled_from(["", "quarter", "year", "month", "half year"]),
    "cap": MONEY, "brand": WORDS, "label_fee": MONEY, "insured": st.sampled_from(["", "yes"]),
}  # fmt: skip
PLATFORM = {"points": PERCENT, "least": PERCENT, "target": MONEY, "step": MONEY, "share": PERCENT, "label": MONEY}
ROWS = 8
few = settings(max_examples=max(5, settings().max_examples // 10))


def written(folder: str, columns: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> str:
    """A parameter file of the rows, which it numbers."""
    place = Path(folder) / "rows.csv"
    with place.open("w", encoding="utf-8", newline="") as stream:
        into = csv.DictWriter(stream, ["contract", *columns])
        into.writeheader()
        into.writerows({"contract": f"C-{number}", **row} for number, row in enumerate(rows))
    return str(place)


def told(contracts: ManyContracts, contract: str) -> str:
    """Everything of a contract: its program, what was found, and what a batch sees of it."""
    try:
        seen: object = contracts.answer(contract, Look("2026-03", None))
    except ContractError as error:
        seen = error.diagnostics
    return repr((contracts.diagnose(contract), seen))


def same(template: str, columns: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> int:
    """How many contracts were checked whole when all were asked for in turn, each of them twice; all of them came out as they do alone."""
    with tempfile.TemporaryDirectory() as folder:
        parameters = written(folder, columns, rows)
        together = load_many(template, parameters)
        with patch("rules_engine.many.build_program", side_effect=build_program) as checked:
            found = [told(together, contract) for contract in together]
            again = [told(together, contract) for contract in together]
        alone = [told(load_many(template, parameters), contract) for contract in together]
    assert found == alone
    assert again == alone
    return checked.call_count


@pytest.mark.parametrize("template", ["standard_grocery.template", "standard_grocery.zh.template"])
@few
@given(st.lists(st.fixed_dictionaries(GROCERY), min_size=ROWS, max_size=ROWS))
def test_gallery_templates(template: str, rows: list[dict[str, str]]) -> None:
    same(str(GALLERY / template), GROCERY, rows)


@few
@given(st.lists(st.fixed_dictionaries(PLATFORM), min_size=ROWS, max_size=ROWS))
def test_the_template_of_the_benchmarks(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "supply.template"
        place.write_text(TEMPLATE, encoding="utf-8")
        same(str(place), PLATFORM, rows)


def test_rows_alike_are_not_checked_one_by_one() -> None:
    rows = [
        {"points": f"{1 + number}%", "least": "5%", "target": f"{number + 1}000", "step": f"{number + 9}0000", "share": "40%", "label": "0.05"}
        for number in range(40)
    ]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "supply.template"
        place.write_text(TEMPLATE, encoding="utf-8")
        assert same(str(place), PLATFORM, rows) <= 16
