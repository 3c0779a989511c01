"""Showing diagnostics, and the exit code they mean."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from rules_engine.cli.exits import DONE, FINDINGS, UNUSABLE
from rules_engine.cli.terminal import colour, print_result
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT = frozenset({"SE0611", "SE0619", "SE0801", "SE0802", "SE0803", "SE0806", "SE0810", "SE0814", "SE0865", "SE0868", "SE0870", "SE0881", "SE0882", "SE0883", "SE0884"})
"""Codes of an unusable file or machine, not of a wrong contract."""


def report(findings: Sequence[Diagnostic], stream: TextIO | None = None) -> int:
    """Show findings on `stream` (stderr unless said otherwise); 2 if a file or the machine is at fault, 1 for errors, else 0."""
    if findings:
        target = stream or sys.stderr
        text = rendered(findings, "text", colour(target))
        if target is sys.stdout:
            print_result(text)
        else:
            print(text, end="", file=target, flush=True)
    return exit_code(findings)


def rendered(findings: Sequence[Diagnostic], format: str, coloured: bool = False) -> str:  # noqa: A002 - as in the library
    """Findings as text (every place quoted from its file), json, github or sarif; ends with a newline."""
    from rules_engine.diagnostics.render import render

    text = render(findings, format, sources(findings), coloured)
    return text if text.endswith("\n") else text + "\n"


def exit_code(findings: Sequence[Diagnostic], strict: bool = False) -> int:
    """2, 1 or 0, as `report` says; with `strict` warnings count as errors."""
    stopping = [item for item in findings if item.severity is Severity.ERROR or (strict and item.severity is Severity.WARNING)]
    if any(item.code in ENVIRONMENT for item in stopping):
        return UNUSABLE
    return FINDINGS if stopping else DONE


def sources(findings: Sequence[Diagnostic]) -> Mapping[str, SourceFile]:
    """The texts that findings point into, read again; a file that cannot be read is left out."""
    from rules_engine.api import read_source
    from rules_engine.diagnostics.model import ContractError

    found: dict[str, SourceFile] = {}
    for name in {place.span.file for item in findings for place in item.places if place.span.file}:
        try:
            found[name] = read_source(name)
        except ContractError:
            continue
    return found
