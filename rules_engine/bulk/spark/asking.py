"""Asking Spark: tables put beside the documents, queries of the plan, answers as Arrow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from rules_engine.bulk.missing import library
from rules_engine.bulk.spark.dialect import Views, spark_sql

EVERYBODY = -1
"""The place of tables that serve all groups."""
TOO_LONG = ("ARITHMETIC_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE", "CAST_OVERFLOW", "NUMERIC_OUT_OF_SUPPORTED_RANGE")
"""What Spark calls a number with more digits than its type has."""


def overflow(error: Exception) -> bool:
    """Whether this is a number that is too long, and nothing else."""
    condition = getattr(error, "getCondition", lambda: None)() or ""
    return str(condition).split(".", 1)[0] in TOO_LONG or any(f"[{name}" in str(error) for name in TOO_LONG)


GLOBBING, ESCAPED = re.compile(r"([\\{}\[\]*?,])"), r"\\\1"
"""What would choose files instead of naming one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A session and the names of our tables in it, all beginning with `prefix`."""

    spark: Any
    prefix: str
    files: dict[tuple[str, ...], str] = field(default_factory=dict)
    named: dict[tuple[str, int], str] = field(default_factory=dict)
    held: list[Any] = field(default_factory=list)
    reading: Lock = field(default_factory=Lock)
    """Queries are asked side by side: a view is made before another query may name it."""

    def put(self, name: str, table: Any, place: int = EVERYBODY) -> None:
        """Put an Arrow table beside the documents, for the group at a place or for everybody; it is small and sent to everyone."""
        view = f"{self.prefix}_{name}_{place}" if place != EVERYBODY else f"{self.prefix}_{name}"
        broadcast = library("pyspark.sql.functions", "spark").broadcast
        broadcast(self.spark.createDataFrame(table)).createOrReplaceTempView(view)
        self.named[name, place] = view

    def rows(self, query: str, place: int = EVERYBODY, *, wide: bool = False) -> Any:
        """The answer to a query as an Arrow table."""
        return self._frame([(query, place)], wide=wide).toArrow()

    def united(self, queries: Sequence[tuple[str, int]]) -> Any:
        """The answers to several queries under one another."""
        return self._frame(queries).toArrow()

    def keep(self, query: str, place: int = EVERYBODY, *, wide: bool = False) -> Any:
        """The answer worked out and kept where Spark works."""
        return self._held(self._frame([(query, place)], wide=wide))

    def kept(self, queries: Sequence[tuple[str, int]]) -> Any:
        """The answers to several queries under one another, worked out and kept where Spark works."""
        return self._held(self._frame(queries))

    def forget(self) -> None:
        """Let go of everything that was put or kept."""
        for frame in self.held:
            frame.unpersist()
        for view in (*self.named.values(), *self.files.values()):
            self.spark.catalog.dropTempView(view)
        self.held.clear()
        self.named.clear()
        self.files.clear()

    def _held(self, frame: Any) -> Any:
        kept = frame.persist(library("pyspark", "spark").StorageLevel.MEMORY_AND_DISK)
        self.held.append(kept)
        kept.count()
        return kept

    def _frame(self, queries: Sequence[tuple[str, int]], *, wide: bool = False) -> Any:
        texts = [self._worded(query, place, wide=wide) for query, place in queries]
        return self.spark.sql(texts[0] if len(texts) == 1 else " UNION ALL ".join(f"({text})" for text in texts))

    def _worded(self, query: str, place: int, *, wide: bool) -> str:
        named = {name: view for (name, whose), view in list(self.named.items()) if whose == EVERYBODY}
        named |= {name: view for (name, whose), view in list(self.named.items()) if whose == place}
        views = Views(self.prefix, named, self.files)
        with self.reading:
            before = set(self.files)
            text = spark_sql(query, views, wide=wide)
            for paths in set(self.files) - before:
                self._read(paths)
        return text

    def _read(self, paths: tuple[str, ...]) -> None:
        """Some Parquet files under one another, as a view; a column that one lacks is NULL there."""
        places = [f"file://{GLOBBING.sub(ESCAPED, str(Path(path).absolute()))}" for path in paths]
        reader = self.spark.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
        reader.parquet(*places).createOrReplaceTempView(self.files[paths])
