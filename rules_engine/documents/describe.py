"""Empty tables to fill in: the headers a contract's documents need, in either language, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES, CLOCK_WORDS, COLUMNS_ZH, IDENTITY, TYPES_ZH
from rules_engine.core.program import ColumnType, DocumentType, Program
from rules_engine.documents.schema import Schema, schema_of
from rules_engine.record import dataclass
from rules_engine.values.exact import plain

KINDS = {
    "text": ("text", "文本"),
    "amount": ("amount, such as 1234.50", "金额，例如 1234.50"),
    "quantity": ("number of units", "数量"),
    "number": ("number", "数字"),
    "percent": ("rate, such as 13%", "比率，例如 13%"),
    "days": ("whole days", "整数天数"),
    "date": ("day, such as 2026-03-05", "日期，例如 2026-03-05"),
    "moment": ("moment, such as 2026-03-05 14:30", "时刻，例如 2026-03-05 14:30"),
    "yes_no": ("yes or no", "是 或 否"),
}
REQUIRED = ("type", "doc_id")
ALWAYS = ("type", "doc_id", "line_no", "date")
RETURNS = ("ref_doc_id", "ref_line_no")
TITLES = (("Documents", "Columns"), ("单据", "说明"))
GUIDE = (("column", "what it holds", "needed", "types"), ("列", "内容", "必填", "适用于"))
POSTED = ("posted", "入账")
COLUMN_WIDTH = 16


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a template: its `header` in the reader's language, what it holds, and the types that use it."""

    name: str
    header: str
    holds: str
    required: bool
    types: tuple[str, ...]


def headings(program: Program, language: str | None = None) -> tuple[Heading, ...]:
    """The columns that the contract's documents need, in reading order; `language` is the contract's unless given."""
    schema = schema_of(program)
    chosen = int((language or schema.language) == "zh")
    types = types_read(program)
    wanted = _wanted(program, schema, types)
    return tuple(
        _heading(name, schema, [kind for kind in types if name in schema.columns(kind.name)], chosen) for name in wanted
    )


def types_read(program: Program) -> tuple[DocumentType, ...]:
    """The document types that a clause or a shown measure reads, in the order they are declared."""
    schema = schema_of(program)
    read = {kind for kind, _ in schema.reads}
    return tuple(kind for name, kind in schema.types.items() if name in read)


def csv_template(program: Program, language: str | None = None) -> str:
    """A CSV file with the header row alone."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([heading.header for heading in headings(program, language)])
    return out.getvalue()


def write_xlsx_template(path: Path, program: Program, language: str | None = None) -> None:
    """A workbook: one sheet to fill in, its amounts kept as text so that no digit is lost, and one that explains the columns."""
    import xlsxwriter

    chosen = int((language or program.header.language) == "zh")
    columns = headings(program, language)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet, guide = (book.add_worksheet(title) for title in TITLES[chosen])
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.header, bold)
            sheet.set_column(at, at, COLUMN_WIDTH, text)
        sheet.freeze_panes(1, 0)
        names = [_type_name(kind, chosen) for kind in types_read(program)]
        if names and len(",".join(names)) <= 255:
            sheet.data_validation(1, 0, 100_000, 0, {"validate": "list", "source": names})
        for row, cells in enumerate([GUIDE[chosen], *_explained(columns, chosen)]):
            for at, cell in enumerate(cells):
                guide.write_string(row, at, cell, bold if row == 0 else None)


def _explained(columns: Sequence[Heading], chosen: int) -> list[tuple[str, str, str, str]]:
    needed = ("yes", "是")[chosen]
    return [(column.header, column.holds, needed if column.required else "", ", ".join(column.types)) for column in columns]


def _wanted(program: Program, schema: Schema, types: Sequence[DocumentType]) -> list[str]:
    """Identity and clocks first, then what is read or grouped by, in the order of the built-in columns, then own ones."""
    read = {name for _, name in schema.reads} | {name for clause in program.clauses.values() for name in clause.per}
    clocks = [kind.clock for kind in types if kind.clock != "date"]
    returns = RETURNS if any(kind.side == "receivable" for kind in types) else ()
    known = dict.fromkeys([*BUILTIN_COLUMNS, *(name for kind in types for name in kind.columns)])
    rest = [name for name in known if name in read and _readable(name, schema, types)]
    return list(dict.fromkeys([*ALWAYS, *clocks, *returns, *rest]))


def _readable(name: str, schema: Schema, types: Sequence[DocumentType]) -> bool:
    columns = [schema.columns(kind.name).get(name) for kind in types]
    return any(column is not None and column.formula is None for column in columns)


def _heading(name: str, schema: Schema, types: Sequence[DocumentType], chosen: int) -> Heading:
    column = next((schema.columns(kind.name)[name] for kind in types), BUILTIN_COLUMNS.get(name))
    header = COLUMNS_ZH[name][0] if chosen and name in COLUMNS_ZH else name
    required = name in REQUIRED or any(kind.clock == name for kind in types)
    names = () if name in IDENTITY else tuple(_type_name(kind, chosen) for kind in types)
    return Heading(name, header, _holds(name, column, types, chosen), required, names)


def _holds(name: str, column: ColumnType | None, types: Sequence[DocumentType], chosen: int) -> str:
    if name == "type":
        return ("one of the types in the contract", "合同中的单据类型之一")[chosen]
    if column is None:
        return KINDS["text"][chosen]
    said = ", ".join(column.choices) or KINDS[column.kind][chosen]
    if column.low is not None or column.high is not None:
        said += " " + "–".join(plain(bound) if bound is not None else "…" for bound in (column.low, column.high))
    days = dict.fromkeys(
        CLOCK_WORDS.get(kind.name, POSTED)[chosen] for kind in types if kind.clock == name and kind.name in BUILTIN_TYPES
    )
    return said + (f" ({', '.join(days)})" if days else "")


def _type_name(kind: DocumentType, chosen: int) -> str:
    return TYPES_ZH[kind.name][0] if chosen and kind.name in TYPES_ZH else kind.name
