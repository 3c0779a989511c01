"""Where a piece of contract text stands: the file and the span inside it."""

from __future__ import annotations

from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text as it was read: `name` is what messages print, `text` is unchanged."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file. Lines and columns count from 1; `end_column` is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.file, self.line, self.column, other.end_line, other.end_column)


NOWHERE = Span("", 0, 0, 0, 0)
