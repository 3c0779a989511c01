"""One batch of text rows becomes typed documents, a column at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from operator import itemgetter

from rules_engine.documents.batches import Batch
from rules_engine.documents.convert import Refusal
from rules_engine.documents.faults import Faults
from rules_engine.documents.model import Cell, Document
from rules_engine.documents.plan import Plan, Planned
from rules_engine.record import dataclass

Read = tuple[int, Document, bytes]
"""A document with its place in the batch and the digest of its content."""

IDENTITY = ("doc_id", "line_no", "known_on")
DATE = "date"


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one batch that are of one type: `places` are their indexes in the batch."""

    batch: Batch
    places: Sequence[int]
    plan: Plan
    file: str


def documents_of(group: Group, faults: Faults, numbered: int | None) -> list[Read]:
    """The group's documents; refused cells and blank identities go to `faults` and leave the row out.

    `numbered` gives rows without a document id their number, written with that many digits.
    """
    batch, plan = group.batch, group.plan
    rows = batch.rows if len(group.places) == len(batch.rows) else [batch.rows[place] for place in group.places]
    texts = list(zip(*rows, strict=True))
    cells = {column.name: list(map(column.converter.value.__getitem__, texts[column.position])) for column in plan.columns}
    written = {
        column.name: list(map(column.converter.canonical.__getitem__, texts[column.position])) for column in plan.columns
    }
    digests = _digests(plan.type, [column for name, column in written.items() if name != "known_on"])
    _report_refused(group, texts, faults)
    ids = cells.pop("doc_id", None) or _numbers(group, numbered)
    lines = cells.pop("line_no", None) or [None] * len(rows)
    known = cells.pop("known_on", None) or [None] * len(rows)
    days = _days(cells, plan, len(rows))
    _report_blank(group, texts, "doc_id", ids, faults)
    _report_blank(group, texts, plan.clock, days, faults)
    values = _values(cells, {name for name in cells if "" in written.get(name, _BLANK)}, len(rows))
    return list(_assembled(group, digests, ids, lines, days, known, values))


def _assembled(
    group: Group,
    digests: Sequence[bytes],
    ids: Sequence[Cell],
    lines: Sequence[Cell],
    days: Sequence[Cell],
    known: Sequence[Cell],
    values: Iterator[dict[str, Cell]],
) -> Iterator[Read]:
    kind, file, numbers = group.plan.type, group.file, group.batch.numbers
    for place, digest, key, line, day, known_on, row in zip(
        group.places, digests, ids, lines, days, known, values, strict=True
    ):
        if key is not None and day is not None:
            where = f"{file}:{numbers[place]}"
            document = Document(kind, key, line or "", day, known_on, row, where)
            yield place, document, digest


def _values(cells: dict[str, list[Cell]], gaps: set[str], count: int) -> Iterator[dict[str, Cell]]:
    """Every row's present cells by column name; `gaps` are the columns that have blank cells."""
    filled = {name: column for name, column in cells.items() if name not in gaps or any(cell is not None for cell in column)}
    if not filled:
        return iter([{} for _ in range(count)])
    names = tuple(filled)
    rows = zip(*filled.values(), strict=True)
    if gaps.isdisjoint(filled):
        return (dict(zip(names, row, strict=True)) for row in rows)
    return ({name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows)


def _days(cells: dict[str, list[Cell]], plan: Plan, count: int) -> list[Cell]:
    """The clock of every row; `date` stands in where a type's own clock column is not written."""
    if plan.clock == DATE:
        return cells.pop(DATE, None) or [None] * count
    own, plain = cells.get(plan.clock), cells.get(DATE) if plan.date_is_clock else None
    if own is None or plain is None:
        days = own or plain or [None] * count
    else:
        days = [day or other for day, other in zip(own, plain, strict=True)]
    if plan.date_is_clock:
        cells.pop(DATE, None)
    cells[plan.clock] = days
    return days


def _numbers(group: Group, numbered: int | None) -> list[Cell]:
    if numbered is None:
        return [None] * len(group.places)
    return [str(group.batch.numbers[place]).zfill(numbered) for place in group.places]


def _digests(kind: str, columns: Sequence[Sequence[str]]) -> list[bytes]:
    """SHA-256 of every row's content in canonical form."""
    head = f"{kind}\x1e"
    return [sha256((head + "".join(row)).encode()).digest() for row in zip(*columns, strict=True)]


def _report_refused(group: Group, texts: Sequence[Sequence[str]], faults: Faults) -> None:
    for column in group.plan.columns:
        refused = column.converter.refused
        if refused:
            _report_column(group, column, texts[column.position], refused, faults)


def _report_column(group: Group, column: Planned, texts: Sequence[str], refused: dict[str, Refusal], faults: Faults) -> None:
    for place, text in zip(group.places, texts, strict=True):
        if text in refused:
            faults.cell(group.file, group.batch.numbers[place], column.position, column.header, text, refused[text])


def _report_blank(group: Group, texts: Sequence[Sequence[str]], name: str, cells: Sequence[Cell], faults: Faults) -> None:
    if None not in cells:
        return
    at = {column.name: column for column in group.plan.columns}
    column = at.get(name) or (at.get(DATE) if name == group.plan.clock and group.plan.date_is_clock else None)
    if column is None:
        return
    expected = _WANTED.get(name, ("the day of the document", "单据的日期"))
    for place, text, cell in zip(group.places, texts[column.position], cells, strict=True):
        if cell is None and text not in column.converter.refused:
            refusal = Refusal("SE0607", ("nothing is written", "内容为空"), expected)
            faults.cell(group.file, group.batch.numbers[place], column.position, column.header, text, refusal)


_WANTED = {"doc_id": ("the document's number", "单据编号")}

_BLANK = ("",)

by_place = itemgetter(0)
