"""What has no document is settled and carried alike from lines and from sums."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import ENGINES, ROWS, Job
from tests.unit.bulk.shop import ROOT, loaded, settled, small, source, tables

pytestmark = pytest.mark.bulk


def test_a_contract_that_needs_its_lines_and_has_none_stops_nobody(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 1)
    contracts.append(source(ROOT / "contracts/changes/changes.contract"))
    found = {engine: settled(contracts, documents, "2026-03", tmp_path / engine, engine=engine) for engine in ENGINES}
    assert {outcome.counts.settled for outcome in found.values()} == {2}
    assert len({str(tables(tmp_path / engine)) for engine in ENGINES}) == 1
    assert tables(tmp_path / ROWS)["exceptions"] == []


def test_a_prepayment_that_waits_for_goods_is_carried_alike(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 1)
    contracts.append(source(ROOT / "contracts/prepaid_orders/prepaid_orders.contract"))
    given = tmp_path / "in/prepayments.csv"
    given.write_text(f"contract,type,doc_id,date,amount,po_id,supply_amount\n{contracts[1].id},prepayment,P-1,2026-01-04,500,PO-1,\n", encoding="utf-8")
    for engine in ENGINES:
        batch(Job(tuple(contracts), (str(documents), str(given)), "2026-01", tmp_path / engine, loaded, engine=engine))
    found = {engine: tables(tmp_path / engine) for engine in ENGINES}
    assert found[ROWS] == found["duckdb"]
    assert any(row["contract"] == contracts[1].id and row["total"] == "500" for row in found[ROWS]["carried"])
