"""Shards settled: what columns serve together, the other contracts one after another by the very kernel that settles a single one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rules_engine.bulk.columnar.shape import Card
from rules_engine.bulk.columnar.sorting import by_columns
from rules_engine.bulk.columnar.together import Columns
from rules_engine.bulk.delivery import Delivery, summed
from rules_engine.bulk.looking import looked_at, program_of
from rules_engine.bulk.measures.cells import NeedsRows
from rules_engine.bulk.model import ContractSource, Counts, Shard, Trouble
from rules_engine.bulk.storage.splitting import by_contract, parts_of
from rules_engine.bulk.tables.earlier import Posted
from rules_engine.bulk.tables.entries import Entries, finding
from rules_engine.bulk.writing import counts_of_columns, write_shard
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic, Severity
from rules_engine.documents.read import from_batches
from rules_engine.settlement.settle import settle

REPEATED = "SW0693"
ONE_BY_ONE = 60
"""The effort of a contract that the kernel settles, beside one of many that columns serve."""

Found = Counts | tuple[str, ...]
"""What came of a shard, or its contracts that need all their lines."""


def effort(shard: Shard) -> int:
    """What settling a shard will take, as far as can be seen from outside."""
    looked = (looked_at(shard) if shard.columns and shard.store is not None else None) or {}
    together = sum(isinstance(item.card, Card) for item in looked.values())
    return together + ONE_BY_ONE * (len(shard.contracts) - together)


def settle_shard(shard: Shard) -> Found:
    """Settle a shard and leave its tables in `work/shards`. Gives its counts, or the contracts that need all their lines:
    then nothing is left yet."""
    delivery = summed(shard) if shard.store is not None else _split(shard)
    work = Work(shard, delivery, shard.earlier.among([source.id for source in shard.contracts]))
    columns = by_columns(shard, delivery, work.posted, work.judged) if shard.columns and delivery.looked else Columns()
    entries, wanting = Entries(), list[str]()
    served = frozenset(columns.settled)
    for source in shard.contracts:
        entries.counts += Counts(contracts=1)
        if source.id in served:
            continue
        try:
            work.settle(source, entries)
        except NeedsRows:
            wanting.append(source.id)
    if wanting:
        return tuple(wanting)
    write_shard(shard, entries, columns)
    return entries.counts + counts_of_columns(columns)


def _split(shard: Shard) -> Delivery:
    only = shard.contracts[0].id if shard.alone else ""
    return Delivery(by_contract(parts_of(shard.work / "parts", shard.number), only))


@dataclass(frozen=True, slots=True)
class Work:
    """What the contracts of a shard are settled from."""

    shard: Shard
    delivery: Delivery
    posted: Posted

    def judged(self, contract: str) -> Entries | None:
        """One contract settled by the kernel; None where sums are not enough, or something is to be told."""
        entries = Entries()
        source = next(item for item in self.shard.contracts if item.id == contract)
        try:
            self.settle(source, entries)
        except NeedsRows:
            return None
        return entries if entries.counts.settled else None

    def settle(self, source: ContractSource, entries: Entries) -> None:
        """Settle one contract; what stops it is told in the entries. Raises `NeedsRows` where sums are not enough."""
        try:
            self._settle(source, entries)
        except NeedsRows:
            raise
        except ContractError as error:
            for item in error.diagnostics:
                if item.severity is Severity.ERROR:
                    entries.trouble(finding(source.id, item), self.shard.period)
        except (MemoryError, OSError):
            raise
        except Exception as error:
            if os.environ.get("SETTLE_DEBUG"):
                raise
            entries.trouble(_ours(source, error), self.shard.period)

    def _settle(self, source: ContractSource, entries: Entries) -> None:
        shard, delivery = self.shard, self.delivery
        program = program_of(shard, source)
        posted = self.posted.of(source.id)
        sums = delivery.sums(program, source.id)
        documents = from_batches(delivery.tables.get(source.id, ()), program)
        settlement = settle(program, documents, shard.period, posted, shard.as_of, explain=False, reduced=sums)
        entries.settled(settlement, shard.period, settlement.documents_read)
        found: Mapping[str, Diagnostic] = {item.code: item for item in documents.warnings if item.code == REPEATED}
        for item in found.values():
            entries.trouble(finding(source.id, item), shard.period)


def _ours(source: ContractSource, error: Exception) -> Trouble:
    """A fault of the engine stops one contract, not the other ten thousand."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    said = f"{type(error).__name__} in {where}: {' '.join(str(error).split())[:200]}"
    why: Words = (f"`{source.id}` was not settled: {said}.", f"“{source.id}”未结算：{said}。")
    fix: Words = (
        "report it; `settle run` on the one contract with SETTLE_DEBUG=1 shows more.",
        "请报告此问题；设置 SETTLE_DEBUG=1 后用 `settle run` 单独结算该合同可查看详情。",
    )
    return finding(source.id, diagnostic("SE0864", "en", (), why, fix))
