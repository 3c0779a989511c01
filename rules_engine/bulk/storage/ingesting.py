"""Documents put into a store of their own, to be settled from again and again; more files are added to it as they come."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rules_engine.bulk.lake.given import Source, name_of, pinned, sources_of, table_of
from rules_engine.bulk.stopping import told
from rules_engine.bulk.storage.marking import Total, totals
from rules_engine.bulk.storage.store import LINES_FORMAT, Store, connect, opened, verified
from rules_engine.bulk.storage.storing import Adding, added, written_down
from rules_engine.bulk.storage.typing_sql import literal
from rules_engine.bulk.tables.earlier import file_hash
from rules_engine.bulk.whole import held, place_of, settle_folder
from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.faults import Faults
from rules_engine.documents.sources import QUERY_SUFFIX

Types = tuple[tuple[str, Total], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it was put into a store: its path, the SHA-256 of its bytes, and control totals by type."""

    path: str
    sha256: str
    types: Types


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a store holds: rows, rows that keep their texts, contracts, months; and the files taken now and known before."""

    rows: int
    odd: int
    contracts: int
    months: int
    taken: tuple[Taken, ...] = ()
    known: tuple[str, ...] = ()


def ingest(paths: Sequence[str], out: Path, *, instead: bool = False, add: Adding = added) -> Ingested:
    """Put documents into the store at `out`, all of them or none; files that it holds already, byte for byte, are left out. What has no bytes of
    its own (a query, a table of Spark's) is read anew each time and takes the place of what it gave before. With `instead` a file takes the place of the one of the same path; `add` reads. Raises `ContractError` for files that only the strict reader
    can judge, for a damaged store and for a folder that holds something else."""
    out = place_of(out)
    with told(out), held(out):
        return _ingest(paths, out, instead=instead, add=add)


def _ingest(paths: Sequence[str], out: Path, *, instead: bool, add: Adding) -> Ingested:
    before = opened(out)
    if before is None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        why: Words = (f"{out} holds something that `settle ingest` did not write.", f"{out} 中有并非 `settle ingest` 写入的内容。")
        raise ContractError([diagnostic("SE0865", "en", (), why, ("name a new folder with --out.", "请用 --out 指定新文件夹。"))])
    words = pinned(paths)
    files = _files(words)
    held = {(item.path, item.sha256) for item in before.origins} if before is not None else set()
    new = {path: item for path, item in files.items() if not item[1] or (path, item[1]) not in held}
    known = tuple(path for path in files if path not in new)
    gone = _outdated(before, words, files) | {path for path, (_, digest) in new.items() if instead or not digest}
    work = out.with_name(f".{out.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    try:
        if before is not None and not new and not gone:
            return _counted(before, work, (), known)
        store = _begun(before, work, gone)
        more = add(store, [source for source, _ in new.values()], work, [(path, digest) for path, (_, digest) in new.items()]) if new else _less(store, work)
        if more is None:
            raise ContractError([_unplain()])
        found = _counted(more, work, tuple(new), known)
        settle_folder(more.folder, out)
        return found
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _files(words: Sequence[str]) -> dict[str, tuple[Source, str]]:
    """Every file, query and table of Spark's by its name, with the SHA-256 of its bytes ('' where it has none)."""
    faults = Faults("en")
    found = {name_of(source): source for source in sources_of(words, faults)}
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return {name: (source, _digest(name)) for name, source in found.items()}


def _digest(name: str) -> str:
    """The SHA-256 of a file; '' for what may answer differently each time."""
    return file_hash(Path(name)) if Path(name).is_file() and not name.lower().endswith(QUERY_SUFFIX) else ""


def _outdated(before: Store | None, words: Sequence[str], files: Mapping[str, object]) -> set[str]:
    """The files that a store holds of another version of a table: this version takes its place."""
    roots = tuple(f"{table.root}/" for table in map(table_of, words) if table is not None)
    return {item.path for item in (before.origins if before is not None else ()) if roots and item.path.startswith(roots) and item.path not in files}


def _less(store: Store, work: Path) -> Store:
    """A store that only lost rows."""
    con = connect(work)
    found = written_down(con, store)
    con.close()
    return found


def _begun(before: Store | None, work: Path, gone: set[str]) -> Store:
    """A store in the work folder that holds what the one before holds, without the files that are `gone`."""
    folder = work / "store"
    folder.mkdir(parents=True)
    if before is None:
        return Store(folder, (), (), (), tuple(BUILTIN_TYPES))
    verified(before)
    for name in before.hashes:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _linked(before.folder / name, folder / name)
    out = {table for item in before.origins if item.path in gone for table in item.tables}
    kept = tuple(item for item in before.origins if item.path not in gone)
    return _without(replace(before, folder=folder, origins=kept), out, work) if out else replace(before, folder=folder)


def _linked(path: Path, target: Path) -> None:
    """The same file under another name; a copy where the place knows no links. Files of a store are never written twice."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _without(store: Store, tables: set[int], work: Path) -> Store:
    """The store without the rows of some files."""
    con, hashes = connect(work), dict(store.hashes)
    listed = ", ".join(map(str, sorted(tables)))
    for name in [each for each in hashes if each.startswith(("lines/", "marks/"))]:
        path = store.folder / name
        source = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
        left, held = con.execute(f"SELECT count(*) FILTER (WHERE file NOT IN ({listed})), count(*) FROM {source}").fetchone()
        if left == held:
            continue
        del hashes[name]
        temporary = path.with_name(f"{path.name}.tmp")
        order = "contract, date, file, row" if name.startswith("lines/") else "ALL"
        if left:
            con.execute(f"COPY (SELECT * FROM {source} WHERE file NOT IN ({listed}) ORDER BY {order}) TO {literal(str(temporary))} ({LINES_FORMAT})")
            temporary.replace(path)
        else:
            path.unlink()
    con.close()
    return replace(store, hashes=hashes)


def _counted(store: Store, work: Path, new: Sequence[str], known: tuple[str, ...]) -> Ingested:
    con = connect(work)
    row = con.execute(
        f"SELECT sum(lines)::BIGINT, sum(odd)::BIGINT, count(DISTINCT contract), count(DISTINCT month) FILTER (WHERE month <> 'odd') FROM {store.marks}"
    ).fetchone()
    taken = tuple(_taken(con, store, new))
    con.close()
    rows, odd, contracts, months = row
    return Ingested(rows, odd, contracts, months, taken, known)


def _taken(con: Any, store: Store, new: Sequence[str]) -> list[Taken]:
    by_file: dict[int, list[tuple[str, Total]]] = {}
    for (file, kind), total in totals(con, store, ("file", "type")):
        by_file.setdefault(file, []).append((kind or "", total))
    origins = [item for item in store.origins if item.path in new]
    return [Taken(item.path, item.sha256, tuple(each for table in item.tables for each in by_file.get(table, ()))) for item in origins]


def _unplain() -> Diagnostic:
    why: Words = (
        "a file holds binary floating numbers, cells a spreadsheet could not work out, rows of another width than their header, or two columns of one name.",
        "某个文件含有二进制浮点数、表格软件未能算出的单元格、与表头列数不同的行，或同名的两列。",
    )
    fix: Words = (
        "settle straight from the files: `settle batch` says which cell it is.", "请直接用文件结算：`settle batch` 会指出具体单元格。",
    )
    return diagnostic("SE0872", "en", (), why, fix)
