"""Marks: what stands in a store, by contract, type, file and month: how many lines, what their amounts come to, and a mark of their content.

Two sets of lines with the same mark are the same lines. A mark adds up two hashes of 64 bits over the texts and numbers of every
line, so the order of lines plays no part; a second pair of sums knows file and row as well, for what tells of places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.storage.canonical import COLUMNS, FIRST
from rules_engine.bulk.storage.naming import names_of
from rules_engine.bulk.storage.store import CODED, Store
from rules_engine.bulk.storage.typing_sql import NUMERIC, kind_of, literal, quoted

AMOUNTS = tuple(name for name in COLUMNS if kind_of(name) in NUMERIC)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a contract's lines are known by: their content, and their content with the places they stand in."""

    content: str
    places: str


def marks_sql(store: Store, lines: str) -> str:
    """The marks of some files of lines; the texts of their numbers stand in the tables that `naming` makes. What a mark is kept by
    (contract and type) plays no part in the hashes of its lines."""
    kept = [name for name in COLUMNS if name in FIRST or name in store.columns]
    texts = [name for name in CODED if name in kept and name not in ("contract", "type")]
    joins = " ".join(f"LEFT JOIN {names_of(name)} n_{name} ON l.{name} = n_{name}.code" for name in texts)
    said = {**{name: f"l.{quoted(name)}" for name in kept}, **{name: f"n_{name}.text" for name in texts}, "contract": "NULL", "type": "NULL"}
    content = f"hash({', '.join(said.get(name, 'NULL') for name in COLUMNS)}, l.texts)"
    for place, header in enumerate(store.own):
        content = f"xor({content}, CASE WHEN l.own{place} IS NULL THEN 0 ELSE hash(hash(l.own{place}, {literal(header)})) END)"
    files = " ".join(f"WHEN {place} THEN {literal(name)}" for place, name in enumerate(store.files))
    amounts = [name for name in AMOUNTS if name in kept]
    sums = "".join(f", sum({name}::HUGEINT)::DECIMAL(38, 0) AS {name}" for name in amounts)
    held = "".join(f", l.{name}" for name in amounts)
    inner = f"SELECT l.contract, l.type, l.file, l.row, l.odd, date_trunc('month', l.date) AS month{held}, {content} AS h FROM {lines} l {joins}"
    added = (
        f"SELECT contract, type, file, month, count(*) AS lines, count(*) FILTER (WHERE odd) AS odd, "
        f"sum(hash(h))::VARCHAR AS first, sum(hash(h, 1))::VARCHAR AS second, "
        f"sum(hash(hash(h, row, CASE file {files} END)))::VARCHAR AS third{sums} FROM ({inner}) GROUP BY contract, type, file, month"
    )
    return (
        f"SELECT c.text AS contract, t.text AS type, a.* EXCLUDE (contract, type) REPLACE (coalesce(strftime(a.month, '%Y-%m'), 'odd') AS month) FROM ({added}) a "
        f"LEFT JOIN {names_of('contract')} c ON a.contract = c.code LEFT JOIN {names_of('type')} t ON a.type = t.code "
        f"ORDER BY c.text NULLS FIRST, t.text NULLS FIRST, a.file, a.month"
    )


def marks_of(con: Any, store: Store) -> Mapping[str | None, Mark]:
    """The mark of every contract's lines; None stands for lines that name no contract."""
    by_type = (
        "SELECT contract, hash(type) AS type, sum(lines)::BIGINT AS lines, sum(first::HUGEINT) AS first, sum(second::HUGEINT) AS second, "
        f"sum(third::HUGEINT) AS third FROM {store.marks} GROUP BY ALL"
    )
    content = "string_agg(concat_ws(' ', type, lines, first, second), chr(10) ORDER BY type)"
    rows = con.execute(f"SELECT contract, {content}, string_agg(concat_ws(' ', type, third), chr(10) ORDER BY type) FROM ({by_type}) GROUP BY contract").fetchall()
    return {row[0]: Mark(row[1], row[2]) for row in rows}


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
