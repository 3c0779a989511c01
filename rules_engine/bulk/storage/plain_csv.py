"""CSV files of the plainest kind, cut into cells block by block: no quotation mark, every row as wide as its header.

Whatever is not of that kind is left to the reader of all CSV files, which says what is wrong or that nothing is. Both give the same
cells and the same row numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.storage.splitting import NUMBER
from rules_engine.documents.batches import COLUMN_LIMIT
from rules_engine.documents.delimiters import delimiter_of
from rules_engine.documents.encoding import UTF8_MARK
from rules_engine.documents.sources import FILE_LIMIT

SUFFIXES = (".csv", ".tsv", ".txt")
BLOCK = 4 << 20
LONGEST = 65_536
"""Bytes of a cell; a longer one is told of by the other reader."""


CERTAIN = re.compile(rb"[\xe0-\xff]")
"""A byte that no short word of another encoding has where the whole is UTF-8."""


class _NotPlain(Exception):
    """The other reader is to read this file."""


def cut(path: Path, target: Path) -> tuple[str, ...] | None:
    """Put a file's cells down as texts with their row numbers, in the columns c0, c1, …; gives its header, None where it is not plain."""
    if path.suffix.lower() not in SUFFIXES or not 0 < path.stat().st_size <= FILE_LIMIT:
        return None
    try:
        with path.open("rb") as stream:
            header, delimiter = _header(stream)
            fields = [f"c{place}" for place in range(len(header))]
            _write(_tables(stream, fields, delimiter), fields, target)
    except (_NotPlain, pyarrow().ArrowInvalid):
        target.unlink(missing_ok=True)
        return None
    return header


def _header(stream: BinaryIO) -> tuple[tuple[str, ...], str]:
    line = stream.readline(BLOCK).removeprefix(UTF8_MARK)
    _plain(line)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise _NotPlain from None
    delimiter = delimiter_of(text)
    header = tuple(next(csv.reader([text], delimiter=delimiter), []))
    if not line.endswith(b"\n") or not 2 <= len(header) <= COLUMN_LIMIT:
        raise _NotPlain
    return header, delimiter


def _plain(block: bytes) -> None:
    """Refuse what only the other reader may judge: quotation marks, zero bytes, and ends of lines of another kind."""
    if b'"' in block or b"\0" in block or block.count(b"\r") != block.count(b"\r\n"):
        raise _NotPlain


def _tables(stream: BinaryIO, fields: list[str], delimiter: str) -> Iterator[Any]:
    """The rows block by block; a file with letters beyond ASCII must have one that no other encoding is taken for."""
    number, foreign, surely = 2, False, False
    for block in _blocks(stream):
        _plain(block)
        foreign, surely = foreign or not block.isascii(), surely or CERTAIN.search(block) is not None
        table = _cells(block, fields, delimiter)
        yield table.add_column(0, NUMBER, pyarrow().array(range(number, number + table.num_rows), pyarrow().int64()))
        number += table.num_rows
    if foreign and not surely:
        raise _NotPlain


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Bytes up to ends of lines."""
    left = b""
    while block := stream.read(BLOCK):
        end = block.rfind(b"\n") + 1
        if end:
            yield left + block[:end]
            left = block[end:]
        else:
            left += block
    if left:
        yield left


def _cells(block: bytes, fields: list[str], delimiter: str) -> Any:
    read, compute = library("pyarrow.csv"), library("pyarrow.compute")
    text = pyarrow().string()
    table = read.read_csv(
        pyarrow().BufferReader(block),
        read.ReadOptions(column_names=fields, block_size=len(block) + 1),
        read.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
        read.ConvertOptions(column_types=dict.fromkeys(fields, text), strings_can_be_null=False, check_utf8=True),
    )
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    if table.num_rows != lines or any((compute.max(compute.binary_length(column)).as_py() or 0) > LONGEST for column in table.columns):
        raise _NotPlain
    return table


def _write(tables: Iterator[Any], fields: list[str], target: Path) -> None:
    arrow, parquet = pyarrow(), library("pyarrow.parquet")
    schema = arrow.schema([(NUMBER, arrow.int64()), *((field, arrow.string()) for field in fields)])
    with parquet.ParquetWriter(target, schema, compression="zstd", compression_level=1) as writer:
        for table in tables:
            writer.write_table(table)
