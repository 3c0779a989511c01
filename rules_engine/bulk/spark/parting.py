"""Arrow tables taken apart by shard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rules_engine.bulk.missing import library


def parted(table: Any) -> Iterator[tuple[int, Any]]:
    """The rows of every shard in a table that has a column `shard`, without it."""
    ordered = table.sort_by("shard")
    shards = ordered.column("shard").to_pylist()
    rest = ordered.drop_columns(["shard"])
    start = 0
    while start < len(shards):
        stop = bisect_right(shards, shards[start], start)
        yield shards[start], rest.slice(start, stop - start)
        start = stop


def by_shard(table: Any, folder: Path) -> None:
    """Write a table as one file a shard, in folders that are named as DuckDB names them."""
    for shard, rows in parted(table):
        place = folder / f"shard={shard}"
        place.mkdir(parents=True, exist_ok=True)
        library("pyarrow.parquet").write_table(rows, place / "data.parquet", compression="zstd")
