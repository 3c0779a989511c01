"""Where a cell stands in its text file, so that a message can point at the very characters."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

from rules_engine.documents.delimiters import delimiter_of, field_at
from rules_engine.source import Span

SIZE_LIMIT = 1024**2
"""Larger files are not quoted in messages, and not looked into again."""

TABLES = (".csv", ".tsv", ".txt")
OBJECTS = (".jsonl", ".ndjson")


class Locator:
    """Looks into the small UTF-8 files that faults speak of, each read once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}
        self._records: dict[str, list[tuple[int, int]]] = {}

    def cell(self, span: Span, column: str = "") -> Span:
        """The characters of a cell, given its row as line and its place in the header (from 1) as column."""
        suffix = Path(span.file).suffix.lower()
        if suffix in TABLES:
            return self._in_table(span)
        if suffix in OBJECTS and column:
            return self._in_object(span, column)
        return span

    def _in_table(self, span: Span) -> Span:
        records = self._known_records(span.file)
        if not 0 < span.line <= len(records):
            return span
        first, last = records[span.line - 1]
        lines = self._known_lines(span.file)
        if first != last:
            return Span(span.file, first, 1, first, 2)
        start, end = field_at(lines[first - 1], delimiter_of(lines[0]), span.column - 1)
        return Span(span.file, first, start + 1, first, max(end, start + 1) + 1)

    def _in_object(self, span: Span, column: str) -> Span:
        lines = self._known_lines(span.file)
        key = json.dumps(column, ensure_ascii=False)
        start = lines[span.line - 1].find(key) if 0 < span.line <= len(lines) else -1
        return span if start < 0 else Span(span.file, span.line, start + 1, span.line, start + len(key) + 1)

    def _known_records(self, file: str) -> list[tuple[int, int]]:
        if file not in self._records:
            self._records[file] = list(_records(self._known_lines(file)))
        return self._records[file]

    def _known_lines(self, file: str) -> list[str]:
        if file not in self._lines:
            self._lines[file] = _read(Path(file))
        return self._lines[file]


def _read(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > SIZE_LIMIT:
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(file)
    except (OSError, ValueError):
        return []


def _records(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of every record, from 1."""
    if not lines:
        return
    rows = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter_of(lines[0]))
    before = 0
    try:
        for _ in rows:
            yield before + 1, rows.line_num
            before = rows.line_num
    except csv.Error:
        return
