"""Numbers that stand in the text, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from rules_engine.check.prices.filters import without_spans
from rules_engine.core.expressions import Arithmetic, Constant, Expression, Ladder, Rounding, Step
from rules_engine.core.units import Unit
from rules_engine.core.walk import walk
from rules_engine.record import dataclass
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_to

CENT = Rounding("half_up", Decimal("0.01"))
EXAMPLE = Fraction(1_000_000)


@dataclass(frozen=True, slots=True)
class Scale:
    """What bounds are written as multiples of, and the number it stands for here; `of` None: bounds are plain numbers."""

    of: object = None
    worth: Fraction = EXAMPLE


PLAIN = Scale()


def constant(expression: object, scale: Scale = PLAIN) -> Fraction | None:
    """The number an expression is, whatever the documents say; None where it depends on them."""
    match expression:
        case Constant(value=Decimal() as value):
            return as_fraction(value)
        case Step(operand=operand):
            return constant(operand, scale)
        case Arithmetic(op="negate", operands=(operand,)):
            found = constant(operand, scale)
            return None if found is None else -found
        case Arithmetic(op="*", operands=(one, two)):
            first, second = constant(one, scale), constant(two, scale)
            return None if first is None or second is None else first * second
        case _ if scale.of is not None and without_spans(expression) == scale.of:
            return scale.worth
        case _:
            return None


def scale_of(ladder: Ladder) -> Scale | None:
    """The one thing that bounds are multiples of, with the number the text gives for it or an example; None where there are several."""
    found = {without_spans(item) for bound in bounds(ladder) if (item := factor(bound)) is not None}
    if not found:
        return PLAIN
    if len(found) > 1:
        return None
    of = found.pop()
    written = [item.value for item in walk(of) if isinstance(item, Constant) and item.unit is not Unit.PERCENT]
    worth = next((as_fraction(item) for item in written if isinstance(item, Decimal) and item > 0), EXAMPLE)
    return Scale(of, worth)


def bounds(ladder: Ladder) -> Iterator[Expression]:
    """Every bound of the ladder."""
    for band in ladder.bands:
        yield from (bound for bound in (band.lower, band.upper) if bound is not None)


def factor(bound: Expression) -> Expression | None:
    """What the bound is a multiple of; None for a plain number."""
    match bound:
        case Constant():
            return None
        case Arithmetic(op="*", operands=(Constant(), rest)):
            return rest
        case _:
            return bound


def cents(amount: Fraction, rounding: Rounding = CENT) -> Decimal:
    """The amount as the clause rounds it."""
    return round_to(amount, rounding.to, rounding.mode)


def money(amount: Fraction | Decimal, rounding: Rounding = CENT) -> str:
    """`25,000.00`."""
    return f"{cents(as_fraction(amount), rounding):,.2f}"


def number(amount: Fraction) -> str:
    """A plain number, rounded to four decimals, without needless zeros."""
    text = f"{round_to(amount, Decimal('0.0001'), 'half_up'):,f}"
    return text.rstrip("0").rstrip(".")


def percent(share: Fraction) -> str:
    """`12.5%`, rounded to four decimals."""
    return f"{number(share * 100)}%"
