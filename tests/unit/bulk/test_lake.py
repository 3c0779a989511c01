"""Documents in tables of a lake: the same bytes as from a file, at the version that was meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from rules_engine.api import ContractError, load, read_documents
from rules_engine.bulk.batch import Outcome, batch
from rules_engine.bulk.lake.given import pinned, table_of
from rules_engine.bulk.model import DUCKDB, ROWS, ContractSource, Job
from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.storage.ingesting import ingest
from rules_engine.bulk.storage.marking import marks_of
from rules_engine.bulk.storage.store import connect, opened
from tests.unit.bulk.shop import contents, loaded, small

pytestmark = pytest.mark.lake
MONEY = pa.decimal128(14, 2)
TYPES = {"supply_amount": MONEY, "paid": MONEY, "date": pa.date32()}
PERIOD = "2026-02"


@pytest.fixture
def shop(tmp_path: Path) -> tuple[list[ContractSource], pa.Table]:
    """Contracts, and their documents as a table with its types and a column `month`."""
    contracts, documents = small(tmp_path / "in", 3)
    options = pyarrow.csv.ConvertOptions(column_types={name: TYPES.get(name, pa.string()) for name in ("contract", "type", "doc_id", "date", "category", "supply_amount", "paid")})
    table = pyarrow.csv.read_csv(documents, convert_options=options)
    return contracts, table.append_column("month", pa.array([day.isoformat()[:7] for day in table.column("date").to_pylist()]))


def settled(contracts: Iterable[ContractSource], word: str, out: Path, engine: str = DUCKDB) -> Outcome:
    return batch(Job(tuple(contracts), (word,), PERIOD, out, loaded, engine=engine))


def lines(out: Path) -> dict[str, bytes]:
    """What was settled, without what says where it was read."""
    return {name: data for name, data in contents(out).items() if name not in ("manifest.json", "basis.parquet")}


def delta(path: Path, table: pa.Table) -> str:
    from deltalake import write_deltalake

    for month in ("2026-01", "2026-02", "2026-03"):
        write_deltalake(path, table.filter(pa.compute.equal(table.column("month"), month)), partition_by=["category", "month"], mode="append")
    return f"delta:{path}"


def iceberg(path: Path, table: pa.Table) -> Any:
    from pyiceberg.catalog.sql import SqlCatalog

    path.mkdir()
    catalog = SqlCatalog("lake", uri=f"sqlite:///{path}/catalogue.db", warehouse=path.as_uri())
    catalog.create_namespace("sales")
    made = catalog.create_table("sales.documents", table.schema)
    made.append(table.slice(0, 10))
    made.append(table.slice(10))
    return made


def hive(path: Path, table: pa.Table) -> str:
    rows = [(f"month={row.pop('month')}/category={row.pop('category')}", row) for row in table.to_pylist()]
    for place in {place for place, _ in rows}:
        (path / place).mkdir(parents=True)
        mine = [row for name, row in rows if name == place]
        pyarrow.parquet.write_table(pa.Table.from_pylist(mine, table.drop_columns(["month", "category"]).schema), path / place / "part.parquet")
    return f"parquet:{path}"


@pytest.mark.parametrize("engine", [DUCKDB, ROWS])
@pytest.mark.parametrize("kind", [delta, hive, lambda path, table: f"iceberg:{iceberg(path, table).metadata_location.removeprefix('file://')}"])
def test_a_table_settles_as_one_file_of_it_does(tmp_path: Path, shop: Any, engine: str, kind: Callable[[Path, pa.Table], str]) -> None:
    contracts, table = shop
    word = kind(tmp_path / "lake", table)
    pyarrow.parquet.write_table(table, tmp_path / "whole.parquet")
    settled(contracts, word, tmp_path / "out", engine)
    settled(contracts, str(tmp_path / "whole.parquet"), tmp_path / "whole", engine)
    one, other = lines(tmp_path / "out"), lines(tmp_path / "whole")
    assert one == other
    (said,) = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["inputs"]["documents"]
    assert said["path"] == pinned([word])[0]
    assert settled(contracts, said["path"], tmp_path / "out", engine).known
    again = reopened(tmp_path / "out", contracts[0].id, loaded)
    assert again.documents_read == 9


def test_what_a_version_deleted_is_not_settled_and_an_older_version_still_is(tmp_path: Path, shop: Any) -> None:
    from deltalake import DeltaTable

    contracts, table = shop
    word = delta(tmp_path / "lake", table)
    settled(contracts, word, tmp_path / "before")
    DeltaTable(tmp_path / "lake").delete("doc_id = 'S-2-1'")
    assert len(list((tmp_path / "lake").rglob("*.parquet"))) > len(table_of(word).parts)  # type: ignore[union-attr]
    outcome = settled(contracts, str(tmp_path / "lake"), tmp_path / "after")
    assert outcome.counts.documents == settled(contracts, f"{word}@2", tmp_path / "then").counts.documents - 3
    assert contents(tmp_path / "then") == contents(tmp_path / "before")
    assert settled(contracts, word, tmp_path / "before").settled == tuple(source.id for source in contracts)
    assert lines(tmp_path / "before") == lines(tmp_path / "after")


def test_a_batch_that_goes_on_reads_the_version_it_began_with(tmp_path: Path, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from deltalake import DeltaTable

    contracts, table = shop
    word = delta(tmp_path / "lake", table)
    settled(contracts, word, tmp_path / "whole")

    def stopping(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("rules_engine.bulk.batch.join", stopping)
        with pytest.raises(KeyboardInterrupt):
            settled(contracts, word, tmp_path / "out")
    DeltaTable(tmp_path / "lake").delete("doc_id = 'S-2-1'")
    assert settled(contracts, word, tmp_path / "out").found == len(contracts)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert settled(contracts, word, tmp_path / "out").found == 0
    assert contents(tmp_path / "out") != contents(tmp_path / "whole")


def test_a_store_follows_a_table_from_version_to_version(tmp_path: Path, shop: Any) -> None:
    from deltalake import DeltaTable

    _, table = shop
    word, store = delta(tmp_path / "lake", table), tmp_path / "store"
    first = ingest([f"{word}@1"], store)
    second = ingest([word], store)
    assert (first.rows, second.rows, len(second.known), len(second.taken)) == (18, 27, len(first.taken), 2)
    DeltaTable(tmp_path / "lake").delete("doc_id = 'S-2-1'")
    DeltaTable(tmp_path / "lake").delete("category = 'cups'")
    third = ingest([word], store)
    assert third.rows == 27 - 3 - 9 + 0
    ingest([word], tmp_path / "anew")
    assert marks(store) == marks(tmp_path / "anew")
    assert ingest([f"{word}@0"], store).rows == 9
    assert ingest([word], store).rows == third.rows


def marks(folder: Path) -> object:
    store, con = opened(folder), connect(folder.with_name("marks"))
    assert store is not None
    return marks_of(con, store)


def test_renamed_and_dropped_columns_of_iceberg_are_read_under_their_names(tmp_path: Path, shop: Any) -> None:
    contracts, table = shop
    old = table.rename_columns(["note" if name == "month" else "gross" if name == "paid" else name for name in table.column_names])
    made = iceberg(tmp_path / "lake", old)
    with made.update_schema() as update:
        update.rename_column("gross", "paid")
        update.delete_column("note")
    made.append(made.scan().to_arrow().filter(pa.compute.equal(pa.array([False] * 27), True)))
    place = made.metadata_location.removeprefix("file://")
    for engine in (DUCKDB, ROWS):
        settled(contracts, f"iceberg:{place}", tmp_path / engine, engine)
        pyarrow.parquet.write_table(table.drop_columns(["month"]), tmp_path / "whole.parquet")
        settled(contracts, str(tmp_path / "whole.parquet"), tmp_path / f"{engine}-whole", engine)
        assert lines(tmp_path / engine) == lines(tmp_path / f"{engine}-whole")


def test_a_table_of_a_catalogue_is_found_by_its_name(tmp_path: Path, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = iceberg(tmp_path / "lake", shop[1])
    monkeypatch.setenv("PYICEBERG_CATALOG__LAKE__URI", f"sqlite:///{tmp_path}/lake/catalogue.db")
    monkeypatch.setattr("pyiceberg.catalog._ENV_CONFIG", configuration())
    first, last = (item.snapshot_id for item in made.history())
    assert pinned(["iceberg:lake.sales.documents"]) == (f"iceberg:lake.sales.documents@{last}",)
    assert [len(table_of(f"iceberg:lake.sales.documents@{number}").parts) for number in (first, last)] == [1, 2]  # type: ignore[union-attr]


def configuration() -> Any:
    from pyiceberg.utils.config import Config

    return Config()


def log(folder: Path, **entries: object) -> str:
    """A Delta table of one file, as its log says it."""
    (folder / "_delta_log").mkdir(parents=True)
    pyarrow.parquet.write_table(pa.table({"doc_id": ["1"]}), folder / "one.parquet")
    schema = {"type": "struct", "fields": [{"name": "doc_id", "type": "string", "nullable": True, "metadata": entries.pop("column", {})}]}
    about = {"id": "1", "format": {"provider": "parquet", "options": {}}, "schemaString": json.dumps(schema), "partitionColumns": [], "configuration": entries.pop("settings", {}), "createdTime": 0}
    reading = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": entries.pop("features"), "writerFeatures": entries.pop("writing", None) or ["deletionVectors"]}
    add = {"path": "one.parquet", "partitionValues": {}, "size": (folder / "one.parquet").stat().st_size, "modificationTime": 0, "dataChange": True, **entries}
    text = "\n".join(json.dumps(each) for each in ({"protocol": reading}, {"metaData": about}, {"add": add}))
    (folder / "_delta_log" / f"{0:020}.json").write_text(text, encoding="utf-8")
    return f"delta:{folder}"


def refusal(read: Callable[[], object], code: str = "SE0885") -> str:
    """Why something was refused."""
    with pytest.raises(ContractError) as raised:
        read()
    (found,) = raised.value.diagnostics
    assert found.code == code
    return " ".join([found.why, *(place.text for place in found.places)])


VECTOR = {"storageType": "u", "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^", "offset": 1, "sizeInBytes": 36, "cardinality": 1}


def test_rows_deleted_beside_the_files_are_never_settled(tmp_path: Path) -> None:
    for name, entries, said in (
        ("vectors", {"features": ["deletionVectors"], "deletionVector": VECTOR}, "deletion vectors"),
        ("mapping", {"features": ["columnMapping"], "writing": ["columnMapping"], "settings": {"delta.columnMapping.mode": "name"}, "column": {"delta.columnMapping.id": 1, "delta.columnMapping.physicalName": "doc_id"}}, "mapped"),
    ):
        assert said in refusal(lambda name=name, entries=entries: table_of(log(tmp_path / name, **entries)))  # type: ignore[misc]
    assert table_of(log(tmp_path / "plain", features=["deletionVectors"])) is not None


def test_deletes_and_other_formats_of_iceberg_are_refused(tmp_path: Path, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyiceberg.table import DataScan

    word = f"iceberg:{iceberg(tmp_path / 'lake', shop[1]).metadata_location.removeprefix('file://')}"
    plan = DataScan.plan_files
    for deleted, kind, said in (({"a delete file"}, "PARQUET", "deleted beside"), (set(), "ORC", "ORC, not Parquet")):

        def tasks(self: Any, deleted: set[str] = deleted, kind: str = kind) -> list[Any]:
            return [SimpleNamespace(file=SimpleNamespace(file_format=SimpleNamespace(value=kind)), delete_files=deleted) for _ in plan(self)]

        monkeypatch.setattr(DataScan, "plan_files", tasks)
        assert said in refusal(lambda: table_of(word))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("delta:nowhere", "no folder of a Delta table"), ("delta:lake@77", "cannot be opened"), ("iceberg:nowhere.db.table", "cannot be opened"),
        ("iceberg:nowhere.metadata.json", "cannot be opened"), ("parquet:nowhere", "no such folder"), ("parquet:in", "no Parquet file"), ("parquet:mixed", "no value of a column"),
        ("parquet:twice", "stands in a folder that says it too"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_there_is_said(tmp_path: Path, shop: Any, monkeypatch: pytest.MonkeyPatch, word: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    delta(Path("lake"), shop[1])
    for place in (Path("mixed/day=1"), Path("mixed/other"), Path("twice/paid=1")):
        place.mkdir(parents=True)
        pyarrow.parquet.write_table(shop[1], place / "part.parquet")
    assert said in refusal(lambda: settled(shop[0], word, tmp_path / "out"))


def test_a_single_run_does_not_read_the_files_of_a_delta_table(tmp_path: Path, shop: Any) -> None:
    from deltalake import write_deltalake

    write_deltalake(tmp_path / "lake", shop[1])
    assert "Delta table" in refusal(lambda: read_documents(tmp_path / "lake", load(shop[0][0].path)), "SE0611")
