"""Contract, document and statement blocks: what they give, as the text a page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rules_engine.api import diagnose, settle
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError, Diagnostic, Place
from rules_engine.diagnostics.render import render as render_findings
from rules_engine.diagnostics.width import padded, width
from rules_engine.documents.model import Documents
from rules_engine.documents.read import read_documents
from rules_engine.settlement.model import Settlement
from rules_engine.source import SourceFile, Span

DOCS = Path(__file__).parents[2] / "docs"
BASES = {"en": DOCS / "_base.contract", "zh": DOCS / "_base.zh.contract"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A contract block after the checker: the program, the findings, and the texts they point into."""

    program: Program | None
    findings: tuple[Diagnostic, ...]
    sources: dict[str, SourceFile]
    offset: int = 0
    base: str = ""

    def counted(self, findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings with lines counted from the block's own first line."""
        contract = next(iter(self.sources))
        return (
            tuple(_shifted(finding, contract, self.offset, self.base) for finding in findings) if self.base else tuple(findings)
        )

    @property
    def shown(self) -> str:
        """The findings as a page shows them."""
        return trimmed(render_findings(self.findings, "text", self.sources, False))


def check_whole(text: str, name: str) -> Checked:
    """A `contract` block."""
    source = SourceFile(name, text)
    program, findings = diagnose(source)
    return Checked(program, findings, {name: source})


def check_clause(text: str, language: str, name: str) -> Checked:
    """A `clause` block: the page's text below the shared base; lines are counted from the block's own first line."""
    base = BASES[language].read_text(encoding="utf-8").rstrip("\n") + "\n\n"
    offset = base.count("\n")
    program, findings = diagnose(SourceFile(name, base + text))
    frame = BASES[language].name
    sources = {name: SourceFile(name, text), frame: SourceFile(frame, base)}
    shifted = tuple(_shifted(finding, name, offset, frame) for finding in findings)
    return Checked(program, shifted, sources, offset, frame)


def trimmed(text: str) -> str:
    """Without blanks at line ends and without blank lines at the end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


def read(folder: Path, name: str, program: Program) -> Documents:
    """The documents of a `documents` block, already written to `folder`."""
    return read_documents([folder / name], program)


def findings_of_reading(folder: Path, name: str, program: Program) -> tuple[Diagnostic, ...]:
    """What a reader says of a `documents` block, warnings included."""
    try:
        return read(folder, name, program).warnings
    except ContractError as error:
        return error.diagnostics


def findings_of_settling(program: Program, documents: Documents, period: str) -> tuple[Diagnostic, ...]:
    """What settling says."""
    try:
        return settle(program, documents, period).diagnostics
    except ContractError as error:
        return error.diagnostics


def shown_findings(findings: Sequence[Diagnostic], sources: dict[str, SourceFile], folder: Path) -> str:
    """Findings as a page shows them, without the folder they were made in."""
    return trimmed(render_findings(findings, "text", sources, False).replace(f"{folder}/", ""))


def lines_table(settlement: Settlement) -> str:
    """`clause | group | amount`, one row a line, and the net; what could not be settled says so."""
    rows = [("clause", "group", "amount")]
    rows += [(line.clause, " ".join(line.group.values()), f"{line.amount:,}") for line in (*settlement.lines, *settlement.goods)]
    rows += [(line.clause, " ".join(line.group.values()), f"{line.amount:,} pending") for line in settlement.pending]
    rows += [(item.clause, " ".join(item.group.values()), "unsettled") for item in settlement.unsettled]
    rows.append(("net", "", f"{settlement.totals.net:,}"))
    return aligned(rows)


def aligned(rows: Sequence[tuple[str, str, str]]) -> str:
    """Rows with columns under each other."""
    widths = [max(width(row[place]) for row in rows) for place in range(2)]
    return trimmed("\n".join(f"{padded(one, widths[0])} | {padded(two, widths[1])} | {three}" for one, two, three in rows))


def same_table(one: str, other: str) -> bool:
    """Whether two tables hold the same cells; their widths and a header row do not matter."""
    return _cells(one) == _cells(other)


def _cells(text: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter="|") if row]
    return [row for row in rows if row != ["clause", "group", "amount"]]


def _shifted(finding: Diagnostic, contract: str, offset: int, base: str) -> Diagnostic:
    return replace(finding, places=tuple(_moved(place, contract, offset, base) for place in finding.places))


def _moved(place: Place, contract: str, offset: int, base: str) -> Place:
    span = place.span
    if span.file != contract:
        return place
    if span.line <= offset:
        return replace(place, span=replace(span, file=base))
    return replace(place, span=Span(span.file, span.line - offset, span.column, span.end_line - offset, span.end_column))
