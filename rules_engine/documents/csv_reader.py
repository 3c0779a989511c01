"""CSV files: UTF-8 with or without a mark, or GB18030; comma, semicolon or tab, whichever the header shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from rules_engine.documents.batches import CHUNK, COLUMN_LIMIT, Batch
from rules_engine.documents.delimiters import delimiter_of
from rules_engine.documents.encoding import Undecodable, detect
from rules_engine.documents.faults import Faults


def read_csv(data: bytes, name: str, faults: Faults) -> Iterator[Batch]:
    """The rows of a CSV file as text; what is wrong with the file itself goes to `faults` and ends the reading."""
    encoding = detect(data)
    if isinstance(encoding, Undecodable):
        refuse_encoding(encoding, name, faults)
        return
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    first = lines.readline()
    lines.seek(0)
    rows = csv.reader(lines, delimiter=delimiter_of(first), strict=True)
    number = 0
    try:
        header = tuple(next(rows, ()))
        number = 1
        if len(header) > COLUMN_LIMIT:
            refuse_width(len(header), name, faults)
            return
        while chunk := list(islice(rows, CHUNK)):
            yield from _batches(header, chunk, number + 1)
            number += len(chunk)
        if number == 1:
            yield Batch(header, (), ())
    except csv.Error as fault:
        _refuse_row(str(fault), rows.line_num, name, faults)


def _batches(header: tuple[str, ...], chunk: list[list[str]], first: int) -> Iterator[Batch]:
    numbers = range(first, first + len(chunk))
    if all(chunk):
        yield Batch(header, chunk, numbers)
        return
    kept = [(row, number) for row, number in zip(chunk, numbers, strict=True) if row]
    yield Batch(header, [row for row, _ in kept], [number for _, number in kept])


def refuse_encoding(found: Undecodable, name: str, faults: Faults) -> None:
    """The file's bytes are not text in an encoding that is read."""
    text = (f"byte {found.offset:,}: {found.reason[0]}", f"第 {found.offset:,} 字节：{found.reason[1]}")
    fix = ("save the file as UTF-8 (in Excel or WPS: “CSV UTF-8”)", "请另存为 UTF-8（Excel 或 WPS 中选择“CSV UTF-8”）")
    faults.add("SE0606", name, text, fix=fix)


def refuse_width(count: int, name: str, faults: Faults) -> None:
    """The header has too many columns."""
    text = (f"{count:,} columns; at most {COLUMN_LIMIT} are read", f"共 {count:,} 列，最多读取 {COLUMN_LIMIT} 列")
    faults.add("SE0613", name, text, fix=("remove the columns the contract does not read", "请删除合同不读取的列"))


def _refuse_row(reason: str, line: int, name: str, faults: Faults) -> None:
    if "field limit" in reason:
        text = (f"line {line}: a cell is longer than 64 KiB", f"第 {line} 行：单元格超过 64 KiB")
        faults.add("SE0613", name, text, row=line, fix=("look for a quotation mark that is not closed", "请检查未配对的引号"))
        return
    text = (f"line {line}: quotation marks do not pair", f"第 {line} 行：引号不配对")
    why = ("everything after an open quotation mark would be read as one cell", "未配对的引号之后的内容会被读成一个单元格")
    faults.add("SE0612", name, text, row=line, why=why, fix=_QUOTES)


_QUOTES = ('write a quotation mark inside a cell twice: ""', '单元格内的引号请写两次：""')
