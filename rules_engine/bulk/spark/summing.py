"""A batch through Spark: contracts looked through, documents added up, and shards settled here or where the data are."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rules_engine.bulk.measures.adding_up import ABOUT, About, Asked, note_fetched, read_about, unclaimed
from rules_engine.bulk.measures.needs import NOTHING
from rules_engine.bulk.missing import library
from rules_engine.bulk.model import Job, Shard
from rules_engine.bulk.progress import Progress
from rules_engine.bulk.spark.asking import Asking
from rules_engine.bulk.spark.measuring import Group, Known, cells_of, groups_of, known_of, lines_of
from rules_engine.bulk.spark.parting import by_shard
from rules_engine.bulk.spark.session import session, told
from rules_engine.bulk.spark.there import settle_there
from rules_engine.bulk.storage.splitting import Unclaimed
from rules_engine.bulk.storage.store import Store, connect
from rules_engine.bulk.summing import asked_of
from rules_engine.bulk.whole import written
from rules_engine.bulk.writing import counts_of


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
        with told():
            table = lines_of(self.asking, groups_of(self.store, asked, self.only), (), kept=False)
        shutil.rmtree(self.work / "again", ignore_errors=True)
        by_shard(table, self.work / "again" / "lines0000")
        note_fetched(self.work / "again", asked)

    def close(self) -> None:
        """Take our tables out of the session."""
        self.asking.forget()


def spark_summing(job: Job, shards: Sequence[Shard], work: Path, progress: Progress, store: Store) -> SparkSumming:
    """The documents of a batch added up by Spark."""
    spark = session(job.cluster.master, job.workers)
    only = shards[0].contracts[0].id if len(shards) == 1 and shards[0].alone else ""
    asked = tuple(asked_of(shards, job, progress))
    asking = Asking(spark, re.sub(r"\W", "_", f"settle_{work.parent.name}_{work.name}"))
    progress.phase("adding up documents")
    found = SparkSumming(asking, store, tuple(replace(shard, store=store.folder) for shard in shards), asked, work, only)
    if asked and read_about(work / "summed") is None:
        with told():
            _add_up(found, job.cluster.most, progress)
    elif not asked:
        _note(work / "summed", {})
    return found


def _add_up(summing: SparkSumming, most: int, progress: Progress) -> None:
    """Add up, and put down for every shard that is settled here what DuckDB would have put down."""
    folder = summing.work / "summed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asking, groups = summing.asking, groups_of(summing.store, summing.asked, summing.only)
    known = known_of(asking, groups)
    kept = known.lines > most
    cells = cells_of(asking, groups, known, kept=kept)
    about = _too_long(groups, known, cells)
    lines = lines_of(asking, groups, [number for number, item in about.items() if item.whole], kept=kept)
    tables = {place: table for place, table in cells.items() if table is not None}
    left = [shard.number for shard in summing.shards]
    if kept and sum(frame.count() for frame in (*tables.values(), lines)) > most:
        left = _there(summing, tables, lines, about, progress)
    for place, table in tables.items():
        by_shard(_fetched(table, left) if kept else table, folder / f"cells{place:04}")
    by_shard(_fetched(lines, left) if kept else lines, folder / "lines0000")
    _note(folder, about)


def _there(summing: SparkSumming, cells: Mapping[int, Any], lines: Any, about: Mapping[int, About], progress: Progress) -> list[int]:
    """Settle where the data are every shard of which all contracts could be read; gives the numbers of those left to be settled."""
    read = {item.id: item for item in summing.asked}
    whole = [shard for shard in summing.shards if all(source.id in read for source in shard.contracts)]
    said = {shard.number: _said({read[source.id].number: about[read[source.id].number] for source in shard.contracts}) for shard in whole}
    left = [shard for shard in whole if not _done(shard)]
    progress.phase("settling where the data are", sum(len(shard.contracts) for shard in left))
    for shard in settle_there(summing.asking.spark, cells, lines, left, said):
        progress.step(len(shard.contracts))
    return [shard.number for shard in summing.shards if not _done(shard)]


def _done(shard: Shard) -> bool:
    return counts_of(shard.work / "shards" / f"{shard.number:06}") is not None


def _fetched(frame: Any, shards: Iterable[int]) -> Any:
    """The rows of some shards, brought here."""
    return frame.where(library("pyspark.sql.functions", "spark").col("shard").isin(list(shards))).toArrow()


def _too_long(groups: Sequence[Group], known: Known, cells: Mapping[int, Any]) -> dict[int, About]:
    """What is known of every contract; those of a group with a sum too long are read line by line."""
    long = {item.number for group in groups if cells.get(group.place, group) is None for item in group.members}
    return {number: replace(item, whole=item.whole or number in long) for number, item in known.about.items()}


def _said(about: Mapping[int, About]) -> str:
    return json.dumps({number: [item.read, item.whole] for number, item in sorted(about.items())})


def _note(folder: Path, about: Mapping[int, About]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    written(folder / ABOUT, lambda path: path.write_text(_said(about), encoding="utf-8"))
