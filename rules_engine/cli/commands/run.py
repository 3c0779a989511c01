"""`settle run`: one period of one contract becomes a statement."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rules_engine.api import diagnose_file, read_documents, render, settle
from rules_engine.cli.exits import DONE, FINDINGS
from rules_engine.cli.files import folder, write
from rules_engine.cli.findings import report
from rules_engine.cli.terminal import colour, note, print_result
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.model import Settlement


def run(options: Namespace) -> int:
    """Print the statement or write it to a file; 1 if a line could not be settled."""
    return shown(settled(options), options)


def shown(settlement: Settlement, options: Namespace) -> int:
    """A settlement as the options ask to see it; 1 if a line could not be settled."""
    format = options.format or _format_of(options.output)  # noqa: A001 - as in the library
    coloured = format == "text" and not options.output and colour(sys.stdout)
    text = render(settlement, format=format, lang=options.lang, view=options.view, colour=coloured)
    if options.output:
        folder(Path(options.output).parent)
        write(options.output, text)
        note(f"written: {options.output}")
    else:
        print_result(text)
    return max(report(settlement.diagnostics), _unsettled(settlement))


def settled(options: Namespace) -> Settlement:
    """The settlement that the options of `run` and `explain` ask for; warnings go to stderr."""
    program, findings = diagnose_file(options.contract, options.as_of, options.amendment)
    if program is None:
        raise ContractError(findings)
    report(findings)
    documents = read_documents(options.documents, program)
    report(documents.warnings)
    return settle(program, documents, options.period, options.posted, options.as_of)


def _format_of(output: str | None) -> str:
    ending = Path(output).suffix.lstrip(".").lower() if output else ""
    known = {"json": "json", "csv": "csv", "html": "html", "htm": "html", "xlsx": "xlsx", "pdf": "pdf"}
    return known.get(ending, "text")


def _unsettled(settlement: Settlement) -> int:
    if not settlement.unsettled:
        return DONE
    note(f"settle: {len(settlement.unsettled)} line(s) could not be settled; the statement names each with its reason")
    return FINDINGS
