"""Measures with `show`, for the whole contract over the period, as a statement prints them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Measure
from rules_engine.core.units import Unit
from rules_engine.engine.evaluator import Asking
from rules_engine.settlement.lines import plain_decimal
from rules_engine.settlement.model import ShownMeasure
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.targets import View
from rules_engine.values.exact import Number
from rules_engine.values.period import Period
from rules_engine.values.rounding import round_to


def shown_measures(view: View, measures: Iterable[Measure], period: Period) -> tuple[ShownMeasure, ...]:
    """Each measure's value; None where it is missing or not applicable."""
    return tuple(_shown(view, measure, period) for measure in measures)


def _shown(view: View, measure: Measure, period: Period) -> ShownMeasure:
    asking = Asking((), (), period.start, period.end, period.end)
    value = view.evaluator.evaluate(measure.expression, asking, view.results).value
    number = _printed(view, measure, value) if isinstance(value, Decimal | Fraction) else None
    return ShownMeasure(measure.name, measure.title or measure.name, str(measure.unit), number, period)


def _printed(view: View, measure: Measure, value: Number) -> Decimal:
    """Money at the currency's smallest unit, everything else with the decimals it needs."""
    if measure.unit is not Unit.MONEY:
        return plain_decimal(value)
    return round_to(value, smallest_unit(view.program.header.currency), "half_up")
