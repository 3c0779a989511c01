"""Findings of the parser: whole sentences, in the language of the file."""

from __future__ import annotations

from collections.abc import Iterable

from rules_engine.diagnostics.build import NOTHING, AnyPlace, Words, diagnostic
from rules_engine.diagnostics.model import Diagnostic, Place, Severity
from rules_engine.source import Span


def finding(
    code: str,
    language: str,
    places: Iterable[AnyPlace] | Place | Span,
    why: Words = NOTHING,
    fix: Words = NOTHING,
    severity: Severity | None = None,
    title: Words | None = None,
) -> Diagnostic:
    """A diagnostic whose why and fix end as sentences do."""
    return diagnostic(code, language, places, _ended(why), _ended(fix), severity, title)


def _ended(words: Words) -> Words:
    english, chinese = words
    return (_closed(english, "."), _closed(chinese, "。"))


def _closed(text: str, stop: str) -> str:
    return text + stop if text and text[-1] not in ".。…?？" else text
