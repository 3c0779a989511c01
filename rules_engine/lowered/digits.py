"""How many decimals a number has: of constants as they are written, of sums as their columns usually have them.

A sum whose documents have more decimals than is usual is lowered again with the scale that it has.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from rules_engine.core.expressions import Aggregate, Arithmetic, Choice, Column, Constant, Expression, Round, Step
from rules_engine.core.program import Program
from rules_engine.core.remembered import once
from rules_engine.core.units import Unit
from rules_engine.engine.reading.source_code import WIDE
from rules_engine.followed.functions import asked, one_step
from rules_engine.lowered.model import Reason

USUAL = {Unit.MONEY: 2, Unit.PERCENT: 4, Unit.PRICE: 4, Unit.QUANTITY: 3, Unit.NUMBER: 2, Unit.DAYS: 0}
KINDS = {"amount": 2, "quantity": 3, "number": 4, "percent": 6, "days": 0}


class Refused(Exception):
    """A construct that is not lowered."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@asked
@lru_cache(maxsize=4096)
def written_places(value: Decimal) -> int:
    """The decimals that the number needs."""
    return max(0, -int(value.normalize().as_tuple().exponent)) if value else 0


def constant_places(value: Decimal, unit: Unit) -> int:
    """The decimals of a parameter: those usual for its unit, or the next even number that holds it."""
    usual, needed = USUAL.get(unit, 2), written_places(value)
    return usual if needed <= usual else needed + needed % 2


@one_step
def whole_number(value: Decimal, places: int) -> int:
    """The number times ten to `places`, which it must be able to be written in."""
    return int(value.scaleb(places, WIDE))


@once
def usual_places(program: Program, aggregate: Expression) -> int:
    """The decimals of a sum or count."""
    assert isinstance(aggregate, Aggregate)
    if aggregate.op == "count" or aggregate.item is None:
        return 0
    types = [source.type for source in aggregate.sources]
    return _places(program, types, aggregate.item)


def _places(program: Program, types: list[str], item: Expression) -> int:
    match item:
        case Constant():
            if not isinstance(item.value, Decimal):
                raise Refused(Reason.FRACTION)
            return written_places(item.value)
        case Column():
            return _column(program, types, item)
        case Step():
            return _places(program, types, item.operand)
        case Round():
            return written_places(item.to)
        case Choice():
            return max(_places(program, types, row.value) for row in item.rows)
        case Arithmetic(op="*"):
            return sum(_places(program, types, operand) for operand in item.operands)
        case Arithmetic(op="+" | "-" | "min" | "max" | "abs" | "negate"):
            return max(_places(program, types, operand) for operand in item.operands)
        case _:
            raise Refused(Reason.FRACTION)


def _column(program: Program, types: list[str], item: Column) -> int:
    kinds = (program.types.get(name) for name in types)
    columns = [found for kind in kinds if kind is not None and (found := kind.columns.get(item.name)) is not None]
    if not columns or item.of == "this":
        raise Refused(Reason.FRACTION)
    formulas = [_places(program, types, column.formula) for column in columns if column.formula is not None]
    plain = [KINDS.get(column.kind, 6) for column in columns if column.formula is None]
    return max((*formulas, *plain))
