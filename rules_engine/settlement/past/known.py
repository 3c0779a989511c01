"""Which documents a run may see, and which it leaves out and why (kernel rule 20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from rules_engine.core.builtin import BUILTIN_TYPES, GENERAL_NAMES
from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.record import dataclass
from rules_engine.settlement.model import UnusedDocument
from rules_engine.settlement.reasons import AFTER_PERIOD, AFTER_TERM, BEFORE_TERM, FOREIGN, LATE
from rules_engine.settlement.schedule import term, tiles
from rules_engine.values.period import Period

CONFIRMATION, DISPUTE, ADJUSTMENT, INVOICE = "confirmation", "dispute", "adjustment", "invoice"
SPOKEN = (CONFIRMATION, DISPUTE, ADJUSTMENT)
"""Documents about lines, not about goods or services."""



@dataclass(frozen=True, slots=True)
class Known:
    """The documents of a run: all it knew (`read`), those it settles, what was said of lines (`confirmations`), invoices, and what is left out."""

    read: tuple[Document, ...]
    settled: tuple[Document, ...]
    confirmations: tuple[Document, ...]
    invoices: tuple[Document, ...]
    left_out: tuple[UnusedDocument, ...]


def known_documents(program: Program, lines: Sequence[Document], period: Period, as_of: date | None) -> Known:
    """What was known by `as_of`, or by the period's last day. A document without `known_on` was known on its own day; without
    `as_of` one of a later period is seen, and reported as such."""
    by = as_of or period.last
    read = [line for line in lines if (line.known_on or (line.date if as_of else by)) <= by]
    own_ends = _Ends(program) if program.header.late.startswith("not") else None
    settled, confirmations, left_out = list[Document](), list[Document](), list[UnusedDocument]()
    invoices: list[Document] = []
    taken = {name for name in GENERAL_NAMES if _is_own(program, name)}
    balances = {name for name, kind in program.types.items() if kind.side == "balance"}
    for line in read:
        own = line.type in taken
        if line.type == INVOICE and not own:
            invoices.append(line)
            continue
        reason = _reason(program, line, period, own_ends)
        if reason:
            left_out.append(unused(line, reason))
        elif line.type in SPOKEN and not own:
            confirmations.append(line)
        else:
            early = line.type in balances and line.date < program.header.start
            settled.append(replace(line, date=program.header.start) if early else line)  # counts from the first day of the term
    return Known(tuple(read), tuple(settled), tuple(confirmations), tuple(invoices), tuple(sorted(left_out, key=_place)))


def unused(line: Document, reason: str) -> UnusedDocument:
    """A document as the statement lists it."""
    return UnusedDocument(line.type, line.id, line.line, line.date, reason, line.place)


def listed(lines: Iterable[Document], reason: str) -> tuple[UnusedDocument, ...]:
    """Documents as the statement lists them, in date order."""
    return tuple(sorted((unused(line, reason) for line in lines), key=_place))


def _place(item: UnusedDocument) -> tuple[date, str, str, str]:
    return item.date, item.type, item.id, item.line


def _is_own(program: Program, name: str) -> bool:
    """Whether the contract took a general name for a type of its own."""
    kind = program.types.get(name)
    return name in GENERAL_NAMES and kind is not None and kind != BUILTIN_TYPES[name]


class _Ends:
    """The end of the settlement a day belongs to."""

    def __init__(self, program: Program) -> None:
        self._tiles = tiles(program.header, program.header.settle, term(program.header))

    def of(self, day: date) -> date:
        return next((tile.end for tile in self._tiles if tile.contains(day)), date.max)


def _reason(program: Program, line: Document, period: Period, own_ends: _Ends | None) -> str:
    header = program.header
    contract = line.values.get("contract")
    if contract and contract != header.id:
        return FOREIGN
    if header.renews and not contract and _is_early(program, line):
        return BEFORE_TERM
    if line.date >= period.end:
        return AFTER_PERIOD
    if line.date >= header.end and line.type not in SPOKEN:
        return AFTER_TERM
    if own_ends is not None and line.known_on is not None and line.known_on >= own_ends.of(line.date):
        return LATE
    return ""


def _is_early(program: Program, line: Document) -> bool:
    """Whether it is a payment made before the term; one that names no contract belongs to the contract renewed, if there is one."""
    kind = program.types.get(line.type)
    return kind is not None and kind.side == "balance" and line.date < program.header.start
