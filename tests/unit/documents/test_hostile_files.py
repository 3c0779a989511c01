"""Damaged and hostile files cost a message: no crash, no hang, nothing of a file's faults reaches the parent."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import zipfile
from pathlib import Path

import pytest

from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.faults import Faults
from rules_engine.documents.isolated import read_isolated
from tests.unit.documents.samples import SALE, codes, faults, read, rows, write_csv, write_jsonl, write_parquet, write_xlsx

MUTANTS = {"csv": 120, "jsonl": 120, "xlsx": 30, "parquet": 30}
NIGHTLY = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 1


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four accidents: a flipped bit, a cut, a doubled stretch, a hole, noise."""
    bytes_left = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(bytes_left)), chance.randint(1, 40)
        match chance.randrange(5):
            case 0:
                bytes_left[at] ^= 1 << chance.randrange(8)
            case 1:
                del bytes_left[max(at, 1) :]
            case 2:
                bytes_left[at:at] = bytes_left[at : at + length]
            case 3:
                bytes_left[at : at + length] = bytes(min(length, len(bytes_left) - at))
            case _:
                bytes_left[at : at + length] = chance.randbytes(length)
    return bytes(bytes_left)


def outcome(target: Path) -> set[str]:
    """The content's hash, or the codes that refuse it."""
    try:
        return {read(target).sha256}
    except ContractError as error:
        return {item.code for item in error.diagnostics}


def reading_ends(target: Path) -> None:
    """Either documents or diagnostics, in reasonable time."""
    started = time.monotonic()
    assert outcome(target)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_mutants_of_text_files(tmp_path: Path, form: str) -> None:
    write = {"csv": write_csv, "jsonl": write_jsonl}[form]
    source = Path(write(tmp_path, rows(6, reason="质量, “A”")))
    data, chance = source.read_bytes(), random.Random(form)
    for _ in range(MUTANTS[form] * NIGHTLY):
        source.write_bytes(mutated(data, chance))
        reading_ends(source)


@pytest.mark.data
@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_mutants_of_binary_files(tmp_path: Path, form: str) -> None:
    write = {"xlsx": write_xlsx, "parquet": write_parquet}[form]
    source = Path(write(tmp_path, rows(6, reason="质量")))
    data, chance = source.read_bytes(), random.Random(form)
    for _ in range(MUTANTS[form] * NIGHTLY):
        source.write_bytes(mutated(data, chance))
        reading_ends(source)


@pytest.mark.data
@pytest.mark.parametrize("name", ["documents.xlsx", "documents.parquet"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PAR1", b"no such format", b"\0" * 100])
def test_what_only_has_the_name(tmp_path: Path, name: str, data: bytes) -> None:
    target = tmp_path / name
    target.write_bytes(data)
    assert codes(target) == ["SE0612"]


@pytest.mark.data
def test_a_flipped_page_of_parquet_is_noticed(tmp_path: Path) -> None:
    source = Path(write_parquet(tmp_path, rows(200)))
    data = bytearray(source.read_bytes())
    right = read(source).sha256
    for at in range(20, len(data) // 3, len(data) // 24):
        flipped = data.copy()
        flipped[at] ^= 4
        source.write_bytes(flipped)
        assert outcome(source) <= {right, "SE0612", "SE0613"}


@pytest.mark.data
def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    target = tmp_path / "documents.xlsx"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    (fault,) = faults(target)
    assert fault.code == "SE0613"
    assert "50,000,0" in fault.places[0].text


@pytest.mark.data
def test_a_zip_that_is_no_spreadsheet(tmp_path: Path) -> None:
    target = tmp_path / "documents.xlsx"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../evil.xml", b"<x/>")
    assert codes(target) == ["SE0612"]


@pytest.mark.data
def test_failed_formulas_are_not_blank_cells(tmp_path: Path) -> None:
    import xlsxwriter

    target = tmp_path / "documents.xlsx"
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for column, (name, text) in enumerate(SALE.items()):
            sheet.write_string(0, column, name)
            if name == "paid":
                sheet.write_formula(1, column, "=1/0", None, "#DIV/0!")
            else:
                sheet.write_string(1, column, text)
    (fault,) = faults(target)
    assert (fault.code, fault.why) == ("SE0601", "the formula in this cell failed")
    assert "`#DIV/0!`" in fault.places[0].text


@pytest.mark.data
def test_formulas_count_with_their_saved_value_and_dates_as_days(tmp_path: Path) -> None:
    from datetime import date, datetime

    import xlsxwriter

    target = tmp_path / "documents.xlsx"
    with xlsxwriter.Workbook(target) as book:
        guide, sheet = book.add_worksheet("Guide"), book.add_worksheet("Sales")
        guide.write_string(0, 0, "Fill in the next sheet")
        for column, name in enumerate(SALE):
            sheet.write_string(2, column, name)
            sheet.write_string(3, column, SALE[name])
        sheet.write_formula(3, list(SALE).index("paid"), "=35*2", None, 70)
        sheet.write_datetime(
            3,
            list(SALE).index("date"),
            datetime.fromisoformat("2026-03-05T22:30"),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
    (line,) = read(target).lines
    assert (line.date, str(line.values["paid"]), line.place[-2:]) == (date(2026, 3, 5), "70", ":4")


@pytest.mark.data
def test_every_sheet_of_documents_is_read(tmp_path: Path) -> None:
    import xlsxwriter

    target = tmp_path / "documents.xlsx"
    with xlsxwriter.Workbook(target) as book:
        for number in (1, 2):
            sheet = book.add_worksheet(f"Part {number}")
            for column, (name, text) in enumerate({**SALE, "doc_id": f"A-{number}"}.items()):
                sheet.write_string(0, column, name)
                sheet.write_string(1, column, text)
    assert [line.place.rpartition("/")[2] for line in read(target).lines] == [
        "documents.xlsx[Part 1]:2", "documents.xlsx[Part 2]:2"
    ]  # fmt: skip


@pytest.mark.data
def test_a_reader_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(write_xlsx(tmp_path, rows()))
    monkeypatch.setattr(sys, "executable", write_script(tmp_path, "exec sleep 60"))
    found = Faults("en")
    assert list(read_isolated("xlsx", source, "documents.xlsx", found, seconds=1)) == []
    assert [item.code for item in found.diagnostics()] == ["SE0612"]


@pytest.mark.data
def test_a_reader_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(write_xlsx(tmp_path, rows()))
    monkeypatch.setattr(sys, "executable", write_script(tmp_path, f"kill -{signal.SIGSEGV.value} $$"))
    (fault,) = faults(source)
    assert (fault.code, fault.places[0].text) == ("SE0612", "its reader stopped without an answer")


def write_script(tmp_path: Path, body: str) -> str:
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)
