"""Rows in pieces that can be sorted in memory: a month each, a long month by ranges of contracts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules_engine.bulk.storage.store import LINES_FORMAT, executed
from rules_engine.bulk.storage.typing_sql import literal

PIECE = 1_500_000
"""Rows of a piece, or a contract's rows more; sorted they take some 200 MB."""
SCANS = 12
"""How often a file is read at most to take it to pieces. A piece's rows are found by month and contract, the rest of a row is
read only of those; beyond so many it costs less to put the rows down in between."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one month: its name, the number of the piece within it, and what tells its rows, as SQL over canonical columns."""

    month: str
    number: int
    where: str


def pieces(con: Any, rows: str) -> list[Piece]:
    """The pieces of a query's rows, by month and contract; leaves a table `parted` of the piece of each month and contract."""
    con.execute(
        "CREATE TEMP TABLE parted AS SELECT month, contract, n, first, last, (sum(n) OVER (PARTITION BY month ORDER BY contract NULLS LAST "
        f"ROWS UNBOUNDED PRECEDING) - n) // {PIECE} AS piece FROM (SELECT date_trunc('month', date) AS month, contract, count(*) AS n, "
        f"min(date) AS first, max(date) AS last FROM ({rows}) GROUP BY ALL)"
    )
    found = con.execute(
        "SELECT coalesce(strftime(month, '%Y-%m'), 'odd'), piece::INTEGER, min(first)::VARCHAR, max(last)::VARCHAR, min(contract), max(contract), "
        "bool_or(contract IS NULL), count(*) OVER (), count(*) OVER (PARTITION BY month) FROM parted GROUP BY month, piece ORDER BY month NULLS LAST, piece"
    ).fetchall()
    return [Piece(month, piece, _where(row, split > 1) if every > 1 else "TRUE") for month, piece, *row, every, split in found] or [Piece("odd", 0, "TRUE")]


def _where(row: list[Any], split: bool) -> str:
    first, last, low, high, blank = row
    days = f"date BETWEEN DATE {literal(first)} AND DATE {literal(last)}" if first is not None else "date IS NULL"
    if not split:
        return days
    tests = [f"contract BETWEEN {low} AND {high}"] if low is not None else []
    tests += ["contract IS NULL"] if blank else []
    return f"{days} AND ({' OR '.join(tests)})"


def put_between(con: Any, rows: str, found: list[Piece], folder: Path) -> list[tuple[str, Piece]]:
    """The pieces with the query each is taken from: the rows themselves, or what was put down in between of every few pieces."""
    if len(found) <= SCANS:
        return [(rows, piece) for piece in found]
    con.execute(
        f"CREATE TEMP TABLE chunks AS SELECT month, contract, (dense_rank() OVER (ORDER BY month NULLS LAST, piece) - 1) // {SCANS} AS chunk FROM parted"
    )
    same = "date_trunc('month', r.date) IS NOT DISTINCT FROM c.month AND r.contract IS NOT DISTINCT FROM c.contract"
    executed(
        con, f"COPY (SELECT r.*, c.chunk FROM ({rows}) r JOIN chunks c ON {same}) TO {literal(str(folder))} ({LINES_FORMAT}, PARTITION_BY (chunk), OVERWRITE)"
    )
    return [
        (f"SELECT * FROM read_parquet({literal(str(folder / f'chunk={place // SCANS}' / '*.parquet'))}, hive_partitioning = false)", piece)
        for place, piece in enumerate(found)
    ]
