"""One file's rows in canonical columns, as DuckDB's SQL.

Amounts are scaled whole numbers, days are days, texts are trimmed, texts that many lines share are numbers. Rows that are not plain (a
date written another way, a number with more than six decimals) keep their texts and mark their contract: it is then read line by line by the strict reader, which
says what is wrong or that nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.storage.naming import Naming
from rules_engine.bulk.storage.staging import Staged
from rules_engine.bulk.storage.store import CODED
from rules_engine.bulk.storage.typing_sql import Cell, Names, below_zero, cell, kind_of, literal, quoted
from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES, COLUMN_NAMES

SQL_TYPES = {"text": "VARCHAR", "date": "DATE"}
FIRST = ("contract", "type", "doc_id", "line_no", "date", "known_on", "currency", "ref_doc_id", "ref_line_no", "sku", "vat")
"""Columns every store has, whether a file has them or not."""
COLUMNS = (*FIRST, *sorted(set(BUILTIN_COLUMNS) - set(FIRST)))


def column_of(header: str) -> str | None:
    """The built-in column a header means."""
    return COLUMN_NAMES.get(header.strip()) or COLUMN_NAMES.get(header.strip().lower())


@dataclass(frozen=True, slots=True)
class Table:
    """One file's table with the number of its file and, by canonical column, the place and the cell of it."""

    number: int
    source: Staged
    cells: Mapping[str, tuple[int, Cell]]
    texts: tuple[bool, ...]

    def field(self, name: str) -> str:
        """The delivered column of a canonical one."""
        return quoted(self.source.fields[self.cells[name][0]])

    @property
    def present(self) -> str:
        """Whether a row has anything in it, as SQL."""
        names = [f"s.{quoted(field)}" for field in self.source.fields]
        return " OR ".join(f"{name} <> ''" if text else f"{name} IS NOT NULL" for name, text in zip(names, self.texts, strict=True))


def table_of(con: Any, number: int, source: Staged) -> Table | None:
    """How the columns of a file are read; None where a column's type is not one that is read so."""
    delivered = {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source.table}").fetchall()}
    at = {column_of(header): place for place, header in enumerate(source.header) if column_of(header)}
    if len(at) != sum(1 for header in source.header if column_of(header)):
        return None
    cells: dict[str, tuple[int, Cell]] = {}
    for name, place in at.items():
        assert name is not None
        field = source.fields[place]
        found = cell(Names(f"s.{quoted(field)}", f"o{place}", quoted(name)), kind_of(name), delivered[field])
        if found is None:
            return None
        cells[name] = (place, found)
    if any(name not in cells for name in ("type", "doc_id", "date")):
        return None
    return Table(number, source, cells, tuple(delivered[field] == "VARCHAR" for field in source.fields))


def canonical(table: Table, naming: Naming, own: Sequence[tuple[int, str]], columns: Sequence[str]) -> str:
    """The rows of one table in canonical columns, with what is odd and its texts; `own` are other headers with their numbers."""
    source, cells = table.source, table.cells
    typed = [_value(table, name) for name in columns]
    mine = {header: f"s.{quoted(field)}" for header, field in zip(source.header, source.fields, strict=True)}
    typed += [f"nullif({mine[name]}::VARCHAR, '') AS own{place}" if name in mine else f"NULL::VARCHAR AS own{place}" for place, name in own]
    typed += [f"s.{quoted(field)} AS o{place}" for place, field in enumerate(source.fields)]
    joined = [name for name in CODED if name in cells]
    flagged = [name for name in joined if name in naming.odd]
    typed += [f"m_{name}.odd AS odd_{name}" for name in flagged]
    joins = " ".join(f"LEFT JOIN {naming.map_of(name)} m_{name} ON s.{table.field(name)} = m_{name}.raw" for name in joined)
    inner = f"SELECT {', '.join(typed)}, {source.number} AS row FROM {source.table} s {joins} WHERE {table.present}"
    odd = f"SELECT *, ({' OR '.join(_wrong(table, naming, flagged))}) AS odd FROM ({inner})"
    counted = ", ".join(str(naming.types.index(name)) for name, kind in BUILTIN_TYPES.items() if kind.side not in ("input", "balance"))
    texts = ", ".join(f"{literal(header)}, coalesce(o{place}::VARCHAR, '')" for place, header in enumerate(source.header))
    kept = [*(quoted(name) for name in columns), *(f"own{place}" for place, _ in own)]
    return (
        f"SELECT {', '.join(kept)}, {table.number}::SMALLINT AS file, row, odd, "
        f"CASE WHEN odd OR type NOT IN ({counted}) THEN json_object({texts})::VARCHAR END AS texts FROM ({odd})"
    )


def _value(table: Table, name: str) -> str:
    if name not in table.cells:
        return f"NULL::{sql_type(name)} AS {quoted(name)}"
    value = f"m_{name}.code" if name in CODED else f"({table.cells[name][1].value})"
    return f"{value}::{sql_type(name)} AS {quoted(name)}"


def _wrong(table: Table, naming: Naming, flagged: Sequence[str]) -> Iterator[str]:
    yield from (f"coalesce({found.odd}, TRUE)" for name, (_, found) in table.cells.items() if name not in CODED)
    yield from (f"coalesce(odd_{name}, FALSE)" for name in flagged)
    yield "type IS NULL OR doc_id IS NULL OR date IS NULL"
    yield f"coalesce({below_zero([name for name in table.cells if name not in CODED], naming.types.index)}, FALSE)"


def sql_type(name: str) -> str:
    """DuckDB's type of a column of lines."""
    return "INTEGER" if name in CODED else SQL_TYPES.get(kind_of(name), "BIGINT")
