"""Diagnostics in the format that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules_engine.diagnostics.github import render_github
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.diagnostics.text import render_text
from rules_engine.source import SourceFile

FORMATS = ("text", "json", "github", "sarif")


def render(
    diagnostics: Iterable[Diagnostic],
    format: str,  # noqa: A002 - the word of the public interface
    sources: Mapping[str, SourceFile],
    colour: bool = False,
) -> str:
    """All findings, sorted by place, each once. `sources` by file name supply the quoted lines of `text`; `colour` applies to
    `text` only. An unknown format raises `ValueError`."""
    ordered = sorted(dict.fromkeys(diagnostics), key=lambda item: item.order)
    match format:
        case "text":
            return render_text(ordered, sources, colour=colour)
        case "json":
            from rules_engine.diagnostics.json import render_json

            return render_json(ordered)
        case "github":
            return render_github(ordered)
        case "sarif":
            from rules_engine.diagnostics.sarif import render_sarif

            return render_sarif(ordered)
        case _:
            raise ValueError(f"unknown format {format}")
