"""Every kind of expression says what is inside it."""

from __future__ import annotations

from typing import get_args

from rules_engine.core.expressions import Expression
from rules_engine.core.walk import INSIDE


def test_every_kind_of_expression_can_be_walked() -> None:
    assert set(INSIDE) == set(get_args(Expression))
