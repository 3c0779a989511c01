"""XLSX files through python-calamine: cached values of formulas, numbers only where a spreadsheet keeps them exactly."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from rules_engine.core.builtin import COLUMN_NAMES
from rules_engine.documents.damaged import Damaged, Item
from rules_engine.values.exact import plain

RATIO_LIMIT = 100
SMALL = 1024**2
SIZE_LIMIT = 1024**3
PARTS_LIMIT = 10_000
EXACT_DIGITS = 15


def read_xlsx(path: Path) -> Iterator[Item]:
    """Every sheet with a column for the document type; the only sheet with anything on it, whatever its header."""
    refuse_bombs(path)
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    failed = failed_cells(path)
    sheets = [(name, list(book.get_sheet_by_name(name).to_python(skip_empty_area=False))) for name in book.sheet_names]
    filled = [(name, rows) for name, rows in sheets if any(map(any, rows))]
    chosen = [(name, rows) for name, rows in filled if _has_type(rows)] or filled[:1]
    for name, rows in chosen:
        yield from _table(name if len(chosen) > 1 else "", rows, failed.get(name, {}))


def refuse_bombs(path: Path) -> None:
    """Refuse an archive that would unpack to much more than it is."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    swollen = any(part.file_size > SMALL and part.file_size > RATIO_LIMIT * part.compress_size for part in parts)
    if len(parts) > PARTS_LIMIT or total > SIZE_LIMIT or swollen:
        raise Damaged(
            "SE0613", f"it unpacks to {total:,} bytes, more than is plausible", f"解压后为 {total:,} 字节，超出合理范围"
        )


def _has_type(rows: Sequence[Sequence[object]]) -> bool:
    header = next((row for row in rows if any(_filled(row))), ())
    return any(COLUMN_NAMES.get(str(cell).strip().lower()) == "type" for cell in header)


def _filled(row: Sequence[object]) -> list[bool]:
    return [cell not in ("", None) for cell in row]


def _table(part: str, rows: Sequence[Sequence[object]], failed: dict[tuple[int, int], str]) -> Iterator[Item]:
    start = next(index for index, row in enumerate(rows) if any(_filled(row)))
    header = [text_of(cell) or "" for cell in rows[start]]
    yield {"header": header, "first": start + 2, "part": part}
    for index, row in enumerate(rows[start + 1 :], start + 1):
        texts = [text_of(cell) for cell in row]
        yield [text or "" for text in texts]
        for position, text in enumerate(texts):
            if text is None:
                yield {"mark": "inexact", "position": position, "value": repr(row[position])}
            elif (index, position) in failed:
                yield {"mark": "error", "position": position, "value": failed[index, position]}


def text_of(cell: object) -> str | None:
    """A cell as text; None for a number with more digits than a spreadsheet keeps."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return _number(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _number(cell: float) -> str | None:
    exact = Decimal(repr(cell))
    if not exact.is_finite():
        return str(cell)
    digits = len(exact.normalize().as_tuple().digits)
    return plain(exact) if max(digits, exact.adjusted() + 1) <= EXACT_DIGITS else None


def failed_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet → (row, column from 0) → the error a formula left there, such as `#DIV/0!`."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(path) as archive:
        for name, part in _sheet_parts(archive).items():
            text = archive.read(part)
            found[name] = {_position(cell[1], cell[2]): cell[3].decode() for cell in _FAILED.finditer(text)}
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its part in the archive."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        raise Damaged("SE0612", "it is not a spreadsheet", "不是电子表格文件")
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - in the child, under its limits
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - same
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = ((sheet.get("name", ""), targets.get(sheet.get(_LINK), "")) for sheet in book.iter(f"{_MAIN}sheet"))
    parts = {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in sheets}
    return {name: part for name, part in parts.items() if part in names}


def _position(letters: bytes, row: bytes) -> tuple[int, int]:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(row) - 1, column - 1


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FAILED = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
