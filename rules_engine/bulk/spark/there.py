"""Settling where the data are: cells and lines of a shard meet its kit on some machine, the kernel settles it there, and its tables come
back as the very files that would have been written here."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.model import Counts, Shard
from rules_engine.bulk.settling import settle_shard
from rules_engine.bulk.spark.parting import parted
from rules_engine.bulk.spark.shipping import Kit, kit_of, ship

PACKED = "shard int, kind string, place int, data binary"
WRITTEN = "shard int, name string, data binary"
CELLS, KIT, LINES = "cells", "kit", "lines"
BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"
FEW = "32"
"""Rows of packed tables that travel together; each is large."""


def settle_there(spark: Any, cells: Mapping[int, Any], lines: Any, shards: Sequence[Shard], about: Mapping[int, str]) -> Iterator[Shard]:
    """Settle shards on the machines that hold their cells and lines, and write their tables down here; gives them as they are through.
    `about`: what is known of the contracts of each shard, as JSON. A shard that needs single lines after all is left to be settled here."""
    ship(spark)
    before = spark.conf.get(BATCH)
    packed = _packed(cells, lines)
    wide = max(2, spark.sparkContext.defaultParallelism)
    try:
        for start in range(0, len(shards), wide):
            wave = shards[start : start + wide]
            spark.conf.set(BATCH, FEW)
            found = _joined(spark, packed, wave, about).mapInArrow(settled, WRITTEN).toArrow()
            spark.conf.set(BATCH, before)
            for shard in wave:
                _written(found.filter(library("pyarrow.compute").equal(found.column("shard"), shard.number)), shard)
                yield shard
    finally:
        spark.conf.set(BATCH, before)


def _packed(cells: Mapping[int, Any], lines: Any) -> Any:
    frames = [frame.mapInArrow(_packing(CELLS, place), PACKED) for place, frame in cells.items()]
    frames.append(lines.mapInArrow(_packing(LINES, 0), PACKED))
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.union(frame)
    return whole


def _joined(spark: Any, packed: Any, wave: Sequence[Shard], about: Mapping[int, str]) -> Any:
    """The packed tables of some shards and their kits, every shard on one machine."""
    arrow = pyarrow()
    numbers = [shard.number for shard in wave]
    kits = arrow.table(
        {
            "shard": arrow.array(numbers, arrow.int32()),
            "kind": arrow.array([KIT] * len(wave), arrow.string()),
            "place": arrow.array([0] * len(wave), arrow.int32()),
            "data": arrow.array([kit_of(shard, about[shard.number]) for shard in wave], arrow.binary()),
        }
    )
    mine = packed.where(library("pyspark.sql.functions", "spark").col("shard").isin(numbers))
    return mine.union(spark.createDataFrame(kits)).repartition(len(wave), "shard").sortWithinPartitions("shard", "kind", "place")


def _packing(kind: str, place: int) -> Any:
    """Makes one row of every shard's rows in a batch: their table, as Arrow writes it."""

    def pack(batches: Iterable[Any]) -> Iterator[Any]:
        arrow = pyarrow()
        for batch in batches:
            rows = [(shard, kind, place, _bytes(table)) for shard, table in parted(arrow.Table.from_batches([batch]))]
            if rows:
                yield _batch(rows, (("shard", arrow.int32()), ("kind", arrow.string()), ("place", arrow.int32()), ("data", arrow.binary())))

    return pack


def settled(batches: Iterable[Any]) -> Iterator[Any]:
    """Settles every shard of a partition; gives the files of its tables."""
    arrow = pyarrow()
    rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    for shard, parts in groupby(rows, key=itemgetter(0)):
        found = [(shard, name, content) for name, content in _settled(parts)]
        if found:
            yield _batch(found, (("shard", arrow.int32()), ("name", arrow.string()), ("data", arrow.binary())))


def _settled(parts: Iterable[tuple[int, str, int, bytes]]) -> Iterator[tuple[str, bytes]]:
    with TemporaryDirectory(prefix="settlewright") as folder:
        place = Path(folder)
        shard: Shard | None = None
        for number, (of, kind, group, data) in enumerate(parts):
            if kind == KIT:
                kit: Kit = pickle.loads(data)  # noqa: S301 - packed by this very batch
                shard = kit.unpacked(place)
            else:
                target = place / "summed" / f"{kind}{group:04}" / f"shard={of}"
                target.mkdir(parents=True, exist_ok=True)
                library("pyarrow.parquet").write_table(pyarrow().ipc.open_stream(data).read_all(), target / f"{number:06}.parquet")
        assert shard is not None
        if isinstance(settle_shard(shard), Counts):
            for path in sorted((place / "shards" / f"{shard.number:06}").iterdir()):
                yield path.name, path.read_bytes()


def _bytes(table: Any) -> bytes:
    arrow = pyarrow()
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def _batch(rows: Sequence[Sequence[object]], fields: Sequence[tuple[str, Any]]) -> Any:
    arrow = pyarrow()
    columns = zip(*rows, strict=True)
    return arrow.RecordBatch.from_arrays([arrow.array(column, kind) for column, (_, kind) in zip(columns, fields, strict=True)], [name for name, _ in fields])


def _written(files: Any, shard: Shard) -> None:
    """Write down the tables of a shard, as a folder that appears when it is whole."""
    if not files.num_rows:
        return
    folder = shard.work / "shards" / f"{shard.number:06}"
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for row in files.to_pylist():
        (temporary / row["name"]).write_bytes(row["data"])
    temporary.rename(folder)
