"""Many contracts, one run: split the documents, settle shard by shard, leave one folder whole or none.

What is finished stands in a work folder named by the content of all inputs: a batch that was stopped at any moment goes on
where it was, and one that changed starts anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from rules_engine.bulk.basis import Unchanged, unchanged, write_bases
from rules_engine.bulk.joining import counts_kept, join
from rules_engine.bulk.lake.given import BY_NAME, pinned, sources_of, table_of
from rules_engine.bulk.lake.model import BY_SPARK, refused
from rules_engine.bulk.lake.pins import keep_pins, pins_of
from rules_engine.bulk.manifest import MANIFEST, SCHEMA, Inputs, Pairs, manifest, read_manifest
from rules_engine.bulk.model import ROWS, SHARD, SPARK, ContractSource, Counts, Job, Shard
from rules_engine.bulk.pool import each
from rules_engine.bulk.progress import Progress
from rules_engine.bulk.settling import effort, settle_shard
from rules_engine.bulk.stopping import told
from rules_engine.bulk.storage.control import write_control
from rules_engine.bulk.storage.splitting import Splitter, Unclaimed
from rules_engine.bulk.storage.store import Store, opened, verified
from rules_engine.bulk.storage.storing import Adding, ingested
from rules_engine.bulk.storage.unclaimed import nobodys, twice
from rules_engine.bulk.summing import Added, summing_of
from rules_engine.bulk.tables.earlier import Earlier, earlier, file_hash
from rules_engine.bulk.tables.entries import Entries, finding
from rules_engine.bulk.whole import held, place_of, removed, settle_folder, written
from rules_engine.bulk.writing import counts_of, ways, write_tables
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.faults import Faults
from rules_engine.documents.sources import sources_in
from rules_engine.values.calendar import CALENDAR_VERSION
from rules_engine.version import __version__

UNSTEADY: Words = (
    "a batch must find the same documents when it goes on after a stop; a table of a catalogue may have changed",
    "批量结算中断后须能读到同样的单据，目录中的表可能已改变",
)
TIMES = "times.json"
FIRST = 0
"""The number of the shard that holds what concerns no single contract."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch left: its folder, its counts, whether it had been settled before, the contracts that were to be settled, how
    many were taken from the batch before, and how many a stopped run had finished."""

    folder: Path
    counts: Counts
    known: bool = False
    settled: tuple[str, ...] = ()
    kept: int = 0
    found: int = 0


def batch(job: Job, progress: Progress | None = None) -> Outcome:
    """Settle a batch into `job.out`. Raises `ContractError` for inputs that cannot be read and a folder that is not ours; what
    concerns single contracts stands in the exceptions."""
    job = replace(job, out=place_of(job.out))
    with told(job.out), _held(job.out):
        return _settle_all(job, progress or Progress(len(job.contracts)))


def _held(out: Path) -> AbstractContextManager[None]:
    out.parent.mkdir(parents=True, exist_ok=True)
    return held(out)


def _settle_all(job: Job, progress: Progress) -> Outcome:
    progress.phase("reading inputs")
    posted = earlier(job.posted)
    given = job.documents
    job, inputs = _at_versions(job, posted)
    known = _known(job.out, inputs.key)
    if known is not None:
        progress.phase("")
        removed(_waiting(job.out))
        return Outcome(job.out, known, known=True)
    base = _work(job.out, _key(job, inputs))
    keep_pins(base, given, job.documents)
    store = _store(job, base, progress)
    kept = Unchanged() if store is None else unchanged(job, inputs, store, posted, _once(job.contracts)[0], base)
    work = base / f"settling-{kept.name}"
    (work / "shards").mkdir(parents=True, exist_ok=True)
    shards = tuple(_shards(job, posted, work, kept))
    finished = sum(done.contracts for shard in shards if (done := _done(shard)) is not None)
    progress.already(finished, len(kept.contracts))
    documents = _documents(job, shards, work, progress, store, kept)
    _settled(job, documents, progress)
    if not isinstance(documents, tuple):
        documents.close()
    counts = sum((counts_of(place) or Counts() for place in _places(work, shards)), counts_kept(kept))
    progress.phase("joining")
    folder = _joined(job, inputs, work, shards, counts, progress, kept, store)
    settle_folder(folder, job.out)
    removed(base.parent)
    settled = tuple(source.id for shard in shards for source in shard.contracts)
    return Outcome(job.out, counts, settled=settled, kept=len(kept.contracts), found=finished)


def _store(job: Job, base: Path, progress: Progress) -> Store | None:
    """The documents as a store; None where they are read row by row."""
    if job.engine == ROWS and opened(Path(job.documents[0])) is None:
        return None
    add = _reading(job, progress) if job.engine == SPARK else None
    progress.phase("reading documents")
    return ingested(job.documents, base / "store", base, add)


def _reading(job: Job, progress: Progress) -> Adding | None:
    """Who reads documents where Spark adds them up: its machines if they are many, else this one."""
    from rules_engine.bulk.spark.reading import large, spark_added
    from rules_engine.bulk.spark.session import session

    progress.phase("starting Spark")
    spark = session(job.cluster.master, job.workers)
    many = opened(Path(job.documents[0])) is None and large(list(sources_of(job.documents, Faults("en"))), job.cluster.reads)
    return partial(spark_added, spark) if many else None


def _key(job: Job, inputs: Inputs) -> str:
    """The name of what waits for a batch of these inputs."""
    return sha256(f"{inputs.key} {job.engine}".encode()).hexdigest()[:16]


def _at_versions(job: Job, posted: Earlier) -> tuple[Job, Inputs]:
    """The job with its tables of a lake at a version: that of a run that was stopped if it is to go on, else the newest."""
    for words in pins_of(_waiting(job.out), job.documents):
        with suppress(ContractError):
            then = replace(job, documents=words)
            inputs = _inputs(then, posted)
            if (_waiting(job.out) / _key(then, inputs)).is_dir():
                return then, inputs
    now = replace(job, documents=pinned(job.documents))
    return now, _inputs(now, posted)


def _inputs(job: Job, posted: Earlier) -> Inputs:
    contracts = tuple(sorted(job.contracts, key=lambda source: (source.id, source.path, source.row)))
    return Inputs(
        contracts, _hashed(job.documents), tuple(posted.hashes()), job.period, job.as_of, f"settlewright {__version__}", CALENDAR_VERSION, job.archives
    )


def _hashed(words: Sequence[str]) -> Pairs:
    """Files and tables with the SHA-256 of what they hold, in their order; of a store every file it is made of."""
    store = opened(Path(words[0])) if len(words) == 1 else None
    if store is not None:
        return tuple((path.as_posix(), digest) for path, digest in verified(store).items())
    faults = Faults("en")
    found: dict[str, str] = {}
    for word in words:
        if word.startswith(BY_NAME):
            raise refused(word, UNSTEADY, BY_SPARK)
        table = table_of(word)
        if table is not None:
            found[table.word] = table.digest()
        else:
            found |= {source.as_posix(): file_hash(source) for source in _files(word, faults)}
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return tuple(found.items())


def _files(word: str, faults: Faults) -> list[Path]:
    """The files that a word names; raises `ContractError` for a query and for one that is not there."""
    found = list(sources_in([word], faults))
    if any(isinstance(source, str) for source in found):
        raise ContractError([_no_query()])
    files = [source for source in found if isinstance(source, Path)]
    missing = [path for path in files if not path.is_file()]
    if missing:
        raise ContractError([*faults.diagnostics(), *map(_absent, missing)])
    return files


def _absent(path: Path) -> Diagnostic:
    why = f"{path}: there is no such file"
    return diagnostic("SE0802", "en", (), (why, why))


def _no_query() -> Diagnostic:
    why: Words = (
        "a batch must find the same documents when it goes on after a stop; a query may answer differently.",
        "批量结算中断后须能读到同样的单据，查询的结果可能变化。",
    )
    fix: Words = ("write the query's result to a Parquet file first.", "请先将查询结果写入 Parquet 文件。")
    return diagnostic("SE0611", "en", (), why, fix)


def _known(out: Path, key: str) -> Counts | None:
    """The counts of a batch that stands here and was made from the same inputs; raises if something else stands here."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    found = read_manifest(out) if out.is_dir() else None
    if found is None or found.get("schema") != SCHEMA:
        why = f"{out} holds something that no batch wrote; it would be lost."
        zh = f"{out} 中有并非批量结算写入的内容，继续会丢失。"
        raise ContractError([diagnostic("SE0865", "en", (), (why, zh), ("name a new folder with --out.", "请用 --out 指定新文件夹。"))])
    return Counts(**found["counts"]) if found["inputs"]["sha256"] == key else None


