"""Small programs, and one set of rows written in every format that can be read."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules_engine.core.builtin import BUILTIN_TYPES, OWN_TYPE_COLUMNS
from rules_engine.core.expressions import Aggregate, Column, Constant, Expression, Rounding, Source
from rules_engine.core.program import ColumnType, DocumentType, Header, Measure, PayTerm, Program
from rules_engine.core.units import Unit
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.model import Documents
from rules_engine.documents.read import read_documents
from rules_engine.values.period import WindowSpec

Rows = Sequence[Mapping[str, str]]

AUDIT = DocumentType(
    "audit", "audits", "none", "audited_on",
    {
        **OWN_TYPE_COLUMNS,
        "score": ColumnType("score", Unit.NUMBER, "number", Decimal(0), Decimal(100)),
        "grade": ColumnType("grade", Unit.TEXT, "text", choices=("good", "bad")),
        "passed": ColumnType("passed", Unit.YES_NO, "yes_no"),
        "wait": ColumnType("wait", Unit.DAYS, "days"),
        "doubled": ColumnType("doubled", Unit.NUMBER, "number", formula=Constant(Decimal(2), Unit.NUMBER)),
    },
)  # fmt: skip


def program(language: str = "en", *reads: tuple[str, str]) -> Program:
    """A program with an own type `audit` that shows sums of the columns (type, column) in `reads`."""
    header = Header(
        "GO-1", "Sample", "1", language, "", "Northgate", "S-1", "Golden Grain", "self_operated", None, date(2026, 1, 1),
        date(2027, 1, 1), "CNY", True, (), WindowSpec("month"), PayTerm(60, "days", "statement"), Decimal(0), "carried_forward",
        "settle in the period they arrive", "own_period", Rounding("half_up", Decimal("0.01")), "line", (1, 1), {}, {},
        "sample.contract",
    )  # fmt: skip
    measures = {f"{kind}_{name}": measure(kind, name) for kind, name in reads}
    return Program(header, {**BUILTIN_TYPES, "audit": AUDIT}, measures, {}, {}, ())


def measure(kind: str, name: str) -> Measure:
    """The sum of a column over a type."""
    total: Expression = Aggregate("sum", Column(name, Unit.MONEY), (Source(kind, 1),), None, Unit.MONEY)
    return Measure(f"{kind}_{name}", "", total, Unit.MONEY, shown=True)


SALE = {
    "doc_id": "A-1",
    "line_no": "1",
    "type": "sale",
    "date": "2026-03-05",
    "category": "rice",
    "quantity": "1",
    "paid": "70.00",
}


def rows(count: int = 3, **changes: str) -> list[dict[str, str]]:
    """`count` sales, A-1 to A-n, all with the changes."""
    return [{**SALE, "doc_id": f"A-{number}", **changes} for number in range(1, count + 1)]


def csv_text(table: Rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(
        out, list(dict.fromkeys(key for row in table for key in row)), delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()


def write_csv(path: Path, table: Rows) -> str:
    target = path / "documents.csv"
    target.write_text(csv_text(table), encoding="utf-8")
    return str(target)


def write_jsonl(path: Path, table: Rows) -> str:
    target = path / "documents.jsonl"
    target.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table), encoding="utf-8")
    return str(target)


def write_xlsx(path: Path, table: Rows) -> str:
    import xlsxwriter

    target = path / "documents.xlsx"
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        names = list(dict.fromkeys(key for row in table for key in row))
        for at, line in enumerate([dict(zip(names, names, strict=True)), *table]):
            for column, name in enumerate(names):
                sheet.write_string(at, column, line.get(name, ""))
    return str(target)


def write_parquet(path: Path, table: Rows) -> str:
    names = list(dict.fromkeys(key for row in table for key in row))
    return parquet(path, {name: [row.get(name, "") for row in table] for name in names})


def parquet(path: Path, columns: Mapping[str, Any]) -> str:
    """A Parquet file of whole columns, with page checksums."""
    from pyarrow import parquet as files, table

    target = path / "documents.parquet"
    files.write_table(table(dict(columns)), target, write_page_checksum=True)
    return str(target)


def write_sql(path: Path, table: Rows) -> str:
    names = list(dict.fromkeys(key for row in table for key in row))
    target = path / "documents.db"
    columns = ", ".join(f'"{name}" text' for name in names)
    with sqlite3.connect(target) as connection:
        connection.execute(f"create table documents ({columns})")
        marks = ", ".join("?" * len(names))
        connection.executemany(f"insert into documents values ({marks})", [[row.get(name) for name in names] for row in table])
    connection.close()
    return f"sql:sqlite:///{target}::select * from documents"


FORMATS: dict[str, Callable[[Path, Rows], str]] = {
    "csv": write_csv, "jsonl": write_jsonl, "xlsx": write_xlsx, "parquet": write_parquet, "sql": write_sql
}  # fmt: skip


def read(source: str | Path, language: str = "en", *reads: tuple[str, str]) -> Documents:
    return read_documents(source, program(language, *reads))


def faults(source: str | Path | Sequence[str | Path], language: str = "en", *reads: tuple[str, str]) -> list[Diagnostic]:
    """The diagnostics of a reading that must fail."""
    try:
        read_documents(source, program(language, *reads))
    except ContractError as error:
        return list(error.diagnostics)
    raise AssertionError("everything was read")


def codes(source: str | Path | Sequence[str | Path], language: str = "en", *reads: tuple[str, str]) -> list[str]:
    return [item.code for item in faults(source, language, *reads)]


def warned(documents: Documents) -> list[str]:
    return [item.code for item in documents.warnings]
