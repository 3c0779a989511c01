"""What earlier periods posted, contract by contract: from batches before this one, or from folders of statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine.bulk.missing import library
from rules_engine.bulk.tables.columns import CARRIED, LINES, POSTED, names
from rules_engine.bulk.tables.keeping import Record, together
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.past.posted import parse_posted
from rules_engine.settlement.past.statements import PostedStatement

TABLE = f"{POSTED}.parquet"
BESIDE = (f"{LINES}.parquet", f"{CARRIED}.parquet")
"""The tables from which a posted statement is put together again."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where posted statements stand: tables of earlier batches, and statement files by contract."""

    tables: tuple[Path, ...] = ()
    files: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)

    def of(self, contract: str) -> list[PostedStatement]:
        """Everything posted for a contract."""
        return self.among((contract,)).of(contract)

    def among(self, contracts: Sequence[str]) -> Posted:
        """What stands for some contracts, each table read once."""
        return Posted(self, [Table(table, contracts) for table in self.tables])

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Name and SHA-256 of every file, in a fixed order."""
        beside = (path for table in self.tables for path in (table, *(table.with_name(name) for name in BESIDE)) if path.is_file())
        for path in sorted({*beside, *(path for paths in self.files.values() for path in paths)}):
            yield path.as_posix(), file_hash(path)


@dataclass(frozen=True, slots=True)
class Posted:
    """The posted statements of some contracts."""

    earlier: Earlier
    tables: Sequence[Table]

    def of(self, contract: str) -> list[PostedStatement]:
        """Everything posted for a contract."""
        found = [parse_posted(statement) for table in self.tables for statement in table.of(contract)]
        return [*found, *(parse_posted(_read(path)) for path in self.earlier.files.get(contract, ()))]


class Table:
    """The statements of some contracts in one earlier batch; only the row groups that may hold them are read."""

    def __init__(self, path: Path, contracts: Sequence[str]) -> None:
        wanted = [("contract", ">=", min(contracts)), ("contract", "<=", max(contracts)), ("contract", "in", list(contracts))]
        self._rows = {
            name: library("pyarrow.parquet").read_table(place, filters=wanted)
            for name in (POSTED, LINES, CARRIED)
            if (place := path.with_name(f"{name}.parquet")).is_file()
        }
        self._at = {name: _stretches(table.column("contract").to_pylist()) for name, table in self._rows.items()}

    def of(self, contract: str) -> Iterator[Record]:
        """The statements of a contract."""
        for row in self._of(POSTED, contract):
            carried = (tuple(item[name] for name in names(CARRIED)) for item in self._of(CARRIED, contract))
            yield together(row["statement"], self._of(LINES, contract), carried)

    def rows(self, name: str) -> Any:
        """One of its tables, as far as it is of those contracts."""
        return self._rows[name]

    def _of(self, name: str, contract: str) -> list[Record]:
        start, stop = self._at.get(name, {}).get(contract, (0, 0))
        found: list[Record] = self._rows[name].slice(start, stop - start).to_pylist() if stop > start else []
        return found


def _stretches(contracts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Where the rows of each contract begin and end; they stand together."""
    found: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(contracts):
        found[name] = (found[name][0] if name in found else place, place + 1)
    return found


def earlier(paths: Iterable[str]) -> Earlier:
    """What the paths hold; raises `ContractError` for one that is not there or cannot be read."""
    tables: list[Path] = []
    files: dict[str, list[Path]] = {}
    for name in paths:
        place = Path(name)
        if not place.exists():
            why = f"{name}: there is no such file"
            raise ContractError([diagnostic("SE0802", "en", (), (why, why))])
        found = [place] if place.is_file() else sorted(place.rglob(TABLE))
        tables += [path for path in found if path.name == TABLE]
        for path in [place] if place.suffix == ".json" else sorted(place.rglob("*.json")) if place.is_dir() else []:
            contract = _contract(path)
            if contract:
                files.setdefault(contract, []).append(path)
    return Earlier(tuple(tables), {contract: tuple(found) for contract, found in files.items()})


def _contract(path: Path) -> str:
    """The contract of a statement file; '' for any other JSON."""
    data = _read(path)
    contract = data.get("contract") if isinstance(data, dict) and "totals" in data else None
    return str(contract.get("id", "")) if isinstance(contract, dict) else ""


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        why = f"{path}: {error}"
        raise ContractError([diagnostic("SE0807", "en", (), (why, why))]) from error


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
