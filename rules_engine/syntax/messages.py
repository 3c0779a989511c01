"""Findings about text that cannot be read: what stands there, what was expected, what to write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.keywords import Keywords
from rules_engine.syntax.lexemes import Lexeme, Refusal


@dataclass(eq=False)
class Unexpected(Exception):
    """A lexeme the grammar does not take. `stack` is the parser's stack before it was offered."""

    lexeme: Lexeme
    states: Mapping[Any, Mapping[str, Any]]
    stack: tuple[Any, ...]

    @property
    def line(self) -> int:
        """The line to take out."""
        return self.lexeme.span.line


def unexpected(fault: Unexpected, words: Keywords, source: SourceFile) -> Diagnostic:
    return diagnostic("SE0101", words.language, fault.lexeme.span, (f"{fault.lexeme.type} {fault.lexeme.text}", ""))


def refused(fault: Refusal, words: Keywords, source: SourceFile) -> Diagnostic:
    return diagnostic(fault.code, words.language, fault.span, (str(fault.details), ""))


def no_contract(words: Keywords, place: Span) -> Diagnostic:
    return diagnostic("SE0120", words.language, place)
