"""`settle run`: one period of one contract becomes a statement."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from rules_engine.api import read_documents, render, settle
from rules_engine.cli.checked import diagnosed
from rules_engine.cli.exits import DONE, FINDINGS
from rules_engine.cli.files import folder, write
from rules_engine.cli.findings import report
from rules_engine.cli.templates import one, opened
from rules_engine.cli.terminal import colour, note, print_result
from rules_engine.core.program import Program
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.settle import period_of

if TYPE_CHECKING:
    from rules_engine.many import ManyContracts

OTHERS = "SW0692"
"""Rows of another contract; among the contracts of one template they are what was to be expected."""
FOLDER = "several contracts make several statements; only text is printed one below the other"


def run(options: Namespace) -> int:
    """Print the statement or write it to a file; 1 if a line could not be settled. A template gives a statement a contract."""
    many = opened(options) if options.parameters else None
    ids = (options.ids or list(many)) if many else []
    if many is None or len(ids) == 1:
        return shown(settled(options, many), options, options.output)
    if not options.output and (options.format or "text") != "text":
        raise ContractError([diagnostic("SE0835", "en", why=(FOLDER, FOLDER), fix=("-o statements",) * 2)])
    return max(_one_of_several(many, contract, options) for contract in ids)


def _one_of_several(many: ManyContracts, contract: str, options: Namespace) -> int:
    """The statement of one contract, printed or in a file of its own in the folder of `-o`."""
    try:
        settlement = _settled(options, *many.diagnose(contract))
    except ContractError as error:
        return report(error.diagnostics)
    output = str(Path(options.output) / f"{contract}.{options.format or 'json'}") if options.output else None
    return shown(settlement, options, output)


def shown(settlement: Settlement, options: Namespace, output: str | None) -> int:
    """The statement on stdout or in its file, and the exit code."""
    format = options.format or _format_of(output)  # noqa: A001 - as in the library
    coloured = format == "text" and not output and colour(sys.stdout)
    rendered = render(settlement, format=format, lang=options.lang, view=options.view, colour=coloured)
    if output:
        folder(Path(output).parent)
        write(output, rendered)
        note(f"written: {output}")
    else:
        print_result(rendered)
    return max(report(settlement.diagnostics), _unsettled(settlement))


def settled(options: Namespace, many: ManyContracts | None = None) -> Settlement:
    """The settlement that the options of `run` and `explain` ask for; warnings go to stderr."""
    if options.parameters:
        many = many or opened(options)
        return _settled(options, *many.diagnose(one(options, many)))
    return _settled(options, *_known(options))


def _known(options: Namespace) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The contract as it was known: on the day given, else on the period's last day."""
    program, findings = diagnosed(options.contract, options.as_of, options.amendment)
    if program is None or options.as_of or not program.header.amended:
        return program, findings
    period = period_of(program, options.period)
    if all(known < period.end for _, known in program.header.amended):
        return program, findings
    return diagnosed(options.contract, period.last, options.amendment)


def _settled(options: Namespace, program: Program | None, findings: tuple[Diagnostic, ...]) -> Settlement:
    if program is None:
        raise ContractError(findings)
    report(findings)
    documents = read_documents(options.documents, program)
    report([each for each in documents.warnings if not (options.parameters and each.code == OTHERS)])
    return settle(program, documents, options.period, options.posted, options.as_of, options.book)


def _format_of(output: str | None) -> str:
    ending = Path(output).suffix.lstrip(".").lower() if output else ""
    known = {"json": "json", "csv": "csv", "html": "html", "htm": "html", "xlsx": "xlsx", "pdf": "pdf"}
    return known.get(ending, "text")


def _unsettled(settlement: Settlement) -> int:
    if not settlement.unsettled:
        return DONE
    note(f"settle: {len(settlement.unsettled)} line(s) could not be settled; the statement names each with its reason")
    return FINDINGS
