"""Diagnostics as workflow commands, which GitHub shows beside the changed lines."""

from __future__ import annotations

from collections.abc import Sequence

from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.diagnostics.width import harmless
from rules_engine.source import NOWHERE, Span

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command a line."""
    return "".join(_command(item) + "\n" for item in diagnostics)


def _command(item: Diagnostic) -> str:
    span = item.places[0].span if item.places else NOWHERE
    properties = [*_position(span), f"title={_property(f'{item.code} {item.title}')}"]
    seen = [place.text for place in item.places[:1] if place.text]
    message = "\n".join([item.title, *seen, *(text for text in (item.why, item.fix) if text)])
    return f"::{COMMANDS[item.severity]} {','.join(properties)}::{_data(message)}"


def _position(span: Span) -> list[str]:
    if not span.file:
        return []
    position = [f"file={_property(span.file)}"]
    if span.line:
        position += [f"line={span.line}", f"endLine={span.end_line}"]
    if span.line == span.end_line and span.column:
        position += [f"col={span.column}", f"endColumn={max(span.column, span.end_column - 1)}"]
    return position


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
