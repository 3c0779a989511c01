from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.unit.documents.samples import SALE, codes, faults, read, rows, write_sql

pytestmark = pytest.mark.sql


def test_a_query_is_a_file_like_any_other(tmp_path: Path) -> None:
    documents = read(write_sql(tmp_path, rows()))
    assert [line.place for line in documents.lines] == ["sql query:1", "sql query:2", "sql query:3"]
    assert len(documents.files[0][1]) == 64


def test_a_query_file_names_the_variable_with_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = write_sql(tmp_path, rows()).removeprefix("sql:").partition("::")[0]
    source = tmp_path / "documents.sql.toml"
    source.write_text('url_env = "SETTLE_SAMPLE"\nquery = "select * from documents"\n', encoding="utf-8")
    assert codes(source) == ["SE0617"]
    monkeypatch.setenv("SETTLE_SAMPLE", url)
    assert len(read(source).lines) == 3


@pytest.mark.parametrize(
    ("text", "code"), {"url_env = 1\n": "SE0617", "query = 'select'\n": "SE0617", "not toml": "SE0612", "\0": "SE0612"}.items()
)
def test_query_files_that_are_none(tmp_path: Path, text: str, code: str) -> None:
    source = tmp_path / "documents.sql.toml"
    source.write_text(text, encoding="utf-8")
    assert codes(source) == [code]


def test_numbers_of_a_database_that_are_binary_floating_are_refused(tmp_path: Path) -> None:
    target = tmp_path / "documents.db"
    with sqlite3.connect(target) as connection:
        connection.execute("create table d (doc_id text, type text, date text, quantity integer, paid real, note blob)")
        connection.execute("insert into d values ('A', 'sale', '2026-03-05', 3, 70.5, x'00ff')")
    connection.close()
    assert codes(f"sql:sqlite:///{target}::select doc_id, type, date, quantity, paid from d") == ["SE0614"]
    assert codes(f"sql:sqlite:///{target}::select doc_id, type, date, note as reason from d") == ["SE0601"]
    (line,) = read(f"sql:sqlite:///{target}::select doc_id, type, date, quantity from d").lines
    assert str(line.values["quantity"]) == "3"


def test_a_blank_result_is_no_fault(tmp_path: Path) -> None:
    assert read(write_sql(tmp_path, [SALE]) + " where 1 = 0").lines == ()


@pytest.mark.parametrize(
    "source",
    [
        "sql:nosuchbase://user:canary@host/base::select 1",
        "sql:sqlite:////no/such/folder/canary.db::select 1",
        "sql:postgresql+psycopg://user:canary@localhost:1/base::select 1",
        "sql:not a url canary::select 1",
        "sql:::select 1",
        "sql:sqlite://::selekt",
        "sql:sqlite://::",
        "sql:sqlite://::select 1; drop table x",
        "sql:sqlite://::create table x (a int)",
    ],
)
def test_a_query_that_fails_says_so_and_keeps_the_secret(source: str) -> None:
    (fault,) = faults(source)
    assert fault.code == "SE0617"
    assert "user:canary" not in str(fault)
    assert ":canary@" not in str(fault)


def test_a_query_changes_nothing(tmp_path: Path) -> None:
    source = write_sql(tmp_path, rows())
    codes(source.partition("::")[0] + "::delete from documents")
    assert len(read(source).lines) == 3
