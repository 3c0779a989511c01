"""Headers, rows and what is said of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules_engine.documents import read as reading
from rules_engine.documents.delimiters import delimiter_of, field_at
from tests.unit.documents.samples import FORMATS, SALE, codes, csv_text, faults, program, read, rows, warned, write_csv

ZH = {
    "doc_id": "单据编号",
    "line_no": "行号",
    "type": "单据类型",
    "date": "日期",
    "category": "类目",
    "quantity": "数量",
    "paid": "实付",
}


def save(tmp_path: Path, text: str, name: str = "documents.csv") -> Path:
    target = tmp_path / name
    target.write_text(text, encoding="utf-8")
    return target


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_chinese_headers_and_types_mean_the_same(tmp_path: Path, form: str) -> None:
    english = read(FORMATS[form](tmp_path, [SALE]))
    chinese = {ZH[name]: value for name, value in SALE.items()} | {"单据类型": "销售单"}
    assert read(FORMATS[form](tmp_path, [chinese])).lines == english.lines
    assert read(FORMATS[form](tmp_path, [chinese])).sha256 == english.sha256


@pytest.mark.data
@pytest.mark.sql
def test_every_format_gives_the_same_content(tmp_path: Path) -> None:
    table = rows(5, reason="quality; 质量")
    found = {form: read(write(tmp_path, table)) for form, write in FORMATS.items()}
    assert len({documents.sha256 for documents in found.values()}) == 1
    assert len({tuple(str(line.values) for line in documents.lines) for documents in found.values()}) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_shows_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    assert len(read(save(tmp_path, csv_text(rows(), delimiter))).lines) == 3
    assert delimiter_of('"a,b";"c,d";e\n') == ";"


def test_a_row_keeps_its_place_past_blank_lines(tmp_path: Path) -> None:
    text = csv_text(rows(2)).replace("A-2", "\n\nA-2", 1).replace("\n\nA-2", "\n,,,,,,\nA-2")
    (_, second) = read(save(tmp_path, text)).lines
    assert second.place.endswith("documents.csv:5")


def test_a_cell_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    (line,) = read(write_csv(tmp_path, [{**SALE, "reason": 'broken, "twice"\nand wet'}])).lines
    assert line.values["reason"] == 'broken, "twice"\nand wet'


def test_headers_are_known_whatever_their_case(tmp_path: Path) -> None:
    (line,) = read(save(tmp_path, "Doc_ID, TYPE,Date,SKU\nA,Sale,2026-03-05,7\n")).lines
    assert line.values == {"sku": "7"}


@pytest.mark.parametrize(
    ("text", "code", "row"),
    {
        "short row": ("doc_id,type,date\nA,sale\n", "SE0610", 2),
        "long row": ("doc_id,type,date\nA,sale,2026-03-05,70\n", "SE0610", 2),
        "no type": ("doc_id,date\nA,2026-03-05\n", "SE0602", 1),
        "no document id": ("type,date\nsale,2026-03-05\n", "SE0602", 1),
        "no date": ("doc_id,type\nA,sale\n", "SE0602", 1),
        "nothing": ("", "SE0602", 1),
        "blank document id": ("doc_id,type,date\n,sale,2026-03-05\n", "SE0607", 2),
        "blank type": ("doc_id,type,date\nA,,2026-03-05\n", "SE0607", 2),
        "blank date": ("doc_id,type,date\nA,sale,\n", "SE0607", 2),
        "header twice": ("doc_id,type,date,类目,category\nA,sale,2026-03-05,a,b\n", "SE0609", 1),
        "type unknown": ("doc_id,type,date\nA,sael,2026-03-05\n", "SE0605", 2),
        "open quote": ('doc_id,type,date\nA,"sale,2026-03-05\n', "SE0612", 2),
        "quote inside": ('doc_id,type,date\nA,"sa"le,2026-03-05\n', "SE0612", 2),
        "other currency": ("doc_id,type,date,currency\nA,sale,2026-03-05,USD\n", "SE0616", 2),
        "negative sale": ("doc_id,type,date,paid\nA,sale,2026-03-05,-1\n", "SE0608", 2),
    }.values(),
)
def test_each_fault_has_its_code_and_row(tmp_path: Path, text: str, code: str, row: int) -> None:
    found = faults(save(tmp_path, text))
    assert code in {item.code for item in found}
    assert all(item.places[0].span.line == row for item in found if item.code == code)


def test_the_contracts_currency_may_be_written(tmp_path: Path) -> None:
    assert (
        len(read(write_csv(tmp_path, [{**SALE, "currency": "CNY"}, {**SALE, "doc_id": "B", "currency": "人民币"}])).lines) == 2
    )


def test_all_faults_of_all_files_in_one_go(tmp_path: Path) -> None:
    first = save(tmp_path, csv_text([{**SALE, "paid": "7O"}, {**SALE, "doc_id": "B", "date": "March"}]), "first.csv")
    second = save(tmp_path, csv_text([{**SALE, "doc_id": "C", "type": "sal"}]), "second.csv")
    found = faults([first, second, tmp_path / "third.csv"])
    assert [item.code for item in found] == ["SE0601", "SE0601", "SE0605", "SE0611"]
    assert [item.places[0].span.line for item in found] == [2, 3, 2, 1]


def test_a_fault_in_many_rows_is_told_once_with_its_rows(tmp_path: Path) -> None:
    (fault,) = faults(write_csv(tmp_path, rows(40, paid="n/a")))
    assert "39 more rows: 3, 4, 5" in fault.why


def test_faults_beyond_the_printed_ones_are_counted(tmp_path: Path) -> None:
    found = faults(write_csv(tmp_path, [{**SALE, "doc_id": f"A-{at}", "paid": f"x{at}"} for at in range(500)]))
    assert len(found) == 201
    assert {item.code for item in found} == {"SE0601", "SE0618"}


def test_the_message_names_file_row_column_value_and_what_was_expected(tmp_path: Path) -> None:
    (fault,) = faults(write_csv(tmp_path, [{**SALE, "paid": "1,234.50"}]))
    assert fault.places[0].span.file.endswith("documents.csv")
    assert fault.places[0].text == "row 2, column `paid`: `1,234.50`"
    assert fault.why == "written with thousands separators"
    assert "1234.50" in fault.fix


def test_messages_come_in_the_contracts_language(tmp_path: Path) -> None:
    (fault,) = faults(write_csv(tmp_path, [{**SALE, "paid": "1,234.50"}]), "zh")
    assert fault.title == "数值无法读取"
    assert fault.places[0].text == "第 2 行，“实付”列：`1,234.50`"


def test_an_unknown_header_is_a_warning_that_names_the_nearest(tmp_path: Path) -> None:
    documents = read(write_csv(tmp_path, [{**SALE, "categroy": "rice"}]))
    assert warned(documents) == ["SW0691"]
    assert "did you mean `category`" in documents.warnings[0].places[0].text


def test_an_unknown_header_that_hides_a_column_the_contract_reads_is_a_fault(tmp_path: Path) -> None:
    table = [{**SALE, "suply_amount": "80"}]
    assert codes(write_csv(tmp_path, table), "en", ("sale", "supply_amount")) == ["SE0603"]
    assert warned(read(write_csv(tmp_path, table))) == ["SW0691"]


def test_a_column_the_contract_adds_up_must_be_there(tmp_path: Path) -> None:
    assert codes(write_csv(tmp_path, [SALE]), "en", ("sale", "supply_amount")) == ["SE0602"]
    assert warned(read(write_csv(tmp_path, [SALE]), "en", ("sale", "platform_coupon"))) == ["SW0694"]
    assert not warned(read(write_csv(tmp_path, [SALE]), "en", ("customer_return", "supply_amount")))


def test_cells_a_type_does_not_have_are_told(tmp_path: Path) -> None:
    documents = read(write_csv(tmp_path, rows(2, amount="5")))
    assert warned(documents) == ["SW0695"]
    assert "not read: 2 cells of `amount` in rows of type `sale`" in documents.warnings[0].places[0].text


AUDIT = {
    "doc_id": "Q-1",
    "type": "audit",
    "audited_on": "2026-03-07",
    "score": "88.5",
    "grade": "good",
    "passed": "yes",
    "wait": "3",
}


def test_an_own_type_has_its_own_columns_and_clock(tmp_path: Path) -> None:
    (line,) = read(write_csv(tmp_path, [AUDIT])).lines
    assert line.date == date(2026, 3, 7)
    assert line.values == {
        "audited_on": date(2026, 3, 7), "grade": "good", "passed": True, "score": Decimal("88.5"), "wait": Decimal(3)
    }  # fmt: skip


def test_date_stands_in_for_an_own_clock(tmp_path: Path) -> None:
    table = [{**{name: value for name, value in AUDIT.items() if name != "audited_on"}, "type": "audits", "date": "2026-03-08"}]
    (line,) = read(write_csv(tmp_path, table)).lines
    assert line.date == line.values["audited_on"] == date(2026, 3, 8)
    mixed = [AUDIT, {"doc_id": "Q-2", "type": "audit", "date": "2026-03-09"}]
    assert [line.date.day for line in read(write_csv(tmp_path, mixed)).lines] == [7, 9]
    assert codes(write_csv(tmp_path, [{"doc_id": "Q-2", "type": "audit", "score": "1"}])) == ["SE0602"]


@pytest.mark.parametrize(("column", "text"), {"score": "101", "grade": "fair", "passed": "perhaps", "wait": "1.5"}.items())
def test_own_columns_are_as_strict(tmp_path: Path, column: str, text: str) -> None:
    assert codes(write_csv(tmp_path, [{**AUDIT, column: text}])) in (["SE0608"], ["SE0601"])


def test_a_computed_column_is_never_read_from_a_file(tmp_path: Path) -> None:
    documents = read(write_csv(tmp_path, [{**AUDIT, "doubled": "177"}]))
    assert warned(documents) == ["SW0695"]
    assert "doubled" not in documents.lines[0].values


def test_types_of_one_file_keep_the_files_order(tmp_path: Path) -> None:
    table = [SALE, {**AUDIT, "doc_id": "Q"}, {**SALE, "doc_id": "B"}, {**SALE, "doc_id": "C", "type": "customer_returns"}]
    documents = read(write_csv(tmp_path, table))
    assert [(line.type, line.id) for line in documents.lines] == [
        ("sale", "A-1"), ("audit", "Q"), ("sale", "B"), ("customer_return", "C")
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "fits"), [(500, True), (501, False)])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_table_has_at_most_500_columns(tmp_path: Path, form: str, count: int, *, fits: bool) -> None:
    table = [{**SALE, **{f"q{at}": "1" for at in range(count - len(SALE))}}]
    source = FORMATS[form](tmp_path, table)
    assert (len(read(source).lines) == 1) if fits else (codes(source) == ["SE0613"])


@pytest.mark.parametrize(("length", "fits"), [(64 * 1024, True), (64 * 1024 + 1, False), (200_000, False)])
def test_a_cell_has_at_most_64_kib(tmp_path: Path, length: int, *, fits: bool) -> None:
    source = write_csv(tmp_path, [{**SALE, "reason": "x" * length}])
    assert (len(read(source).lines) == 1) if fits else (codes(source) == ["SE0613"])


@pytest.mark.parametrize(
    "line",
    ["[]", "7", '"sale"', "{", '{"type": "sale"', '{"paid": {}}', '{"paid": [1]}', '{"paid": 1, "paid": 2}', "{'type': 'sale'}", "[" * 63, "[" * 100_000,
     '{"a":' * 64 + "1" + "}" * 64, '{"a":' * 65 + "1" + "}" * 65, "nul", "{}{}", "\\ud800"],
)  # fmt: skip
def test_json_lines_that_are_no_flat_object(tmp_path: Path, line: str) -> None:
    assert codes(save(tmp_path, line + "\n", "documents.jsonl"))[0] == "SE0612"


def test_a_null_is_a_blank_cell(tmp_path: Path) -> None:
    (line,) = read(
        save(tmp_path, '{"doc_id": 7, "type": "sale", "date": "2026-03-05", "paid": null}\n', "documents.jsonl")
    ).lines
    assert (line.id, line.values) == ("7", {})


def test_a_program_is_understood_once() -> None:
    assert program().types.keys() >= {"sale", "audit"}


@pytest.mark.parametrize(
    ("line", "position", "field"),
    [
        ("a,b,c\n", 0, "a"),
        ("a,b,c\n", 2, "c"),
        ("a,,c", 1, ""),
        ('a,"b,""x""",c\r\n', 1, '"b,""x"""'),
        ('a,"b,c', 1, '"b,c'),
        ("a", 3, ""),
    ],
)
def test_where_a_field_stands(line: str, position: int, field: str) -> None:
    start, end = field_at(line, ",", position)
    assert line[start:end] == field


