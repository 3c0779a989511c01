"""A batch through DuckDB: documents ingested, contracts looked through, lines added up before anything is settled."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rules_engine.bulk.looking import effort, look_through, looked_at
from rules_engine.bulk.measures.adding_up import Asked, add_up, lines_of, note_fetched, read_about, unclaimed
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.model import ROWS, SHARD, Job, Shard
from rules_engine.bulk.pool import each
from rules_engine.bulk.progress import Progress
from rules_engine.bulk.storage.splitting import Unclaimed
from rules_engine.bulk.storage.store import Store, connect


class Added(Protocol):
    """Documents added up by one engine or another."""

    @property
    def shards(self) -> tuple[Shard, ...]:
        """The shards that are settled from them."""

    def unclaimed(self, double: Sequence[str]) -> Unclaimed:
        """The rows that no contract of the batch takes; `double`: contracts that several files are."""

    def fetch(self, contracts: Sequence[str]) -> None:
        """Put down all lines of some contracts that sums are not enough for."""

    def close(self) -> None:
        """Let go of the documents."""


@dataclass(frozen=True, slots=True)
class Summing:
    """Documents added up: the shards that are settled from them, and how to get single lines after all."""

    store: Store
    shards: tuple[Shard, ...]
    asked: tuple[Asked, ...]
    work: Path
    only: str

    def unclaimed(self, double: Sequence[str]) -> Unclaimed:
        """The rows that no contract of the batch takes."""
        ids = {*(source.id for shard in self.shards for source in shard.contracts), *double}
        with closing(connect(self.work)) as con:
            return unclaimed(con, self.store, sorted(ids), alone=len(ids) == 1)

    def fetch(self, contracts: Sequence[str]) -> None:
        """Put down all lines of some contracts."""
        wanted = set(contracts)
        asked = [item for item in self.asked if item.id in wanted]
        with closing(connect(self.work)) as con:
            lines_of(con, self.store, asked, self.work / "again", self.only)
        note_fetched(self.work / "again", asked)

    def close(self) -> None:
        """Nothing is held: the database is opened when it is asked, so that its memory is free while contracts are settled."""


def summing_of(job: Job, shards: Sequence[Shard], work: Path, progress: Progress, store: Store) -> Summing:
    """The documents of a store added up."""
    only = shards[0].contracts[0].id if len(shards) == 1 and shards[0].alone else ""
    asked = tuple(asked_of(shards, job, progress))
    progress.phase("adding up documents")
    if read_about(work / "summed") is None:
        with closing(connect(work)) as con:
            add_up(con, store, asked, work / "summed", only, job.cache)
    return Summing(store, tuple(replace(shard, store=store.folder) for shard in shards), asked, work, only)


def asked_of(shards: Sequence[Shard], job: Job, progress: Progress) -> list[Asked]:
    """Every contract with its number and needs; one that cannot be settled needs nothing but to be told of."""
    known = {shard.number: looked_at(shard) for shard in shards}
    unknown = [shard for shard in shards if known[shard.number] is None]
    progress.phase("looking through contracts", sum(len(shard.contracts) for shard in unknown))
    for shard, found in each(look_through, unknown, job.workers, effort):
        known[shard.number] = found
        progress.step(len(shard.contracts))
    needs: dict[str, Needs] = {name: item.needs for found in known.values() if found is not None for name, item in found.items()}
    if job.engine == ROWS:
        needs = {name: replace(needed, types=()) for name, needed in needs.items()}
    found_by_shard = (
        Asked(source.id, (shard.number - 1) * SHARD + place, shard.number, needs[source.id])
        for shard in shards
        for place, source in enumerate(shard.contracts)
        if source.id in needs
    )
    return list(found_by_shard)
