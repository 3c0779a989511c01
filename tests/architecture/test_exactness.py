"""No binary fraction comes near money, and the core stays small."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from rules_engine.core import expressions

PACKAGE = Path(__file__).parents[2] / "rules_engine"
EXACT = ("values", "core", "engine", "lowered", "settlement")


@pytest.mark.parametrize("folder", EXACT)
def test_the_word_float_does_not_appear(folder: str) -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\bfloat\b", line)
    ]
    assert found == []


def test_the_core_has_at_most_25_node_types() -> None:
    nodes = [name for name, kind in inspect.getmembers(expressions, inspect.isclass) if _is_node(kind)]
    assert 0 < len(nodes) <= 25, nodes


def test_core_nodes_are_frozen_and_slotted() -> None:
    loose = [
        name
        for name, kind in inspect.getmembers(expressions, inspect.isclass)
        if _is_node(kind) and not (vars(kind)["__dataclass_params__"].frozen and "__slots__" in vars(kind))
    ]
    assert loose == []


def _is_node(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) and kind.__module__ == expressions.__name__
