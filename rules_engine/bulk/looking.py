"""Looking through contracts before the documents are added up: their programs, kept for the settling, and their needs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from pathlib import Path

from rules_engine.bulk.model import ContractSource, Shard
from rules_engine.bulk.needs import Needs, needs_of
from rules_engine.bulk.remembered import remembered
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.settle import period_of

Looked = tuple[str, Needs | None]
Kept = dict[str, tuple[Program, Needs]]


def look_through(shard: Shard) -> list[Looked]:
    """Id and needs of every contract of a shard (None: it cannot be settled, which the settling will say)."""
    programs: Kept = {}
    found = [(source.id, _needs(shard, source, programs)) for source in shard.contracts]
    path = _place(shard)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(pickle.dumps(programs, protocol=5))
    temporary.replace(path)
    return found


def _needs(shard: Shard, source: ContractSource, programs: Kept) -> Needs | None:
    try:
        program = remembered(source, shard.as_of, shard.load, shard.cache)
        needs = needs_of(program, period_of(program, shard.period), shard.as_of)
    except ContractError:
        return None
    except Exception:  # noqa: BLE001 - the settling meets it again and tells of it
        return None
    programs[source.id] = (program, needs)
    return needs


def looked_at(shard: Shard, wanted: Sequence[str]) -> Kept:
    """The programs and needs kept for a shard, as far as they are; none for a shard that nobody looked through."""
    try:
        kept: Kept = pickle.loads(_place(shard).read_bytes())  # noqa: S301 - written by this very batch
    except OSError:
        return {}
    return {name: kept[name] for name in wanted if name in kept}


def _place(shard: Shard) -> Path:
    return shard.work / "programs" / f"{shard.number:06}.pickle"
