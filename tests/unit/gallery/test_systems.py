"""The index of systems: all 23, each with a folder and with scenarios that stand there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

GALLERY = Path(__file__).parents[3] / "contracts"
SYSTEMS: list[dict[str, Any]] = tomllib.loads((GALLERY / "systems.toml").read_text(encoding="utf-8"))["system"]
SETTLED_BY_ITS_CASE_ALONE = "credit_terms"


def test_all_systems_are_listed_in_order() -> None:
    assert [system["number"] for system in SYSTEMS] == list(range(1, 24))


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["folder"])
def test_every_system_has_its_scenarios(system: dict[str, Any]) -> None:
    folder = GALLERY / system["folder"]
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.contract")))
    assert (folder / "README.md").is_file()
    assert system["scenarios"] or system["folder"] == SETTLED_BY_ITS_CASE_ALONE
    for title in system["scenarios"]:
        assert f'scenario "{title}"' in written


@pytest.mark.parametrize("case", [f"S{number:02}" for number in range(1, 24)])
def test_every_worked_case_is_named_by_a_scenario(case: str) -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in GALLERY.glob("*/*.contract"))
    assert f'scenario "{case}' in written
