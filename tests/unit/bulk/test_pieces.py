"""However rows are taken to pieces, the store holds the same lines, in order, and the same bytes whenever it is made again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest

from rules_engine.bulk.storage import pieces
from rules_engine.bulk.storage.store import Store, connect, executed
from rules_engine.bulk.storage.storing import ingested

pytestmark = pytest.mark.bulk
COLUMNS = "contract, type, date, doc_id, paid, supply_amount, quantity, vat, row, odd, texts"


def delivered(path: Path) -> None:
    """Nine hundred rows of four months and no day at all, of nine contracts and none, of every kind of number."""
    places = range(900)
    table = pa.table(
        {
            "contract": [f"C{place % 9}" if place % 37 else None for place in places],
            "type": ["sale" if place % 3 else "payment" for place in places],
            "doc_id": [f"D{place}" for place in places],
            "date": pa.array([20458 + place % 110 if place % 41 else None for place in places], pa.date32()),
            "paid": pa.array([Decimal(place * 123 - 4000) / 100 for place in places], pa.decimal128(18, 2)),
            "supply_amount": pa.array([Decimal(place) / 10**6 for place in places], pa.decimal128(38, 6)),
            "quantity": pa.array([None if place % 5 == 0 else 999_999_999_990 + place for place in places], pa.int64()),
            "vat": pa.array([Decimal(place) / 800 for place in places], pa.decimal128(9, 6)),
        }
    )
    pyarrow.parquet.write_table(table, path)


def made(tmp_path: Path, name: str) -> Store:
    store = ingested([str(tmp_path / "d.parquet")], tmp_path / name, tmp_path / "work")
    assert store is not None
    return store


def in_order(tmp_path: Path, store: Store) -> list[Any]:
    return list(connect(tmp_path / "work").execute(f"SELECT {COLUMNS} FROM {store.lines} ORDER BY row").fetchall())


def test_cells_of_every_type_become_whole_numbers(tmp_path: Path) -> None:
    delivered(tmp_path / "d.parquet")
    for place, row in enumerate(in_order(tmp_path, made(tmp_path, "store"))):
        paid, supplied, quantity, vat = row[4:8]
        assert (paid, supplied) == ((place * 123 - 4000) * 10_000, place)
        wanted = None if place % 5 == 0 else (999_999_999_990 + place) * 1_000_000
        assert quantity == (wanted if place < 10 else None)
        assert vat == place * 125_000
        odd = (place >= 10 and place % 5 > 0) or place >= 800 or place % 41 == 0 or (place < 33 and place % 3 > 0)
        assert (row[9], row[10] is not None) == (odd, odd or place % 3 == 0)


@pytest.mark.parametrize("scans", [1, 99])
def test_small_pieces_hold_the_same_lines_in_order(scans: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered(tmp_path / "d.parquet")
    whole = made(tmp_path, "whole")
    monkeypatch.setattr(pieces, "PIECE", 60)
    monkeypatch.setattr(pieces, "SCANS", scans)
    parted, again = made(tmp_path, "parted"), made(tmp_path, "again")
    assert in_order(tmp_path, parted) == in_order(tmp_path, whole)
    files = [name for name in parted.hashes if name.startswith("lines/")]
    assert len(files) > len([name for name in whole.hashes if name.startswith("lines/")]) == 5
    for name in files:
        rows = pyarrow.parquet.ParquetFile(parted.folder / name).read(["contract", "date", "row"]).to_pylist()
        keys = [(row["contract"] is None, row["contract"] or 0, str(row["date"]), row["row"]) for row in rows]
        assert keys == sorted(keys)
    assert parted.hashes == again.hashes
    assert {name: digest for name, digest in parted.hashes.items() if name not in files} == {
        name: digest for name, digest in whole.hashes.items() if not name.startswith("lines/")
    }


def test_a_query_without_enough_memory_is_asked_again_with_more(tmp_path: Path) -> None:
    con = connect(tmp_path, "5MB")
    con.execute("SET temp_directory = ''; SET threads = 1")
    query = "SELECT count(*) FROM (SELECT range AS n, count(*) FROM range(400000) GROUP BY n)"
    with pytest.raises(duckdb.OutOfMemoryException):
        con.execute(query).fetchall()
    assert executed(con, query) == [(400_000,)]
