"""Marks: what stands in a store, by contract, type, file and month: how many lines, what their amounts come to, and a mark of their content.

Two sets of lines with the same mark are the same lines. A mark adds up two hashes of 64 bits over the texts and numbers of every
line, so the order of lines plays no part; a second pair of sums knows file and row as well, for what tells of places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.storage.canonical import COLUMNS, FIRST
from rules_engine.bulk.storage.store import Store
from rules_engine.bulk.storage.typing_sql import NUMERIC, kind_of, literal, quoted

AMOUNTS = tuple(name for name in COLUMNS if kind_of(name) in NUMERIC)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a contract's lines are known by: their content, and their content with the places they stand in."""

    content: str
    places: str


def marks_sql(store: Store) -> str:
    """The marks of the view `raw`, which has texts for codes."""
    kept = {name for name in COLUMNS if name in FIRST or name in store.columns}
    columns = ", ".join(quoted(name) if name in kept else "NULL" for name in COLUMNS)
    content = f"hash({columns}, texts)"
    for place, header in enumerate(store.own):
        content = f"xor({content}, CASE WHEN own{place} IS NULL THEN 0 ELSE hash(hash(own{place}, {literal(header)})) END)"
    files = " ".join(f"WHEN {place} THEN {literal(name)}" for place, name in enumerate(store.files))
    sums = ", ".join(f"sum({name}::HUGEINT)::DECIMAL(38, 0) AS {name}" for name in AMOUNTS if name in kept)
    inner = f"SELECT *, coalesce(strftime(date, '%Y-%m'), 'odd') AS month, {content} AS h FROM raw"
    return (
        f"SELECT contract, type, file, month, count(*) AS lines, count(*) FILTER (WHERE odd) AS odd, "
        f"sum(hash(h))::VARCHAR AS first, sum(hash(h, 1))::VARCHAR AS second, "
        f"sum(hash(hash(h, row, CASE file {files} END)))::VARCHAR AS third{', ' if sums else ''}{sums} "
        f"FROM ({inner}) GROUP BY ALL ORDER BY contract NULLS FIRST, type NULLS FIRST, file, month"
    )


def marks_of(con: Any, store: Store) -> Mapping[str | None, Mark]:
    """The mark of every contract's lines; None stands for lines that name no contract."""
    rows = con.execute(
        f"SELECT contract, sum(lines)::BIGINT, sum(first::HUGEINT)::VARCHAR, sum(second::HUGEINT)::VARCHAR, sum(third::HUGEINT)::VARCHAR "
        f"FROM {store.marks} GROUP BY contract"
    ).fetchall()
    return {row[0]: Mark(" ".join(map(str, row[1:4])), str(row[4])) for row in rows}


@dataclass(frozen=True, slots=True)
class Total:
    """Control totals: lines, odd ones, and the sums of their amounts as exact texts by column."""

    lines: int
    odd: int
    sums: Mapping[str, str]


def totals(con: Any, store: Store, by: Sequence[str]) -> Iterable[tuple[tuple[Any, ...], Total]]:
    """Control totals by some of contract, type and file, in their order."""
    names = [name for name in AMOUNTS if name in store.columns]
    sums = "".join(f", sum({name})::VARCHAR" for name in names)
    keys = ", ".join(by)
    order = ", ".join(f"{name} NULLS FIRST" for name in by)
    found = con.execute(
        f"SELECT {keys}, sum(lines)::BIGINT, sum(odd)::BIGINT{sums} FROM {store.marks} GROUP BY {keys} ORDER BY {order}"
    ).fetchall()
    width = len(by)
    for row in found:
        texts = dict(zip(names, row[width + 2 :], strict=True))
        yield row[:width], Total(row[width], row[width + 1], {name: _plain(text) for name, text in texts.items() if text is not None})


def _plain(millionths: str) -> str:
    """A whole number of millionths as an exact decimal text."""
    sign, digits = ("-", millionths[1:]) if millionths.startswith("-") else ("", millionths)
    digits = digits.rjust(7, "0")
    whole, part = digits[:-6], digits[-6:].rstrip("0")
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
