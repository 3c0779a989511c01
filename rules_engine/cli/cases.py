"""Gallery cases: `case.toml` names contracts, documents, periods and the statements they must give."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError
from rules_engine.record import dataclass
from rules_engine.source import Span

KEYS = frozenset({"contract", "twins", "documents", "period", "posted", "expected", "as_of", "parameters", "id", "book"})


@dataclass(frozen=True, slots=True)
class CaseRun:
    """One `[[run]]`: paths are whole; `expected` None compares nothing. With `parameters`, `contract` is a template and `id` one
    of its contracts. `book`: settled | accrual."""

    contract: Path
    twins: tuple[Path, ...]
    documents: tuple[Path, ...]
    period: str
    posted: tuple[Path, ...]
    expected: Path | None
    as_of: date | None
    parameters: Path | None = None
    id: str = ""
    book: str = "settled"


@dataclass(frozen=True, slots=True)
class Case:
    """A `case.toml` with its runs in the order in which they are settled."""

    path: Path
    title: str
    runs: tuple[CaseRun, ...]


def read_case(path: Path) -> Case:
    """The case of a file; raises `ContractError` naming the key that is missing, unknown or of the wrong kind."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refused(path, str(error)) from error
    runs = data.get("run")
    if not isinstance(runs, list) or not runs:
        raise _refused(path, "it has no [[run]]")
    return Case(path, str(data.get("title", path.parent.name)), tuple(_run(path, entry) for entry in runs))


def _run(path: Path, entry: Any) -> CaseRun:
    if not isinstance(entry, dict):
        raise _refused(path, "each [[run]] must be a table")
    for key in sorted(set(entry) - KEYS):
        raise _refused(path, f"there is no key `{key}`; keys: {', '.join(sorted(KEYS))}")
    folder = path.parent
    expected = _text(path, entry, "expected", "")
    parameters = _text(path, entry, "parameters", "")
    as_of = entry.get("as_of")
    if as_of is not None and not isinstance(as_of, date):
        raise _refused(path, "`as_of` must be a day like 2026-03-31")
    return CaseRun(
        contract=folder / _text(path, entry, "contract"),
        twins=_paths(path, entry, "twins"),
        documents=_paths(path, entry, "documents"),
        period=_text(path, entry, "period"),
        posted=_paths(path, entry, "posted"),
        expected=folder / expected if expected else None,
        as_of=as_of,
        parameters=folder / parameters if parameters else None,
        id=_text(path, entry, "id", ""),
        book=_text(path, entry, "book", "settled"),
    )


def _text(path: Path, entry: dict[str, Any], key: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str):
        raise _refused(path, f"`{key}` must be a text")
    return value


def _paths(path: Path, entry: dict[str, Any], key: str) -> tuple[Path, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _refused(path, f"`{key}` must be a list of file names")
    return tuple(path.parent / value for value in values)


def _refused(path: Path, why: str) -> ContractError:
    fix = 'contract = "NAME.contract", documents = ["documents.csv"], period = "2026-03", expected = "expected/2026-03.json"'
    text = f"{path}: {why}"
    return ContractError([diagnostic("SE0808", "en", [Span(str(path), 1, 1, 1, 1)], (text, text), (fix, fix))])
