"""Lines of a batch explained one by one: the same words and amounts as in the whole statement, from the documents of the line alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules_engine.bulk import replaying
from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import DUCKDB, Job
from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.replaying import Replay
from rules_engine.bulk.storage.storing import ingested
from rules_engine.cli.commands.batch import loaded
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.model import Settlement
from rules_engine.statement.explain import explain
from tests.unit.bulk.shop import contents, rows
from tests.unit.bulk.test_columns import supply

pytestmark = pytest.mark.bulk


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A batch from a store, and one of its contracts."""
    place = tmp_path_factory.mktemp("replaying")
    contracts, documents = supply(place / "in", 600, 2)
    ingested([str(documents)], place / "store", place / "work")
    batch(Job(tuple(contracts), (str(place / "store"),), "2026-01", place / "out", loaded, engine=DUCKDB))
    return place, contracts[0].id


def never(*_: object) -> Settlement:
    raise AssertionError("the whole contract was settled")


def test_a_line_is_told_from_its_own_documents_as_in_the_statement(results: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, contract = results[0] / "out", results[1]
    whole = reopened(folder, contract, loaded)
    monkeypatch.setattr(replaying, "again", never)
    with Replay(folder, loaded) as replay:
        for line in whole.lines:
            found = replay.line(contract, line.id)
            for language in ("en", "zh"):
                assert explain(found, line.id, language) == explain(whole, line.id, language)


def test_an_input_that_changed_in_between_is_said(results: tuple[Path, str]) -> None:
    place, contract = results
    line = rows(place / "out", "lines")[0]["line_id"]
    part = next((place / "store" / "marks").rglob("*.parquet"))
    before = part.read_bytes()
    with Replay(place / "out", loaded) as replay:
        replay.line(contract, line)
        part.write_bytes(before + b" ")
        with pytest.raises(ContractError, match="SE0866"):
            replay.line(contract, line)
        part.write_bytes(before)
        assert replay.line(contract, line).lines


def test_an_amount_that_differs_is_said(results: tuple[Path, str], tmp_path: Path) -> None:
    place, contract = results
    for name, data in contents(place / "out").items():
        (tmp_path / name).write_bytes(data)
    table = pq.read_table(tmp_path / "lines.parquet")
    first, *others = table.column("amount").to_pylist()
    amounts = pa.array([first + 1, *others], table.schema.field("amount").type)
    pq.write_table(table.set_column(table.column_names.index("amount"), "amount", amounts), tmp_path / "lines.parquet")
    with Replay(tmp_path, loaded) as replay, pytest.raises(ContractError, match="SE0867"):
        replay.line(contract, table.column("line_id")[0].as_py())


def test_a_line_that_the_batch_has_not_is_named(results: tuple[Path, str]) -> None:
    folder, contract = results[0] / "out", results[1]
    with Replay(folder, loaded) as replay:
        found = replay.line(contract, "nothing")
    with pytest.raises(ContractError, match="SE0809"):
        explain(found, "nothing", "en")
