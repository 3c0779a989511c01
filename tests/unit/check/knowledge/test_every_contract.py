"""Notes come for every contract that checks, in either language, and `settle check` ends as it did without them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from rules_engine.api import diagnose, notes, read_source
from rules_engine.cli.main import main
from rules_engine.diagnostics.model import Severity
from tests.properties.pipeline import contract
from tests.strategies.contracts import contracts

ROOT = Path(__file__).parents[4]
GALLERY = sorted((ROOT / "contracts").rglob("*.contract"))
FALLING = """
rebate volume
  on       purchases
  period   year
  negative turns round
  tiers    whole
    up to 1,000  3%
    over  1,000  2%
"""


@settings(max_examples=50, deadline=None)
@given(contracts(), st.booleans())
def test_generated_contracts(written: object, facts: bool) -> None:
    made = contract(written).program  # type: ignore[arg-type]
    found = notes(made, facts)
    assert {item.severity for item in found} <= {Severity.NOTE}
    assert found == notes(made, facts)


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.name)
def test_the_gallery(path: Path) -> None:
    program, _ = diagnose(read_source(path))
    if program is not None:
        assert all(item.places and item.why for item in notes(program, facts=True))


def test_notes_change_no_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.contract"
    path.write_text((ROOT / "docs/_base.contract").read_text(encoding="utf-8") + FALLING, encoding="utf-8")
    assert main(["check", "--strict", str(path)]) == 0
    assert capsys.readouterr().out.endswith("1 contract checked: 0 errors, 0 warnings, 2 notes\n")
    assert main(["check", "--facts", "--format", "json", str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "SN1016" in json.dumps(told)
