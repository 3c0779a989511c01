"""`settle batch`: a period of many contracts becomes one folder of tables."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules_engine import kept
from rules_engine.api import load, load_many, read_whole
from rules_engine.bulk.batch import Outcome, batch
from rules_engine.bulk.model import Cluster, ContractSource, Job
from rules_engine.bulk.progress import Progress
from rules_engine.cli.exits import DONE, FINDINGS
from rules_engine.cli.files import contracts, folder
from rules_engine.cli.terminal import note, print_result
from rules_engine.core.program import Program
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.faults import several
from rules_engine.many import ManyContracts
from rules_engine.source import SourceFile
from rules_engine.syntax.heads import head_of


def run(options: Namespace) -> int:
    """Settle the batch and say what came of it; 1 if anything could not be settled."""
    out = Path(options.out)
    folder(out.parent)
    job = Job(
        tuple(sources(options)), tuple(options.documents), options.period, out, loaded, tuple(options.posted),
        options.as_of, options.engine, _workers(options.workers), kept.wanted(),
        reuse=Path(options.reuse) if options.reuse else None, cluster=Cluster(options.master), ask=answered,
    )  # fmt: skip
    outcome = batch(job, Progress(len(job.contracts), quiet=options.quiet))
    print_result(_said(outcome))
    if not outcome.counts.errors:
        return DONE
    note(f"settle: {outcome.folder / 'exceptions.parquet'} says what could not be settled and why")
    return FINDINGS


def loaded(source: ContractSource, as_of: date | None) -> Program:
    """The program of one contract of a batch."""
    return _many(source.path, source.parameters, as_of)[source.id] if source.parameters else load(source.path, as_of)


def answered(source: ContractSource, as_of: date | None, question: Callable[[Program], Any]) -> Any:
    """What a question about the program of one contract of a batch comes to."""
    many = _many(source.path, source.parameters, as_of) if source.parameters else None
    return question(load(source.path, as_of)) if many is None else many.answer(source.id, question)


@lru_cache(maxsize=4)
def _many(template: str, parameters: str, as_of: date | None) -> ManyContracts:
    """The contracts of a parameter file, read once a process."""
    return load_many(template, parameters, as_of)


def sources(options: Namespace) -> Iterator[ContractSource]:
    """The contracts of a batch: files, or the rows of a parameter file."""
    if not options.parameters:
        yield from contract_sources(options.contracts)
        return
    if len(options.contracts) != 1:
        raise ContractError([diagnostic("SE0835", "en", why=(ONE, ONE))])
    template, parameters = Path(options.contracts[0]).as_posix(), Path(options.parameters).as_posix()
    many = load_many(template, parameters, options.as_of)
    for contract in many:
        yield ContractSource(contract, template, _digest(many.read_from(contract)), many.row(contract), parameters)


ONE = "--parameters belongs to one template; name one PATH"


def _workers(asked: int | None) -> int:
    return max(1, asked if asked is not None else os.cpu_count() or 1)


def contract_sources(paths: Sequence[str]) -> Iterator[ContractSource]:
    """The contracts named, with a hash of all that each is read from."""
    for path in contracts(paths):
        files = read_whole(path)
        head = head_of(files[0].text)
        yield ContractSource(head.id if head else path.stem, path.as_posix(), _digest(files))


def _digest(files: Iterable[SourceFile]) -> str:
    return sha256("\x00".join(f"{Path(item.name).name}\x01{item.text}" for item in files).encode()).hexdigest()


def _said(outcome: Outcome) -> str:
    counts = outcome.counts
    known = " (settled before, from the same inputs)" if outcome.known else ""
    taken = f"not settled again, since nothing of it changed: {several(outcome.kept, 'contract')}\n" if outcome.kept else ""
    found = f"found settled by a run that was stopped: {several(outcome.found, 'contract')}\n" if outcome.found else ""
    return (
        f"{counts.settled:,} of {counts.contracts:,} contracts settled: {several(counts.lines, 'line')} from {several(counts.documents, 'document')}, "
        f"{several(counts.errors, 'error')}, {several(counts.warnings, 'warning')}{known}\n{taken}{found}written: {outcome.folder}\n"
    )
