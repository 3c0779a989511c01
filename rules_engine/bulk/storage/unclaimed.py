"""What a batch cannot give to any contract: rows without one, rows of others, ids that several files have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rules_engine.bulk.model import ContractSource
from rules_engine.bulk.storage.splitting import Unclaimed
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.documents.faults import place, several

TOLD = 1000
"""Contracts that were not given and are told of one by one."""


def nobodys(unclaimed: Unclaimed) -> Iterator[Diagnostic]:
    """Rows that are settled by nobody: without a contract they are an error, of another contract a warning."""
    for file, count in sorted(unclaimed.blank.items()):
        why: Words = (
            f"{several(count, 'row')} of {file} name no contract; several contracts are settled, so they are nobody's.",
            f"{file} 中有 {count:,} 行未写合同号；本次结算多份合同，无法归属。",
        )
        fix: Words = ("fill in the column `contract`.", "请填写“合同号”列。")
        yield diagnostic("SE0861", "en", [(place(file, 1), (file, file))], why, fix)
    ordered = sorted(unclaimed.unknown.items())
    yield from (_unknown(contract, count) for contract, count in ordered[:TOLD])
    if ordered[TOLD:]:
        yield _unknown(f"{len(ordered) - TOLD:,} more", sum(count for _, count in ordered[TOLD:]))


def _unknown(contract: str, count: int) -> Diagnostic:
    why: Words = (
        f"{several(count, 'row')} belong to `{contract}`, which this batch does not settle.",
        f"有 {count:,} 行属于“{contract}”，本次不结算该合同。",
    )
    fix: Words = ("give its contract file with --contracts.", "请用 --contracts 提供其合同文件。")
    return diagnostic("SE0862", "en", (), why, fix, Severity.WARNING)


def twice(double: Sequence[ContractSource]) -> Iterator[Diagnostic]:
    """Ids that several files have: none of them is settled."""
    for contract, sources in groupby(double, key=lambda source: source.id):
        yield _twice(contract, [f"{item.path}:{item.row}" if item.row else item.path for item in sources])


def _twice(contract: str, places: Iterable[str]) -> Diagnostic:
    listed = ", ".join(places)
    why: Words = (
        f"`{contract}` stands in {listed}; settling each would pay its documents as often.",
        f"“{contract}”出现在 {listed}；逐一结算会重复付款。",
    )
    fix: Words = ("keep one file, or give only the right one.", "请只保留或只提供其中一个文件。")
    return diagnostic("SE0863", "en", (), why, fix)
