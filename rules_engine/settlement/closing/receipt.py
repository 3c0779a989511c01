"""The receipt: hashes, control totals, versions, and the sums a later run may rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter

from rules_engine.core.program import Program
from rules_engine.documents.model import Cell, Document
from rules_engine.engine.reading.facts import Facts
from rules_engine.settlement.model import CarriedMeasure, Receipt
from rules_engine.settlement.schedule import term, tiles
from rules_engine.values.calendar import CALENDAR_VERSION
from rules_engine.values.period import Period
from rules_engine.version import __version__


def receipt(program: Program, facts: Facts, read: Iterable[Document], totals: dict[str, str], period: Period) -> Receipt:
    """What proves the run."""
    return Receipt(
        program.header.sha256,
        content_hash(read),
        totals,
        f"settlewright {__version__}",
        CALENDAR_VERSION,
        carried(program, facts, period),
    )


def content_hash(documents: Iterable[Document]) -> str:
    """SHA-256 of what the documents say, whatever their order."""
    shapes: dict[tuple[str, ...], tuple[Callable[[Mapping[str, Cell]], tuple[Cell, ...]], str]] = {}
    contents = []
    for line in documents:
        columns = tuple(line.values)
        shape = shapes.get(columns)
        if shape is None:
            shape = shapes[columns] = _shape(sorted(columns))
        values, form = shape
        contents.append(f"{line.type}|{line.id}|{line.line}|{line.date}|{line.known_on or ''}|{form % values(line.values)}")
    return sha256("\n".join(sorted(contents)).encode()).hexdigest()


def _shape(columns: Sequence[str]) -> tuple[Callable[[Mapping[str, Cell]], tuple[Cell, ...]], str]:
    """How lines with these columns are written: what takes their values, and the text they go into."""
    form = "|".join(f"{name.replace('%', '%%')}=%s" for name in columns)
    if len(columns) > 1:
        return itemgetter(*columns), form
    return lambda values: tuple(values[name] for name in columns), form


def carried(program: Program, facts: Facts, period: Period) -> tuple[CarriedMeasure, ...]:
    """The sums of every settlement so far."""
    begun = [tile for tile in tiles(program.header, program.header.settle, term(program.header)) if tile.end <= period.end]
    return tuple(
        CarriedMeasure(item.key, item.group, item.start, item.end, item.total, item.count) for item in facts.carry(begun)
    )
