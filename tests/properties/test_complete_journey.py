"""Public data through the whole engine: a year of five suppliers, against plain SQL over the source."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "contracts" / "complete_journey"
MANUFACTURERS = (69, 2, 764, 103, 1208)

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The example's own `run.py`."""
    spec = importlib.util.spec_from_file_location("complete_journey_run", FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def prepared(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The documents and the report on what does not fit."""
    out = tmp_path_factory.mktemp("complete_journey")
    return out, script.prepare(out, MANUFACTURERS)


def test_every_row_of_the_source_is_used_or_reported(prepared: tuple[Path, dict[str, Any]]) -> None:
    _, report = prepared
    assert report["source"]["rows"] == 1_469_307
    for each in report["manufacturers"].values():
        assert each["rows"] == each["documents"] + sum(reason["rows"] for reason in each["left_out"].values())


@pytest.mark.parametrize("manufacturer", MANUFACTURERS)
def test_the_year_of_every_clause_is_what_sql_over_the_source_says(
    script: ModuleType, prepared: tuple[Path, object], manufacturer: int
) -> None:
    settlements = script.settle_year(manufacturer, prepared[0])
    assert script.differences(settlements, manufacturer) == []
    assert all(not each.unsettled for each in settlements)
    assert sum(len(each.unused) for each in settlements) == 0
