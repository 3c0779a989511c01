"""Sums kept by part of a store: what was added up of a file of lines is not added up again while the file is the same.

A part is what came in together for a month: with documents that come daily, a day. What is kept stands in the folder of checked contracts, named
by all it follows from (the file's bytes, the query, the days time is cut at) and by its own bytes; it may be deleted at any time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine.bulk.measures.plan_sql import MINE, Plan, days_sql, merged_sql, part_sql
from rules_engine.bulk.missing import library
from rules_engine.bulk.storage.store import LINES_FORMAT, executed
from rules_engine.bulk.storage.typing_sql import literal
from rules_engine.bulk.tables.earlier import file_hash

FOLDER = "sums"
LEAST = 500_000
"""Lines of a store of which sums are kept; fewer are added up sooner than looked for."""
MOST = 400
"""Parts that are put together at most."""


def by_part(con: Any, plan: Plan, cache: Path, members: int) -> str | None:
    """The query of the cells out of what is kept by part, after adding up the parts of which nothing is; None where lines are read instead: a few
    contracts of many, a small store, one made for a single batch, parts of other columns. Writes over the tables of contracts and days."""
    names = [name for name in sorted(plan.store.hashes) if name.startswith("lines/")]
    if plan.only or not plan.store.origins or len(names) > MOST or not _many(con, plan, names, members):
        return None
    try:
        found = [_part(con, plan, name, cache / FOLDER) for name in names]
    except (OSError, library("duckdb").Error):
        return None
    return merged_sql(plan, f"read_parquet([{', '.join(literal(str(path)) for path in found)}])")


def _many(con: Any, plan: Plan, names: list[str], members: int) -> bool:
    """Whether the lines are many, and most of them these contracts'."""
    metadata = library("pyarrow.parquet").read_metadata
    lines = sum(metadata(plan.store.folder / name).num_rows for name in names)
    contracts = executed(con, f"SELECT count(*) FROM {plan.store.names('contract')}")[0][0]
    return bool(lines >= LEAST and members * 2 >= contracts)


def _part(con: Any, plan: Plan, name: str, folder: Path) -> Path:
    """The sums of one file of lines, for every contract that it has."""
    one = replace(plan, store=replace(plan.store, hashes={name: plan.store.hashes[name]}))
    query = part_sql(one)
    said = [plan.store.hashes[name], query.replace(str(plan.store.folder), ""), repr((plan.needs.cuts, plan.needs.limit, plan.needs.by)), library("duckdb").__version__]
    key = sha256("\x00".join(said).encode()).hexdigest()
    known = next((path for path in sorted(folder.glob(f"{key}-*.parquet")) if path.stem == f"{key}-{file_hash(path)}"), None)
    return known or _added(con, one, query, folder, key)


def _added(con: Any, plan: Plan, query: str, folder: Path, key: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {MINE} AS SELECT text AS id, code, code AS number, 0 AS shard FROM {plan.store.names('contract')}")
    first = executed(con, f"SELECT min(l.date) FROM {plan.store.lines} l")[0][0]
    con.execute(days_sql(plan.needs, first or plan.needs.limit))
    temporary = folder / f".{key}.{os.getpid()}"
    try:
        executed(con, f"COPY ({query}) TO {literal(str(temporary))} ({LINES_FORMAT})")
        target = folder / f"{key}-{file_hash(temporary)}.parquet"
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink()
    return target
