"""Looking through contracts before the documents are added up: their programs, kept for the settling, and their needs."""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from rules_engine.bulk.columnar.reasons import Alone
from rules_engine.bulk.columnar.shape import Card, card_of
from rules_engine.bulk.measures.needs import Needs, needs_of
from rules_engine.bulk.model import ContractSource, Shard
from rules_engine.bulk.remembered import engine, remembered
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.deadlines import at_moment
from rules_engine.settlement.settle import period_of
from rules_engine.values.period import Period


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of a contract: its needs, and its card or the reason why it has none."""

    needs: Needs
    card: Card | str


Kept = dict[str, Looked]
"""By id; a contract that cannot be settled, which the settling will say, is not there."""


ONE_FILE = 20
"""The effort of looking at a contract that is a file of its own, beside a row of a template, which is mostly made again."""


def effort(shard: Shard) -> int:
    """What looking through a shard will take, as far as can be seen from outside."""
    return sum(1 if source.parameters else ONE_FILE for source in shard.contracts)


def look_through(shard: Shard) -> Kept:
    """What is seen of every contract of a shard, kept for the settling."""
    alike: dict[Needs, Needs] = {}
    kept: Kept = {}
    for source in shard.contracts:
        found = _looked(shard, source, alike)
        if found is not None:
            kept[source.id] = found
    data = pickle.dumps(kept, protocol=5)
    for path in _places(shard):
        with suppress(OSError):
            _write(path, data)
    return kept


def looked_at(shard: Shard) -> Kept | None:
    """What was kept of a shard, by this batch or by an earlier one; None where nobody looked through it."""
    return next((found for path in _places(shard) if (found := _read(path)) is not None), None)


def _read(path: Path) -> Kept | None:
    try:
        found = pickle.loads(path.read_bytes())  # noqa: S301 - written by this very batch, or in the user's own folder
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the contracts are looked through again
        return None
    return found if isinstance(found, dict) else None


def program_of(shard: Shard, source: ContractSource) -> Program:
    """The program of a contract; it is kept until the batch is done where nothing is kept longer. A row of a template's parameters
    is made anew, which takes less than reading what was kept."""
    if source.parameters:
        return shard.load(source, shard.as_of)
    return remembered(source, shard.as_of, shard.load, shard.cache or shard.work / "checked")


@dataclass(frozen=True, slots=True)
class Look:
    """The question what is seen of a contract's program for a period."""

    period: str
    as_of: date | None

    def __call__(self, program: Program) -> Looked:
        """What is seen."""
        period = period_of(program, self.period)
        return Looked(needs_of(program, period, self.as_of), _card(program, period))


def _looked(shard: Shard, source: ContractSource, alike: dict[Needs, Needs]) -> Looked | None:
    look = Look(shard.period, shard.as_of)
    try:
        ask = shard.ask if source.parameters else None
        found: Looked = look(program_of(shard, source)) if ask is None else ask(source, shard.as_of, look)
    except ContractError:
        return None
    except Exception:  # noqa: BLE001 - the settling meets it again and tells of it
        return None
    return Looked(alike.setdefault(found.needs, found.needs), found.card)


def _card(program: Program, period: Period) -> Card | str:
    try:
        return card_of(at_moment(program, period.end))
    except Alone as alone:
        return alone.reason.value


def _places(shard: Shard) -> list[Path]:
    """Where it is kept: in the work folder, and between runs under the name of all it was seen from."""
    places = [shard.work / "programs" / f"{shard.number:06}.pickle"]
    if shard.cache is not None:
        said = [f"{shard.period} {shard.as_of}", *(f"{item.id} {item.path} {item.parameters} {item.row} {item.sha256}" for item in shard.contracts)]
        places.append(shard.cache / engine() / f"{sha256(chr(10).join(said).encode()).hexdigest()}.looked")
    return places


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)
