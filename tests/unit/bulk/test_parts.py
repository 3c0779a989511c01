"""Sums kept by part of a store: a part is added up once, another one is added to it, and what comes out is what lines give."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from rules_engine.bulk.measures import parts
from rules_engine.bulk.model import DUCKDB, ROWS, ContractSource
from rules_engine.bulk.storage.ingesting import ingest
from rules_engine.bulk.storage.store import opened
from tests.unit.bulk.shop import contents, name, rows, settled, small, tables

pytestmark = pytest.mark.bulk
DAY = "contract,type,doc_id,date,category,supply_amount,paid\n"


class Place:
    """A store that is settled with sums kept by part, and the same lines settled one by one."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts, "LEAST", 1)
        self.folder, self.store, self.cache = folder, folder / "store", folder / "cache"
        self.contracts, documents = small(folder / "in", 3)
        self.files = [documents]
        ingest([str(documents)], self.store)

    def kept(self) -> list[Path]:
        return sorted((self.cache / "sums").glob("*.parquet"))

    def settle(self, out: str, contracts: list[ContractSource] | None = None) -> Path:
        """Settle with what is kept; holds the bytes against a run that keeps nothing, and the tables against one that reads lines."""
        asked, period = contracts or self.contracts, "2026-03"
        settled(asked, self.store, period, self.folder / out, engine=DUCKDB, cache=self.cache)
        settled(asked, self.store, period, self.folder / f"{out} plain", engine=DUCKDB)
        settled(asked, self.store, period, self.folder / f"{out} rows", engine=ROWS)
        assert contents(self.folder / out) == contents(self.folder / f"{out} plain")
        assert tables(self.folder / out) == tables(self.folder / f"{out} rows")
        return self.folder / out

    def one_day_more(self) -> None:
        """One more sale of every contract, and one late one of a month before."""
        day = self.folder / "day.csv"
        lines = [f"{name(number)},sale,N-{number},2026-{month:02}-10,tea,5,100\n" for number in range(3) for month in (2, 3)]
        day.write_text(DAY + "".join(line.replace("N-", f"N{place}-") for place, line in enumerate(lines)), encoding="utf-8")
        ingest([str(day)], self.store)


def paid(out: Path) -> Decimal:
    found: Decimal = sum((row["paid"] for row in rows(out, "control") if row["type"] == "sale"), Decimal(0))
    return found


def lines(store: Path) -> int:
    found = opened(store)
    assert found is not None
    return sum(each.startswith("lines/") for each in found.hashes)


def test_a_part_is_added_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, monkeypatch)
    before = place.settle("first")
    kept = place.kept()
    assert len(kept) == lines(place.store) == 3
    place.one_day_more()
    after = place.settle("second")
    assert len(place.kept()) == lines(place.store) == 5
    assert set(kept) < set(place.kept())
    assert paid(after) - paid(before) == 600
    monkeypatch.setattr(parts, "_added", None)
    assert contents(place.settle("third")) == contents(after)


def test_what_is_kept_is_believed_only_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, monkeypatch)
    first = contents(place.settle("first"))
    for path in place.kept():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    assert contents(place.settle("second")) == first


def test_a_few_contracts_of_many_and_a_small_store_keep_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, monkeypatch)
    place.settle("one", place.contracts[:1])
    assert not place.kept()
    monkeypatch.setattr(parts, "LEAST", 1000)
    place.settle("all")
    assert not place.kept()


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, monkeypatch)
    place.cache.mkdir()
    (place.cache / "sums").write_text("in the way", encoding="utf-8")
    place.settle("all")