def _waiting(out: Path) -> Path:
    """Where finished parts wait until all are."""
    return out.with_name(f".{out.name}.work")


def _work(out: Path, key: str) -> Path:
    """The work folder of these inputs; those of other inputs to the same place are of no use any more."""
    place = _waiting(out)
    for other in place.iterdir() if place.is_dir() else ():
        if other.name != key:
            removed(other)
    work = place / key
    work.mkdir(parents=True, exist_ok=True)
    return work


def _once(contracts: Iterable[ContractSource]) -> tuple[tuple[ContractSource, ...], tuple[ContractSource, ...]]:
    """(contracts that are there once, those whose id several files have), by id."""
    ordered = sorted(contracts, key=lambda source: (source.id, source.path, source.row))
    ids = [source.id for source in ordered]
    double = {one for one, other in pairwise(ids) if one == other}
    return tuple(item for item in ordered if item.id not in double), tuple(item for item in ordered if item.id in double)


def _shards(job: Job, posted: Earlier, work: Path, kept: Unchanged) -> Iterator[Shard]:
    once, _ = _once(job.contracts)
    changed = [source for source in once if source.id not in kept.contracts]
    for start in range(0, len(changed), SHARD):
        part = tuple(changed[start : start + SHARD])
        ids = {source.id for source in part}
        own = replace(posted, files={name: paths for name, paths in posted.files.items() if name in ids})
        yield Shard(start // SHARD + 1, part, len(once) == 1, work, job.period, job.as_of, own, job.load, None, job.cache, job.columns, job.ask)


def _documents(
    job: Job, shards: Sequence[Shard], work: Path, progress: Progress, store: Store | None, kept: Unchanged
) -> Added | tuple[Shard, ...]:
    """Add the documents up, or split them, unless that is done; what nobody takes becomes the first exceptions."""
    general = work / "shards" / f"{FIRST:06}"
    _, double = _once(job.contracts)
    if store is not None:
        summing = _summed(job, shards, work, progress, store)
        if counts_of(general) is None:
            others = [*(source.id for source in double), *kept.contracts]
            write_tables(general, _general(job, summing.unclaimed(others), double))
        return summing
    if counts_of(general) is None:
        progress.phase("reading documents")
        parts = work / "parts"
        shutil.rmtree(parts, ignore_errors=True)
        by_contract = {source.id: shard.number for shard in shards for source in shard.contracts}
        splitter = Splitter({**by_contract, **{source.id: FIRST for source in double}}, parts)
        splitter.take(job.documents)
        write_tables(general, _general(job, splitter.unclaimed, double))
    return tuple(shards)


def _summed(job: Job, shards: Sequence[Shard], work: Path, progress: Progress, store: Store) -> Added:
    if job.engine == SPARK:
        from rules_engine.bulk.spark.summing import spark_summing

        return spark_summing(job, shards, work, progress, store)
    return summing_of(job, shards, work, progress, store)


def _settled(job: Job, documents: Added | tuple[Shard, ...], progress: Progress) -> None:
    """Settle every shard that is not done; contracts that sums are not enough for get their lines and are settled again."""
    shards = documents if isinstance(documents, tuple) else documents.shards
    left = [shard for shard in shards if _done(shard) is None]
    progress.phase("settling", sum(len(shard.contracts) for shard in left))
    again: list[Shard] = []
    wanting: list[str] = []
    for shard, found in each(settle_shard, left, job.workers, effort):
        if isinstance(found, Counts):
            progress.step(found.contracts, found.lines)
        else:
            again.append(shard)
            wanting += found
    if wanting and not isinstance(documents, tuple):
        documents.fetch(wanting)
        for _, found in each(settle_shard, again, job.workers, effort):
            assert isinstance(found, Counts)
            progress.step(found.contracts, found.lines)


def _general(job: Job, unclaimed: Unclaimed, double: Sequence[ContractSource]) -> Entries:
    entries = Entries()
    for item in (*twice(double), *nobodys(unclaimed)):
        entries.trouble(finding("", item), job.period)
    entries.counts += Counts(contracts=len(double))
    return entries


def _done(shard: Shard) -> Counts | None:
    """What came of a shard that is settled; None where it still is to be."""
    return counts_of(shard.work / "shards" / f"{shard.number:06}")


def _places(work: Path, shards: Sequence[Shard]) -> list[Path]:
    return [work / "shards" / f"{number:06}" for number in (FIRST, *(shard.number for shard in shards))]


def _joined(
    job: Job, inputs: Inputs, work: Path, shards: Sequence[Shard], counts: Counts, progress: Progress, kept: Unchanged,
    store: Store | None,
) -> Path:  # fmt: skip
    folder = work / "whole"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    general, *places = _places(work, shards)
    join(general, places, kept, [source.id for source in _once(job.contracts)[0]], folder)
    if kept.bases:
        write_bases(kept, folder)
    control = write_control(store, folder, work) if store is not None else None
    text = manifest(inputs, counts, folder, job.engine, control)
    written(folder / MANIFEST, lambda place: place.write_text(text, encoding="utf-8"))
    progress.phase("")
    about = {"seconds": progress.times, "workers": job.workers, "kept": len(kept.contracts), "settled": ways(_places(work, shards))}
    times = json.dumps(about, indent=2) + "\n"
    written(folder / TIMES, lambda place: place.write_text(times, encoding="utf-8"))
    return folder
