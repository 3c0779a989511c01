"""Every case of the gallery settles alike from single lines and from lines that DuckDB added up, and every line replays to its amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from rules_engine.api import ContractError
from rules_engine.bulk import delivery
from rules_engine.bulk.batch import batch
from rules_engine.bulk.measures.reduced import Sums
from rules_engine.bulk.model import DUCKDB, ENGINES, ROWS, Job
from rules_engine.bulk.replaying import Replay
from rules_engine.cli.cases import Case, read_case
from rules_engine.cli.commands.batch import contract_sources
from rules_engine.core.program import Program
from rules_engine.statement.explain import explain_line
from tests.unit.bulk.shop import ROOT, loaded, tables

pytestmark = pytest.mark.bulk
CASES = sorted((ROOT / "contracts").rglob("case.toml"))
USED: Counter[bool] = Counter()


@pytest.fixture(autouse=True)
def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = delivery.Delivery.sums

    def counting(self: delivery.Delivery, program: Program, contract: str) -> Sums | None:
        found = sums(self, program, contract)
        if self.looked:
            USED[found is not None] += 1
        return found

    monkeypatch.setattr(delivery.Delivery, "sums", counting)


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_a_case_settles_alike_from_lines_and_from_sums(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    for number in sorted({0, len(case.runs) - 1}):
        found = {engine: outcome(case, number, engine, tmp_path) for engine in ENGINES}
        assert found[ROWS] == found[DUCKDB]
        if number == len(case.runs) - 1 and isinstance(found[DUCKDB], dict):
            replayed(tmp_path / f"{number}-{DUCKDB}", found[DUCKDB]["lines"])


def replayed(folder: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Every line, asked for by itself, is settled again with its explanation and comes to its amount."""
    with Replay(folder, loaded) as replay:
        for row in lines:
            again = replay.line(row["contract"], row["line_id"])
            (line,) = (line for line in (*again.lines, *again.pending) if line.id == row["line_id"])
            assert (line.amount, line.target, line.document_count) == (row["amount"], row["target"], row["documents"]), line.id
            assert explain_line(line, again.program, "en")


def outcome(case: Case, number: int, engine: str, folder: Path) -> Any:
    run = case.runs[number]
    sources = tuple(contract_sources([str(run.contract)]))
    out = folder / f"{number}-{engine}"
    posted = tuple(str(path) for path in run.posted)
    job = Job(sources, tuple(map(str, run.documents)), run.period, out, loaded, posted, run.as_of, engine)
    try:
        batch(job)
    except ContractError as error:
        return str(error)
    return tables(out)


def test_most_contracts_of_the_gallery_are_settled_from_sums() -> None:
    assert not USED or USED[True] > USED[False]
