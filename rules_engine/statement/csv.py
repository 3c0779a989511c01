"""Statements as CSV: one row a line, cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

from rules_engine.settlement.model import Settlement
from rules_engine.statement.cells import COLUMNS, Cell, beside, line_cells
from rules_engine.statement.clean import one_line
from rules_engine.statement.numbers import decimal_text
from rules_engine.statement.words import Words

_FORMULA = re.compile(r"""(^|[,;|"'\t\r\n])(\s*)(?=[=+\-@＝＋－＠\t\r\n])""")
BYTE_ORDER_MARK = "\ufeff"


def render_csv(settlement: Settlement, language: str, guard: bool = True) -> str:
    """The lines, then those that move no money of the supplier's now. `guard` puts an apostrophe where a spreadsheet would
    read a formula: turn it off for machines only. Chinese files begin with a byte order mark, without which spreadsheets
    misread them."""
    words = Words(language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([words("csv." + column) for column in COLUMNS])
    for line, account in (*((line, "") for line in settlement.lines), *beside(settlement)):
        writer.writerow([_text(cell, guard) for cell in line_cells(line, account)])
    return (BYTE_ORDER_MARK if language == "zh" else "") + out.getvalue()


def _text(cell: Cell, guard: bool) -> str:
    if isinstance(cell, Decimal):
        return decimal_text(cell)
    if isinstance(cell, str):
        return guarded(one_line(cell)) if guard else cell
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else str(cell)


def guarded(text: str) -> str:
    """The text with an apostrophe before every character a spreadsheet could start a formula with."""
    return _FORMULA.sub(r"\1'\2", text)
