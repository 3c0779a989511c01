"""A batch settles again only what changed, and leaves the bytes that a full run leaves."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rules_engine.bulk import batch as batches, delivery, joining, summing
from rules_engine.bulk.batch import Outcome
from rules_engine.bulk.model import DUCKDB, ROWS
from rules_engine.bulk.storage.ingesting import ingest
from tests.unit.bulk.shop import contents, name, settled, small, source, tables

pytestmark = pytest.mark.bulk
CONTRACTS = 5


@pytest.fixture(autouse=True)
def _few_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two contracts, so that changed and unchanged ones stand in one block and in several."""
    for module in (batches, delivery, joining, summing):
        if hasattr(module, "SHARD"):
            monkeypatch.setattr(module, "SHARD", 2)


class Place:
    """A shop that is settled into `out`, changed, settled again, and compared with a run that knows nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.sources, self.documents = small(folder / "in", CONTRACTS)
        self.posted: tuple[str, ...] = ()
        self.period = "2026-02"

    def store(self) -> None:
        ingest([str(self.documents)], self.folder / "store")
        self.documents = self.folder / "store"

    def run(self, out: Path | None = None, **options: Any) -> Outcome:
        return settled(self.sources, self.documents, self.period, out or self.out, engine=DUCKDB, posted=self.posted, **options)

    def again(self) -> tuple[str, ...]:
        """Settle again; gives which contracts were settled, and holds the bytes against a full run's."""
        outcome = self.run()
        fresh = self.run(self.folder / "fresh")
        assert fresh.kept == 0
        assert contents(self.out) == contents(self.folder / "fresh")
        assert outcome.counts == fresh.counts
        assert outcome.kept == len(self.sources) - len(outcome.settled)
        shutil.rmtree(self.folder / "fresh")
        return outcome.settled

    def rewrite(self, number: int, change: Callable[[str], str]) -> None:
        path = Path(self.sources[number].path)
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        self.sources[number] = source(path)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    assert len(found.run().settled) == CONTRACTS
    return found


def test_one_contract_changed(place: Place) -> None:
    place.rewrite(3, lambda text: text + "\n")
    assert place.again() == (name(3),)


def test_a_contract_more_and_one_less(place: Place) -> None:
    gone = place.sources.pop(1)
    assert place.again() == ()
    place.sources.append(gone)
    assert place.again() == (gone.id,)


def test_one_document_changed(place: Place) -> None:
    change(place.documents, name(2), "2026-02", lambda row: {**row, "paid": f"{row['paid']}1"})
    assert place.again() == (name(2),)


def test_a_row_that_moves_is_told_where_it_stands_now(place: Place) -> None:
    lines = place.documents.read_text(encoding="utf-8").splitlines()
    twice = next(line for line in lines if name(4) in line)
    place.documents.write_text("\n".join([*lines, twice]) + "\n", encoding="utf-8")
    assert place.again() == (name(4),)
    place.documents.write_text("\n".join([lines[0], *reversed(lines[1:]), twice]) + "\n", encoding="utf-8")
    assert place.again() == (name(4),)


def test_one_day_more_in_a_store(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.store()
    place.run()
    late = tmp_path / "late.csv"
    take(tmp_path / "in" / "documents.csv", late, name(1))
    found = ingest([str(late)], tmp_path / "store")
    assert [(item.path, sum(total.lines for _, total in item.types)) for item in found.taken] == [(str(late), 1)]
    assert place.again() == (name(1),)
    assert ingest([str(late)], tmp_path / "store").taken == ()


def test_a_file_in_the_place_of_one(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.store()
    place.run()
    late = tmp_path / "late.csv"
    take(tmp_path / "in" / "documents.csv", late, name(1))
    ingest([str(late)], tmp_path / "store")
    assert place.again() == (name(1),)
    take(tmp_path / "in" / "documents.csv", late, name(3))
    ingest([str(late)], tmp_path / "store", instead=True)
    assert place.again() == (name(1), name(3))
    other = tmp_path / "other"
    ingest([str(tmp_path / "in" / "documents.csv"), str(late)], other)
    place.run(tmp_path / "from-other")
    place.documents = other
    place.run(tmp_path / "from-store")
    assert tables(tmp_path / "from-other") == tables(tmp_path / "from-store")


def test_what_was_posted_changed_for_one(tmp_path: Path) -> None:
    place, january = Place(tmp_path), tmp_path / "january"
    place.period = "2026-01"
    place.run(january)
    place.period, place.posted = "2026-02", (str(january),)
    place.run()
    place.rewrite(0, lambda text: text + "\n")
    place.period, place.posted = "2026-01", ()
    assert place.run(january).settled == (name(0),)
    place.period, place.posted = "2026-02", (str(january),)
    assert place.again() == (name(0),)


def test_an_amendment_reaches_its_contract_alone(place: Place) -> None:
    place.sources[2] = replace(place.sources[2], sha256="with an amendment beside it")
    assert place.again() == (name(2),)


def test_another_folder_may_be_named(place: Place) -> None:
    place.rewrite(1, lambda text: text + "\n")
    assert place.run(place.folder / "new", reuse=place.out).settled == (name(1),)
    assert place.run(place.folder / "alone").settled == tuple(name(number) for number in range(CONTRACTS))
    assert contents(place.folder / "new") == contents(place.folder / "alone")


@pytest.mark.parametrize("table", ["lines", "basis", "trace"])
def test_a_batch_that_was_touched_is_not_trusted(place: Place, table: str) -> None:
    place.rewrite(1, lambda text: text + "\n")
    path = place.out / f"{table}.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert len(place.again()) == CONTRACTS


def test_a_contract_with_an_error_is_settled_again(place: Place) -> None:
    change(place.documents, name(2), "2026-02", lambda row: {**row, "paid": "1e400"})
    assert place.again() == (name(2),)
    place.rewrite(0, lambda text: text + "\n")
    assert place.again() == (name(0), name(2))


def test_rows_read_line_by_line_keep_nothing(place: Place) -> None:
    first = settled(place.sources, place.documents, "2026-02", place.folder / "rows", engine=ROWS)
    place.rewrite(1, lambda text: text + "\n")
    second = settled(place.sources, place.documents, "2026-02", place.folder / "rows", engine=ROWS)
    assert (first.kept, second.kept) == (0, 0)
    assert not (place.folder / "rows" / "basis.parquet").exists()
    assert "kept" in json.loads((place.folder / "rows" / "times.json").read_text(encoding="utf-8"))


def change(documents: Path, contract: str, month: str, how: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change the first row of a contract in a month that has an amount paid."""
    header, found = read(documents)
    at = next(
        place for place, row in enumerate(found) if row["contract"] == contract and row["date"].startswith(month) and row["paid"]
    )
    found[at] = how(found[at])
    write(documents, header, found)


def take(documents: Path, target: Path, contract: str) -> None:
    """One new sale of a contract in a file of its own."""
    header, found = read(documents)
    row = next(row for row in found if row["contract"] == contract and row["type"] == "sale" and row["date"].startswith("2026-02"))
    write(target, header, [{**row, "doc_id": "NEW-1"}])


def read(path: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        found = list(reader)
    return reader.fieldnames or (), found


def write(path: Path, header: Sequence[str], found: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        writer.writerows(found)
