"""Documents as the engine sees them: typed, immutable, one object a document line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from rules_engine.diagnostics.model import Diagnostic
from rules_engine.record import dataclass

Day = date
Cell = Decimal | str | bool | Day | None


@dataclass(frozen=True, slots=True)
class Document:
    """One document line. `values` holds every other column by canonical name; an absent or blank cell is absent.
    `place` says where it was read (`file:row`). `link` is (doc_id, line_no or '') of the line it reverses or refers to."""

    type: str
    id: str
    line: str
    date: Day
    known_on: Day | None
    values: Mapping[str, Cell]
    place: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identity: type, document id, line."""
        return (self.type, self.id, self.line)


@dataclass(frozen=True, slots=True)
class Documents:
    """What a reader returns: the lines in file order and the duplicates it set aside. `sha256` is of the content, whatever
    the order or format it came in; `files` are (name, SHA-256 of its bytes); `warnings` did not stop the reading."""

    lines: tuple[Document, ...]
    duplicates: tuple[Document, ...] = ()
    sha256: str = ""
    files: tuple[tuple[str, str], ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
