"""Before the contracts are settled: one query for all contracts of equal needs, its cells and single lines put down by shard."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.measures.parts import by_part
from rules_engine.bulk.measures.plan_sql import MINE, Plan, about_sql, cells_sql, days_sql, noted_twice_sql, rows_sql, twice_sql
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.storage.splitting import Unclaimed
from rules_engine.bulk.storage.store import Store, executed
from rules_engine.bulk.storage.typing_sql import literal
from rules_engine.bulk.whole import written

ABOUT = "about.json"
FETCHED = "fetched.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A contract of the batch: its number, its shard, and what must be known of its documents."""

    id: str
    number: int
    shard: int
    needs: Needs


@dataclass(frozen=True, slots=True)
class About:
    """What the store says of a contract: lines known, and whether it must be read line by line."""

    read: int
    whole: bool


def add_up(con: Any, store: Store, asked: Sequence[Asked], folder: Path, only: str, cache: Path | None = None) -> None:
    """Put down cells, lines and what is known of each contract below `folder`. `cache`: where sums by part of the store are kept."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    groups: dict[Needs, list[Asked]] = {}
    for item in asked:
        groups.setdefault(item.needs, []).append(item)
    about: dict[int, About] = {}
    for place, (needs, members) in enumerate(groups.items()):
        about |= _group(con, Plan(store, needs, only), members, folder, place, cache)
    text = json.dumps({number: [item.read, item.whole] for number, item in sorted(about.items())})
    written(folder / ABOUT, lambda path: path.write_text(text, encoding="utf-8"))


def _group(con: Any, plan: Plan, members: Sequence[Asked], folder: Path, place: int, cache: Path | None) -> dict[int, About]:
    mine(con, plan.store, members)
    known = {row[0]: (row[2], row[3], row[4]) for row in executed(con, about_sql(plan))}
    twice = {row[0] for row in executed(con, noted_twice_sql(plan) or twice_sql(plan))}
    whole = {number for number, (_, odd, _) in known.items() if odd} | twice
    rest = [item for item in members if item.number not in whole]
    if not plan.needs or not _cells(con, plan, rest, folder / f"cells{place:04}", cache):
        whole |= {item.number for item in members}
    if whole or any(other for _, _, other in known.values()):
        _lines(con, plan, members, whole, folder / f"lines{place:04}")
    return {item.number: About(known.get(item.number, (0, False, False))[0], item.number in whole) for item in members}


def mine(con: Any, store: Store, members: Iterable[Asked]) -> None:
    """Make the table of a query's contracts."""
    listed = list(members)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {MINE} AS SELECT g.id, coalesce(n.code, -1) AS code, g.number, g.shard FROM (SELECT unnest($1::VARCHAR[]) AS id, "
        f"unnest($2::INTEGER[]) AS number, unnest($3::INTEGER[]) AS shard) g LEFT JOIN {store.names('contract')} n ON g.id = n.text",
        [[item.id for item in listed], [item.number for item in listed], [item.shard for item in listed]],
    )


def _cells(con: Any, plan: Plan, members: Sequence[Asked], folder: Path, cache: Path | None) -> bool:
    """Put down the cells; False where a sum is too long for the database."""
    duckdb = library("duckdb")
    mine(con, plan.store, members)
    returns = plan.needs.returns and executed(con, f"SELECT count(*) FROM (SELECT 1 FROM {plan.joined} WHERE l.ref_doc_id IS NOT NULL LIMIT 1)")[0][0]
    kept = by_part(con, plan, cache, len(members)) if cache is not None and not returns else None
    mine(con, plan.store, members)
    first = executed(con, f"SELECT min(l.date) FROM {plan.joined}")[0][0] if kept is None else None
    con.execute(days_sql(plan.needs, first or plan.needs.limit))
    try:
        _copy(con, kept or cells_sql(plan, linked=bool(returns)), folder)
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return True


def _lines(con: Any, plan: Plan, members: Sequence[Asked], whole: set[int], folder: Path) -> None:
    mine(con, plan.store, members)
    con.execute("CREATE OR REPLACE TEMP TABLE whole(number INTEGER)")
    if whole:
        con.execute("INSERT INTO whole SELECT unnest($1::INTEGER[])", [sorted(whole)])
    _copy(con, rows_sql(plan, "SELECT number FROM whole"), folder)


def _copy(con: Any, query: str, folder: Path) -> None:
    executed(con, f"COPY ({query}) TO {literal(str(folder))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (shard), OVERWRITE)")


def lines_of(con: Any, store: Store, asked: Sequence[Asked], folder: Path, only: str) -> None:
    """Put down all lines of some contracts that turned out to need them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    groups: dict[Needs, list[Asked]] = {}
    for item in asked:
        groups.setdefault(item.needs, []).append(item)
    for place, (needs, members) in enumerate(groups.items()):
        _lines(con, Plan(store, needs, only), members, {item.number for item in members}, folder / f"lines{place:04}")


def note_fetched(folder: Path, asked: Iterable[Asked]) -> None:
    """Note below `folder` whose lines were put down there, those without any line among them."""
    text = json.dumps(sorted(item.number for item in asked))
    folder.mkdir(parents=True, exist_ok=True)
    written(folder / FETCHED, lambda path: path.write_text(text, encoding="utf-8"))


def fetched(folder: Path) -> frozenset[int]:
    """The contracts, by number, whose lines were all put down; none where nobody asked for them."""
    path = folder / FETCHED
    return frozenset(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else frozenset()


def read_about(folder: Path) -> Mapping[int, About] | None:
    """What `add_up` noted; None where it did not come to its end."""
    try:
        found = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {int(number): About(*values) for number, values in found.items()}


def unclaimed(con: Any, store: Store, ids: Sequence[str], *, alone: bool) -> Unclaimed:
    """The rows that no contract of the batch takes."""
    found = Unclaimed()
    con.register("given", pyarrow().table({"id": pyarrow().array(list(ids), pyarrow().string())}))
    rows = con.execute(
        f"SELECT contract, file, sum(lines)::BIGINT FROM {store.marks} WHERE contract IS NULL OR contract NOT IN (SELECT id FROM given) GROUP BY ALL"
    ).fetchall()
    con.unregister("given")
    for contract, file, count in rows:
        if contract is not None:
            found.unknown[contract] += count
        elif not alone:
            found.blank[store.files[file]] += count
    return found


def put_down(folder: Path, shard: int, kind: str) -> list[tuple[int, Any]]:
    """The tables of a shard: cells or lines, with the place of their group."""
    parquet = library("pyarrow.parquet")
    found = []
    for group in sorted(folder.glob(f"{kind}*")):
        inside = group / f"shard={shard}"
        files = sorted(inside.glob("*.parquet")) if inside.is_dir() else []
        if files:
            tables = [parquet.ParquetFile(file).read() for file in files]
            found.append((int(group.name.removeprefix(kind)), pyarrow().concat_tables(tables)))
    return found


