"""Everything found wrong while reading documents, collected and worded: file, row, column, value, what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from rules_engine.core.builtin import COLUMNS_ZH
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic, Place, Severity
from rules_engine.documents.convert import Refusal, Words
from rules_engine.documents.locate import Locator
from rules_engine.record import dataclass
from rules_engine.source import Span

PRINTED = 200
"""Different faults of one run that are printed; the rest is counted."""

SHOWN_ROWS = 8
SHOWN_TEXT = 60


@dataclass(frozen=True, slots=True)
class _Cell:
    code: str
    file: str
    column: str
    position: int
    value: str
    reason: Words
    expected: Words


@dataclass(slots=True)
class Faults:
    """Collects faults in the contract's language; the same fault in many rows is told once with its rows."""

    language: str
    found: list[Diagnostic] = field(default_factory=list)
    _cells: dict[_Cell, list[int]] = field(default_factory=dict)
    _left_out: int = 0

    def add(
        self,
        code: str,
        file: str,
        text: Words,
        *,
        row: int = 1,
        position: int = 0,
        why: Words = ("", ""),
        fix: Words = ("", ""),
        also: Sequence[tuple[Span, Words]] = (),
        severity: Severity | None = None,
    ) -> None:
        """One finding about a file, a row or a column."""
        if len(self.found) >= PRINTED:
            self._left_out += 1
            return
        places = [(place(file, row, position), text), *also]
        self.found.append(diagnostic(code, self.language, places, why, fix, severity))

    def cell(self, file: str, row: int, position: int, column: str, value: str, refusal: Refusal) -> None:
        """A cell whose text is not the value its column asks for."""
        key = _Cell(refusal.code, file, column, position, value, refusal.reason, refusal.expected)
        if key in self._cells:
            self._cells[key].append(row)
        elif len(self._cells) < PRINTED:
            self._cells[key] = [row]
        else:
            self._left_out += 1

    @property
    def failed(self) -> bool:
        """Whether anything found stops the run."""
        return bool(self._cells) or any(item.severity is Severity.ERROR for item in self.found)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found, sorted by file, row and column; text files that are small are pointed into."""
        locator = Locator()
        found = [replace(item, places=tuple(_located(place, locator) for place in item.places)) for item in self.found]
        cells = [self._worded(cell, rows, locator) for cell, rows in self._cells.items()]
        rest = [self._rest()] if self._left_out else []
        return tuple(sorted([*found, *cells], key=lambda item: item.order)) + tuple(rest)

    def warnings(self) -> tuple[Diagnostic, ...]:
        """What was found and does not stop the run."""
        return tuple(item for item in self.diagnostics() if item.severity is not Severity.ERROR)

    def _worded(self, cell: _Cell, rows: list[int], locator: Locator) -> Diagnostic:
        text = _said(cell, rows[0])
        more = _more(rows)
        why = (cell.reason[0] + more[0], cell.reason[1] + more[1])
        fix = (f"expected {cell.expected[0]}", f"应为{cell.expected[1]}")
        span = locator.cell(place(cell.file, rows[0], cell.position), cell.column)
        return diagnostic(cell.code, self.language, [(span, text)], why, fix)

    def _rest(self) -> Diagnostic:
        why = (f"{several(self._left_out, 'further fault')} of these files", f"同一批文件中另有 {self._left_out:,} 处错误")
        return diagnostic(
            "SE0618", self.language, (), why, ("mend the ones above and read again", "先改正以上各处，再重新读取")
        )


def _located(found: Place, locator: Locator) -> Place:
    return replace(found, span=locator.cell(found.span))


def place(file: str, row: int, position: int = 0) -> Span:
    """Where a cell stands: line is the row, column the place in the header (from 1)."""
    return Span(file, row, position + 1, row, position + 2)


def _said(cell: _Cell, row: int) -> Words:
    spelled = next(iter(COLUMNS_ZH.get(cell.column, ())), cell.column)
    if not cell.value.strip():
        return (f"row {row}, column `{cell.column}` is blank", f"第 {row} 行，“{spelled}”列为空")
    shown = shorten(cell.value)
    return (f"row {row}, column `{cell.column}`: `{shown}`", f"第 {row} 行，“{spelled}”列：`{shown}`")


def several(count: int, noun: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def shorten(text: str) -> str:
    """A value short enough for one line."""
    line = text.replace("\n", "⏎").replace("\r", "")
    return line if len(line) <= SHOWN_TEXT else line[:SHOWN_TEXT] + "…"


def _more(rows: list[int]) -> Words:
    if len(rows) == 1:
        return ("", "")
    listed = ", ".join(map(str, rows[1 : SHOWN_ROWS + 1])) + (" …" if len(rows) > SHOWN_ROWS + 1 else "")
    return (f"; the same in {several(len(rows) - 1, 'more row')}: {listed}", f"；另有 {len(rows) - 1:,} 行相同：{listed}")
