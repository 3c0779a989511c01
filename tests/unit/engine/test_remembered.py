"""What is worked out once: by identity, never for another object, never without bound."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from rules_engine.api import load
from rules_engine.core import remembered
from rules_engine.core.expressions import Constant, Expression
from rules_engine.core.program import Program
from rules_engine.core.units import Unit

CASE = Path(__file__).parents[3] / "contracts" / "grain_oil"


def _program() -> Program:
    return load(CASE / "grain_oil.contract")


def _held(work: object) -> int:
    cells = cast("tuple[object, ...]", work.__closure__)  # type: ignore[attr-defined]
    kept = next(cell.cell_contents for cell in cells if isinstance(cell.cell_contents, dict))  # type: ignore[attr-defined]
    return len(kept)


def test_equal_objects_are_asked_apart() -> None:
    asked: list[Expression] = []
    work = remembered.once(lambda _program, expression: asked.append(expression))
    program, one, two = _program(), Constant(Decimal(1), Unit.NUMBER), Constant(Decimal(1), Unit.NUMBER)
    for expression in (one, two, one, two):
        work(program, expression)
    work(replace(program), one)
    assert one == two
    assert len(asked) == 3


def test_answers_never_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 32)
    program = _program()
    work = remembered.once(lambda _program, expression: cast("Constant", expression).value)
    for number in range(100):
        assert work(program, Constant(Decimal(number), Unit.NUMBER)) == number
        assert _held(work) <= 32
    whole = remembered.once_a_program(lambda found: found.header.id)
    for _ in range(10):
        assert whole(replace(program)) == program.header.id
        assert _held(whole) <= 2
