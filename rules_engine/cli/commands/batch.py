"""`settle batch`: a period of many contracts becomes one folder of tables."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rules_engine import kept
from rules_engine.api import gather, load, load_many, read_whole
from rules_engine.bulk.batch import Outcome, batch
from rules_engine.bulk.model import Cluster, ContractSource, Job
from rules_engine.bulk.progress import Progress
from rules_engine.bulk.tables.earlier import file_hash
from rules_engine.cli.archive import Unpacked, archive_in, unpacked
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

HERE = Unpacked()
"""No archives: every file is where it is said to be."""


def run(options: Namespace) -> int:
    """Settle the batch and say what came of it; 1 if anything could not be settled."""
    out = Path(options.out)
    folder(out.parent)
    with unpacked([*options.contracts, options.parameters or ""], out.with_name(f".{out.name}.contracts")) as archives, archives.telling():
        loading = Loading(archives)
        job = Job(
            tuple(sources(options, archives)), tuple(options.documents), options.period, out, loading if archives.places else loaded,
            tuple(options.posted), options.as_of, options.engine, _workers(options.workers), kept.wanted(),
            reuse=Path(options.reuse) if options.reuse else None, cluster=Cluster(options.master), ask=loading.answered if archives.places else answered,
            archives=tuple((archive, file_hash(Path(archive))) for archive, _ in archives.places),
        )  # fmt: skip
        outcome = batch(job, Progress(len(job.contracts), quiet=options.quiet))
    print_result(_said(outcome))
    if not outcome.counts.errors:
        return DONE
    note(f"settle: {outcome.folder / 'exceptions.parquet'} says what could not be settled and why")
    return FINDINGS


def loaded(source: ContractSource, as_of: date | None) -> Program:
    """The program of one contract of a batch, unpacked for the moment where it stands in an archive."""
    if archive_in(source.path) is None:
        return _many(source.path, source.parameters, as_of, HERE)[source.id] if source.parameters else load(source.path, as_of)
    with TemporaryDirectory(prefix="settlewright") as place, unpacked([source.path, source.parameters], Path(place) / "contracts") as archives:
        return Loading(archives)(source, as_of)


@dataclass(frozen=True, slots=True)
class Loading:
    """Loads contracts of archives that are unpacked meanwhile; messages speak of their places in the archives."""

    archives: Unpacked

    def __call__(self, source: ContractSource, as_of: date | None) -> Program:
        """The program of one contract."""
        with self.archives.telling():
            if source.parameters:
                return _many(source.path, source.parameters, as_of, self.archives)[source.id]
            program, findings = gather(self.archives.real(source.path)).named(self.archives.shown).diagnosed(as_of)
            if program is None:
                raise ContractError(findings)
            return program

    def answered(self, source: ContractSource, as_of: date | None, question: Callable[[Program], Any]) -> Any:
        """What a question about the program of one contract comes to."""
        with self.archives.telling():
            return _many(source.path, source.parameters, as_of, self.archives).answer(source.id, question) if source.parameters else question(self(source, as_of))


def answered(source: ContractSource, as_of: date | None, question: Callable[[Program], Any]) -> Any:
    """What a question about the program of one contract of a batch comes to."""
    many = _many(source.path, source.parameters, as_of, HERE) if source.parameters else None
    return question(load(source.path, as_of)) if many is None else many.answer(source.id, question)


@lru_cache(maxsize=4)
def _many(template: str, parameters: str, as_of: date | None, archives: Unpacked) -> ManyContracts:
    """The contracts of a parameter file, read once a process, whoever asks."""
    return load_many(archives.real(template), archives.real(parameters), as_of, named=archives.shown)


def sources(options: Namespace, archives: Unpacked = HERE) -> Iterator[ContractSource]:
    """The contracts of a batch: files, or the rows of parameter files."""
    if not options.parameters:
        yield from dict.fromkeys(contract_sources(options.contracts, options.as_of, archives))
        return
    if len(options.contracts) != 1:
        raise ContractError([diagnostic("SE0835", "en", why=(ONE, ONE))])
    place = Path(archives.real(options.contracts[0]))
    inside = sorted(place.rglob("*.template")) if place.is_dir() else [place]
    if len(inside) != 1:
        why = f"{options.contracts[0]} holds {several(len(inside), 'template')}; name one, as {options.contracts[0]}/NAME.template"
        raise ContractError([diagnostic("SE0835", "en", why=(why, why))])
    beside = inside[0].parent / options.parameters
    given = archives.real(options.parameters) if archive_in(options.parameters) or not beside.is_file() else beside.as_posix()
    yield from _rows(archives.shown(inside[0].as_posix()), archives.shown(Path(given).as_posix()), options.as_of, archives)


def _rows(template: str, parameters: str, as_of: date | None, archives: Unpacked) -> Iterator[ContractSource]:
    many = _many(template, parameters, as_of, archives)
    for contract in many:
        yield ContractSource(contract, template, _digest(many.read_from(contract)), many.row(contract), parameters)


ONE = "--parameters belongs to one template; name one PATH"
ROWS = (".csv", ".xlsx")
"""How a file ends that has the rows of the template beside it, of the same name."""


def _workers(asked: int | None) -> int:
    return max(1, asked if asked is not None else os.cpu_count() or 1)


def contract_sources(paths: Sequence[str], as_of: date | None = None, archives: Unpacked = HERE) -> Iterator[ContractSource]:
    """The contracts named, with a hash of all that each is read from: files, those below folders and archives, and there the rows of
    every template that has a file of parameters of the same name beside it."""
    for place in dict.fromkeys(Path(archives.real(name)) for name in paths):
        pairs = list(_pairs(place)) if place.is_dir() else []
        for template, parameters in pairs:
            yield from _rows(archives.shown(template.as_posix()), archives.shown(parameters.as_posix()), as_of, archives)
        if not pairs or any(place.rglob("*.contract")):
            yield from _files(place, archives)


def _pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    for template in sorted(folder.rglob("*.template")):
        yield from ((template, path) for ending in ROWS if (path := template.with_suffix(ending)).is_file())


def _files(place: Path, archives: Unpacked) -> Iterator[ContractSource]:
    for path in contracts([str(place)]):
        files = read_whole(path)
        head = head_of(files[0].text)
        yield ContractSource(head.id if head else path.stem, archives.shown(path.as_posix()), _digest(files))


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
