"""One quoted line of source, with marks under a stretch of it."""

from __future__ import annotations

from itertools import accumulate

from rules_engine.diagnostics.width import shown, width
from rules_engine.record import dataclass
from rules_engine.source import SourceFile, Span

TAB = 4
WIDEST = 120
BEFORE = 40
CUT = "…"


@dataclass(frozen=True, slots=True)
class Quote:
    """A line as shown: `text`, and for character i (from 0) the terminal column `columns[i]` at which it starts.
    Characters before `first` were cut off, so they stand at column 0."""

    text: str
    columns: tuple[int, ...]


def lines_of(source: SourceFile) -> list[str]:
    """The lines of a file without their ends."""
    return [line.removesuffix("\r") for line in source.text.split("\n")]


def quote(line: str, focus: int) -> Quote:
    """The line made printable: tabs as spaces, control characters visible, a long line cut around character `focus` (from 0)."""
    first = max(0, focus - BEFORE) if len(line) > WIDEST else 0
    cells: list[str] = []
    column = len(CUT) if first else 0
    for char in line[first : first + WIDEST]:
        cell = " " * (TAB - column % TAB) if char == "\t" else shown(char)
        cells.append(cell)
        column += width(cell)
    head, tail = CUT * bool(first), CUT * (first + WIDEST < len(line))
    starts = accumulate(map(width, cells), initial=len(head))
    return Quote(head + "".join(cells) + tail, (0,) * first + tuple(starts))


def marks(quoted: Quote, span: Span, mark: str) -> str:
    """Spaces and `mark` under the part of `span` that lies on its first line; at least one mark."""
    start = _column(quoted, span.column)
    end = _column(quoted, span.end_column) if span.end_line <= span.line else quoted.columns[-1]
    return " " * start + mark * max(1, end - start)


def _column(quoted: Quote, column: int) -> int:
    return quoted.columns[min(max(column, 1), len(quoted.columns)) - 1]
