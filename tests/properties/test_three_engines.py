"""Law 4, at scale: contracts of every kind with their documents, settled from lines, from sums by DuckDB and by Spark, month after month, to
the last digit; and every line of them replays to its amount.

`SETTLE_SCENARIOS=10000` settles so many, in chunks (`make nightly`)."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules_engine.api import ContractError
from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import DUCKDB, ENGINES, ROWS, SPARK, Cluster, ContractSource, Job
from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.spark.session import session
from rules_engine.bulk.tables.earlier import earlier
from rules_engine.cli.commands.batch import contract_sources
from rules_engine.documents.read import from_rows
from rules_engine.language import CLAUSES
from rules_engine.settlement.model import Line
from rules_engine.settlement.settle import settle
from tests.strategies.scenarios import Scenario, lay_out, scenario
from tests.unit.bulk.shop import loaded, tables

pytestmark = pytest.mark.bulk
TEXTS, TWINS = 21, 24
"""Contract texts of a chunk, and contracts of each text, which differ in rates and documents."""
WANTED = int(os.environ.get("SETTLE_SCENARIOS") or TEXTS * TWINS)
CHUNKS = range(-(-WANTED // (TEXTS * TWINS)))
PERIODS = (("2026-01", "2026-Q1"), ("2026-01", "2026-02", "2026-03"), ("2026-Q1", "2026-Q2"))
"""What is settled one after another: a month and the quarter it stands in, months, quarters; a chunk each in turn."""
MASTER = "local[2]"
QUICK = (
    "--conf spark.driver.extraJavaOptions='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' --conf spark.sql.codegen.wholeStage=false "
    "--conf spark.sql.codegen.factoryMode=NO_CODEGEN --conf spark.sql.adaptive.enabled=false --conf spark.sql.shuffle.partitions=2 pyspark-shell"
)
"""Nothing is compiled that runs once."""
Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Chunk:
    """Scenarios laid out, and what was settled of them."""

    folder: Path
    scenarios: tuple[Scenario, ...]
    sources: tuple[ContractSource, ...]
    documents: tuple[str, ...]
    periods: tuple[str, ...]

    def posted(self, period: str) -> tuple[str, ...]:
        """The batches before a period's."""
        return tuple(str(self.folder / ROWS / each) for each in self.periods[: self.periods.index(period)])

    def settle(self, engine: str, period: str) -> Path:
        """The folder of a period settled by an engine."""
        out = self.folder / engine / period
        batch(Job(self.sources, self.documents, period, out, loaded, self.posted(period), engine=engine, cache=self.folder / "known", cluster=Cluster(MASTER)))
        return out


@pytest.fixture(scope="module", params=CHUNKS)
def chunk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Chunk:
    folder = tmp_path_factory.mktemp("chunk")
    numbers = range(request.param * TEXTS, (request.param + 1) * TEXTS)
    scenarios = tuple(scenario(number, twin) for number in numbers for twin in range(TWINS))
    paths, documents = lay_out(scenarios, folder / "in")
    sources = tuple(contract_sources([str(path) for path in paths]))
    found = Chunk(folder, scenarios, sources, tuple(map(str, documents)), PERIODS[request.param % len(PERIODS)])
    for period in found.periods:
        for engine in ENGINES:
            found.settle(engine, period)
    return found


def differing(chunk: Chunk, engine: str, period: str) -> list[str]:
    """The contracts of which a table differs from that of single lines, the first rows that do among them."""
    found = []
    mine, theirs = (tables(chunk.folder / name / period) for name in (ROWS, engine))
    origin = {each.id: each.origin for each in chunk.scenarios}
    for table, rows in mine.items():
        if rows != theirs[table]:
            left, right = ({str(sorted(row.items(), key=str)): row["contract"] for row in each} for each in (rows, theirs[table]))
            found += [f"{table} {who} {origin.get(who)}: {text[:400]}" for text, who in (left.items() ^ right.items())] or [f"{table}: the order of rows"]
    return found


def test_lines_and_sums_come_to_the_same(chunk: Chunk) -> None:
    for period in chunk.periods:
        assert not differing(chunk, DUCKDB, period)
        found = tables(chunk.folder / ROWS / period)
        assert len(found["lines"]) > len(chunk.scenarios) // 4
        assert "SE0864" not in {row["code"] for row in found["exceptions"]}, "a fault of the engine"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", QUICK)
        found = session(MASTER, 2)
        yield found
        found.stop()
    gc.collect()


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # py4j leaves sockets to the collector
def test_spark_comes_to_the_same(chunk: Chunk, spark: Any) -> None:
    period = chunk.periods[-1]
    chunk.settle(SPARK, period)
    assert not differing(chunk, SPARK, period)


def told(line: Line) -> Decimal:
    """What the explanation of a line comes to; a correction by reversal takes back what was posted and tells the new amount whole."""
    step = line.trace.parts[0] if line.id.endswith(".again") else line.trace
    assert isinstance(step.value, Decimal)
    return -step.value if line.id.endswith(".reversed") else step.value


def test_every_line_replays_to_its_amount(chunk: Chunk) -> None:
    """Every contract is opened again as `settle explain` opens it, every line explained, and all settled once more by the interpreter."""
    period = chunk.periods[-1]
    folder = chunk.folder / DUCKDB / period
    kept = {(row["contract"], row["line_id"]): (row["amount"], row["target"]) for row in tables(folder)["lines"]}
    refused = {row["contract"] for row in tables(folder)["exceptions"] if row["severity"] == "error"}
    replayed = {}
    posted = earlier(chunk.posted(period))
    for each in chunk.scenarios:
        try:
            again = reopened(folder, each.id, loaded)
        except ContractError:
            assert each.id in refused
            continue
        for line in (*again.lines, *again.pending):
            assert told(line) == line.amount, (each.id, line.id)
            replayed[each.id, line.id] = (line.amount, line.target)
        slow = settle(again.program, from_rows([{"contract": each.id, **row} for row in each.rows], again.program), period, posted.of(each.id), None, "interpreter", explain=False)
        assert [(line.id, line.amount, line.unrounded) for line in slow.lines] == [(line.id, line.amount, line.unrounded) for line in again.lines], each.origin
    assert replayed == kept


def test_scenarios_hold_everything_there_is(chunk: Chunk) -> None:
    """Every kind of clause, both languages, contracts refused and contracts without documents, and every way to settle."""
    if chunk.scenarios[0].id != scenario(0).id:
        return
    kinds = set[str]()
    for source in chunk.sources[::TWINS]:
        kinds |= {clause.kind for clause in loaded(source, None).clauses.values()}
    assert not {kind.name for kind in CLAUSES} - kinds
    assert {text.startswith("合同") or "\n合同" in text for each in chunk.scenarios for _, text in each.files[:1]} == {True, False}
    assert any(not each.rows for each in chunk.scenarios)
    found = json.loads((chunk.folder / DUCKDB / chunk.periods[0] / "times.json").read_text(encoding="utf-8"))["settled"]
    assert found["by_columns"] > TWINS // 4
    assert found["one_by_one"]["documents_line_by_line"] > TWINS
    assert tables(chunk.folder / ROWS / chunk.periods[0])["exceptions"]
