"""One file's rows in canonical columns, as DuckDB's SQL.

Amounts are scaled whole numbers, days are days, texts are trimmed. Rows that are not plain (a date written another way, a number
with more than six decimals) keep their texts and mark their contract: it is then read line by line by the strict reader, which
says what is wrong or that nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rules_engine.bulk.storage.staging import Staged
from rules_engine.bulk.storage.typing_sql import Cell, below_zero, cell, kind_of, literal, quoted
from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES, COLUMN_NAMES, TYPE_NAMES

BLANKS = r"' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"
SQL_TYPES = {"text": "VARCHAR", "date": "DATE"}
FIRST = ("contract", "type", "doc_id", "line_no", "date", "known_on", "currency", "ref_doc_id", "ref_line_no", "sku", "vat")
"""Columns every store has, whether a file has them or not."""
COLUMNS = (*FIRST, *sorted(set(BUILTIN_COLUMNS) - set(FIRST)))


def column_of(header: str) -> str | None:
    """The built-in column a header means."""
    return COLUMN_NAMES.get(header.strip()) or COLUMN_NAMES.get(header.strip().lower())


def canonical(con: Any, number: int, source: Staged, own: Sequence[str], columns: Sequence[str]) -> str | None:
    """The rows of one file in canonical columns; None where a column's type is not one that is read so."""
    delivered = {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source.table}").fetchall()}
    at = {column_of(header): place for place, header in enumerate(source.header) if column_of(header)}
    if len(at) != sum(1 for header in source.header if column_of(header)):
        return None
    cells: dict[str, Cell] = {}
    for name, place in at.items():
        assert name is not None
        field = source.fields[place]
        found = cell(quoted(field), kind_of(name), delivered[field])
        if found is None:
            return None
        cells[name] = found if name != "contract" else Cell(f"nullif(trim({quoted(field)}, {BLANKS}), '')", "FALSE")
    if any(name not in cells for name in ("type", "doc_id", "date")):
        return None
    return _whole(number, source, cells, own, columns)


def _whole(number: int, source: Staged, cells: Mapping[str, Cell], own: Sequence[str], columns: Sequence[str]) -> str:
    typed = [f"{cells[name].value if name in cells else 'NULL'}::{sql_type(name)} AS {name if name != 'type' else 'told'}" for name in columns]
    mine = {header: quoted(field) for header, field in zip(source.header, source.fields, strict=True)}
    typed += [f"nullif({mine[name]}::VARCHAR, '') AS own{place}" if name in mine else f"NULL::VARCHAR AS own{place}" for place, name in enumerate(own)]
    odd = " OR ".join(found.odd for found in cells.values())
    texts = ", ".join(f"{literal(header)}, coalesce(o{place}::VARCHAR, '')" for place, header in enumerate(source.header))
    typed += [f"{quoted(field)} AS o{place}" for place, field in enumerate(source.fields)]
    kinds = " ".join(f"WHEN {literal(text)} THEN {literal(name)}" for text, name in TYPE_NAMES.items())
    present = " OR ".join(f"{quoted(field)} IS NOT NULL AND {quoted(field)}::VARCHAR <> ''" for field in source.fields)
    inner = f"SELECT {', '.join(typed)}, {source.number} AS row, coalesce({odd}, TRUE) AS strange FROM {source.table} WHERE {present}"
    named = f"SELECT * EXCLUDE (told), CASE told {kinds} ELSE told END AS type FROM ({inner})"
    wrong = f"strange OR type IS NULL OR doc_id IS NULL OR date IS NULL OR coalesce({below_zero({name: name for name in cells})}, FALSE)"
    counted = ", ".join(literal(name) for name, kind in BUILTIN_TYPES.items() if kind.side not in ("input", "balance"))
    return (
        f"SELECT * EXCLUDE (strange, {', '.join(f'o{place}' for place in range(len(source.fields)))}), {number}::SMALLINT AS file, ({wrong}) AS odd, CASE WHEN {wrong} OR type NOT IN ({counted}) THEN json_object({texts})::VARCHAR END AS texts, "
        f"coalesce(strftime(date, '%Y-%m'), 'odd') AS month FROM ({named})"
    )


def sql_type(name: str) -> str:
    """DuckDB's type of a canonical column."""
    return SQL_TYPES.get(kind_of(name), "BIGINT")
