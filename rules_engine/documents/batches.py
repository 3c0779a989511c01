"""Rows as text: what every reader hands over, whatever the format was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from hashlib import sha256

from rules_engine.record import dataclass

CHUNK = 8192
"""Rows handed over at once."""

COLUMN_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one table. `rows` hold one text a header; `numbers` are their row numbers as a reader of the file counts
    them (a table's header is row 1). `inexact` names header positions that hold binary floating numbers, with the type's
    name; `marked` says of single cells (row number, header position) what is wrong with them (a key of `intake.MARKS`) and
    what stands there. `part` is the sheet, where a file has several."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    inexact: Mapping[int, str] = field(default_factory=dict)
    marked: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    part: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One input: `name` is what messages print, `batches` are read as they are asked for, `sha256` may be asked after that."""

    name: str
    sha256: Callable[[], str]
    batches: Iterator[Batch]


def hashed(data: bytes) -> Callable[[], str]:
    """The SHA-256 of bytes in hand, worked out when asked."""
    return lambda: sha256(data).hexdigest()