def test_a_message_points_at_the_very_characters(tmp_path: Path) -> None:
    table = [{**SALE, "reason": "first,\nsecond"}, {**SALE, "doc_id": "B", "reason": '"quoted", twice', "paid": "7O"}]
    source = write_csv(tmp_path, [{"reason": row["reason"], **row} for row in table])
    (fault,) = faults(source)
    span = fault.places[0].span
    line = Path(source).read_text(encoding="utf-8").splitlines()[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "7O"
    assert "row 3" in fault.places[0].text


def test_a_message_points_at_the_key_of_a_json_line(tmp_path: Path) -> None:
    source = save(tmp_path, '{"doc_id": 7, "type": "sale", "date": "2026-03-05", "paid": "7O"}\n', "documents.jsonl")
    (fault,) = faults(source)
    span = fault.places[0].span
    assert source.read_text(encoding="utf-8")[span.column - 1 : span.end_column - 1] == '"paid"'


def test_a_json_file_of_many_chunks_tells_an_unknown_name_once(tmp_path: Path) -> None:
    lines = [f'{{"doc_id": {at}, "type": "sale", "date": "2026-03-05", "mood": "good"' for at in range(9_000)]
    text = "".join(line + (', "sku": 1}\n' if at > 8_500 else "}\n") for at, line in enumerate(lines))
    documents = read(save(tmp_path, text, "documents.jsonl"))
    assert warned(documents) == ["SW0691"]
    assert len(documents.lines) == 9_000


def test_only_the_programs_met_last_are_remembered() -> None:
    for _ in range(70):
        assert len(reading.from_rows([SALE], program()).lines) == 1
    assert len(reading._KNOWN) <= 64
