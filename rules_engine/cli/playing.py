"""Plays gallery cases: settles their runs in order and compares statements with what is expected and with their twins."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rules_engine.api import load, load_many, read_documents, render, settle
from rules_engine.cli.cases import Case, CaseRun
from rules_engine.cli.files import write
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.record import dataclass
from rules_engine.settlement.model import Settlement

if TYPE_CHECKING:
    from rules_engine.api import Posted

SHOWN = 6
WIDEST = 60
FIXES = {
    "SE0812": "if the new statement is right, run `settle test --update-goldens` and review the change",
    "SE0813": "compare the two contracts clause by clause: rates, filters, dates and windows must say the same",
}
UNCOMPARED = frozenset({"engine", "contract.sha256", "receipt.engine", "receipt.contract_sha256"})
"""What changes with a release or a comment in the contract, and no amount with it."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One run of a case by one contract; no `findings` means it passed."""

    name: str
    contract: Path
    findings: tuple[Diagnostic, ...]
    settlement: Settlement | None


Chain = dict[tuple[Path, Path], Settlement]
"""Settlements of a case so far, by contract and the statement file they stand for: each contract goes on from its own."""


def play_case(case: Case, update: bool) -> Iterator[CaseResult]:
    """Every run of the case by its contract and by each twin."""
    chain: Chain = {}
    for run in case.runs:
        first = _played(case, run, run.contract, chain)
        yield _compared_with_file(first, run, update)
        for twin in run.twins:
            yield _compared_with_twin(_played(case, run, twin, chain), first)


def _played(case: Case, run: CaseRun, contract: Path, chain: Chain) -> CaseResult:
    name = " ".join(each for each in (f"{case.title}: {contract.name}", run.id, run.period) if each)
    posted: list[Posted] = [chain.get((contract, path), path) for path in run.posted]
    try:
        program = load_many(contract, run.parameters, run.as_of)[run.id] if run.parameters else load(contract, run.as_of)
        settlement = settle(program, read_documents(list(run.documents), program), run.period, posted, run.as_of, run.book)
    except ContractError as error:
        return CaseResult(name, contract, error.diagnostics, None)
    if run.expected is not None:
        chain[contract, run.expected] = settlement
    return CaseResult(name, contract, (), settlement)


def _compared_with_file(result: CaseResult, run: CaseRun, update: bool) -> CaseResult:
    if result.settlement is None or run.expected is None:
        return result
    text = render(result.settlement, format="json")
    if update:
        run.expected.parent.mkdir(parents=True, exist_ok=True)
        write(run.expected, text)
        return result
    if not run.expected.is_file():
        return _failed(result, "SE0812", [f"{run.expected} does not exist; write it with --update-goldens"])
    try:
        expected = json.loads(run.expected.read_text(encoding="utf-8"))
    except ValueError as error:
        return _failed(result, "SE0812", [f"{run.expected}: {error}"])
    found = sorted(_differences("", expected, json.loads(text)), key=_is_only_told)
    return _failed(result, "SE0812", found)


def _compared_with_twin(result: CaseResult, first: CaseResult) -> CaseResult:
    if result.settlement is None or first.settlement is None:
        return result
    ours, theirs = _essence(result.settlement), _essence(first.settlement)
    gone = [f"only in {first.contract.name}: {line}" for line in (theirs - ours)]
    new = [f"only in {result.contract.name}: {line}" for line in (ours - theirs)]
    return _failed(result, "SE0813", sorted([*gone, *new]))


def _essence(settlement: Settlement) -> Counter[str]:
    """What twins must share: kind, group, window, direction, amount and status of every line, and the totals."""
    lines = Counter(
        f"{line.kind} {'/'.join(line.group.values())} {line.window.start}..{line.window.end} {line.direction} {line.amount} {line.status}"
        for line in (*settlement.lines, *settlement.pending)
    )
    totals = settlement.totals
    return lines + Counter([f"net {totals.net}", f"payout {totals.payout}", f"due {totals.due_date}"])


def _differences(where: str, expected: Any, actual: Any) -> Iterator[str]:
    match expected, actual:
        case dict(), dict():
            for key in sorted({*expected, *actual}):
                yield from _differences(f"{where}.{key}" if where else key, expected.get(key), actual.get(key))
        case list(), list():
            if len(expected) != len(actual):
                yield f"{where}: {len(expected)} entries expected, {len(actual)} given"
            for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
                yield from _differences(f"{where}[{number}]", one, other)
        case _:
            if expected != actual and where not in UNCOMPARED:
                yield f"{where}: expected {_short(expected)}, given {_short(actual)}"


def _is_only_told(difference: str) -> bool:
    """Differences of wording come after differences of money."""
    where = difference.partition(":")[0]
    return ".trace" in where or ".explanation" in where


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"


def _failed(result: CaseResult, code: str, differences: list[str]) -> CaseResult:
    if not differences:
        return result
    shown = differences[:SHOWN] + ([f"and {len(differences) - SHOWN} more"] if len(differences) > SHOWN else [])
    why = f"{result.name}: " + "; ".join(shown)
    finding = diagnostic(code, "en", why=(why, why), fix=(FIXES[code], FIXES[code]))
    return CaseResult(result.name, result.contract, (finding,), result.settlement)
