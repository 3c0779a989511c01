"""One shard settled: its contracts one after another by the very kernel that settles a single one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rules_engine.bulk.cells import NeedsRows
from rules_engine.bulk.delivery import Delivery, summed
from rules_engine.bulk.earlier import Posted
from rules_engine.bulk.entries import Entries, finding
from rules_engine.bulk.model import ContractSource, Counts, Shard, Trouble
from rules_engine.bulk.remembered import remembered
from rules_engine.bulk.splitting import by_contract, parts_of
from rules_engine.bulk.tables import write_tables
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic, Severity
from rules_engine.documents.read import from_batches
from rules_engine.settlement.settle import settle

REPEATED = "SW0693"


def settle_shard(shard: Shard) -> Counts | tuple[str, ...]:
    """Settle a shard and leave its tables in `work/shards`. Gives its counts, or the contracts that need all their lines:
    then nothing is left yet."""
    entries, wanting = Entries(), list[str]()
    delivery = summed(shard) if shard.store is not None else _split(shard)
    posted = shard.earlier.among([source.id for source in shard.contracts])
    for source in shard.contracts:
        entries.counts += Counts(contracts=1)
        try:
            _contract(shard, source, delivery, posted, entries)
        except NeedsRows:
            wanting.append(source.id)
    if wanting:
        return tuple(wanting)
    write_tables(shard.work / "shards" / f"{shard.number:06}", entries)
    return entries.counts


def _split(shard: Shard) -> Delivery:
    only = shard.contracts[0].id if shard.alone else ""
    return Delivery(by_contract(parts_of(shard.work / "parts", shard.number), only))


def _contract(shard: Shard, source: ContractSource, delivery: Delivery, earlier: Posted, entries: Entries) -> None:
    try:
        known = delivery.programs.get(source.id)
        program = known[0] if known is not None else remembered(source, shard.as_of, shard.load, shard.cache)
        posted = earlier.of(source.id)
        sums = delivery.sums(program, source.id)
        documents = from_batches(delivery.tables.get(source.id, ()), program)
        settlement = settle(program, documents, shard.period, posted, shard.as_of, explain=False, reduced=sums)
        entries.settled(settlement, shard.period, settlement.documents_read)
        found: Mapping[str, Diagnostic] = {item.code: item for item in documents.warnings if item.code == REPEATED}
        for item in found.values():
            entries.trouble(finding(source.id, item), shard.period)
    except NeedsRows:
        raise
    except ContractError as error:
        for item in error.diagnostics:
            if item.severity is Severity.ERROR:
                entries.trouble(finding(source.id, item), shard.period)
    except Exception as error:
        if os.environ.get("SETTLE_DEBUG"):
            raise
        entries.trouble(_ours(source, error), shard.period)


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


