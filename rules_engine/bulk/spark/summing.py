"""A batch through Spark: the documents as Spark reads them, contracts looked through, lines added up, cells put down for settling."""

from __future__ import annotations

import json
import re
import shutil
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rules_engine.bulk.adding_up import ABOUT, About, Asked, read_about, unclaimed
from rules_engine.bulk.missing import library
from rules_engine.bulk.model import Job, Shard
from rules_engine.bulk.needs import NOTHING
from rules_engine.bulk.progress import Progress
from rules_engine.bulk.spark.asking import Asking
from rules_engine.bulk.spark.measuring import Group, Known, cells_of, groups_of, known_of, lines_of
from rules_engine.bulk.spark.session import session
from rules_engine.bulk.splitting import Unclaimed
from rules_engine.bulk.store import Store, connect
from rules_engine.bulk.summing import asked_of
from rules_engine.bulk.whole import written


@dataclass(frozen=True, slots=True)
class SparkSumming:
    """Documents added up in Spark: the shards that are settled from them, and how to get single lines after all."""

    asking: Asking
    store: Store
    shards: tuple[Shard, ...]
    asked: tuple[Asked, ...]
    work: Path
    only: str

    def unclaimed(self, double: Sequence[str]) -> Unclaimed:
        """The rows that no contract of the batch takes."""
        ids = sorted({*(source.id for shard in self.shards for source in shard.contracts), *double})
        return unclaimed(connect(self.work), self.store, ids, alone=len(ids) == 1)

    def fetch(self, contracts: Sequence[str]) -> None:
        """Put down all lines of some contracts."""
        wanted = set(contracts)
        asked = [replace(item, needs=NOTHING) for item in self.asked if item.id in wanted]
        table = lines_of(self.asking, groups_of(self.store, asked, self.only), (), kept=False)
        shutil.rmtree(self.work / "again", ignore_errors=True)
        by_shard(table, self.work / "again" / "lines0000")

    def close(self) -> None:
        """Take our tables out of the session."""
        self.asking.forget()


def spark_summing(job: Job, shards: Sequence[Shard], work: Path, progress: Progress, store: Store) -> SparkSumming:
    """The documents of a batch added up by Spark."""
    spark = session(job.cluster.master, job.workers)
    only = shards[0].contracts[0].id if len(shards) == 1 and shards[0].alone else ""
    progress.phase("looking through contracts")
    asked = tuple(asked_of(shards, job))
    asking = Asking(spark, re.sub(r"\W", "_", f"settle_{work.parent.name}_{work.name}"))
    progress.phase("adding up documents")
    found = SparkSumming(asking, store, tuple(replace(shard, store=store.folder) for shard in shards), asked, work, only)
    if read_about(work / "summed") is None:
        _add_up(found)
    return found


def _add_up(summing: SparkSumming) -> None:
    """Put down cells, lines and what is known of each contract, as DuckDB would have."""
    folder = summing.work / "summed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    groups = groups_of(summing.store, summing.asked, summing.only)
    known = known_of(summing.asking, groups)
    cells = cells_of(summing.asking, groups, known, kept=False)
    about = _too_long(groups, known, cells)
    for place, table in cells.items():
        if table is not None:
            by_shard(table, folder / f"cells{place:04}")
    if groups:
        whole = [number for number, item in about.items() if item.whole]
        by_shard(lines_of(summing.asking, groups, whole, kept=False), folder / "lines0000")
    text = json.dumps({number: [item.read, item.whole] for number, item in sorted(about.items())})
    written(folder / ABOUT, lambda path: path.write_text(text, encoding="utf-8"))


def _too_long(groups: Sequence[Group], known: Known, cells: Mapping[int, Any]) -> dict[int, About]:
    """What is known of every contract; those of a group with a sum too long are read line by line."""
    long = {item.number for group in groups if cells.get(group.place, group) is None for item in group.members}
    return {number: replace(item, whole=item.whole or number in long) for number, item in known.about.items()}


def by_shard(table: Any, folder: Path) -> None:
    """Write an Arrow table as one file a shard, in folders that are named as DuckDB names them."""
    parquet = library("pyarrow.parquet")
    ordered = table.sort_by("shard")
    shards = ordered.column("shard").to_pylist()
    rest = ordered.drop_columns(["shard"])
    start = 0
    while start < len(shards):
        stop = bisect_right(shards, shards[start], start)
        place = folder / f"shard={shards[start]}"
        place.mkdir(parents=True, exist_ok=True)
        parquet.write_table(rest.slice(start, stop - start), place / "data.parquet", compression="zstd")
        start = stop

