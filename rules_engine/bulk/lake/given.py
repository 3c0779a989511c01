"""What `--documents` names: files, folders, queries, and tables of a lake at a version.

A table is named `delta:PATH@VERSION`, `iceberg:CATALOG.DB.TABLE@SNAPSHOT`, `iceberg:PATH@SNAPSHOT` or `parquet:PATH`; without a version it is the
newest. A folder that is such a table is taken as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from rules_engine.bulk.lake.delta import delta_table, is_delta
from rules_engine.bulk.lake.hive import hive_table, is_parted
from rules_engine.bulk.lake.iceberg import iceberg_table, is_iceberg
from rules_engine.bulk.lake.model import BY_SPARK, Part, Table, refused
from rules_engine.documents.batches import Batch, Reading
from rules_engine.documents.faults import Faults
from rules_engine.documents.sources import open_source, sources_in
from rules_engine.documents.sql import is_query

WORD = re.compile(r"(delta|iceberg):(.+?)(?:@(\d+))?|(parquet):(.+)", re.DOTALL)
BY_NAME = "table:"
"""Before the name of a table that only Spark can read."""
Source = str | Path | Part
"""A query or a table of Spark's, a file, or a file of a table."""


def pinned(words: Iterable[str]) -> tuple[str, ...]:
    """The same, with the version of every table that is one now: what is read from them does not change any more."""
    return tuple(word if (table := table_of(word)) is None else table.word for word in words)


def is_table(word: str) -> bool:
    """Whether a word says by itself that it names a table."""
    return WORD.fullmatch(word) is not None


def table_of(word: str) -> Table | None:
    """The table that is named; None where files are. Raises `ContractError` for a table that cannot be read."""
    match = WORD.fullmatch(word)
    if match is not None:
        kind, name, version = match[1] or match[4], match[2] or match[5], match[3]
        return _newest(kind, name) if version is None else _at(kind, name, int(version))
    folder = Path(word)
    if not folder.is_dir():
        return None
    kinds = (("delta", is_delta), ("iceberg", is_iceberg), ("parquet", is_parted))
    kind = next((kind for kind, told in kinds if told(folder)), "")
    return _newest(kind, folder.as_posix()) if kind else None


@lru_cache(maxsize=64)
def _at(kind: str, name: str, version: int) -> Table:
    """A table at a version is the same whenever it is asked for."""
    return delta_table(name, version) if kind == "delta" else iceberg_table(name, version)


def _newest(kind: str, name: str) -> Table:
    if kind == "parquet":
        return hive_table(name)
    return delta_table(name, None) if kind == "delta" else iceberg_table(name, None)


def sources_of(words: Sequence[str], faults: Faults) -> Iterator[Source]:
    """Queries, files, and the files of tables, in a fixed order."""
    for word in words:
        table = table_of(word)
        if word.startswith(BY_NAME):
            yield word
        elif table is None:
            yield from sources_in([word], faults)
        else:
            yield from table.parts


def name_of(source: Source) -> str:
    """What messages call it; a query without its address, which may hold a password."""
    if isinstance(source, str) and is_query(source):
        return f"sql query {sha256(source.encode()).hexdigest()[:12]}"
    return source if isinstance(source, str) else source.name if isinstance(source, Part) else source.as_posix()


def open_given(source: Source, faults: Faults) -> Reading | None:
    """Start reading line by line; None where that is not possible, which `faults` then says."""
    if isinstance(source, str) and source.startswith(BY_NAME):
        raise refused(source, ("it is a table of a catalogue, which Spark alone reads", "它是目录中的表，只有 Spark 能读取"), BY_SPARK)
    if not isinstance(source, Part):
        return open_source(source, faults)
    found = open_source(source.path, faults)
    return None if found is None else Reading(found.name, found.sha256, (_of_table(batch, source) for batch in found.batches))


def _of_table(batch: Batch, part: Part) -> Batch:
    """Rows of a file as rows of its table."""
    columns = part.columns if part.columns is not None else tuple((name, name) for name in batch.header)
    at = [batch.header.index(field) for _, field in columns]
    new = {old: place for place, old in enumerate(at)}
    rest = ["" if value is None else value for _, value in part.constants]
    return Batch(
        (*(name for name, _ in columns), *(name for name, _ in part.constants)),
        [[*(row[place] for place in at), *rest] for row in batch.rows],
        batch.numbers,
        {new[place]: kind for place, kind in batch.inexact.items() if place in new},
        {(row, new[place]): mark for (row, place), mark in batch.marked.items() if place in new},
        batch.part,
    )
