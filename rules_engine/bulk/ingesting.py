"""Documents put into a store of their own, to be settled from again and again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rules_engine.bulk.store import Store, connect, opened
from rules_engine.bulk.storing import ingested
from rules_engine.bulk.whole import settle_folder
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a store holds: rows, rows that keep their texts, contracts, months."""

    rows: int
    odd: int
    contracts: int
    months: int


def ingest(paths: Sequence[str], out: Path) -> Ingested:
    """Write the documents as a store, whole or not at all. Raises `ContractError` for files that only the strict reader can
    judge and for a folder that holds something else."""
    if out.exists() and opened(out) is None and (not out.is_dir() or any(out.iterdir())):
        why: Words = (f"{out} holds something that `settle ingest` did not write.", f"{out} 中有并非 `settle ingest` 写入的内容。")
        raise ContractError([diagnostic("SE0865", "en", (), why, ("name a new folder with --out.", "请用 --out 指定新文件夹。"))])
    work = out.with_name(f".{out.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    store = ingested(paths, work / "store", work)
    if store is None:
        shutil.rmtree(work, ignore_errors=True)
        raise ContractError([_unplain()])
    found = _counted(store, work)
    settle_folder(store.folder, out)
    shutil.rmtree(work, ignore_errors=True)
    return found


def _counted(store: Store, work: Path) -> Ingested:
    con = connect(work)
    row = con.execute(
        f"SELECT count(*), count(*) FILTER (WHERE odd), count(DISTINCT contract), count(DISTINCT date_trunc('month', date)) FROM {store.lines}"
    ).fetchone()
    return Ingested(*row)


def _unplain() -> Diagnostic:
    why: Words = (
        "a file holds binary floating numbers, cells a spreadsheet could not work out, rows of another width than their header, or two columns of one name.",
        "某个文件含有二进制浮点数、表格软件未能算出的单元格、与表头列数不同的行，或同名的两列。",
    )
    fix: Words = (
        "settle straight from the files: `settle batch` says which cell it is.", "请直接用文件结算：`settle batch` 会指出具体单元格。",
    )
    return diagnostic("SE0872", "en", (), why, fix)
