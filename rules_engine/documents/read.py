"""Reading documents: files, folders, queries or rows in hand become one typed, checked set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path

from rules_engine.core.program import ColumnType, Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.batches import Batch
from rules_engine.documents.convert import Converter
from rules_engine.documents.faults import Faults
from rules_engine.documents.intake import Intake
from rules_engine.documents.jsonl import as_batch
from rules_engine.documents.model import Documents
from rules_engine.documents.review import review
from rules_engine.documents.schema import Schema, schema_of
from rules_engine.documents.sources import open_source, sources_in
from rules_engine.record import dataclass
from rules_engine.uncollected import uncollected

Paths = str | Path | Sequence[str | Path]

Converters = dict[ColumnType, Converter]


@dataclass(frozen=True, slots=True)
class _Known:
    """A program met before: its schema, and converters at rest that remember the texts they have read."""

    program: Program
    schema: Schema
    resting: list[Converters] = field(default_factory=list)


_KNOWN: dict[int, _Known] = {}
_KEPT = 64
_RESTING = 4


def read_documents(paths: Paths, program: Program) -> Documents:
    """Every document line in the files, folders (not their subfolders) or `sql:URL::SELECT …` queries.

    Raises `ContractError` with all faults of all files; what did not stop the reading is in `warnings`.
    """
    files: list[tuple[str, str]] = []
    given = [paths] if isinstance(paths, str | Path) else paths
    with uncollected(), _intake(program) as intake:
        faults = intake.faults
        for source in sources_in(given, faults):
            reading = open_source(source, faults)
            if reading is not None:
                intake.take(reading.name, reading.batches)
                files.append((reading.name, reading.sha256()))
        return _finished(intake, files, complete=True)


def from_rows(rows: Sequence[Mapping[str, str]], program: Program, source_name: str = "rows") -> Documents:
    """Documents from rows in hand (a scenario's table, a caller's own): texts by header, read as strictly as a file.

    Rows may leave out `doc_id`: then the row's number stands for it. `source_name` is what messages print.
    """
    named = any("doc_id" in row or "单据编号" in row for row in rows)
    batch = as_batch([(number, dict(row)) for number, row in enumerate(rows, 1)])
    with _intake(program, None if named else len(str(len(rows)))) as intake:
        if rows:
            intake.take(source_name, (batch,))
        return _finished(intake, (), complete=False)


def from_batches(tables: Iterable[tuple[str, Iterable[Batch]]], program: Program) -> Documents:
    """Documents from tables already opened (file name, its rows as text): rows of other contracts are left out."""
    with uncollected(), _intake(program) as intake:
        for name, batches in tables:
            intake.take(name, batches)
        return _finished(intake, (), complete=True)


def _finished(intake: Intake, files: Sequence[tuple[str, str]], *, complete: bool) -> Documents:
    review(intake, complete=complete)
    if intake.faults.failed:
        raise ContractError(intake.faults.diagnostics())
    return intake.documents(files)


@contextmanager
def _intake(program: Program, numbered: int | None = None) -> Iterator[Intake]:
    """An intake for the program; afterwards its converters rest until the next reading."""
    known = _known(program)
    converters = _awake(known.resting)
    yield Intake(known.schema, Faults(known.schema.language), numbered, converters)
    for converter in converters.values():
        converter.forget()
    if len(known.resting) < _RESTING:
        known.resting.append(converters)


def _awake(resting: list[Converters]) -> Converters:
    """Converters no other thread is using."""
    try:
        return resting.pop()
    except IndexError:
        return {}


def _known(program: Program) -> _Known:
    known = _KNOWN.get(id(program))
    if known is not None and known.program is program:
        return known
    if len(_KNOWN) >= _KEPT:
        _KNOWN.clear()
    _KNOWN[id(program)] = known = _Known(program, schema_of(program))
    return known
