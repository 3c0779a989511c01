"""Documents twice, of other contracts, late or in another order: each has its named policy, and no amount changes."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from rules_engine.diagnostics.model import ContractError, Severity
from rules_engine.documents.read import from_rows
from tests.unit.documents.samples import SALE, codes, csv_text, faults, program, read, rows, warned, write_csv, write_jsonl


def test_the_same_document_twice_is_set_aside(tmp_path: Path) -> None:
    documents = read(write_csv(tmp_path, [SALE, {**SALE, "paid": "70.0", "category": " rice "}]))
    assert [line.place[-1] for line in documents.lines] == ["2"]
    assert [line.place[-1] for line in documents.duplicates] == ["3"]
    assert warned(documents) == ["SW0693"]
    assert documents.sha256 == read(write_csv(tmp_path, [SALE])).sha256


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    source = write_csv(tmp_path, rows(3))
    documents = from_rows(rows(3), program())
    assert len(documents.lines) == 3
    twice = [source, write_jsonl(tmp_path, rows(3))]
    both = read(tmp_path)
    assert (len(both.lines), len(both.duplicates), both.sha256) == (3, 3, documents.sha256)
    assert [name for name, _ in both.files] == twice


def test_one_number_with_two_contents_is_a_fault_that_shows_both(tmp_path: Path) -> None:
    (fault,) = faults(write_csv(tmp_path, [SALE, {**SALE, "paid": "71", "reason": "typo"}]))
    assert fault.code == "SE0604"
    assert fault.places[0].span.line == 3
    assert fault.places[1].span.line == 2
    assert "`paid` 70.00 → 71" in fault.places[0].text
    assert "`reason` – → typo" in fault.places[0].text


def test_lines_and_types_are_part_of_the_identity(tmp_path: Path) -> None:
    table = [SALE, {**SALE, "line_no": "2"}, {**SALE, "line_no": ""}, {**SALE, "type": "customer_return"}]
    assert [line.key for line in read(write_csv(tmp_path, table)).lines] == [
        ("sale", "A-1", "1"), ("sale", "A-1", "2"), ("sale", "A-1", ""), ("customer_return", "A-1", "1")
    ]  # fmt: skip


def test_same_content_under_a_new_number_is_another_document(tmp_path: Path) -> None:
    documents = read(write_csv(tmp_path, [SALE, {**SALE, "doc_id": "B"}]))
    assert len(documents.lines) == 2
    assert not documents.warnings


def test_rows_of_another_contract_are_left_out_and_told(tmp_path: Path) -> None:
    table = [{**SALE, "contract": "GO-1"}, {**SALE, "doc_id": "B", "contract": ""}]
    other = [{**SALE, "doc_id": str(at), "contract": "GO-2", "paid": "not read"} for at in range(3)]
    documents = read(write_csv(tmp_path, [*table, *other]))
    assert [line.id for line in documents.lines] == ["A-1", "B"]
    (told,) = documents.warnings
    assert (told.code, told.severity) == ("SW0692", Severity.NOTE)
    assert told.places[0].text == "3 rows left out: `GO-2` 3"


def test_a_late_document_keeps_the_day_it_became_known(tmp_path: Path) -> None:
    (line,) = read(write_csv(tmp_path, [{**SALE, "known_on": "2026-04-02"}])).lines
    assert line.known_on == date(2026, 4, 2)
    assert "known_on" not in line.values


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_deliveries_the_one_known_earlier_counts(tmp_path: Path, order: int) -> None:
    table = [{**SALE, "known_on": "2026-04-02"}, {**SALE, "known_on": "2026-05-02"}][::order]
    documents = read(write_csv(tmp_path, table))
    assert [line.known_on for line in documents.lines] == [date(2026, 4, 2)]
    assert documents.sha256 == read(write_csv(tmp_path, table[::order][:1])).sha256


def test_a_reference_to_nothing_is_kept(tmp_path: Path) -> None:
    (line,) = read(
        write_csv(tmp_path, [{**SALE, "type": "customer_return", "ref_doc_id": "nowhere", "ref_line_no": "1"}])
    ).lines
    assert line.values["ref_doc_id"] == "nowhere"


@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_order_and_spelling_do_not_change_the_content(chance: random.Random, count: int) -> None:
    table = [{**row, "paid": f"{at}.50", "known_on": "2026-04-01" if at % 3 else ""} for at, row in enumerate(rows(count))]
    shuffled = [dict(chance.sample(list(row.items()), len(row))) | {"paid": row["paid"] + "0"} for row in table]
    chance.shuffle(shuffled)
    assert from_rows(table, program()).sha256 == from_rows(shuffled, program()).sha256


@given(st.sampled_from(["paid", "date", "doc_id", "category", "known_on"]))
def test_any_change_changes_the_content(column: str) -> None:
    changed = {"paid": "70.01", "date": "2026-03-06", "doc_id": "A-9", "category": "oil", "known_on": "2026-04-01"}
    assert from_rows([SALE], program()).sha256 != from_rows([{**SALE, column: changed[column]}], program()).sha256


def test_rows_in_hand_may_do_without_numbers() -> None:
    table = [{"type": "sale", "date": "2026-03-05", "paid": "70"}, {"type": "销售单", "date": "2026-03-06", "paid": "71"}]
    documents = from_rows(table, program(), "scenario")
    assert [(line.id, line.date.day, line.values, line.place) for line in documents.lines] == [
        ("1", 5, {"paid": Decimal(70)}, "scenario:1"), ("2", 6, {"paid": Decimal(71)}, "scenario:2")
    ]  # fmt: skip
    assert from_rows([], program()).lines == ()


def test_rows_in_hand_are_read_as_strictly() -> None:
    with pytest.raises(ContractError) as raised:
        from_rows([{"type": "sale", "date": "2026-03-05", "paid": "7O"}], program("zh"), "场景")
    assert raised.value.diagnostics[0].code == "SE0601"
    assert raised.value.diagnostics[0].places[0].span.file == "场景"


def test_files_have_the_hash_of_their_bytes(tmp_path: Path) -> None:
    from hashlib import sha256

    source = write_csv(tmp_path, rows())
    assert read(source).files == ((source, sha256(Path(source).read_bytes()).hexdigest()),)


def test_a_folder_is_its_files_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(csv_text([{**SALE, "doc_id": "B"}]), encoding="utf-8")
    (tmp_path / "a.CSV").write_text(csv_text([{**SALE, "doc_id": "A"}]), encoding="utf-8")
    (tmp_path / "notes.md").write_text("no documents", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    assert [line.id for line in read(tmp_path).lines] == ["A", "B"]


def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.pdf").write_bytes(b"%PDF")
    given_paths: list[str | Path] = [
        tmp_path / "empty",
        tmp_path / "note.pdf",
        tmp_path / "missing.csv",
        "/dev/zero",
        "/dev/null",
    ]
    assert codes(given_paths) == ["SE0611"] * 5


def test_several_threads_may_read_for_one_program(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    source = write_csv(tmp_path, rows(300))
    shared = program()
    from rules_engine.documents.read import read_documents

    with ThreadPoolExecutor(8) as pool:
        hashes = set(pool.map(lambda _: read_documents(source, shared).sha256, range(32)))
    assert len(hashes) == 1
