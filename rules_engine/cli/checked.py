"""What was checked before: a contract none of whose files has changed since is not checked again.

What is kept is named by the text and the name of every file the contract is read from and by the engine that checked it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from rules_engine import kept
from rules_engine.api import Gathered, gather, notes
from rules_engine.diagnostics.model import Diagnostic

if TYPE_CHECKING:
    from rules_engine.api import Anywhere
    from rules_engine.core.program import Program

Made = TypeVar("Made")
Findings: TypeAlias = tuple[Diagnostic, ...]


def diagnosed(path: Anywhere, as_of: date | None = None, amendments: Sequence[Anywhere] = ()) -> tuple[Program | None, Findings]:
    """The program of a contract file, None where an error stops it, and every finding."""
    files = gather(path, amendments)
    return _remembered("program", files, str(as_of), lambda: files.diagnosed(as_of))


def findings_of(path: Anywhere, amendments: Sequence[Anywhere], facts: bool) -> tuple[str, Findings]:
    """The language of a contract file, every finding, and what its own numbers tell; with `facts` also break-even points."""
    files = gather(path, amendments)

    def found() -> tuple[str, Findings]:
        program, findings = files.diagnosed()
        if program is None:
            return next((each.language for each in findings), "en"), findings
        return program.header.language, (*findings, *notes(program, facts))

    return _remembered("findings", files, str(facts), found)


def _remembered(what: str, files: Gathered, asked: str, make: Callable[[], Made]) -> Made:
    folder = kept.checked()
    if folder is None:
        return make()
    names = (f"{part}" for each in files.files for part in (each.name, each.text))
    path = folder / f"{what}-{kept.digest(name.encode() for name in (asked, *names))}"
    held = kept.read(path)
    if held is not None:
        with suppress(Exception):  # whatever is wrong with what was kept, the contract is checked again
            found: Made = pickle.loads(held)  # noqa: S301 - the user's own folder, as compiled Python is
            return found
    made = make()
    kept.keep(path, pickle.dumps(made, protocol=5))
    return made
