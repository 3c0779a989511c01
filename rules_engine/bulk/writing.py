"""Writing the tables of a shard, and joining those of all shards in the order of contracts."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rules_engine.bulk.columnar.sorting import counted
from rules_engine.bulk.columnar.together import Columns
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.model import Counts, Shard
from rules_engine.bulk.tables.columns import LINES, TABLES, TOTALS, schema
from rules_engine.bulk.tables.entries import Entries, Row

DONE = "done.json"
WAYS = "settled_by"
PARQUET = {"compression": "zstd", "compression_level": 3, "write_page_checksum": True}


def write_shard(shard: Shard, entries: Entries, columns: Columns) -> None:
    """The tables of a shard: rows settled one by one and columns settled together, in the order of contracts."""
    order = [source.id for source in shard.contracts]
    tables = {name: _in_order([_table(name, entries.rows[name]), *columns.tables[name]], order) for name in TABLES}
    done = {**asdict(entries.counts + counts_of_columns(columns)), WAYS: ways_of(columns)}
    _write(shard.work / "shards" / f"{shard.number:06}", tables, done)


def counts_of_columns(columns: Columns) -> Counts:
    """What came of contracts settled together."""
    lines = sum(table.num_rows for table in columns.tables[LINES])
    documents = sum(library("pyarrow.compute").sum(table.column("documents")).as_py() or 0 for table in columns.tables[TOTALS])
    return Counts(settled=len(columns.settled), lines=lines, documents=documents)


def ways_of(columns: Columns) -> dict[str, object]:
    """How many contracts were settled by columns, and how many one by one for which reason."""
    return {"by_columns": len(columns.settled), "one_by_one": counted(columns.alone)}


def _in_order(tables: list[Any], order: Sequence[str]) -> Any:
    """The rows of all tables by contract; those of one contract stay as they are."""
    arrow, numpy, compute = pyarrow(), library("numpy"), library("pyarrow.compute")
    whole = arrow.concat_tables([table for table in tables if table.num_rows] or tables[:1]).combine_chunks()
    if whole.num_rows and sum(table.num_rows > 0 for table in tables) > 1:
        place = compute.index_in(whole.column("contract"), arrow.array(list(order), arrow.string())).to_numpy()
        whole = whole.take(arrow.array(numpy.argsort(place, kind="stable")))
    return whole


def write_tables(folder: Path, entries: Entries) -> None:
    """The tables of rows alone, as a folder that appears when it is whole."""
    _write(folder, {name: _table(name, entries.rows[name]) for name in TABLES}, asdict(entries.counts))


def _write(folder: Path, tables: Mapping[str, Any], done: Mapping[str, object]) -> None:
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    arrow = pyarrow()
    for name in TABLES:
        with arrow.OSFile(str(temporary / f"{name}.arrow"), "wb") as sink, arrow.ipc.new_file(sink, tables[name].schema) as writer:
            writer.write_table(tables[name])
    (temporary / DONE).write_text(json.dumps(done), encoding="utf-8")
    temporary.rename(folder)


def _table(name: str, rows: list[Row]) -> Any:
    arrow, kind = pyarrow(), schema(name)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kind)
    return arrow.table([arrow.array(column, field.type) for column, field in zip(columns, kind, strict=True)], schema=kind)


def counts_of(folder: Path) -> Counts | None:
    """What came of a shard that is done; None where it is not."""
    try:
        found = json.loads((folder / DONE).read_text(encoding="utf-8"))
        return Counts(**{name: value for name, value in found.items() if name != WAYS})
    except (OSError, ValueError, TypeError):
        return None


def ways(folders: Iterable[Path]) -> dict[str, object]:
    """How the contracts of all shards were settled."""
    by_columns, one_by_one = 0, Counter[str]()
    for folder in folders:
        found = json.loads((folder / DONE).read_text(encoding="utf-8")).get(WAYS, {})
        by_columns += found.get("by_columns", 0)
        one_by_one.update(found.get("one_by_one", {}))
    return {"by_columns": by_columns, "one_by_one": dict(sorted(one_by_one.items()))}
