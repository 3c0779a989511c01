"""Documents as canonical Parquet: read once, checked, and quick to add up.

Amounts are scaled whole numbers, days are days, texts are trimmed. Rows that are not plain (a date written another way, a number
with more than six decimals, a document that comes twice) keep their texts and mark their contract: it is then read line by
line by the strict reader, which says what is wrong or that nothing is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules_engine.bulk.missing import library
from rules_engine.bulk.staging import Staged, staged
from rules_engine.bulk.typing_sql import Cell, below_zero, cell, kind_of, literal, quoted
from rules_engine.bulk.whole import written
from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES, COLUMN_NAMES, TYPE_NAMES

ABOUT = "store.json"
SCHEMA = "settlewright/store/1"
BLANKS = r"' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"
SQL_TYPES = {"text": "VARCHAR", "date": "DATE"}
FIRST = ("contract", "type", "doc_id", "line_no", "date", "known_on", "currency", "ref_doc_id", "ref_line_no", "sku", "vat")
"""Columns every store has, whether a file has them or not."""
COLUMNS = (*FIRST, *sorted(set(BUILTIN_COLUMNS) - set(FIRST)))


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of canonical documents. `columns` are the built-in columns that some file has, `own` the headers of all others, kept as texts in
    the columns own0, own1, …; `files` are the names rows are told of by."""

    folder: Path
    columns: tuple[str, ...]
    own: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def parts(self) -> list[Path]:
        """Every file of the store, in a fixed order."""
        return [self.folder / ABOUT, *sorted((self.folder / "lines").rglob("*.parquet"))]

    @property
    def lines(self) -> str:
        """The files of lines, as DuckDB names them."""
        return f"read_parquet({literal(str(self.folder / 'lines' / '**' / '*.parquet'))}, hive_partitioning = false)"


def connect(work: Path) -> Any:
    """A DuckDB that spills into `work`, fetches nothing and holds a bounded part of the memory."""
    duckdb = library("duckdb")
    work.mkdir(parents=True, exist_ok=True)
    options = {"temp_directory": str(work / "spill"), "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    found = duckdb.connect(":memory:", config=options)
    found.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false; SET memory_limit = '1GB'; SET partitioned_write_flush_threshold = 60000")
    return found


def ingested(paths: Sequence[str], folder: Path, work: Path) -> Store | None:
    """The documents as a store in `folder`; None where some file is read by the strict reader alone. A store in the
    place of paths, or made before in `folder`, is taken as it is."""
    known = (opened(Path(paths[0])) if len(paths) == 1 else None) or opened(folder)
    if known is not None:
        return known
    sources = staged(paths, work / "staged")
    if sources is None:
        return None
    con = connect(work)
    own = tuple(dict.fromkeys(name for source in sources for name in source.header if column_of(name) is None and name.strip()))
    present = {column_of(header) for source in sources for header in source.header}
    written_columns = tuple(name for name in COLUMNS if name in FIRST or name in present)
    selects = [_select(con, number, source, own, written_columns) for number, source in enumerate(sources)]
    if any(select is None for select in selects) or not selects:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    every = " UNION ALL ".join(f"({select})" for select in selects)
    target = literal(str(folder / "lines"))
    con.execute(f"COPY ({every}) TO {target} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month), OVERWRITE)")
    columns = tuple(name for name in COLUMNS if name in present)
    store = Store(folder, columns, own, tuple(source.name for source in sources))
    about = {"schema": SCHEMA, "columns": store.columns, "own": store.own, "files": store.files}
    written(folder / ABOUT, lambda place: place.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8"))
    return store


def opened(folder: Path) -> Store | None:
    """The store in a folder; None where there is none."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Store(folder, tuple(about["columns"]), tuple(about["own"]), tuple(about["files"])) if about.get("schema") == SCHEMA else None


def column_of(header: str) -> str | None:
    """The built-in column a header means."""
    return COLUMN_NAMES.get(header.strip()) or COLUMN_NAMES.get(header.strip().lower())


def _select(con: Any, number: int, source: Staged, own: Sequence[str], columns: Sequence[str]) -> str | None:
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
    typed = [f"{cells[name].value if name in cells else 'NULL'}::{_sql(name)} AS {name if name != 'type' else 'told'}" for name in columns]
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


def _sql(name: str) -> str:
    return SQL_TYPES.get(kind_of(name), "BIGINT")


def own_column(store: Store, name: str) -> str | None:
    """The store's column that holds a contract's own column, None where no file has it."""
    for place, header in enumerate(store.own):
        if header.strip() == name or header.strip().lower() == name:
            return f"own{place}"
    return None


def own_columns(store: Store) -> Iterator[str]:
    """The names under which the texts of other headers stand."""
    return (f"own{place}" for place in range(len(store.own)))
