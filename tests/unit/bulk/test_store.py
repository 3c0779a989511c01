"""The store keeps every cell, and what is not plain goes to the strict reader."""

from __future__ import annotations

import csv
import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest

from rules_engine.bulk.batch import batch
from rules_engine.bulk.measures.linear import terms_of
from rules_engine.bulk.model import DUCKDB, ROWS, Job
from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.storage.ingesting import ingest
from rules_engine.bulk.storage.marking import marks_of
from rules_engine.bulk.storage.store import connect, opened
from rules_engine.bulk.storage.storing import ingested
from rules_engine.core.expressions import Arithmetic, Column, Constant
from rules_engine.core.units import Unit
from tests.unit.bulk.shop import loaded, name, rows, settled, shop, small, tables

pytestmark = pytest.mark.bulk
HEAD = "contract,type,doc_id,date,paid,category,vat\n"
PLAIN = "C,sale,S-1,2026-01-05,12.50,rice,0.13\n"


@pytest.mark.parametrize(
    "row",
    [
        "C,sale,S-1,2026/1/5,12.50,rice,0.13",
        'C,sale,S-1,2026-01-05,"1,200.00",rice,0.13',
        "C,sale,S-1,2026-01-05,12.1234567,rice,0.13",
        "C,sale,S-1,2026-01-05,-12.50,rice,0.13",
        "C,sale,S-1,2026-01-05,12.50,rice ,0.13",
        "C,sale,S-1,2026-01-05,12.50,rice,13",
        "C,sale,,2026-01-05,12.50,rice,0.13",
        "C,sale,S-1,,12.50,rice,0.13",
        "C,,S-1,2026-01-05,12.50,rice,0.13",
        "C,sale,S-1,2026-02-30,12.50,rice,0.13",
    ],
)
def test_a_row_that_is_not_plain_keeps_its_texts(row: str, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(HEAD + PLAIN + row + "\n", encoding="utf-8")
    store = ingested([str(tmp_path / "d.csv")], tmp_path / "store", tmp_path / "work")
    assert store is not None
    found = connect(tmp_path / "work").execute(f"SELECT row, odd, texts IS NOT NULL FROM {store.lines} ORDER BY row").fetchall()
    assert found == [(2, False, False), (3, True, True)]
    assert opened(tmp_path / "store") == store


def test_plain_cells_of_other_spellings(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("合同号,单据类型,单据编号,日期,实付,类目,税率,货架\nC,销售单,S-1,2026-01-05,12.5,大米,13%,7\n", encoding="utf-8")
    store = ingested([str(tmp_path / "d.csv")], tmp_path / "store", tmp_path / "work")
    assert store is not None
    con = connect(tmp_path / "work")
    assert con.execute(f"SELECT type, paid, category, vat, odd, own0 FROM {store.spelt}").fetchall() == [
        ("sale", 12_500_000, "大米", 13_000_000, False, "7")
    ]
    assert store.own == ("货架",)


def test_typed_parquet_is_read_as_it_is_and_floats_are_not(tmp_path: Path) -> None:
    table = pa.table(
        {
            "contract": ["C"], "type": ["sale"], "doc_id": ["S-1"], "date": pa.array([20458], pa.date32()),
            "paid": pa.array([Decimal("12.50")], pa.decimal128(18, 2)), "quantity": pa.array([3], pa.int32()),
        }
    )  # fmt: skip
    pyarrow.parquet.write_table(table, tmp_path / "d.parquet")
    store = ingested([str(tmp_path / "d.parquet")], tmp_path / "store", tmp_path / "work")
    assert store is not None
    found = connect(tmp_path / "work").execute(f"SELECT paid, quantity, row, odd FROM {store.lines}").fetchall()
    assert found == [(12_500_000, 3_000_000, 1, False)]
    pyarrow.parquet.write_table(table.set_column(4, "paid", pa.array([12.5])), tmp_path / "d.parquet")
    assert ingested([str(tmp_path / "d.parquet")], tmp_path / "other", tmp_path / "work") is None


def test_odd_rows_duplicates_and_links_come_to_the_same(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 6)
    lines = documents.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("2026-01-01", "2026/1/1")
    lines.append(lines[2])
    documents.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for engine in (ROWS, DUCKDB):
        settled(contracts, documents, "2026-03", tmp_path / engine, engine=engine)
    assert tables(tmp_path / ROWS) == tables(tmp_path / DUCKDB)
    assert [row["code"] for row in rows(tmp_path / ROWS, "exceptions")] == ["SW0693"]


def test_items_become_products() -> None:
    paid, quantity, price = (Column(name, Unit.MONEY) for name in ("paid", "quantity", "supply_amount"))
    plain = frozenset(("paid", "quantity", "supply_amount"))
    two = Constant(Decimal(2), Unit.NUMBER)
    product = Arithmetic("*", (quantity, price), Unit.MONEY)
    assert terms_of(Arithmetic("-", (paid, product), Unit.MONEY), plain) == {
        ("paid",): Decimal(1),
        ("quantity", "supply_amount"): Decimal(-1),
    }
    assert terms_of(Arithmetic("*", (two, Arithmetic("+", (paid, two), Unit.MONEY)), Unit.MONEY), plain) == {
        ("paid",): Decimal(2),
        (): Decimal(4),
    }
    assert terms_of(Arithmetic("/", (paid, two), Unit.MONEY), plain) is None
    assert terms_of(Arithmetic("*", (paid, paid, paid), Unit.MONEY), plain) is None


def test_a_sum_beyond_38_digits_raises_and_is_never_widened_to_a_float(tmp_path: Path) -> None:
    with pytest.raises((duckdb.OutOfRangeException, duckdb.ConversionException)):
        connect(tmp_path).execute("SELECT coalesce(sum(a::HUGEINT * a), 0)::DECIMAL(38, 0) FROM (SELECT 9223372036854775807 AS a FROM range(3))").fetchall()


def test_a_store_settles_as_its_files_do_by_either_engine(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 3)
    found = ingest([str(documents)], tmp_path / "store")
    assert (found.rows, found.odd, found.contracts) == (753, 0, 3)
    settled(contracts, documents, "2026-02", tmp_path / "files")
    for engine in (ROWS, DUCKDB):
        settled(contracts, tmp_path / "store", "2026-02", tmp_path / engine, engine=engine)
        assert tables(tmp_path / "files") == tables(tmp_path / engine)
    again = reopened(tmp_path / DUCKDB, contracts[1].id, loaded)
    assert [line.amount for line in again.lines] == [row["amount"] for row in rows(tmp_path / "files", "lines") if row["contract"] == contracts[1].id]


def test_control_totals_stand_by_file_and_by_contract(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 2)
    settled(contracts, documents, "2026-03", tmp_path / "out", engine=DUCKDB)
    totals = {(row["contract"], row["type"]): (row["lines"], row["odd"], row["paid"]) for row in rows(tmp_path / "out", "control")}
    paid = Decimal("609.72")
    assert totals == {(name(number), kind): (count, 0, amount) for number in (0, 1) for kind, count, amount in (("sale", 6, paid), ("customer_return", 3, Decimal(30)))}
    by_file = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["inputs"]["control_totals"]
    assert by_file == {
        str(documents): {
            "customer_return": {"lines": 6, "odd": 0, "paid": "60", "supply_amount": "42"},
            "sale": {"lines": 12, "odd": 0, "paid": "1219.44", "supply_amount": "846"},
        }
    }


def test_a_misspelt_header_is_told_by_either_engine(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 1)
    documents.write_text(documents.read_text(encoding="utf-8").replace("platform_coupon", "platform_cupon", 1), encoding="utf-8")
    for engine in (ROWS, DUCKDB):
        outcome = settled(contracts, documents, "2026-01", tmp_path / engine, engine=engine)
        assert outcome.counts.settled == 0
        assert {row["code"] for row in rows(tmp_path / engine, "exceptions")} == {"SE0603"}


def test_a_header_of_one_file_is_not_a_misspelt_one_of_another(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 2)
    table = list(csv.DictReader(documents.read_text(encoding="utf-8").splitlines()))
    kept = [name for name in table[0] if name != "platform_coupon"]
    first, second = ([row for row in table if row["contract"] == f"GO-000{number}"] for number in range(2))
    written(tmp_path / "0.csv", kept, first)
    written(tmp_path / "1.csv", kept, second)
    written(tmp_path / "2.csv", [*kept, "platform_cupon"], [{**second[0], "doc_id": "another", "platform_cupon": "1.00"}])
    files = tuple(str(tmp_path / f"{number}.csv") for number in range(3))
    for engine in (ROWS, DUCKDB):
        batch(Job(tuple(contracts), files, "2026-01", tmp_path / engine, loaded, engine=engine))
    assert tables(tmp_path / ROWS) == tables(tmp_path / DUCKDB)
    assert [row["contract"] for row in rows(tmp_path / DUCKDB, "exceptions") if row["code"] == "SE0603"] == ["GO-0001"]


def written(path: Path, header: list[str], lines: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)


def test_a_file_that_takes_the_place_of_another_takes_no_other_with_it(tmp_path: Path) -> None:
    _, documents = small(tmp_path / "in", 2)
    head, *lines = documents.read_text(encoding="utf-8").splitlines(keepends=True)
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("".join([head, *lines[::2]]), encoding="utf-8")
    other.write_text("".join([head, *lines[1::2]]), encoding="utf-8")
    ingest([str(one), str(other)], tmp_path / "store")
    one.write_text("".join([head, *lines[2::2]]), encoding="utf-8")
    assert ingest([str(one)], tmp_path / "store", instead=True).rows == len(lines) - 1
    ingest([str(one), str(other)], tmp_path / "anew")
    held = [marks_of(connect(tmp_path / "work"), store) for name in ("store", "anew") if (store := opened(tmp_path / name)) is not None]
    assert held[0] == held[1]


def test_what_a_stopped_run_left_of_a_store_is_not_counted_twice(tmp_path: Path) -> None:
    _, documents = small(tmp_path / "in", 2)
    first = ingested([str(documents)], tmp_path / "store", tmp_path / "work")
    (tmp_path / "store" / "store.json").unlink()
    second = ingested([str(documents)], tmp_path / "store", tmp_path / "work")
    assert first is not None
    assert second is not None
    assert sorted(first.hashes) == sorted(second.hashes)


@pytest.mark.sql
def test_a_query_is_asked_anew_and_its_answer_takes_the_place_of_the_last(tmp_path: Path) -> None:
    con = sqlite3.connect(tmp_path / "documents.db")
    con.execute("CREATE TABLE lines(contract TEXT, type TEXT, doc_id TEXT, date TEXT, paid TEXT)")
    query = f"sql:sqlite:///{tmp_path}/documents.db::SELECT * FROM lines"
    for number in (1, 2):
        con.execute("INSERT INTO lines VALUES ('C', 'sale', ?, '2026-01-05', '12.50')", [f"S-{number}"])
        con.commit()
        assert ingest([query, query.replace("lines", "lines WHERE false")], tmp_path / "store").rows == number
    con.close()
    assert "sqlite" not in (tmp_path / "store/store.json").read_text(encoding="utf-8")
