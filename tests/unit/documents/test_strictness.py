"""The written table of what is an amount: the same answer whatever the format the text came in."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.documents.samples import FORMATS, SALE, faults, parquet, read

ACCEPTED: dict[str, str] = {
    "0": "0", "-0": "0", "0.00": "0", "70": "70", "70.00": "70", "070": "70", "0.1": "0.1", "0.0000000001": "0.0000000001",
    "1234567890123456789012345678": "1234567890123456789012345678",
    "1234567890123456789012345678.0123456789": "1234567890123456789012345678.0123456789",
    "000.50": "0.5", "2.675": "2.675", "": "", " ": "", "   ": "", "100000000000000.25": "100000000000000.25",
}  # fmt: skip
"""Text → the amount it is; '' is no amount at all, as a blank cell is."""

REFUSED = (
    "NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "∞", "1e308", "1e400", "1E5", "1e-3", "7e0", "1_000", "１２", "1２",
    "٣", "1,234.50", "1，234", "1'234", "1 234", "(5.00)", "（5.00）", "5-", "+5", "--5", "-", ".5", "5.", ".", "1.2.3", "¥5",
    "￥5", "$5", "5元", "CNY 5", "5 CNY", "5%", " 5", "5 ", "5\t", "5\n", "true", "false", "yes", "None", "null", "n/a", "--",
    "#DIV/0!", "0x1F", "=1+1", "1/2", "12345678901234567890123456789", "0.00000000001", "one", "一百", "十", "1\u00a0000", "5\u200b", "−5",
)  # fmt: skip
"""Texts that are no amount."""

NEGATIVE = {"-0.01": "-0.01", "-1234.5": "-1234.5"}


def amounts(tmp_path: Path, form: str, text: str, kind: str = "fixed_fee", column: str = "amount") -> list[Decimal | None]:
    source = FORMATS[form](tmp_path, [{**SALE, "type": kind, column: text}])
    return [line.values.get(column) for line in read(source).lines]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "value"), {**ACCEPTED, **NEGATIVE}.items())
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_an_amount(tmp_path: Path, form: str, text: str, value: str) -> None:
    assert amounts(tmp_path, form, text) == [Decimal(value) if value else None]


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_no_amount(tmp_path: Path, form: str, text: str) -> None:
    (fault,) = faults(FORMATS[form](tmp_path, [{**SALE, "paid": text}]))
    assert fault.code in {"SE0601", "SE0615"}
    assert "column `paid`" in fault.places[0].text


@pytest.mark.data
@pytest.mark.sql
@pytest.mark.parametrize("form", ["xlsx", "parquet", "sql"])
def test_the_table_holds_in_every_format(tmp_path: Path, form: str) -> None:
    table = [{**SALE, "doc_id": f"A-{at}", "paid": text} for at, text in enumerate(ACCEPTED)]
    read_back = [line.values.get("paid") for line in read(FORMATS[form](tmp_path, table)).lines]
    assert read_back == [Decimal(value) if value else None for value in ACCEPTED.values()]
    worse = tmp_path / "worse"
    worse.mkdir()
    printable = [text for text in REFUSED if text not in {"5\t", "5\n"}]
    found = faults(FORMATS[form](worse, [{**SALE, "doc_id": f"A-{at}", "paid": text} for at, text in enumerate(printable)]))
    assert len(found) == len(printable)
    assert {fault.code for fault in found} == {"SE0601"}


JSON_NUMBERS = {"70": "70", "70.50": "70.5", "-0": "0", "0.1": "0.1", "1234567890123456.78": "1234567890123456.78"}


@pytest.mark.parametrize(("token", "value"), JSON_NUMBERS.items())
def test_a_json_number_is_the_text_that_was_written(tmp_path: Path, token: str, value: str) -> None:
    (line,) = read(json_amount(tmp_path, token)).lines
    assert line.values["paid"] == Decimal(value)


@pytest.mark.parametrize(
    "token", ["1e2", "1E400", "NaN", "Infinity", "-Infinity", "true", "false", "12345678901234567890123456789"]
)
def test_a_json_token_that_is_no_amount(tmp_path: Path, token: str) -> None:
    assert [fault.code for fault in faults(json_amount(tmp_path, token))] == ["SE0601"]


def json_amount(tmp_path: Path, token: str) -> Path:
    target = tmp_path / "documents.jsonl"
    line = json.dumps({**SALE, "paid": "@"}).replace('"@"', token)
    target.write_text(line, encoding="utf-8")
    return target


@pytest.mark.data
def test_parquet_decimals_and_integers_are_exact(tmp_path: Path) -> None:
    texts = {name: [value] for name, value in SALE.items()}
    source = parquet(tmp_path, {**texts, "quantity": [3], "paid": [Decimal("0.0000001")]})
    (line,) = read(source).lines
    assert (line.values["quantity"], line.values["paid"]) == (Decimal(3), Decimal("0.0000001"))


@pytest.mark.data
@pytest.mark.parametrize("value", [70.5, float("nan"), float("inf")])
def test_parquet_doubles_are_refused_as_a_column(tmp_path: Path, value: float) -> None:
    texts = {name: [text] for name, text in SALE.items()}
    (fault,) = faults(parquet(tmp_path, {**texts, "paid": [value]}))
    assert fault.code == "SE0614"
    assert "`paid` holds double numbers" in fault.places[0].text


@pytest.mark.data
@pytest.mark.parametrize(
    ("value", "expected"),
    {
        70: "70",
        70.5: "70.5",
        0.1: "0.1",
        -0.0: "0",
        123456789012.345: "123456789012.345",
        999999999999999: "999999999999999",
    }.items(),
)
def test_a_spreadsheet_number_of_at_most_fifteen_digits_is_exact(tmp_path: Path, value: float, expected: str) -> None:
    (line,) = read(spreadsheet_amount(tmp_path, value)).lines
    assert line.values["amount"] == Decimal(expected)


@pytest.mark.data
@pytest.mark.parametrize("value", [1234567.8901234567, 1e16, 1e308, 12345678901234567.0])
def test_a_spreadsheet_number_of_more_digits_is_refused(tmp_path: Path, value: float) -> None:
    assert [fault.code for fault in faults(spreadsheet_amount(tmp_path, value))] == ["SE0614"]


def spreadsheet_amount(tmp_path: Path, value: float) -> Path:
    import xlsxwriter

    target = tmp_path / "documents.xlsx"
    row = {"doc_id": "F-1", "type": "fixed_fee", "date": "2026-03-05", "amount": value}
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for column, (name, cell) in enumerate(row.items()):
            sheet.write(0, column, name)
            (sheet.write_number if name == "amount" else sheet.write_string)(1, column, cell)
    return target
