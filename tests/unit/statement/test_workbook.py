"""Statements as workbooks: every figure is there to the digit, and the formulas come to it without us."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules_engine.cli.cases import read_case
from rules_engine.cli.main import main
from rules_engine.cli.playing import play_case
from rules_engine.settlement.model import Settlement
from rules_engine.statement.render import render
from rules_engine.statement.spreadsheet.book import keeps
from tests.unit.statement.samples import settlement as sample
from tests.unit.statement.workbooks import read, recalculated

pytestmark = pytest.mark.xlsx
ROOT = Path(__file__).parents[3]


@cache
def gallery() -> dict[str, Settlement]:
    """The last statement of each gallery case."""
    found = {}
    for path in sorted((ROOT / "contracts").rglob("case.toml")):
        for result in play_case(read_case(path), update=False):
            if result.settlement is not None:
                found[path.parent.name] = result.settlement
    return found


def sheet(data: bytes, at: int) -> list[list[Any]]:
    return list(read(data).values())[at]


def numbers(rows: list[list[Any]]) -> Iterator[tuple[str, Any]]:
    """(label, second cell) of the rows that have a number there."""
    return ((str(row[0]), row[1]) for row in rows if len(row) > 1 and isinstance(row[1], float))


def test_the_gallery_is_there_to_be_written() -> None:
    assert len(gallery()) > 50


@pytest.mark.parametrize("language", ["en", "zh"])
def test_totals_and_lines_are_those_of_the_settlement(language: str) -> None:
    for name, found in gallery().items():
        data = render(found, "xlsx", language)
        sums = found.totals
        first = [Decimal(repr(value)) for _, value in numbers(sheet(data, 0))][:7]
        assert first == [
            sums.payable,
            sums.receivable,
            sums.net,
            sums.carried_in,
            sums.written_off,
            sums.carried_out,
            sums.payout,
        ], name
        lines = sheet(data, 1)[1:]
        assert [Decimal(repr(row[14])) for row in lines if row[0]] == [line.amount for line in found.lines], name
        assert [row[5] for row in lines if row[0]] == [line.window.start for line in found.lines], name


@pytest.mark.office
def test_another_program_calculates_the_same_cents() -> None:
    books = {name: render(found, "xlsx", "en") for name, found in gallery().items()}
    for name, calculated in recalculated(books).items():
        written = read(books[name])
        summary, lines = list(calculated.values())[:2]
        said = [cell for row in summary for cell in row if cell in ("agrees", "DIFFERS")]
        assert "DIFFERS" not in said, name
        assert len(said) >= 4 or not gallery()[name].lines, name
        assert list(numbers(summary)) == list(numbers(written["Summary"])), name
        assert [row[14:20] for row in lines] == [row[14:20] for row in written["Lines"]], name


@pytest.mark.office
def test_a_figure_changed_by_hand_is_noticed() -> None:
    data = changed(render(gallery()["grain_oil"], "xlsx", "en"), "M2", "1.00")
    (summary, *_) = recalculated({"changed": data})["changed"].values()
    assert "DIFFERS" in [cell for row in summary for cell in row]


def changed(data: bytes, cell: str, value: str) -> bytes:
    """The workbook with a number of its second sheet changed."""
    wanted = re.compile(rf'(<c r="{cell}"[^>]*><v>)[^<]*'.encode())
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("sheet2.xml"):
                content, found = wanted.subn(rb"\g<1>" + value.encode(), content)
                assert found == 1
            after.writestr(name, content)
    return out.getvalue()


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_stands_as_text() -> None:
    found = gallery()["grain_oil"]
    large = Decimal("12345678901234567.89")
    line = replace(found.lines[0], target=large, posted=Decimal(0), amount=large)
    data = render(replace(found, lines=(line, *found.lines[1:])), "xlsx", "en")
    assert sheet(data, 1)[1][14] == "12345678901234567.89"
    assert any("15 digits" in str(row[0]) for row in sheet(data, 0))
    assert b"SUMIFS" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("123456789012345", True),
        ("1234567890123456", False),
        ("1234567890123450", True),
        ("0.000000000000001", True),
        ("-0.10", True),
        ("0", True),
    ],
)
def test_fifteen_digits_are_kept(number: str, kept: bool) -> None:
    assert keeps(Decimal(number)) is kept
    if kept:
        assert Decimal(repr(float(number))) == Decimal(number)


def test_texts_never_become_formulas() -> None:
    found = gallery()["grain_oil"]
    line = replace(found.lines[0], title='=HYPERLINK("http://x","y")', group={"sku": "@SUM(A1)"}, source="+1+1")
    data = render(replace(found, lines=(line,)), "xlsx", "en")
    row = sheet(data, 1)[1]
    assert (row[3], row[4], row[22]) == ('=HYPERLINK("http://x","y")', "sku=@SUM(A1)", "+1+1")
    assert b"HYPERLINK" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet2.xml")


def test_every_part_of_a_statement_has_its_place() -> None:
    names = list(read(render(sample("zh"), "xlsx")))
    assert names == ["汇总", "明细", "合计之外", "计算过程", "未结算与异常", "凭证"]


def test_the_same_statement_is_the_same_file() -> None:
    assert render(sample(), "xlsx") == render(sample(), "xlsx")


def test_days_are_days() -> None:
    assert sheet(render(sample(), "xlsx"), 1)[1][5] == date(2026, 3, 1)


def test_the_command_writes_the_file_and_never_fills_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ROOT / "contracts" / "grain_oil"
    command = ["run", str(folder / "grain_oil.contract"), "--documents", str(folder / "documents.csv"), "--period", "2026-01"]
    target = tmp_path / "2026-01.xlsx"
    assert main([*command, "-o", str(target)]) == 0
    assert next(iter(read(target.read_bytes()))) == "Summary"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main([*command, "--format", "xlsx"]) == 2
    assert "SE0803" in capsys.readouterr().err
