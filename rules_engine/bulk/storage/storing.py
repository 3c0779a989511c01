"""Documents put into a store: read by canonical columns, their texts numbered, sorted by contract and day, a file a month."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rules_engine.bulk.lake.given import Source, sources_of
from rules_engine.bulk.storage.canonical import COLUMNS, FIRST, Table, canonical, column_of, sql_type, table_of
from rules_engine.bulk.storage.marking import marks_sql
from rules_engine.bulk.storage.naming import Naming, named
from rules_engine.bulk.storage.pieces import pieces, put_between
from rules_engine.bulk.storage.staging import Staged, staged
from rules_engine.bulk.storage.store import (
    CODED,
    INGESTING,
    LINES_FORMAT,
    MEMORY,
    TWICE,
    Origin,
    Store,
    concluded,
    connect,
    executed,
    opened,
    verified,
)
from rules_engine.bulk.storage.typing_sql import literal, quoted
from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.faults import Faults

PLACES = ("lines", "names", "marks", "twice")
"""The folders of a store."""
RAW = "raw"
"""Below the work folder: rows in canonical columns, not yet sorted."""
ALWAYS = ("contract", "type", "doc_id", "date")
"""Columns that rows are told apart and sorted by."""


Adding = Callable[[Store, Sequence[Source], Path, Sequence[tuple[str, str]]], Store | None]
"""What `added` does, here or elsewhere."""


def ingested(paths: Sequence[str], folder: Path, work: Path, add: Adding | None = None) -> Store | None:
    """The documents as a store in `folder`; None where some file is read by the strict reader alone. A store in the
    place of paths, or made before in `folder`, is taken as it is. `add`: who reads, if not this machine."""
    known = opened(Path(paths[0])) if len(paths) == 1 else None
    if known is not None:
        return known
    known = opened(folder)
    if known is not None:
        verified(known)
        return known
    for name in PLACES:  # what a run that was stopped had put there, before it was a store
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    faults = Faults("en")
    sources = list(sources_of(paths, faults))
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return (add or added)(Store(folder, (), (), (), tuple(BUILTIN_TYPES)), sources, work, ())


def added(store: Store, given: Sequence[Source], work: Path, origins: Sequence[tuple[str, str]] = ()) -> Store | None:
    """A store with the documents of more files, its folder written in place; None where some file is read by the strict reader
    alone. `origins` are the files' paths and SHA-256, where they are to be known again."""
    sources = staged(given, work / "staged")
    if sources is None:
        return None
    con = connect(work, MEMORY[INGESTING])
    wider = widened(store, sources, origins)
    known = tables_of(con, store, sources)
    if known is None:
        return None
    naming = named(con, wider, [(name, delivered(known, name)) for name in coded_of(wider)])
    wider = replace(wider, types=naming.types)
    part = next_part(store)
    _lines(con, wider, known, naming, part, work)
    (wider.folder / "marks").mkdir(exist_ok=True)
    new = f"read_parquet({literal(str(wider.folder / 'lines' / '*' / f'{part:06}*.parquet'))}, hive_partitioning = false)"
    executed(con, f"COPY ({marks_sql(wider, new)}) TO {literal(str(wider.folder / 'marks' / f'{part:06}.parquet'))} (FORMAT parquet, COMPRESSION zstd)")
    found = written_down(con, wider)
    con.close()
    shutil.rmtree(work / RAW, ignore_errors=True)
    return found


def tables_of(con: Any, store: Store, sources: Sequence[Staged]) -> list[Table] | None:
    """How every new table is read; None where only the strict reader can tell."""
    found = [table_of(con, number, source) for number, source in enumerate(sources, start=len(store.files))]
    known = [table for table in found if table is not None]
    return known if known and len(known) == len(found) else None


def coded_of(store: Store) -> list[str]:
    """The columns of which a store has numbers for texts."""
    return [name for name in CODED if name in FIRST or name in store.columns]


def written_down(con: Any, store: Store, doubled: str = "") -> Store:
    """The store once its lines, names and marks stand in its folder. `doubled`: the numbers of contracts in which a document may stand
    twice, as a query, where it is known already."""
    (store.folder / TWICE).parent.mkdir(exist_ok=True)
    (store.folder / TWICE).unlink(missing_ok=True)
    executed(con, f"COPY ({doubled or _twice(store)}) TO {literal(str(store.folder / TWICE))} (FORMAT parquet, COMPRESSION zstd)")
    written_anew = {name: digest for name, digest in store.hashes.items() if not name.startswith(("names/", "twice/"))}
    return concluded(replace(store, hashes=written_anew))


