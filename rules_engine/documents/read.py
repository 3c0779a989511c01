"""Reading documents: files, folders, queries or rows in hand become one typed, checked set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.faults import Faults
from rules_engine.documents.intake import Intake
from rules_engine.documents.jsonl import as_batch
from rules_engine.documents.model import Documents
from rules_engine.documents.review import review
from rules_engine.documents.schema import Schema, schema_of
from rules_engine.documents.sources import open_source, sources_in

Paths = str | Path | Sequence[str | Path]

_SCHEMAS: dict[int, tuple[Program, Schema]] = {}
_KEPT = 64


def read_documents(paths: Paths, program: Program) -> Documents:
    """Every document line in the files, folders (not their subfolders) or `sql:URL::SELECT …` queries.

    Raises `ContractError` with all faults of all files; what did not stop the reading is in `warnings`.
    """
    schema = _schema(program)
    faults = Faults(schema.language)
    intake = Intake(schema, faults)
    files: list[tuple[str, str]] = []
    given = [paths] if isinstance(paths, str | Path) else paths
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
    schema = _schema(program)
    named = any("doc_id" in row or "单据编号" in row for row in rows)
    intake = Intake(schema, Faults(schema.language), None if named else len(str(len(rows))))
    batch = as_batch([(number, dict(row)) for number, row in enumerate(rows, 1)])
    if rows:
        intake.take(source_name, (batch,))
    return _finished(intake, (), complete=False)


def _finished(intake: Intake, files: Sequence[tuple[str, str]], *, complete: bool) -> Documents:
    review(intake, complete=complete)
    if intake.faults.failed:
        raise ContractError(intake.faults.diagnostics())
    return intake.documents(files)


def _schema(program: Program) -> Schema:
    """The program's schema, remembered for the programs met last."""
    known = _SCHEMAS.get(id(program))
    if known is not None and known[0] is program:
        return known[1]
    schema = schema_of(program)
    if len(_SCHEMAS) >= _KEPT:
        _SCHEMAS.clear()
    _SCHEMAS[id(program)] = (program, schema)
    return schema
