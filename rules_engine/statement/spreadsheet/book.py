"""A workbook and its sheets: cells that hold every digit, formulas that carry the value they must come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError
from rules_engine.extras import library
from rules_engine.record import dataclass
from rules_engine.statement.clean import block

DIGITS = 15
"""The digits a spreadsheet keeps of a number; one with more stands as text and no formula counts it."""
TEXT_LIMIT = 32_767
ROW_LIMIT = 1_048_576
FONT = "Arial"
WHY: Words = ("workbooks are written through `{name}`, which is not installed.", "工作簿由 `{name}` 写出，目前没有安装。")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it comes to, which readers that do not calculate show."""

    text: str
    value: Decimal | str


Cell = str | int | Decimal | date | Formula | None


def keeps(value: Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of the number."""
    digits = value.as_tuple().digits
    return len(digits) <= DIGITS or len("".join(map(str, digits)).strip("0")) <= DIGITS


def places(value: Decimal) -> int:
    """How many decimals the number is written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class Sheet:
    """A sheet written from top to bottom."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name, self.row = book, name, 0
        self.sheet = book.writer.add_worksheet(name)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C&P / &N")

    def write(self, cells: Iterable[Cell], **style: object) -> int:
        """Write the next row, None for an empty cell; gives its number, counted from 1 as a reader does."""
        if self.row >= ROW_LIMIT:
            raise ContractError([_too_long(self.name)])
        for column, cell in enumerate(cells):
            self._cell(column, cell, style)
        self.row += 1
        return self.row

    def head(self, cells: Sequence[str], repeat: bool = False) -> int:
        """Write a row of headings; `repeat` keeps it in sight, on paper and on the screen."""
        if repeat:
            self.sheet.freeze_panes(self.row + 1, 0)
            self.sheet.repeat_rows(self.row)
        return self.write(cells, bold=True, bottom=1)

    def title(self, text: str) -> None:
        """Write the sheet's title, larger than the rest."""
        self.sheet.set_row(self.row, 24)
        self.write([text], bold=True, font_size=16)

    def printed(self, columns: int) -> None:
        """Print only the first columns; the rest is for looking up on the screen."""
        self.sheet.print_area(0, 0, self.row - 1, columns - 1)

    def widths(self, *widths: float) -> None:
        """Column widths in characters, from the left."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def _cell(self, column: int, cell: Cell, style: dict[str, object]) -> None:
        sheet, row = self.sheet, self.row
        if cell is None:
            return
        if isinstance(cell, Formula):
            shown, number = (cell.value, "General") if isinstance(cell.value, str) else (cell.value, _number(cell.value))
            sheet.write_formula(row, column, cell.text, self.book.style(num_format=number, **style), shown)
        elif isinstance(cell, Decimal) and keeps(cell):
            sheet.write_number(row, column, cell, self.book.style(num_format=_number(cell), **style))
        elif isinstance(cell, Decimal):
            sheet.write_string(row, column, format(cell, "f"), self.book.style(num_format="@", align="right", **style))
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self.book.style(num_format="yyyy-mm-dd", align="left", **style))
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self.book.style(**style))
        else:
            text = block(cell)
            sheet.write_string(
                row, column, text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…", self.book.style(**style)
            )


class Book:
    """A workbook in memory. The same cells give the same bytes: it is dated by the statement, not by the clock."""

    def __init__(self, day: date, language: str) -> None:
        self._bytes = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        self.writer: Any = library("xlsxwriter", "xlsx", WHY, language).Workbook(self._bytes, options)
        self.writer.set_properties({"created": datetime.combine(day, time())})
        self._styles: dict[tuple[tuple[str, object], ...], Any] = {}

    def style(self, **wanted: object) -> Any:
        """One format for equal wishes."""
        key = tuple(sorted(wanted.items()))
        if key not in self._styles:
            self._styles[key] = self.writer.add_format({"font_name": FONT, "font_size": 10, "valign": "top", **wanted})
        return self._styles[key]

    def define(self, name: str, sheet: str, column: int, rows: tuple[int, int]) -> None:
        """Name a column's cells for formulas; `rows` are the first and last, counted from 1."""
        letters = library("xlsxwriter.utility", "xlsx", WHY).xl_col_to_name(column, col_abs=True)
        self.writer.define_name(name, f"='{sheet}'!{letters}${rows[0]}:{letters}${rows[1]}")

    def finished(self) -> bytes:
        """The workbook's bytes; nothing can be written after."""
        self.writer.close()
        return self._bytes.getvalue()


def _number(value: Decimal) -> str:
    decimals = places(value)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _too_long(name: str) -> Any:
    why = (
        f"the sheet {name!r} would have more than {ROW_LIMIT:,} rows, the most a workbook holds.",
        f"工作表“{name}”将超过 {ROW_LIMIT:,} 行，这是工作簿的上限。",
    )
    return diagnostic("SE0803", "en", (), why, ("take --format csv or json.", "请用 --format csv 或 json。"))
