"""Pieces that several kinds are made of: the money a field names, nothing, and what is lacking of an amount."""

from __future__ import annotations

from decimal import Decimal

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import window_expression
from rules_engine.check.meaning.fields import others
from rules_engine.check.meaning.units import expect
from rules_engine.check.prices.earning import demand_columns
from rules_engine.core.expressions import Arithmetic, Constant, Expression, Step
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Field, Word

NOTHING = Constant(Decimal(0), Unit.MONEY)


def amount_of(field: Field, per: tuple[str, ...], env: Environment) -> Expression:
    """The money a field names, from documents that the clause can be split by."""
    written = others(field, Word)[0]
    found = window_expression(written, env, per)  # type: ignore[arg-type]
    demand_columns(found, per, field.span, env)
    return expect(found, Unit.MONEY, "SE0407", written.span, env)


def lacking(label: str, wanted: Expression, reached: Expression) -> Step:
    """max(0, wanted − reached)."""
    gap = Arithmetic("-", (wanted, reached), Unit.MONEY)
    return Step(label, Arithmetic("max", (NOTHING, gap), Unit.MONEY))
