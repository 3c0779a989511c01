"""Documents put into a store: read by canonical columns, their texts numbered, sorted by contract and day, a file a month."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rules_engine.bulk.lake.given import Source, sources_of
from rules_engine.bulk.storage.canonical import COLUMNS, FIRST, canonical, column_of
from rules_engine.bulk.storage.marking import marks_sql
from rules_engine.bulk.storage.staging import Staged, staged
from rules_engine.bulk.storage.store import CODED, TWICE, Origin, Store, concluded, connect, opened, verified
from rules_engine.bulk.storage.typing_sql import literal
from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.faults import Faults

RAW = "raw"
"""Below the work folder: lines in canonical columns, their texts not yet numbered."""


def ingested(paths: Sequence[str], folder: Path, work: Path) -> Store | None:
    """The documents as a store in `folder`; None where some file is read by the strict reader alone. A store in the
    place of paths, or made before in `folder`, is taken as it is."""
    known = opened(Path(paths[0])) if len(paths) == 1 else None
    if known is not None:
        return known
    known = opened(folder)
    if known is not None:
        verified(known)
        return known
    folder.mkdir(parents=True, exist_ok=True)
    faults = Faults("en")
    sources = list(sources_of(paths, faults))
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return added(Store(folder, (), (), (), tuple(BUILTIN_TYPES)), sources, work)


def added(store: Store, given: Sequence[Source], work: Path, origins: Sequence[tuple[str, str]] = ()) -> Store | None:
    """A store with the documents of more files, its folder written in place; None where some file is read by the strict reader
    alone. `origins` are the files' paths and SHA-256, where they are to be known again."""
    sources = staged(given, work / "staged")
    if sources is None:
        return None
    con = connect(work)
    wider = _wider(store, sources, origins)
    columns = tuple(name for name in COLUMNS if name in FIRST or name in wider.columns)
    selects = [canonical(con, number, source, wider.own, columns) for number, source in enumerate(sources, start=len(store.files))]
    if any(select is None for select in selects) or not selects:
        return None
    raw = work / RAW
    every = " UNION ALL ".join(f"({select})" for select in selects)
    con.execute(f"COPY ({every}) TO {literal(str(raw))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARTITION_BY (month), OVERWRITE)")
    con.execute(f"CREATE VIEW raw AS SELECT * FROM read_parquet({literal(str(raw / '**' / '*.parquet'))}, hive_partitioning = false)")
    coded = [name for name in CODED if name in columns]
    wider = replace(wider, types=_named(con, wider, coded))
    part = f"{_next(store):06}.parquet"
    for month in sorted(place for place in raw.iterdir() if place.is_dir()):
        _lines(con, wider, coded, month, wider.folder / "lines" / month.name / part)
    (wider.folder / "marks").mkdir(exist_ok=True)
    con.execute(f"COPY ({marks_sql(wider)}) TO {literal(str(wider.folder / 'marks' / part))} (FORMAT parquet, COMPRESSION zstd)")
    found = written_down(con, wider)
    con.close()
    shutil.rmtree(raw, ignore_errors=True)
    return found


def written_down(con: Any, store: Store) -> Store:
    """The store once its lines, names and marks stand in its folder."""
    (store.folder / TWICE).parent.mkdir(exist_ok=True)
    (store.folder / TWICE).unlink(missing_ok=True)
    con.execute(f"COPY ({_twice(store)}) TO {literal(str(store.folder / TWICE))} (FORMAT parquet, COMPRESSION zstd)")
    written_anew = {name: digest for name, digest in store.hashes.items() if not name.startswith(("names/", "twice/"))}
    return concluded(replace(store, hashes=written_anew))


def _twice(store: Store) -> str:
    """The contracts (by number) in which a document may stand twice: by hash, so some in which none does."""
    lines = f"read_parquet({literal(str(store.folder / 'lines' / '**' / '*.parquet'))}, union_by_name = true, hive_partitioning = false)"
    one = f"SELECT any_value(contract) AS contract FROM {lines} GROUP BY hash(contract, type, doc_id, coalesce(line_no, '')) HAVING count(*) > 1"
    return f"SELECT DISTINCT contract FROM ({one}) ORDER BY contract NULLS FIRST"


def _wider(store: Store, sources: Sequence[Staged], origins: Sequence[tuple[str, str]]) -> Store:
    """The store with the headers and names of more files."""
    headers = [name for source in sources for name in source.header]
    present = {*store.columns, *(column_of(header) for header in headers)}
    own = dict.fromkeys((*store.own, *(name for name in headers if column_of(name) is None and name.strip())))
    first = len(store.files)
    found = [
        Origin(path, digest, tuple(first + place for place, each in enumerate(sources) if each.name == path or each.name.startswith(f"{path}[")))
        for path, digest in origins
    ]
    mine = (tuple(place for place, name in enumerate(own) if name in source.header) for source in sources)
    return replace(
        store, headers=(*store.headers, *mine), columns=tuple(name for name in COLUMNS if name in present), own=tuple(own),
        files=(*store.files, *(source.name for source in sources)), origins=(*store.origins, *found),
    )  # fmt: skip


def _next(store: Store) -> int:
    """The number of the next part: every call adds one to each month it has lines of, and none takes the place of another."""
    return max((int(path.stem) for kind in ("lines", "marks") for path in (store.folder / kind).rglob("*.parquet")), default=0) + 1


def _named(con: Any, store: Store, coded: Sequence[str]) -> tuple[str, ...]:
    """Number the texts that have no number yet, in the order of texts; gives those of the types."""
    (store.folder / "names").mkdir(exist_ok=True)
    for name in coded:
        path = store.folder / "names" / f"{name}.parquet"
        con.execute(f"CREATE TABLE names_{name}(code INTEGER, text VARCHAR)")
        if f"names/{name}.parquet" in store.hashes:
            con.execute(f"INSERT INTO names_{name} SELECT code, text FROM {store.names(name)}")
        elif name == "type":
            con.executemany("INSERT INTO names_type VALUES (?, ?)", list(enumerate(store.types)))
        con.execute(
            f"INSERT INTO names_{name} SELECT (SELECT count(*) FROM names_{name}) + row_number() OVER (ORDER BY text) - 1, text FROM "
            f"(SELECT DISTINCT {name} AS text FROM raw WHERE {name} IS NOT NULL AND {name} NOT IN (SELECT text FROM names_{name}))"
        )
        path.unlink(missing_ok=True)
        con.execute(f"COPY (SELECT code, text FROM names_{name} ORDER BY code) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    return tuple(row[0] for row in con.execute("SELECT text FROM names_type ORDER BY code").fetchall())


def _lines(con: Any, store: Store, coded: Sequence[str], month: Path, target: Path) -> None:
    """One month's lines, coded and sorted."""
    target.parent.mkdir(parents=True, exist_ok=True)
    codes = ", ".join(f"n_{name}.code AS {name}" for name in coded)
    joins = " ".join(f"LEFT JOIN names_{name} n_{name} ON r.{name} = n_{name}.text" for name in coded)
    own = [f"own{place}" for place in range(len(store.own))]
    present = [name for name in COLUMNS if name not in CODED and (name in FIRST or name in store.columns)]
    plain = ", ".join(f"r.{name}" for name in (*map(_quoted, present), *own, "file", "row", "odd", "texts"))
    source = f"read_parquet({literal(str(month / '*.parquet'))}, hive_partitioning = false)"
    con.execute(
        f"COPY (SELECT {codes}, {plain} FROM {source} r {joins} ORDER BY 1, r.date) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _quoted(name: str) -> str:
    return f'"{name}"'
