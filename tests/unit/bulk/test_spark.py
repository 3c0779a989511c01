"""Spark settles as DuckDB and single lines do, to the last digit. One file, so that one Java machine starts."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from rules_engine import extras
from rules_engine.api import ContractError, load
from rules_engine.bulk.batch import Outcome, batch
from rules_engine.bulk.measures.functions import FUNCTIONS
from rules_engine.bulk.measures.needs import needs_of
from rules_engine.bulk.measures.plan_sql import Plan, about_sql, cells_sql, rows_sql, twice_sql
from rules_engine.bulk.model import DUCKDB, SPARK, Cluster, Counts, Job, Shard
from rules_engine.bulk.spark.asking import EVERYBODY, Asking, overflow
from rules_engine.bulk.spark.dialect import Views, spark_sql
from rules_engine.bulk.spark.reading import spark_added
from rules_engine.bulk.spark.session import ANSI, session, told
from rules_engine.bulk.storage.canonical import COLUMNS
from rules_engine.bulk.storage.ingesting import ingest
from rules_engine.bulk.storage.marking import marks_of
from rules_engine.bulk.storage.store import TWICE, Store, connect, opened, verified
from rules_engine.bulk.storage.storing import added
from rules_engine.cli.cases import read_case
from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.settlement.settle import period_of
from tests.unit.bulk.packs import CASES, Pack, gallery, generated, large, periods
from tests.unit.bulk.plan_words import ELSEWHERE, ROWS as ROWS_OF, SINGLE, TOGETHER
from tests.unit.bulk.shop import contents, loaded, rows, small

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),  # py4j leaves sockets to the collector
]
MASTER = "local[2]"
HERE = Cluster(MASTER)
Engine = Callable[..., Any]
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


PERIODS = periods() if os.environ.get("SETTLE_SCENARIOS") else ["2026-03"]
"""The period most cases settle; by night every one."""


@pytest.mark.parametrize("period", PERIODS)
def test_the_gallery_settles_as_its_goldens_and_as_duckdb(period: str, tmp_path: Path) -> None:
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


def test_contracts_settled_where_the_data_are_leave_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = generated(6, tmp_path / "in", 9)
    settled(pack, "2026-01", tmp_path / "one", DUCKDB)
    posted = [str(tmp_path / "one")]
    settled(pack, "2026-02", tmp_path / "here", DUCKDB, posted=posted)
    monkeypatch.setattr("rules_engine.bulk.batch.settle_shard", never)
    settled(pack, "2026-02", tmp_path / "there", SPARK, posted=posted, cluster=Cluster(MASTER, most=0, reads=0))
    same(tmp_path / "there", tmp_path / "here")
    assert "settling where the data are" in times(tmp_path / "there")


def test_a_batch_with_a_sum_too_long_for_64_bits_comes_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack, widths = large(tmp_path / "in"), list[bool]()
    rows_of = Asking.rows

    def spied(self: Asking, query: str, place: int = EVERYBODY, *, wide: bool = False) -> Any:
        widths.append(wide)
        return rows_of(self, query, place, wide=wide)

    monkeypatch.setattr(Asking, "rows", spied)
    for engine in (DUCKDB, SPARK):
        settled(pack, "2026-01", tmp_path / engine, engine, cluster=HERE)
    same(tmp_path / SPARK, tmp_path / DUCKDB)
    assert widths.count(True) == 1
    assert [row["base"] for row in rows(tmp_path / SPARK, "lines")] == [Decimal("11999999999999.88")]


def test_a_session_without_exact_sums_is_refused(spark: Any) -> None:
    spark.conf.set(ANSI, "false")
    try:
        with pytest.raises(ContractError, match="SE0882"):
            session(MASTER, 2)
    finally:
        spark.conf.set(ANSI, "true")


def test_without_the_library_there_is_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "LOADED", {})
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ContractError) as raised:
        session(MASTER, 2)
    assert (raised.value.diagnostics[0].code, raised.value.diagnostics[0].fix) == ("SE0868", 'pip install "settlewright[spark]"')


def test_what_spark_stops_with_is_a_finding(spark: Any) -> None:
    with pytest.raises(ContractError, match="SE0884"), told():
        spark.sql("SELECT * FROM there_is_no_such_table")


def test_every_query_of_the_gallery_keeps_to_the_closed_list() -> None:
    store = Store(Path("/s"), COLUMNS, ("a", "b"), ("f",), tuple(BUILTIN_TYPES), {"lines/month=2026-01/000001.parquet": ""})
    asked = 0
    for path in CASES:
        run = read_case(path).runs[-1]
        if run.parameters is None:
            program = load(run.contract)
            plan = Plan(store, needs_of(program, period_of(program, run.period), run.as_of))
            for query in (about_sql(plan), rows_sql(plan, "SELECT number FROM whole"), cells_sql(plan, linked=True) if plan.needs else twice_sql(plan)):
                assert re.search(r"/|%|DIV|ROUND|AVG|DOUBLE|FLOAT", spark_sql(query, Views("v"), wide=True).replace("/s/", "")) is None
                asked += 1
    assert asked > 2 * len(CASES)


@pytest.mark.parametrize("word", ["a / b", "a // b", "a % b", "round(a, 2)", "avg(a)", "a::DOUBLE", "1e3 * a", "a ** 2", "now()", "random()"])
def test_what_is_not_in_the_list_is_not_printed(word: str) -> None:
    with pytest.raises(ValueError, match="closed list"):
        spark_sql(f"SELECT {word} AS x FROM words", Views("v"))


def never(shard: Shard) -> Counts:
    raise AssertionError(f"shard {shard.number} was settled here")


@pytest.fixture(scope="module")
def engines(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Engine]:
    """Runs a query of the plan over the rows of `plan_words`, on either engine."""
    table = pa.table(
        {
            "g": pa.array([row.g for row in ROWS_OF], pa.int32()), "a": pa.array([row.a for row in ROWS_OF], pa.int64()), "b": pa.array([row.b for row in ROWS_OF], pa.int64()),
            "t": pa.array([row.t for row in ROWS_OF], pa.string()), "d": pa.array([row.d for row in ROWS_OF], pa.date32()), "n": pa.array(range(len(ROWS_OF)), pa.int32()),
        }
    )  # fmt: skip
    con = connect(tmp_path_factory.mktemp("duckdb"))
    con.register("words", table)
    asking = Asking(spark, "words")
    asking.put("words", table)
    return {
        DUCKDB: lambda query, **_: con.sql(query).to_arrow_table(),
        SPARK: lambda query, wide=True: asking.rows(query, wide=wide),
    }


def whole(values: list[Any]) -> list[Any]:
    return [int(value) if isinstance(value, Decimal) else value for value in values]


@pytest.mark.parametrize("engine", [DUCKDB, SPARK])
def test_every_function_of_a_line_gives_what_python_gives(engine: str, engines: dict[str, Engine]) -> None:
    texts = [(name, text, value) for name, cases in SINGLE.items() for text, value in cases]
    listed = ", ".join(f"{text} AS x{place}" for place, (_, text, _) in enumerate(texts))
    found = engines[engine](f"SELECT n, {listed} FROM words ORDER BY n")
    for place, (name, text, value) in enumerate(texts):
        assert whole(found.column(f"x{place}").to_pylist()) == [value(row) for row in ROWS_OF], (name, text)


@pytest.mark.parametrize("engine", [DUCKDB, SPARK])
def test_every_function_of_lines_gives_what_python_gives(engine: str, engines: dict[str, Engine]) -> None:
    texts = [(name, text, value) for name, cases in TOGETHER.items() for text, value in cases]
    listed = ", ".join(f"{text} AS x{place}" for place, (_, text, _) in enumerate(texts))
    found = engines[engine](f"SELECT g, {listed} FROM words GROUP BY ALL ORDER BY g")
    groups = [list(rows) for _, rows in groupby(ROWS_OF, key=lambda row: row.g)]
    for place, (name, text, value) in enumerate(texts):
        assert whole(found.column(f"x{place}").to_pylist()) == [value(rows) for rows in groups], (name, text)


@pytest.mark.parametrize("engine", [DUCKDB, SPARK])
def test_rows_are_told_apart_and_numbered(engine: str, engines: dict[str, Engine]) -> None:
    hashed = engines[engine]("SELECT hash(g, t) AS h, count(*) AS n FROM words GROUP BY ALL HAVING count(*) > 1")
    assert hashed.column("n").to_pylist() == [2]
    numbered = engines[engine]("SELECT n, row_number() OVER (PARTITION BY g ORDER BY a, n) AS place FROM words ORDER BY n")
    assert numbered.column("place").to_pylist() == [2, 1, 3, 2, 1, 1, 2, 1, 1]


def test_the_list_of_functions_is_tested_whole() -> None:
    assert SINGLE.keys() | TOGETHER.keys() | ELSEWHERE == {function.name for function in FUNCTIONS}


TOO_LONG = {
    "sum": "SELECT sum(a::HUGEINT * b)::DECIMAL(38, 0) AS s FROM words JOIN (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3) three ON three.x > 0 WHERE a > 99999999",
    "cast": "SELECT (a::HUGEINT * b)::DECIMAL(20, 0) AS s FROM words",
    "*": "SELECT (a::HUGEINT * b) * b AS s FROM words",
}


@pytest.mark.parametrize("name", sorted(TOO_LONG))
def test_a_number_that_is_too_long_raises_on_either_engine(name: str, engines: dict[str, Engine]) -> None:
    from pyspark.errors import PySparkException

    with pytest.raises((duckdb.OutOfRangeException, duckdb.ConversionException)):
        engines[DUCKDB](TOO_LONG[name])
    with pytest.raises(PySparkException) as raised:
        engines[SPARK](TOO_LONG[name])
    assert overflow(raised.value)
    assert not overflow(ValueError("something else"))


def test_a_sum_of_64_bits_that_does_not_do_is_added_up_with_38_digits(engines: dict[str, Engine]) -> None:
    from pyspark.errors import PySparkException

    query = "SELECT g, sum(a) AS s FROM (SELECT g, a FROM words UNION ALL SELECT g, a FROM words) twice WHERE a > 0 GROUP BY ALL ORDER BY g"
    with pytest.raises(PySparkException) as raised:
        engines[SPARK](query, wide=False)
    assert overflow(raised.value)
    totals = [2 * sum(row.a for row in ROWS_OF if row.g == g and row.a is not None and row.a > 0) for g in (1, 2, 3, 5)]
    for engine in (DUCKDB, SPARK):
        assert whole(engines[engine](query).column("s").to_pylist()) == totals


def test_documents_read_by_the_cluster_make_the_same_store(tmp_path: Path, spark: Any) -> None:
    contracts, documents = small(tmp_path / "in", 3)
    head, *lines = documents.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3] = lines[3].replace("2026-", "2026/", 1)
    lines[5] = ",".join(["", *lines[5].split(",")[1:]])
    lines.append(lines[7])
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text("".join([head.replace("category", "category,channel") if number == 1 else head, *(line.replace(",tea", ",tea,web").replace(",cups", ",cups,shop") if number == 1 else line for line in lines[number::3])]), encoding="utf-8")
    typed = pa.table({"contract": [contracts[0].id], "type": ["sale"], "doc_id": ["P-1"], "date": pa.array([date(2026, 2, 9)]), "paid": pa.array([Decimal("7.25")], pa.decimal128(12, 2)), "note": ["n"]})
    (tmp_path / "lake/category=tea").mkdir(parents=True)
    pq.write_table(typed, tmp_path / "lake/category=tea/part.parquet")
    words = [str(tmp_path / f"{number}.csv") for number in range(3)]
    add = partial(spark_added, spark)
    for place, reader in (("there", add), ("here", added)):
        ingest(words[:2], tmp_path / place, add=reader)
        ingest([*words, f"parquet:{tmp_path}/lake"], tmp_path / place, add=reader)
    there, here = opened(tmp_path / "there"), opened(tmp_path / "here")
    assert there is not None
    assert here is not None
    verified(there)
    about = [json.loads((place / "store.json").read_text(encoding="utf-8")) for place in (there.folder, here.folder)]
    for each in about:
        each["hashes"] = sorted(each["hashes"])
        del each["sha256"]
    assert about[0] == about[1]
    con = connect(tmp_path / "work")
    for kind in ("marks", "names", "twice"):
        for name in about[0]["hashes"]:
            if name.startswith(f"{kind}/"):
                assert pq.read_table(there.folder / name) == pq.read_table(here.folder / name), name
    assert con.execute(f"SELECT * FROM {there.lines} ORDER BY file, row").fetchall() == con.execute(f"SELECT * FROM {here.lines} ORDER BY file, row").fetchall()
    assert pq.read_table(there.folder / TWICE).num_rows == 1


def test_a_table_of_a_catalogue_is_read_by_spark_into_a_store(tmp_path: Path, spark: Any) -> None:
    _, documents = small(tmp_path / "in", 2)
    columns = ("contract", "type", "doc_id", "date", "category", "supply_amount", "paid")
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()))
    spark.createDataFrame(pyarrow.csv.read_csv(documents, convert_options=options)).createOrReplaceTempView("documents_of_all")
    read_there = partial(ingest, out=tmp_path / "there", add=partial(spark_added, spark))
    try:
        first, again = read_there(["table:documents_of_all"]), read_there(["table:documents_of_all"])
    finally:
        spark.catalog.dropTempView("documents_of_all")
    ingest([str(documents)], tmp_path / "here")
    stores = [opened(tmp_path / name) for name in ("there", "here")]
    marks = [{contract: mark.content for contract, mark in marks_of(connect(tmp_path / "work"), store).items()} for store in stores if store is not None]
    assert (first.rows, again.rows, marks[0]) == (18, 18, marks[1])
    assert "Spark does not read it" in refusal(lambda: read_there(["table:no_such_table"])).why
    for read in (lambda: ingest(["table:documents_of_all"], tmp_path / "no"), lambda: settled(Pack([], ["table:documents_of_all"]), "2026-01", tmp_path / "out", SPARK)):
        assert "settle ingest --engine spark" in refusal(read).fix


def refusal(read: Callable[[], object]) -> Diagnostic:
    with pytest.raises(ContractError) as raised:
        read()
    (found,) = raised.value.diagnostics
    assert found.code == "SE0885"
    return found


def test_what_is_wrong_with_a_file_is_said_by_the_cluster_too(tmp_path: Path, spark: Any) -> None:
    (tmp_path / "wrong.csv").write_bytes(b"type,doc_id\nsale,\xff\xfe\x00\n")
    (tmp_path / "long.csv").write_text("type,doc_id,date\nsale,1,2026-01-01,more\n", encoding="utf-8")
    for name, code in (("wrong.csv", ""), ("long.csv", "SE0872")):
        codes = []
        for reader in (partial(spark_added, spark), added):
            with pytest.raises(ContractError) as raised:
                ingest([str(tmp_path / name)], tmp_path / "store", add=reader)
            codes.append([item.code for item in raised.value.diagnostics])
        assert codes[0] == codes[1]
        assert code in ("", *codes[0])
