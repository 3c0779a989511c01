"""Plays the scenarios of a contract: tables become documents, `settle` lines settle in order, expectations are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal

from rules_engine.core.builtin import GENERAL_NAMES, PLURALS
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.model import Documents
from rules_engine.documents.read import from_rows
from rules_engine.record import dataclass
from rules_engine.scenarios.compare import compared
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import PostedStatement, as_posted
from rules_engine.settlement.settle import settle
from rules_engine.source import Span
from rules_engine.syntax.tree import Block, ContractText, Field, Group, Name, Text

GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
WRITTEN = re.compile(r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)(万亿|万|亿)?(?:元|人民币)?")
PLACES = {"万": 4, "亿": 8, "万亿": 12}
AMOUNTS = frozenset(("amount", "quantity", "number"))


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario after its run: no `findings` means it passed."""

    title: str
    span: Span
    findings: tuple[Diagnostic, ...]
    settlements: tuple[Settlement, ...]


@dataclass(slots=True)
class Stage:
    """What a scenario has brought on so far."""

    program: Program
    rows: list[dict[str, str]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    posted: list[PostedStatement] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


def play(tree: ContractText, program: Program) -> tuple[Played, ...]:
    """Every scenario of the contract, in file order."""
    return tuple(_played(block, program) for block in tree.blocks if block.kind == "scenario")


def _played(block: Block, program: Program) -> Played:
    stage = Stage(program)
    try:
        for part in block.fields:
            _play(part, stage)
    except ContractError as error:
        stage.findings.extend(error.diagnostics)
    return Played(block.title or block.id, block.span, tuple(stage.findings), tuple(stage.settlements))


def _play(part: Field, stage: Stage) -> None:
    if part.key == "table":
        known_on = _arrival(stage)
        rows = _rows(part, len(stage.rows), _amounts(stage.program))
        stage.rows.extend(_own({**known_on, **row}, stage.program) for row in rows)
        stage.spans.extend(item.span for item in part.items if isinstance(item, Group) and item.key == "row")
    elif part.key in ("settle", "accrue"):
        settlement = _settle(part, stage)
        stage.findings.extend(compared(part, settlement))


def _documents(stage: Stage) -> Documents:
    """The rows so far as documents; a fault found in a cell is shown where its row stands in the contract."""
    name = f"{stage.program.header.file} scenario"
    try:
        return from_rows(stage.rows, stage.program, name)
    except ContractError as error:
        raise ContractError(_replaced(finding, name, stage.spans) for finding in error.diagnostics) from error


def _replaced(finding: Diagnostic, name: str, spans: Sequence[Span]) -> Diagnostic:
    places = tuple(
        replace(place, span=spans[place.span.line - 1]) if place.span.file == name and place.span.line <= len(spans) else place
        for place in finding.places
    )
    return replace(finding, places=places)


def _amounts(program: Program) -> frozenset[str]:
    """The columns that hold numbers in every document type that has them."""
    kinds: dict[str, set[str]] = {}
    for column in (column for kind in program.types.values() for column in kind.columns.values()):
        kinds.setdefault(column.name, set()).add(column.kind)
    return frozenset(name for name, found in kinds.items() if found <= AMOUNTS)


def _rows(table: Field, before: int, amounts: frozenset[str]) -> Iterator[dict[str, str]]:
    groups = [item for item in table.items if isinstance(item, Group)]
    columns = [name.id for group in groups if group.key == "columns" for name in group.items if isinstance(name, Name)]
    lines = [group for group in groups if group.key == "row"]
    for number, line in enumerate(lines, start=before + 1):
        cells = [cell.value.strip() for cell in line.items if isinstance(cell, Text)]
        row = {column: _plain(cell, column in amounts) for column, cell in zip(columns, cells, strict=False) if cell}
        yield {"doc_id": f"row {number}", **row}


def _own(row: dict[str, str], program: Program) -> dict[str, str]:
    """A row of the contract's own type that took a general name: `invoices` was read as the built-in `invoice`."""
    taken = next((plural for plural, name in PLURALS.items() if name == row.get("type") and name in GENERAL_NAMES), "")
    return {**row, "type": taken} if taken in program.types and row["type"] not in program.types else row


def _plain(cell: str, amount: bool) -> str:
    """Numbers are written in a scenario as anywhere in contract text: `1,200`, and an amount `120万元`."""
    found = WRITTEN.fullmatch(cell) if amount else None
    if found is None or cell[-1].isdigit():
        return cell.replace(",", "") if GROUPED.fullmatch(cell) else cell
    figure = found.group(1)
    if "," in figure and not GROUPED.fullmatch(figure):
        return cell
    return format(Decimal(figure.replace(",", "")).scaleb(PLACES.get(found.group(2), 0)), "f")


def _arrival(stage: Stage) -> Mapping[str, str]:
    """A table that stands below a `settle` line arrives after that period."""
    if not stage.settlements:
        return {}
    return {"known_on": max(item.period.end for item in stage.settlements).isoformat()}


def _settle(part: Field, stage: Stage) -> Settlement:
    period = next(item.value for item in part.items if isinstance(item, Text))
    program = stage.program
    documents = _documents(stage)
    book = "accrual" if part.key == "accrue" else "settled"
    settlement = settle(program, documents, period, stage.posted, None, book=book)
    stage.settlements.append(settlement)
    stage.posted.append(as_posted(settlement))
    return settlement
