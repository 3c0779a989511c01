"""What a batch is asked, and what one of its contracts leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rules_engine.bulk.tables.earlier import Earlier
from rules_engine.core.program import Program

ROWS, DUCKDB, SPARK = "rows", "duckdb", "spark"
ENGINES = (ROWS, DUCKDB)
"""The engines that need nothing but this machine."""
SHARD = 256
"""Contracts that are settled and written together; part of what makes two runs byte-identical."""


@dataclass(frozen=True, slots=True)
class ContractSource:
    """One contract of a batch: its id, the file it stands in, a hash of all it is read from, and the file and row of its
    parameters where the file is a template ('' and 0: it is a contract by itself)."""

    id: str
    path: str
    sha256: str
    row: int = 0
    parameters: str = ""


Loader = Callable[[ContractSource, date | None], Program]
"""Gives the program of a contract as known on a day; it is called in worker processes, so it must travel there: a module's own function, or a frozen record."""

Asker = Callable[[ContractSource, date | None, Callable[[Program], Any]], Any]
"""What a question about a contract's program comes to, for contracts of one template mostly without making the program; a question is
told by what it equals. Called in worker processes like a `Loader`."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Spark works ('': where it was started, or here), beyond how many cells and lines contracts are settled there too, and
    beyond how many bytes of documents they are read there."""

    master: str = ""
    most: int = 1_000_000
    reads: int = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class Job:
    """A batch: `documents` are files and folders, `posted` earlier batches or folders of statements, `cache` a folder that keeps
    checked contracts between runs. `columns` False settles every contract by itself. `reuse` is an earlier batch whose unchanged
    contracts are taken as they are (None: the one that stands at `out`). `archives`: path and SHA-256 of those that contracts stand in."""

    contracts: tuple[ContractSource, ...]
    documents: tuple[str, ...]
    period: str
    out: Path
    load: Loader
    posted: tuple[str, ...] = ()
    as_of: date | None = None
    engine: str = ROWS
    workers: int = 1
    cache: Path | None = None
    columns: bool = True
    reuse: Path | None = None
    cluster: Cluster = Cluster()
    ask: Asker | None = None
    archives: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shard:
    """What a worker needs to settle some contracts: no more than names, so that it travels between processes. `store`: where
    its sums and lines were put down, None where its documents were split."""

    number: int
    contracts: tuple[ContractSource, ...]
    alone: bool
    work: Path
    period: str
    as_of: date | None
    earlier: Earlier
    load: Loader
    store: Path | None = None
    cache: Path | None = None
    columns: bool = True
    ask: Asker | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line of the exceptions: what kept something from being settled, or should be known before paying."""

    contract: str
    code: str
    severity: str
    text: str
    place: str = ""
    clause: str = ""
    group: str = ""
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of a batch or of a part of it."""

    contracts: int = 0
    settled: int = 0
    lines: int = 0
    errors: int = 0
    warnings: int = 0
    documents: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.contracts + other.contracts, self.settled + other.settled, self.lines + other.lines,
            self.errors + other.errors, self.warnings + other.warnings, self.documents + other.documents,
        )  # fmt: skip
