"""What decides the result of each contract of a batch, as one hash: its basis. The same basis gives the same rows.

A basis is made of the engine's own files, the contract with all it is read from, the period, the mark of the contract's documents
and what earlier periods posted for it. Where a document stands in its file plays a part only for what names places; that is
told apart by a second hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine.bulk.manifest import SCHEMA, Inputs, read_manifest
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.model import DUCKDB, ROWS, ContractSource, Job
from rules_engine.bulk.remembered import engine
from rules_engine.bulk.storage.marking import Mark, marks_of
from rules_engine.bulk.storage.store import Store, connect
from rules_engine.bulk.tables.columns import CARRIED, EXCEPTIONS, LINES, POSTED, TABLES
from rules_engine.bulk.tables.earlier import Earlier, file_hash

BASIS = "basis.parquet"
COLUMNS = ("contract", "basis", "places")
NOTHING = Mark("", "")
Basis = tuple[str, str]
"""(hash of what decides the result, hash of that and of the places documents stand in)"""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The contracts whose rows are taken from the batch in `folder`, and the basis of every contract."""

    folder: Path | None = None
    contracts: frozenset[str] = frozenset()
    bases: Mapping[str, Basis] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Tells two choices of unchanged contracts apart."""
        return sha256("\n".join(sorted(self.contracts)).encode()).hexdigest()[:16]


def unchanged(job: Job, inputs: Inputs, store: Store, posted: Earlier, sources: Sequence[ContractSource], work: Path) -> Unchanged:
    """Which contracts of a batch need not be settled again, since the batch before says what would come out."""
    bases = _bases(job, inputs, store, posted, sources, work)
    folder = job.out if job.reuse is None else job.reuse
    known = _known(folder)
    if not known:
        return Unchanged(None, frozenset(), bases)
    errors, told = _told(folder)
    same = (
        name
        for name, basis in bases.items()
        if name in known and name not in errors and (known[name] == basis if name in told else known[name][0] == basis[0])
    )
    return Unchanged(folder, frozenset(same), bases)


def _bases(
    job: Job, inputs: Inputs, store: Store, posted: Earlier, sources: Sequence[ContractSource], work: Path
) -> dict[str, Basis]:
    con = connect(work)
    marks = marks_of(con, store)
    con.close()
    alone = [marks.get(None, NOTHING)] if len(sources) == 1 else []
    said = _posted(posted, dict(inputs.posted))
    common = [SCHEMA, engine(), ROWS if job.engine == ROWS else DUCKDB, inputs.engine, inputs.calendar, inputs.period, str(inputs.as_of)]
    common += [*store.columns, "", *store.own]
    found = {}
    for source in sources:
        mine = [marks.get(source.id, NOTHING), *alone]
        own = [source.id, source.path, str(source.row), source.parameters, source.sha256, *said(source.id), *(mark.content for mark in mine)]
        basis = sha256("\x00".join([*common, "", *own]).encode()).hexdigest()
        found[source.id] = (basis, sha256(" ".join([basis, *(mark.places for mark in mine)]).encode()).hexdigest())
    return found


def _posted(posted: Earlier, hashes: Mapping[str, str]) -> Any:
    """What an earlier period posted for a contract, as hashes: by contract where the batch says its bases, else of its tables."""
    tables = [_of_table(table, hashes) for table in posted.tables]

    def said(contract: str) -> Iterable[str]:
        yield from (table.get(contract, table[""]) for table in tables)
        yield from (hashes[path.as_posix()] for path in posted.files.get(contract, ()))

    return said


def _of_table(table: Path, hashes: Mapping[str, str]) -> dict[str, str]:
    names = [f"{name}.parquet" for name in (POSTED, LINES, CARRIED)]
    tables = [hashes.get(table.with_name(name).as_posix(), "") for name in names]
    files = (read_manifest(table.parent) or {}).get("files", {})
    known = _bases_in(table.parent, files)
    if not known or tables != [files.get(name, {}).get("sha256", "") for name in names]:
        return {"": " ".join(tables)}
    there = library("pyarrow.parquet").read_table(table, columns=["contract"]).column("contract").to_pylist()
    return {"": "", **{name: known[name][1] for name in there if name in known}}


def _known(folder: Path) -> dict[str, Basis]:
    """The bases of a batch whose tables are as they were written; none where there is no such batch."""
    found = read_manifest(folder)
    if found is None or found.get("schema") != SCHEMA:
        return {}
    files = found.get("files", {})
    if any(not (folder / name).is_file() or file_hash(folder / name) != files.get(name, {}).get("sha256") for name in tables()):
        return {}
    return _bases_in(folder, files)


def tables() -> list[str]:
    """The names of the files that an unchanged contract's rows are taken from."""
    return [f"{name}.parquet" for name in TABLES]


def _bases_in(folder: Path, files: Mapping[str, Any]) -> dict[str, Basis]:
    place = folder / BASIS
    if not place.is_file() or file_hash(place) != files.get(BASIS, {}).get("sha256"):
        return {}
    rows = library("pyarrow.parquet").read_table(place).to_pylist()
    return {row["contract"]: (row["basis"], row["places"]) for row in rows}


def _told(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """(contracts of which errors were told, contracts of which anything was told) in a batch."""
    rows = library("pyarrow.parquet").read_table(folder / f"{EXCEPTIONS}.parquet", columns=["contract", "severity"]).to_pylist()
    return frozenset(row["contract"] for row in rows if row["severity"] == "error"), frozenset(row["contract"] for row in rows)


def write_bases(found: Unchanged, target: Path) -> None:
    """Put the bases beside the tables, for the run after this one."""
    arrow = pyarrow()
    rows = [(name, *basis) for name, basis in sorted(found.bases.items())]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    table = arrow.table([arrow.array(column, arrow.string()) for column in columns], list(COLUMNS))
    library("pyarrow.parquet").write_table(table, target / BASIS, compression="zstd", write_page_checksum=True)
