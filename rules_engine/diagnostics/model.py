"""A finding as data: code, places, why with the money at stake, a fix to paste."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum

from rules_engine.record import dataclass
from rules_engine.source import Span


class Severity(StrEnum):
    """`error` stops the run; `warning` and `note` do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """One relevant stretch of text and what is to be seen there."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, already worded in the language of the file it speaks of.

    `places[0]` is the primary place. `why` carries the worked example with its money, `fix` lines
    that can be pasted. `code` is a key of the catalogue (`docs/reference/errors/<CODE>.md`).
    """

    code: str
    title: str
    places: tuple[Place, ...] = ()
    why: str = ""
    fix: str = ""
    severity: Severity = Severity.ERROR
    language: str = "en"

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sort key: file, line, column, code."""
        span = self.places[0].span if self.places else None
        return (span.file, span.line, span.column, self.code) if span else ("", 0, 0, self.code)


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while a pass goes on; passes report everything, then stop."""

    items: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep one finding."""
        self.items.append(diagnostic)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All findings by place, each once."""
        return tuple(sorted(dict.fromkeys(self.items), key=lambda item: item.order))

    @property
    def failed(self) -> bool:
        """Whether any finding stops the run."""
        return any(item.severity is Severity.ERROR for item in self.items)


class ContractError(Exception):
    """Raised by the public API: carries every diagnostic that stopped the work."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=lambda item: item.order))
        super().__init__("\n".join(f"{item.code}: {item.title}" for item in self.diagnostics))
