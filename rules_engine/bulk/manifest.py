"""The manifest: what went into a batch and what came out, the same bytes for the same inputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine.bulk.missing import library
from rules_engine.bulk.model import ContractSource, Counts
from rules_engine.bulk.tables.columns import TOTALS
from rules_engine.bulk.tables.earlier import file_hash

SCHEMA = "settlewright/batch/1"
MANIFEST = "manifest.json"
SUMS = ("payable", "receivable", "net", "carried_in", "payout", "carried_out")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Inputs:
    """Everything that decides what a batch gives; documents, posted files and archives of contracts are (path, SHA-256)."""

    contracts: tuple[ContractSource, ...]
    documents: Pairs
    posted: Pairs
    period: str
    as_of: date | None
    engine: str
    calendar: str
    archives: Pairs = ()

    @cached_property
    def key(self) -> str:
        """SHA-256 over all of it; paths play a part only where they tell two files apart."""
        said = [self.period, str(self.as_of), self.engine, self.calendar]
        said += [f"contract {item.id} {item.path} {item.row} {item.sha256}" for item in self.contracts]
        said += [f"documents {name} {digest}" for name, digest in self.documents]
        said += [f"posted {digest}" for _, digest in self.posted]
        said += [f"archive {name} {digest}" for name, digest in self.archives]
        return sha256("\n".join(said).encode()).hexdigest()


def manifest(inputs: Inputs, counts: Counts, folder: Path, backend: str, control: Mapping[str, object] | None = None) -> str:
    """The manifest of a folder whose tables are written. `control`: the documents' control totals, where they were added up."""
    whole = {
        "schema": SCHEMA,
        "period": inputs.period,
        "as_of": inputs.as_of.isoformat() if inputs.as_of else None,
        "engine": inputs.engine,
        "backend": backend,
        "calendar": inputs.calendar,
        "inputs": {
            "sha256": inputs.key,
            "contracts": [asdict(item) for item in inputs.contracts],
            "documents": [{"path": name, "sha256": digest} for name, digest in inputs.documents],
            "posted": [{"path": name, "sha256": digest} for name, digest in inputs.posted],
            **({"archives": [{"path": name, "sha256": digest} for name, digest in inputs.archives]} if inputs.archives else {}),
            **({"control_totals": control} if control is not None else {}),
        },
        "counts": asdict(counts),
        "control_totals": _sums(folder),
        "files": {path.name: _file(path) for path in sorted(folder.glob("*.parquet"))},
        "times": "times.json",
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _sums(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """The totals of all statements added up, by currency."""
    table = library("pyarrow.parquet").read_table(folder / f"{TOTALS}.parquet", columns=["currency", *SUMS])
    found: dict[str, dict[str, Decimal]] = {}
    for row in table.to_pylist():
        sums = found.setdefault(row["currency"], dict.fromkeys(SUMS, Decimal(0)))
        for name in SUMS:
            sums[name] += row[name]
    return {currency: {name: _plain(value) for name, value in sums.items()} for currency, sums in sorted(found.items())}


def _plain(value: Decimal) -> str:
    whole, _, part = f"{value:f}".partition(".")
    part = part.rstrip("0").ljust(2, "0")
    return f"{whole}.{part}"


def _file(path: Path) -> dict[str, object]:
    rows = library("pyarrow.parquet").read_metadata(path).num_rows
    return {"rows": rows, "sha256": file_hash(path)}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None where there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