def delivered(tables: Sequence[Table], name: str) -> list[str]:
    """The queries that give the texts of a column as its files have them."""
    return [f"SELECT DISTINCT {table.field(name)} AS raw FROM {table.source.table}" for table in tables if name in table.cells]


def _lines(con: Any, store: Store, tables: Sequence[Table], naming: Naming, part: int, work: Path) -> None:
    """The lines of some tables, sorted: a file a month, more where a month is long."""
    rows, shown = rows_of(store, tables, naming)
    place = "file, row" if len(tables) > 1 else "row"
    for query, piece in put_between(con, rows, pieces(con, rows), work / RAW):
        target = store.folder / "lines" / f"month={piece.month}" / (f"{part:06}.parquet" if piece.number == 0 else f"{part:06}-{piece.number:03}.parquet")
        target.parent.mkdir(parents=True, exist_ok=True)
        ordered = f"SELECT * FROM ({query}) WHERE {piece.where} ORDER BY contract, date, {place}"
        executed(con, f"COPY (SELECT {shown} FROM ({ordered})) TO {literal(str(target))} ({LINES_FORMAT})")


def rows_of(store: Store, tables: Sequence[Table], naming: Naming) -> tuple[str, str]:
    """(the rows of some tables in canonical columns as a query, the columns of a file of lines in their order)."""
    columns = [name for name in COLUMNS if any(name in table.cells for table in tables) or name in ALWAYS]
    headers = {header for table in tables for header in table.source.header}
    own = [(place, name) for place, name in enumerate(store.own) if name in headers]
    rows = " UNION ALL ".join(f"({canonical(table, naming, own, columns)})" for table in tables)
    return rows, ", ".join(_shown(store, columns, [place for place, _ in own]))


def _shown(store: Store, columns: Sequence[str], own: Sequence[int]) -> Iterator[str]:
    """The columns of a file of lines, in their order; those that no file has now are blank, and are not sorted with the rest."""
    coded = coded_of(store)
    others = [name for name in COLUMNS if name not in CODED and (name in FIRST or name in store.columns)]
    for name in (*coded, *others):
        yield quoted(name) if name in columns else f"NULL::{sql_type(name)} AS {quoted(name)}"
    for place in range(len(store.own)):
        yield f"own{place}" if place in own else f"NULL::VARCHAR AS own{place}"
    yield from ("file", "row", "odd", "texts")


def _twice(store: Store) -> str:
    """The contracts (by number) in which a document may stand twice: by hash, so some in which none does."""
    lines = f"read_parquet({literal(str(store.folder / 'lines' / '**' / '*.parquet'))}, union_by_name = true, hive_partitioning = false)"
    return doubled_of(f"SELECT contract, {IDENTITY} AS h FROM {lines}")


IDENTITY = "hash(contract, type, doc_id, coalesce(line_no, ''))"
"""What two lines of one document share, over numbers for texts."""


def doubled_of(keys: str) -> str:
    """The contracts in which an identity stands more than once."""
    one = f"SELECT any_value(contract) AS contract FROM ({keys}) GROUP BY h HAVING count(*) > 1"
    return f"SELECT DISTINCT contract FROM ({one}) ORDER BY contract NULLS FIRST"


def widened(store: Store, sources: Sequence[Staged], origins: Sequence[tuple[str, str]]) -> Store:
    """The store with the headers and names of more files."""
    headers = [name for source in sources for name in source.header]
    present = {*store.columns, *(column_of(header) for header in headers)}
    own = dict.fromkeys((*store.own, *(name for name in headers if column_of(name) is None and name.strip())))
    first = len(store.files)
    found = [
        Origin(path, digest, tuple(first + place for place, each in enumerate(sources) if each.name == path or each.name.startswith(f"{path}[")))
        for path, digest in origins
    ]
    return replace(
        store, headers=(*store.headers, *(tuple(source.header) for source in sources)), columns=tuple(name for name in COLUMNS if name in present), own=tuple(own),
        files=(*store.files, *(source.name for source in sources)), origins=(*store.origins, *found),
    )  # fmt: skip


def next_part(store: Store) -> int:
    """The number of the next part: every call adds one to each month it has lines of, and none takes the place of another."""
    return max((int(path.stem[:6]) for kind in ("lines", "marks") for path in (store.folder / kind).rglob("*.parquet")), default=0) + 1
