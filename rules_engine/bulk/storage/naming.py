"""Texts that many lines share become numbers: each text of a file is looked at once, not once a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.storage.store import LINES_FORMAT, Store
from rules_engine.bulk.storage.typing_sql import literal, odd_text
from rules_engine.core.builtin import TYPE_NAMES

BLANKS = r"' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"


@dataclass(frozen=True, slots=True)
class Naming:
    """The texts of the column `type` by number, and the columns in which some delivered text is odd."""

    types: tuple[str, ...]
    odd: frozenset[str]

    def map_of(self, name: str) -> str:
        """The table that has a number for every delivered text of a column: raw, code, odd."""
        return f"map_{name}"


def names_of(name: str) -> str:
    """The table that has the text of every number of a column: code, text."""
    return f"names_{name}"


def named(con: Any, store: Store, delivered: Sequence[tuple[str, Sequence[str]]]) -> Naming:
    """Number the texts that have no number yet, in the order of texts. `delivered`: by column, the queries that give its texts as `raw`."""
    (store.folder / "names").mkdir(exist_ok=True)
    found = frozenset(name for name, queries in delivered if _numbered(con, store, name, queries))
    return Naming(tuple(row[0] for row in con.execute(f"SELECT text FROM {names_of('type')} ORDER BY code").fetchall()), found)


def _numbered(con: Any, store: Store, name: str, queries: Sequence[str]) -> bool:
    """Number the texts of one column; gives whether some are odd."""
    path, table = store.folder / "names" / f"{name}.parquet", names_of(name)
    con.execute(f"CREATE TABLE {table}(code INTEGER, text VARCHAR)")
    if f"names/{name}.parquet" in store.hashes:
        con.execute(f"INSERT INTO {table} SELECT code, text FROM {store.names(name)}")
    elif name == "type":
        con.executemany(f"INSERT INTO {table} VALUES (?, ?)", list(enumerate(store.types)))
    every = " UNION ".join(queries) or "SELECT NULL::VARCHAR AS raw LIMIT 0"
    odd = "FALSE" if name == "contract" else odd_text("raw")
    con.execute(f"CREATE TEMP TABLE told AS SELECT raw, {_meant(name)} AS text, {odd} AS odd FROM (SELECT DISTINCT raw FROM ({every}) WHERE raw IS NOT NULL)")
    con.execute(
        f"INSERT INTO {table} SELECT (SELECT count(*) FROM {table}) + row_number() OVER (ORDER BY text) - 1, text FROM "
        f"(SELECT DISTINCT text FROM told WHERE text IS NOT NULL AND text NOT IN (SELECT text FROM {table}))"
    )
    con.execute(f"CREATE TABLE map_{name} AS SELECT t.raw, n.code, t.odd FROM told t LEFT JOIN {table} n ON t.text = n.text")
    con.execute("DROP TABLE told")
    path.unlink(missing_ok=True)
    con.execute(f"COPY (SELECT code, text FROM {table} ORDER BY code) TO {literal(str(path))} ({LINES_FORMAT})")
    return bool(con.execute(f"SELECT bool_or(odd) FROM map_{name}").fetchall()[0][0])


def _meant(name: str) -> str:
    """What a delivered text means, as SQL."""
    if name == "contract":
        return f"nullif(trim(raw, {BLANKS}), '')"
    if name == "type":
        kinds = " ".join(f"WHEN {literal(text)} THEN {literal(meant)}" for text, meant in TYPE_NAMES.items())
        return f"CASE nullif(raw, '') {kinds} ELSE nullif(raw, '') END"
    return "nullif(raw, '')"
