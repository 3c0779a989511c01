"""Spark settles as DuckDB and single lines do, to the last digit. One file, so that one Java machine starts."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules_engine.bulk.batch import Outcome, batch
from rules_engine.bulk.model import DUCKDB, ROWS, SPARK, Cluster, Job
from rules_engine.bulk.spark.session import session
from tests.unit.bulk.packs import Pack, gallery, generated
from tests.unit.bulk.shop import contents, loaded, rows, tables

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),  # py4j leaves sockets to the collector
]
MASTER = "local[2]"
HERE = Cluster(MASTER)
QUICK = {
    "spark.driver.extraJavaOptions": "'-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
}
"""Settings for many small queries: nothing is compiled that runs once."""


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", " ".join([*(f"--conf {name}={value}" for name, value in QUICK.items()), "pyspark-shell"]))
        found = session(MASTER, 2)
        yield found
        found.stop()
    gc.collect()


def settled(pack: Pack, period: str, out: Path, engine: str, **options: Any) -> Outcome:
    job = Job(tuple(pack.contracts), tuple(pack.documents), period, out, loaded, tuple(options.pop("posted", pack.posted)), engine=engine, **options)
    return batch(job)


def same(one: Path, other: Path) -> None:
    """Byte for byte the same, but for the name of the engine in the manifest."""
    first, second = contents(one), contents(other)
    names = [json.loads(found.pop("manifest.json")) for found in (first, second)]
    assert first == second
    assert names[0].pop("backend") != names[1].pop("backend")
    assert names[0] == names[1]


def times(out: Path) -> set[str]:
    """The phases a batch went through."""
    return set(json.loads((out / "times.json").read_text(encoding="utf-8"))["seconds"])


def test_the_gallery_settles_as_its_goldens_and_as_duckdb(tmp_path: Path) -> None:
    period = "2026-03"
    pack = gallery(period, tmp_path / "in")
    outcome = settled(pack, period, tmp_path / "spark", SPARK, cluster=HERE)
    settled(pack, period, tmp_path / "duckdb", DUCKDB)
    same(tmp_path / "spark", tmp_path / "duckdb")
    assert outcome.counts.settled == len(pack.contracts)
    assert times(tmp_path / "spark") >= {"starting Spark", "adding up documents"}
    lines = rows(tmp_path / "spark", "lines")
    for contract, path in pack.expected.items():
        golden = json.loads(path.read_text(encoding="utf-8"))
        found = {row["line_id"]: row["amount"] for row in lines if row["contract"] == contract}
        assert found == {line["id"]: Decimal(line["amount"]) for line in (*golden["lines"], *golden["pending"])}, contract


def test_generated_contracts_settle_alike_on_three_engines(tmp_path: Path) -> None:
    pack = generated(12, tmp_path / "in", 4)
    for engine in (ROWS, DUCKDB, SPARK):
        settled(pack, "2026-01", tmp_path / engine / "one", engine, cluster=HERE)
        settled(pack, "2026-Q1", tmp_path / engine / "two", engine, posted=[str(tmp_path / ROWS / "one")], cluster=HERE)
    for run in ("one", "two"):
        assert tables(tmp_path / ROWS / run) == tables(tmp_path / DUCKDB / run)
        same(tmp_path / SPARK / run, tmp_path / DUCKDB / run)


def test_contracts_settled_where_the_data_are_leave_the_same_bytes(tmp_path: Path) -> None:
    pack = generated(6, tmp_path / "in", 9)
    settled(pack, "2026-01", tmp_path / "one", DUCKDB)
    posted = [str(tmp_path / "one")]
    settled(pack, "2026-02", tmp_path / "here", DUCKDB, posted=posted)
    settled(pack, "2026-02", tmp_path / "there", SPARK, posted=posted, cluster=Cluster(MASTER, most=0))
    same(tmp_path / "there", tmp_path / "here")
    assert "settling where the data are" in times(tmp_path / "there")
