"""Diagnostics as SARIF 2.1.0, the exchange format of code scanners."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from rules_engine.diagnostics.catalogue import CATALOGUE, page
from rules_engine.diagnostics.json import ascii_controls
from rules_engine.diagnostics.model import Diagnostic, Place
from rules_engine.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """One run with a rule for every code that was found."""
    codes = sorted({item.code for item in diagnostics})
    run = {
        "tool": {"driver": {"name": "settlewright", "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, codes.index(item.code)) for item in diagnostics],
    }
    body = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return ascii_controls(json.dumps(body, ensure_ascii=False, indent=2)) + "\n"


def _rule(code: str) -> dict[str, object]:
    title = CATALOGUE[code][0]
    return {"id": code, "shortDescription": {"text": title}, "help": {"text": page(code)}}


def _result(item: Diagnostic, rule: int) -> dict[str, object]:
    located = [place for place in item.places if place.span.file]
    result: dict[str, object] = {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": item.severity.value,
        "message": {"text": "\n".join(text for text in (item.title, item.why, item.fix) if text)},
        "locations": [_location(place) for place in located[:1]],
    }
    if located[1:]:
        result["relatedLocations"] = [{"id": index, **_location(place)} for index, place in enumerate(located[1:], 1)]
    return result


def _location(place: Place) -> dict[str, object]:
    span = place.span
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(span.file.replace("\\", "/"), errors="replace")}}
    if span.line:
        physical["region"] = _region(span)
    location: dict[str, object] = {"physicalLocation": physical}
    if place.text:
        location["message"] = {"text": place.text}
    return location


def _region(span: Span) -> dict[str, int]:
    region = {"startLine": span.line, "endLine": max(span.line, span.end_line)}
    if span.column:
        region |= {"startColumn": span.column, "endColumn": span.end_column}
    return region
