"""Looking through contracts before the documents are added up: their programs, kept for the settling, and their needs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rules_engine.bulk.columnar.reasons import Alone
from rules_engine.bulk.columnar.shape import Card, card_of
from rules_engine.bulk.model import ContractSource, Shard
from rules_engine.bulk.needs import Needs, needs_of
from rules_engine.bulk.remembered import remembered
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.deadlines import at_moment
from rules_engine.settlement.settle import period_of
from rules_engine.values.period import Period


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of a contract: its needs, its card or the reason why it has none, and its program, put away."""

    needs: Needs
    card: Card | str
    put_away: bytes

    @property
    def program(self) -> Program:
        """The program, taken out again."""
        found: Program = pickle.loads(self.put_away)  # noqa: S301 - written by this very batch
        return found


Kept = dict[str, Looked]


def look_through(shard: Shard) -> list[tuple[str, Needs | None]]:
    """Id and needs of every contract of a shard (None: it cannot be settled, which the settling will say)."""
    kept: Kept = {}
    for source in shard.contracts:
        found = _looked(shard, source)
        if found is not None:
            kept[source.id] = found
    path = _place(shard)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(pickle.dumps(kept, protocol=5))
    temporary.replace(path)
    return [(source.id, kept[source.id].needs if source.id in kept else None) for source in shard.contracts]


def _looked(shard: Shard, source: ContractSource) -> Looked | None:
    try:
        program = remembered(source, shard.as_of, shard.load, shard.cache)
        period = period_of(program, shard.period)
        needs = needs_of(program, period, shard.as_of)
    except ContractError:
        return None
    except Exception:  # noqa: BLE001 - the settling meets it again and tells of it
        return None
    return Looked(needs, _card(program, period), pickle.dumps(program, protocol=5))


def _card(program: Program, period: Period) -> Card | str:
    try:
        return card_of(at_moment(program, period.end))
    except Alone as alone:
        return alone.reason.value


def looked_at(shard: Shard, wanted: Sequence[str]) -> Kept:
    """What was kept of a shard, as far as it was; nothing for a shard that nobody looked through."""
    try:
        kept: Kept = pickle.loads(_place(shard).read_bytes())  # noqa: S301 - written by this very batch
    except OSError:
        return {}
    return {name: kept[name] for name in wanted if name in kept}


def _place(shard: Shard) -> Path:
    return shard.work / "programs" / f"{shard.number:06}.pickle"
