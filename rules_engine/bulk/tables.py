"""Writing the tables of a shard, and joining those of all shards in the order of contracts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rules_engine.bulk.columns import TABLES, schema
from rules_engine.bulk.entries import Entries, Row
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.model import Counts

DONE = "done.json"
PARQUET = {"compression": "zstd", "compression_level": 3, "write_page_checksum": True}


def write_tables(folder: Path, entries: Entries) -> None:
    """The tables of a shard, as a folder that appears when it is whole."""
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    parquet = library("pyarrow.parquet")
    for name in TABLES:
        parquet.write_table(_table(name, entries.rows[name]), temporary / f"{name}.parquet", **PARQUET)
    (temporary / DONE).write_text(json.dumps(asdict(entries.counts)), encoding="utf-8")
    temporary.rename(folder)


def _table(name: str, rows: list[Row]) -> Any:
    arrow, kind = pyarrow(), schema(name)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kind)
    return arrow.table([arrow.array(column, field.type) for column, field in zip(columns, kind, strict=True)], schema=kind)


def counts_of(folder: Path) -> Counts | None:
    """What came of a shard that is done; None where it is not."""
    try:
        return Counts(**json.loads((folder / DONE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def join(folders: Iterable[Path], target: Path) -> None:
    """One file a table, a row group for every shard that has rows."""
    parquet, places = library("pyarrow.parquet"), list(folders)
    for name in TABLES:
        with parquet.ParquetWriter(target / f"{name}.parquet", schema(name), **PARQUET) as writer:
            for folder in places:
                table = parquet.read_table(folder / f"{name}.parquet", schema=schema(name))
                if table.num_rows:
                    writer.write_table(table, row_group_size=table.num_rows)
