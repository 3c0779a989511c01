"""A contract that sums do not serve is settled from its lines, though it has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.bulk.model import ENGINES, ROWS
from tests.unit.bulk.shop import ROOT, settled, small, source, tables

pytestmark = pytest.mark.bulk


def test_a_contract_that_needs_its_lines_and_has_none_stops_nobody(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 1)
    contracts.append(source(ROOT / "contracts/changes/changes.contract"))
    found = {engine: settled(contracts, documents, "2026-03", tmp_path / engine, engine=engine) for engine in ENGINES}
    assert {outcome.counts.settled for outcome in found.values()} == {2}
    assert len({str(tables(tmp_path / engine)) for engine in ENGINES}) == 1
    assert tables(tmp_path / ROWS)["exceptions"] == []
