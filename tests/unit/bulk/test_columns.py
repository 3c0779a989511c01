"""Contracts of one shape settled over columns: the same bytes as one by one, and it is known which way each went."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from rules_engine.bulk.batch import batch
from rules_engine.bulk.columnar.reasons import Reason
from rules_engine.bulk.model import DUCKDB, ContractSource, Job
from rules_engine.cli.commands.batch import loaded, sources
from tests.bench.platform import platform
from tests.unit.bulk.shop import contents, shop

pytestmark = pytest.mark.bulk


def supply(folder: Path, lines: int, contracts: int) -> tuple[list[ContractSource], Path]:
    """Contracts of the bench's template, with their documents."""
    template, parameters, documents = platform(folder, lines, contracts)
    return list(sources(Namespace(contracts=[str(template)], parameters=str(parameters), as_of=None))), documents


def settled(contracts: list[ContractSource], documents: list[Path], out: Path, **options: Any) -> dict[str, Any]:
    """How the contracts of a batch were settled."""
    batch(Job(tuple(contracts), tuple(map(str, documents)), options.pop("period", "2026-01"), out, loaded, engine=DUCKDB, **options))
    found: dict[str, Any] = json.loads((out / "times.json").read_text(encoding="utf-8"))["settled"]
    return found


def same_but_for_the_way(one: Path, other: Path) -> bool:
    return {name: data for name, data in contents(one).items() if name != "times.json"} == {
        name: data for name, data in contents(other).items() if name != "times.json"
    }


def test_contracts_of_a_template_come_out_as_one_by_one(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 3000, 6)
    assert settled(contracts, [documents], tmp_path / "columns") == {"by_columns": 6, "one_by_one": {}}
    assert settled(contracts, [documents], tmp_path / "rows", columns=False) == {"by_columns": 0, "one_by_one": {}}
    assert same_but_for_the_way(tmp_path / "columns", tmp_path / "rows")


def test_others_go_one_by_one_for_a_named_reason(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 1200, 3)
    grain, others = shop(tmp_path / "grain", 1)
    more = [*contracts, *grain]
    found = settled(more, [documents, others], tmp_path / "columns")
    assert found["by_columns"] == 3
    assert sum(found["one_by_one"].values()) == 1
    assert set(found["one_by_one"]) <= {reason.value for reason in Reason}
    settled(more, [documents, others], tmp_path / "rows", columns=False)
    assert same_but_for_the_way(tmp_path / "columns", tmp_path / "rows")
