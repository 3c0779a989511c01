from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from rules_engine.statement.cells import COLUMNS
from rules_engine.statement.csv import guarded, render_csv
from rules_engine.statement.render import render
from tests.unit.statement.samples import settlement


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_a_line_and_the_pending_ones_behind() -> None:
    found = settlement()
    read = rows(render(found, "csv"))
    assert [row["id"] for row in read] == [line.id for line in (*found.lines, *found.pending)]
    assert tuple(read[0]) == COLUMNS


def test_amounts_are_numbers_a_spreadsheet_adds() -> None:
    read = rows(render(settlement(), "csv"))
    assert read[5]["amount"] == "-32.00"
    assert sum(Decimal(row["amount"]) for row in read if row["direction"] == "payable") == Decimal("1123450.25")


def test_chinese_headers_and_byte_order_mark() -> None:
    text = render(settlement("zh"), "csv")
    assert text.startswith("\ufeff行号,条款,")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("－1", "'－1"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("rice;=1+1", "rice;'=1+1"),
        ('rice,"=1+1', "rice,\"'=1+1"),
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("rice - long grain", "rice - long grain"),
        ("A-1", "A-1"),
    ],
)
def test_no_cell_starts_a_formula(text: str, safe: str) -> None:
    assert guarded(text) == safe


def test_texts_of_contracts_are_guarded_and_stay_in_their_cell() -> None:
    found = settlement()
    line = replace(found.lines[0], title="=cmd|' /C calc'!A0", source="x\n=1+1", group={"category": "-rice"})
    (first, *_) = rows(render_csv(replace(found, lines=(line,)), "en"))
    assert first["title"].startswith("'=")
    assert "\n" not in first["reference"]
    assert first["group"] == "category=-rice"
    (plain, *_) = rows(render_csv(replace(found, lines=(line,)), "en", guard=False))
    assert plain["title"] == line.title
