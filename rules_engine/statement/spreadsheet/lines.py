"""The sheets of lines: one row a line, the amount as target less posted, and every step of its calculation."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from rules_engine.settlement.model import Line, Settlement
from rules_engine.settlement.papers import paper_of
from rules_engine.statement.cells import COLUMNS, beside, line_cells
from rules_engine.statement.explain import explain_line
from rules_engine.statement.numbers import percent_text
from rules_engine.statement.spreadsheet.book import Book, Cell, Formula, Sheet, keeps, places
from rules_engine.statement.words import Words

NAMES = ("direction", "amount", "net_of_vat", "vat", "paper")
"""The columns that formulas of the summary name."""
WIDTHS = {"id": 24, "title": 30, "group": 18, "amount": 14, "unrounded": 16, "reference": 16, "paper": 22}


def write_lines(book: Book, settlement: Settlement, words: Words) -> None:
    """The settled lines; their columns get the names the summary's formulas use."""
    sheet = Sheet(book, words("sheet.lines"))
    found = [(line, "") for line in settlement.lines]
    first, last = _table(sheet, found, words)
    headings = (*COLUMNS, "paper")
    for name in NAMES:
        book.define(name, sheet.name, headings.index(name), (first, last))


def write_beside(book: Book, settlement: Settlement, words: Words) -> None:
    """What moves none of the supplier's money now, if there is any."""
    found = list(beside(settlement))
    if found:
        _table(Sheet(book, words("sheet.beside")), found, words)


def write_steps(book: Book, settlement: Settlement, words: Words) -> None:
    """How each line was calculated, step by step."""
    sheet = Sheet(book, words("sheet.steps"))
    sheet.widths(24, 52, 44, 18, 10)
    sheet.head(
        [words("csv.id"), words("sheet.step"), words("sheet.formula"), words("csv.amount"), words("csv.documents")], repeat=True
    )
    for line in (*settlement.lines, *(line for line, _ in beside(settlement))):
        for said in explain_line(line, settlement.program, words.language, words.view):
            indented = "    " * said.depth + said.name
            sheet.write([line.id, indented, said.formula, said.result, said.count or None], text_wrap=True)


def paper_name(paper: str, rate: Decimal | None, words: Words) -> str:
    """A part of the invoice plan: the paper and its VAT rate."""
    return f"{words('paper.' + paper)} · {words('no_vat') if rate is None else percent_text(rate)}"


def _table(sheet: Sheet, found: Iterable[tuple[Line, str]], words: Words) -> tuple[int, int]:
    headings = (*COLUMNS, "paper")
    sheet.widths(*(WIDTHS.get(name, 12) for name in headings))
    first = sheet.head([words("paper") if name == "paper" else words("csv." + name) for name in headings], repeat=True) + 1
    last = first
    for line, account in found:
        last = sheet.write(_row(line, account, sheet.row + 1, words))
    sheet.sheet.autofilter(first - 2, 0, last - 1, len(headings) - 1)
    sheet.printed(COLUMNS.index("amount") + 1)
    return first, last


def _row(line: Line, account: str, row: int, words: Words) -> list[Cell]:
    cells: dict[str, Cell] = dict(zip(COLUMNS, line_cells(line, account), strict=True))
    if line.target - line.posted == line.amount and keeps(line.target) and keeps(line.posted):
        cells["amount"] = _difference("target", "posted", line.amount, row)
    if keeps(line.amount) and keeps(line.papers.net_of_vat):
        cells["vat"] = _difference("amount", "net_of_vat", line.papers.vat, row)
    return [*cells.values(), paper_name(paper_of(line), line.papers.vat_rate, words)]


def _difference(whole: str, part: str, value: Decimal, row: int) -> Formula:
    cells = (f"{chr(ord('A') + COLUMNS.index(name))}{row}" for name in (whole, part))
    return Formula(f"=ROUND({'-'.join(cells)},{places(value)})", value)
