"""One contract of a batch settled again from the same inputs: it must come to the same cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rules_engine.bulk.lake.given import is_table, open_given, sources_of, table_of
from rules_engine.bulk.manifest import SCHEMA, read_manifest
from rules_engine.bulk.missing import library
from rules_engine.bulk.model import ContractSource, Loader
from rules_engine.bulk.single import one_of
from rules_engine.bulk.storage.store import opened
from rules_engine.bulk.tables.columns import LINES
from rules_engine.bulk.tables.earlier import earlier, file_hash
from rules_engine.core.program import Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.diagnostics.suggest import nearest
from rules_engine.documents.faults import Faults
from rules_engine.documents.model import Documents
from rules_engine.documents.read import from_batches, read_documents
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.settle import settle


def reopened(folder: Path, contract: str, load: Loader) -> Settlement:
    """The statement of one contract of a batch. Raises `ContractError` if the folder is no batch, the contract is not in it,
    an input has changed since, or an amount comes out differently."""
    found = manifest_of(folder)
    source = source_of(found, contract)
    unchanged(found, {})
    return again(folder, found, load(source, day_of(found)))


def again(folder: Path, found: Mapping[str, Any], program: Program) -> Settlement:
    """The statement of a contract of a batch with this manifest, every amount compared."""
    documents = _documents([item["path"] for item in found["inputs"]["documents"]], program)
    posted = earlier([item["path"] for item in found["inputs"]["posted"]]).of(program.header.id)
    settlement = settle(program, documents, found["period"], posted, day_of(found))
    _compare(folder, settlement)
    return settlement


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a batch; raises `ContractError` for a folder that is none."""
    found = read_manifest(folder)
    if found is None or found.get("schema") != SCHEMA:
        why: Words = (f"{folder} holds no manifest of a batch.", f"{folder} 中没有批量结算的清单。")
        raise ContractError([diagnostic("SE0869", "en", (), why)])
    return found


def day_of(found: Mapping[str, Any]) -> date | None:
    """The day a batch knew its contracts and documents as of; None where none was given."""
    return date.fromisoformat(found["as_of"]) if found["as_of"] else None


def _documents(paths: Sequence[str], program: Program) -> Documents:
    """The contract's documents from the files a batch was settled from, or from the store they are the files of."""
    store = opened(Path(paths[0]).parent) if paths else None
    if store is None:
        return _from_files(paths, program)
    with TemporaryDirectory() as work:
        return from_batches(one_of(store, program.header.id, Path(work)), program)


def _from_files(paths: Sequence[str], program: Program) -> Documents:
    if not any(map(is_table, paths)):
        return read_documents(paths, program)
    faults = Faults(program.header.language)
    readings = [reading for source in sources_of(paths, faults) if (reading := open_given(source, faults)) is not None]
    found = from_batches([(reading.name, reading.batches) for reading in readings], program)
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return found


def source_of(found: Mapping[str, Any], contract: str) -> ContractSource:
    """The contract of a batch with this id; raises `ContractError` where there is none."""
    known = {item["id"]: item for item in found["inputs"]["contracts"]}
    if contract in known:
        return ContractSource(**known[contract])
    near = nearest(contract, list(known))
    why: Words = (f"the batch has no contract `{contract}`.", f"该批次中没有合同“{contract}”。")
    fix: Words = (f"did you mean `{near[0]}`?", f"是否想写“{near[0]}”？") if near else ("", "")
    raise ContractError([diagnostic("SE0869", "en", (), why, fix)])


Seen = dict[str, tuple[int, ...]]
"""Inputs that were compared, with the size, place and time of change they had."""


def unchanged(found: Mapping[str, Any], seen: Seen) -> None:
    """Compare the inputs of a batch with the SHA-256 they had, but for those in `seen` that nobody has touched since; raises
    `ContractError` for those that have changed."""
    changed = []
    for item in (*found["inputs"]["documents"], *found["inputs"]["posted"], *found["inputs"].get("archives", ())):
        now = _touched(Path(item["path"]))
        if now is None or seen.get(item["path"]) != now:
            if _hash(item["path"]) != item["sha256"]:
                changed.append(_differs(item["path"]))
            elif now is not None:
                seen[item["path"]] = now
    if changed:
        raise ContractError(changed)


def _touched(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return None if path.is_dir() else (found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def _hash(name: str) -> str:
    """The SHA-256 of what a file or a table holds; '' where it is not there any more."""
    if is_table(name):
        with suppress(ContractError):
            table = table_of(name)
            return "" if table is None else table.digest()
        return ""
    return file_hash(Path(name)) if Path(name).is_file() else ""


def _differs(name: str) -> Diagnostic:
    why: Words = (
        f"{name} is not the file the batch was settled from; its statement cannot be made again from it.",
        f"{name} 与批量结算时的文件不同，无法据此重现结算单。",
    )
    fix: Words = ("put the file back, or settle the batch again.", "请恢复该文件，或重新结算。")
    return diagnostic("SE0866", "en", (), why, fix)


def _compare(folder: Path, settlement: Settlement) -> None:
    contract = settlement.program.header.id
    table = library("pyarrow.parquet").read_table(
        folder / f"{LINES}.parquet", columns=["line_id", "amount"], filters=[("contract", "=", contract)]
    )
    kept: dict[str, Decimal] = {row["line_id"]: row["amount"] for row in table.to_pylist()}
    again = {line.id: line.amount for line in (*settlement.lines, *settlement.pending)}
    wrong = [name for name in sorted({*kept, *again}) if kept.get(name) != again.get(name)]
    if wrong:
        first = wrong[0]
        why: Words = (
            f"line `{first}` of `{contract}`: the batch says {kept.get(first, 'nothing')}, settling again gives {again.get(first, 'nothing')}.",
            f"“{contract}”的明细 `{first}`：批次中为 {kept.get(first, '无')}，重新结算为 {again.get(first, '无')}。",
        )
        fix: Words = ("settle the batch again; if it differs again, report it.", "请重新结算；若仍不同，请报告此问题。")
        raise ContractError([diagnostic("SE0867", "en", (), why, fix)])
