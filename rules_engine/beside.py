"""The files that stand beside a contract, found by their first lines."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError
from rules_engine.source import SourceFile
from rules_engine.syntax.heads import Head, head_of

ENDINGS = (".amendment", ".contract")
HEAD_BYTES = 64 * 1024
SETTLED = 2_000_000_000
"""Nanoseconds after which a folder's time of change tells of every change."""


def beside(contract: Path, source: SourceFile) -> list[Path]:
    """The amendments of a contract in its own folder, found by their first line. Where both languages have one of a number,
    the one in the contract's language counts."""
    own = head_of(source.text)
    if own is None or own.kind != "contract":
        return []
    found = [(path, head) for path, head in _heads(contract) if head.kind == "amendment" and head.contract == own.id]
    same = {head.number for _, head in found if head.language == own.language}
    return [path for path, head in found if head.language == own.language or head.number not in same]


def amendments_in(
    template: Path, language: str, read: Callable[[Path], SourceFile], given: Sequence[SourceFile]
) -> dict[str, list[SourceFile]]:
    """The amendments in a template's folder and those given, by the contract they amend; where both languages have one of a
    number, the one in `language` counts."""
    found = [read(path) for path, head in _heads(template) if head.kind == "amendment"]
    numbered: dict[str, dict[tuple[str, str], SourceFile]] = {}
    for source in {each.name: each for each in (*found, *given)}.values():
        head = head_of(source.text)
        if head is not None and head.kind == "amendment":
            of = numbered.setdefault(head.contract, {})
            if head.language == language or (head.number, language) not in of:
                of[head.number, head.language] = source
    return {
        contract: [each for (number, spoken), each in of.items() if spoken == language or (number, language) not in of]
        for contract, of in numbered.items()
    }


def is_contract(path: Path) -> bool:
    """Whether a file begins as a contract, or as nothing that goes with one."""
    head = _head(path)
    return head is None or head.kind == "contract"


def _heads(contract: Path) -> Iterator[tuple[Path, Head]]:
    """The heads of the files beside a contract that may amend it."""
    folder = contract.parent
    try:
        status = folder.stat()
        settled = status.st_mtime_ns < time.time_ns() - SETTLED
        stamp = (status.st_dev, status.st_ino, status.st_mtime_ns)
        names = _seen_before(os.path.abspath(folder), stamp) if settled else _near(folder)  # noqa: PTH100 - once a contract
    except OSError as error:
        why = f"{folder}: {error.strerror or error}"
        raise ContractError([diagnostic("SE0801", "en", why=(why, why))]) from error
    for name in names:
        head = _head(folder / name) if name != contract.name else None
        if head is not None:
            yield folder / name, head


def _near(folder: Path) -> tuple[str, ...]:
    """The names of files that may amend a contract: the ending says so, or the first line is no contract's."""
    with os.scandir(folder) as entries:
        found = [each for each in entries if each.name.endswith(ENDINGS) and each.is_file()]
    return tuple(sorted(each.name for each in found if each.name.endswith(ENDINGS[0]) or not is_contract(Path(each.path))))


@lru_cache(maxsize=256)
def _seen_before(folder: str, _stamp: tuple[int, int, int]) -> tuple[str, ...]:
    """A folder in which no file has come or gone since is looked through once, however many contracts it holds."""
    return _near(Path(folder))


def _head(path: Path) -> Head | None:
    try:
        with path.open("rb") as stream:
            return head_of(stream.read(HEAD_BYTES).decode("utf-8-sig", "replace"))
    except OSError:
        return None
