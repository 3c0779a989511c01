from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.documents.describe import csv_template, headings, write_xlsx_template
from tests.unit.documents.samples import SALE, program, read

READS = (("sale", "paid"), ("customer_return", "paid"), ("audit", "score"), ("audit", "doubled"))


def test_a_template_asks_for_what_the_contract_reads() -> None:
    assert csv_template(program("en", *READS)) == ("type,doc_id,line_no,date,audited_on,ref_doc_id,ref_line_no,paid,score\n")


def test_a_template_speaks_the_readers_language() -> None:
    assert csv_template(program("en", *READS), "zh") == "单据类型,单据编号,行号,日期,audited_on,原单号,原单行号,实付,score\n"
    assert csv_template(program("zh", ("sale", "paid"))).startswith("单据类型")


def test_columns_are_explained() -> None:
    by_name = {heading.name: heading for heading in headings(program("en", *READS))}
    assert by_name["score"].holds == "number 0–100"
    assert by_name["score"].types == ("audit",)
    assert by_name["date"].holds == "day, such as 2026-03-05 (delivered, restocked)"
    assert [name for name, heading in by_name.items() if heading.required] == ["type", "doc_id", "date", "audited_on"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_filled_csv_template_is_read(tmp_path: Path, language: str) -> None:
    names = [heading.name for heading in headings(program("en", *READS))]
    target = tmp_path / "documents.csv"
    target.write_text(
        csv_template(program("en", *READS), language) + ",".join(SALE.get(name, "") for name in names) + "\n", encoding="utf-8"
    )
    (line,) = read(target, "en", *READS).lines
    assert line.id == SALE["doc_id"]


@pytest.mark.data
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_xlsx_template_is_read(tmp_path: Path, language: str) -> None:
    target = tmp_path / "documents.xlsx"
    write_xlsx_template(target, program("en", *READS), language)
    documents = read(target, "en", *READS)
    assert documents.lines == ()
    assert not documents.warnings
