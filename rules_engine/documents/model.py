"""Documents as the engine sees them: typed, immutable, one object a document line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Cell = Decimal | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Document:
    """One document line. `values` holds every other column by canonical name; an absent or blank cell is absent.
    `place` says where it was read (`file:row`). `link` is (doc_id, line_no or '') of the line it reverses or refers to."""

    type: str
    id: str
    line: str
    date: date
    known_on: date | None
    values: Mapping[str, Cell]
    place: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identity: type, document id, line."""
        return (self.type, self.id, self.line)


@dataclass(frozen=True, slots=True)
class Documents:
    """What a reader returns: the lines in file order, the duplicates it set aside, and the hash and count of its input."""

    lines: tuple[Document, ...]
    duplicates: tuple[Document, ...] = ()
    sha256: str = ""
    files: tuple[tuple[str, str], ...] = ()
