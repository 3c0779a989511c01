"""A batch over several files: what one of them lacks or misspells is said alike, and at the same place, from lines and from sums."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import DUCKDB, ENGINES, ROWS, Job
from tests.unit.bulk.shop import loaded, small, tables

pytestmark = pytest.mark.bulk
WHOLE = "contract,type,doc_id,date,category,supply_amount,paid\nGO-0001,sale,S-1,2026-01-05,tea,70,100\n"
LACKING = "contract,type,doc_id,date,category,supply_amount\nGO-0000,sale,S-1,2026-01-05,tea,70\n"
MISSPELT = "date,doc_id,type,paidd,contract,category,supply_amount\n2026-01-05,S-1,sale,3,GO-0000,tea,70\n"
OF_ANOTHER_TYPE = "type,doc_id,date,contract,category,quantity\nlabelling,L-1,2026-01-05,GO-0001,tea,7\n"


@pytest.mark.parametrize(("other", "code", "column"), [(LACKING, "SE0602", 1), (MISSPELT, "SE0603", 18)])
def test_a_column_that_only_another_file_has_is_missed(other: str, code: str, column: int, tmp_path: Path) -> None:
    found = settled(tmp_path, other)
    assert found[ROWS] == found[DUCKDB]
    assert [(row["contract"], row["code"], row["place"]) for row in found[ROWS]["exceptions"]] == [("GO-0000", code, f"{tmp_path / 'in/other.csv'}:1:{column}")]
    assert {row["contract"] for row in found[ROWS]["lines"]} == {"GO-0001"}


def test_a_file_of_documents_that_do_not_have_the_column_lacks_nothing(tmp_path: Path) -> None:
    found = settled(tmp_path, OF_ANOTHER_TYPE)
    assert found[ROWS] == found[DUCKDB]
    assert found[ROWS]["exceptions"] == []
    assert {row["contract"] for row in found[ROWS]["lines"]} == {"GO-0001"}


def settled(folder: Path, other: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    contracts, documents = small(folder / "in", 2)
    documents.write_text(WHOLE, encoding="utf-8")
    (folder / "in/other.csv").write_text(other, encoding="utf-8")
    for engine in ENGINES:
        batch(Job(tuple(contracts), (str(folder / "in/other.csv"), str(documents)), "2026-01", folder / engine, loaded, engine=engine))
    return {engine: tables(folder / engine) for engine in ENGINES}
