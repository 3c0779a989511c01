"""The receipt: hashes, control totals, versions, and the sums a later run may rely on."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.engine.facts import Facts
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
    return sha256("\n".join(sorted(map(_content, documents))).encode()).hexdigest()


def _content(line: Document) -> str:
    values = line.values
    cells = [f"{name}={values[name]}" for name in sorted(values)]
    return f"{line.type}|{line.id}|{line.line}|{line.date}|{line.known_on or ''}|{'|'.join(cells)}"


def carried(program: Program, facts: Facts, period: Period) -> tuple[CarriedMeasure, ...]:
    """The sums of every settlement so far."""
    begun = [tile for tile in tiles(program.header, program.header.settle, term(program.header)) if tile.end <= period.end]
    return tuple(
        CarriedMeasure(item.key, item.group, item.start, item.end, item.total, item.count) for item in facts.carry(begun)
    )
