"""Parquet files through pyarrow, page checksums verified; binary floating columns are named, not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules_engine.documents.batches import CHUNK, COLUMN_LIMIT
from rules_engine.documents.damaged import Damaged, Item

Table = Any
"""A pyarrow object; pyarrow comes without type information."""


def read_parquet(path: Path) -> Iterator[Item]:
    """The rows of a Parquet file; row 1 is its first record."""
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
    schema = file.schema_arrow
    if len(schema) > COLUMN_LIMIT:
        raise Damaged(
            "SE0613",
            f"{len(schema):,} columns; at most {COLUMN_LIMIT} are read",
            f"共 {len(schema):,} 列，最多读取 {COLUMN_LIMIT} 列",
        )
    inexact = {str(at): str(field.type) for at, field in enumerate(schema) if pyarrow.types.is_floating(field.type)}
    nested = [at for at, field in enumerate(schema) if _nested(field.type)]
    yield {"header": schema.names, "first": 1, "inexact": inexact}
    for batch in file.iter_batches(batch_size=CHUNK):
        for row in zip(*_columns(batch, inexact, nested), strict=True):
            yield list(row)
            yield from ({"mark": "nested", "position": at, "value": "…"} for at in nested)


def _nested(kind: Table) -> bool:
    from pyarrow import types

    while types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)
    )


def _columns(batch: Table, inexact: dict[str, str], nested: list[int]) -> list[list[str]]:
    blank = [""] * batch.num_rows
    skipped = {int(at) for at in inexact} | set(nested)
    return [
        blank if at in skipped else [text_of(cell) for cell in column.to_pylist()] for at, column in enumerate(batch.columns)
    ]


def text_of(cell: object) -> str:
    """A value as the text a CSV file would hold."""
    for kind, write in _WRITERS:
        if isinstance(cell, kind):
            return write(cell)
    return "" if cell is None else str(cell)


def _moment(cell: Any) -> str:
    return str(cell.date() if cell.time() == time.min and cell.tzinfo is None else cell)


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, str),
    (bool, lambda cell: "true" if cell else "false"),
    (Decimal, lambda cell: format(cell, "f")),
    (datetime, _moment),
    (date, lambda cell: str(cell.isoformat())),
)
