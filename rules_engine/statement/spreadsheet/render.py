"""A statement as a workbook (XLSX): summary, lines, calculation, what was left out, receipt."""

from __future__ import annotations

from collections.abc import Iterator

from rules_engine.settlement.model import Settlement
from rules_engine.statement.layout import of_period
from rules_engine.statement.naming import clause_title, control_text, document_name, file_name, group_text
from rules_engine.statement.numbers import last_day
from rules_engine.statement.periods import period_text
from rules_engine.statement.reasons import exception_text, reason_text
from rules_engine.statement.spreadsheet.book import Book, Cell, Sheet
from rules_engine.statement.spreadsheet.lines import write_beside, write_lines, write_steps
from rules_engine.statement.spreadsheet.summary import write_summary
from rules_engine.statement.words import Words


def render_xlsx(settlement: Settlement, language: str, view: str) -> bytes:
    """The workbook's bytes, the same for the same settlement. Totals are formulas over the lines, each with a cell that says
    whether it still comes to what was settled. Raises `ContractError` where XlsxWriter is not installed (extra `xlsx`)."""
    words = Words(language, view)
    book = Book(last_day(settlement.period), language)
    for write in (write_summary, write_lines, write_beside, write_steps, _write_left_out, _write_receipt):
        write(book, settlement, words)
    return book.finished()


def _write_left_out(book: Book, settlement: Settlement, words: Words) -> None:
    rows = list(_left_out(settlement, words))
    if not rows:
        return
    sheet = Sheet(book, words("sheet.left_out"))
    sheet.widths(30, 44, 18, 60, 30)
    for row in rows:
        sheet.write(row, text_wrap=True)


def _left_out(settlement: Settlement, words: Words) -> Iterator[list[Cell]]:
    """(what it is, its name, day or window, why, where it stands)"""
    program = settlement.program
    for item in settlement.unsettled:
        name = f"{clause_title(item.clause, program)}{group_text(item.group)}"
        yield [
            words("unsettled"),
            name,
            period_text(item.window, words),
            reason_text(item.reason, words),
            ", ".join(item.missing),
        ]
    for label, documents in (("unused", of_period(settlement.unused)), ("duplicates", settlement.duplicates)):
        for left in documents:
            yield [
                words(label),
                document_name(left, program, words),
                left.date,
                reason_text(left.reason, words),
                file_name(left.place),
            ]
    for odd in settlement.exceptions:
        yield [words("exceptions"), f"{odd.id}/{odd.line}", odd.date, exception_text(odd, words), file_name(odd.place)]
    for found in settlement.diagnostics:
        yield [words("findings"), found.code, None, found.why, found.fix]


def _write_receipt(book: Book, settlement: Settlement, words: Words) -> None:
    receipt, sheet = settlement.receipt, Sheet(book, words("receipt"))
    sheet.widths(44, 70)
    rows = (
        ("contract_hash", receipt.contract_sha256), ("documents_hash", receipt.documents_sha256),
        ("engine", receipt.engine), ("calendar", receipt.calendar),
    )  # fmt: skip
    for label, value in rows:
        sheet.write([words(label), value])
    sheet.write([])
    sheet.head([words("control_totals"), ""])
    for key in sorted(receipt.control_totals):
        sheet.write([control_text(key, settlement.program, words), receipt.control_totals[key]])
