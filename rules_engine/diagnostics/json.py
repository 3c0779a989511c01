"""Diagnostics for programs, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from rules_engine.diagnostics.catalogue import page
from rules_engine.diagnostics.model import Diagnostic, Place, Severity

SCHEMA = "settlewright/diagnostics/1"
_CONTROL = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """One object: schema, counts, and the findings in order. Control characters stand as escapes."""
    body = {
        "schema": SCHEMA,
        "errors": sum(item.severity is Severity.ERROR for item in diagnostics),
        "warnings": sum(item.severity is Severity.WARNING for item in diagnostics),
        "diagnostics": [_finding(item) for item in diagnostics],
    }
    return ascii_controls(json.dumps(body, ensure_ascii=False, indent=2)) + "\n"


def ascii_controls(text: str) -> str:
    """JSON text in which no character can move a cursor or turn the reading direction."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finding(item: Diagnostic) -> dict[str, object]:
    return {
        "code": item.code,
        "severity": item.severity.value,
        "language": item.language,
        "title": item.title,
        "places": [_place(place) for place in item.places],
        "why": item.why,
        "fix": item.fix,
        "page": page(item.code),
    }


def _place(place: Place) -> dict[str, object]:
    span = place.span
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "text": place.text,
    }
