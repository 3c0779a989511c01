"""What earlier periods posted, contract by contract: from batches before this one, or from folders of statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine.bulk.columns import POSTED
from rules_engine.bulk.missing import library
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.posted import parse_posted
from rules_engine.settlement.statements import PostedStatement

TABLE = f"{POSTED}.parquet"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where posted statements stand: tables of earlier batches, and statement files by contract."""

    tables: tuple[Path, ...] = ()
    files: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)

    def of(self, contract: str) -> list[PostedStatement]:
        """Everything posted for a contract."""
        found = [parse_posted(json.loads(text)) for table in self.tables for text in _texts(table, contract)]
        return [*found, *(parse_posted(_read(path)) for path in self.files.get(contract, ()))]

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Name and SHA-256 of every file, in a fixed order."""
        for path in sorted({*self.tables, *(path for paths in self.files.values() for path in paths)}):
            yield path.as_posix(), file_hash(path)


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


def _texts(table: Path, contract: str) -> list[str]:
    """The statements of a contract in an earlier batch; only the row groups that may hold them are read."""
    read = library("pyarrow.parquet").read_table(table, columns=["statement"], filters=[("contract", "=", contract)])
    return [str(text) for text in read.column("statement").to_pylist()]


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
