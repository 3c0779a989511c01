"""One line of a batch explained: only what the line reads is read again, and it must come to what the batch wrote.

A line of a plain clause reads documents of some types with its own group; nothing else of the contract decides it. What cannot be told apart like
that, or does not come out the same, is settled whole, as a statement is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from rules_engine.bulk.columnar.reasons import Alone
from rules_engine.bulk.columnar.shape import clause_parts
from rules_engine.bulk.missing import library
from rules_engine.bulk.model import Loader
from rules_engine.bulk.reopen import Seen, again, day_of, manifest_of, source_of, unchanged
from rules_engine.bulk.single import some_of
from rules_engine.bulk.storage.store import CODED, Store, connect, opened
from rules_engine.bulk.tables.columns import LINES
from rules_engine.core.program import Clause, Program
from rules_engine.documents.read import from_batches
from rules_engine.engine.reading.reach import read_once
from rules_engine.settlement.deadlines import at_moment
from rules_engine.settlement.model import Line, Settlement
from rules_engine.settlement.settle import period_of, settle

COLUMNS = ("clause", "group", "base", "unrounded", "unrounded_exact", "target", "posted", "amount", "documents")


class Replay:
    """A batch whose lines are asked for, open inside `with`. Its inputs are compared with their SHA-256 at the first line, later only
    those that were touched."""

    def __init__(self, folder: Path, load: Loader) -> None:
        """Raises `ContractError` if the folder is no batch."""
        self._folder, self._load, self._found, self._seen = folder, load, manifest_of(folder), Seen()
        paths = [item["path"] for item in self._found["inputs"]["documents"]]
        self._store = opened(Path(paths[0]).parent) if paths else None
        self._open = ExitStack()
        self._con: Any = None

    def __enter__(self) -> Self:
        if self._store is not None:
            work = Path(self._open.enter_context(TemporaryDirectory()))
            self._con = self._open.enter_context(closing(connect(work)))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def line(self, contract: str, line: str) -> Settlement:
        """A settlement in which the line stands with its explanation. Raises `ContractError` if the contract is not in the batch, an input has
        changed since, or an amount comes out differently; a line that the batch has not is in no settlement."""
        found = self._found
        program = self._load(source_of(found, contract), day_of(found))
        unchanged(found, self._seen)
        kept = self._kept(contract, line)
        if kept is None or self._con is None or self._store is None or found["inputs"]["posted"]:
            return again(self._folder, found, program)
        own = self._own(program, self._store, kept)
        if own is None or not any(item.id == line and _same(item, kept) for item in own.lines):
            return again(self._folder, found, program)
        return own

    def _kept(self, contract: str, line: str) -> Mapping[str, Any] | None:
        """What the batch wrote of the line."""
        wanted = [("contract", "=", contract), ("line_id", "=", line)]
        rows = library("pyarrow.parquet").read_table(self._folder / f"{LINES}.parquet", columns=list(COLUMNS), filters=wanted).to_pylist()
        return rows[0] if rows else None

    def _own(self, program: Program, store: Store, kept: Mapping[str, Any]) -> Settlement | None:
        """The line's clause settled from the documents of its group; None where more may decide it."""
        period = period_of(program, self._found["period"])
        now = at_moment(program, period.end)
        clause, group = now.clauses.get(kept["clause"]), json.loads(kept["group"])
        if clause is None or not _plain(now, clause) or not all(value and name in CODED and name in store.columns for name, value in group.items()):
            return None
        types = {source.type for reading in _readings(now, clause) for source in reading.aggregate.sources}
        lines = from_batches(some_of(self._con, store, program.header.id, sorted(types), group), program)
        alone = replace(program, clauses={clause.id: program.clauses[clause.id]}, order=(clause.id,))
        return settle(alone, lines, period, (), day_of(self._found))


def _plain(program: Program, clause: Clause) -> bool:
    """Whether nothing but sums over its own documents decides what a clause comes to."""
    if program.limits or program.balances or program.counters or program.values:
        return False
    try:
        clause_parts(program, clause)
    except Alone:
        return False
    return True


def _readings(program: Program, clause: Clause) -> Iterator[Any]:
    for expression in (clause.earn, clause.when, clause.base, *(bound.amount for bound in clause.bounds)):
        if expression is not None:
            yield from read_once(program, expression)


def _same(line: Line, kept: Mapping[str, Any]) -> bool:
    exact = kept["unrounded"] if kept["unrounded_exact"] is None else Fraction(kept["unrounded_exact"])
    said = (line.base, Fraction(line.unrounded), line.target, line.posted, line.amount, line.document_count)
    return said == (kept["base"], exact, kept["target"], kept["posted"], kept["amount"], kept["documents"])
