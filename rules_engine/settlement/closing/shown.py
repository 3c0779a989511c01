"""Measures with `show`, for the whole contract over the period, as a statement prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Measure
from rules_engine.core.units import Unit
from rules_engine.engine.evaluator import Asking
from rules_engine.settlement.lines.lines import plain_decimal
from rules_engine.settlement.model import ShownMeasure
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.schedule import term, tiles
from rules_engine.settlement.targets import View
from rules_engine.settlement.windows_proven import shifts
from rules_engine.values.exact import Number
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.rounding import round_to


def shown_measures(
    view: View, measures: Iterable[Measure], period: Period, absent: Sequence[Period] = ()
) -> tuple[ShownMeasure, ...]:
    """Each measure's value; None where it is missing or not applicable, or reads one of the periods `absent`, whose documents
    were not given, and no statement carries them."""
    return tuple(_shown(view, measure, period, absent) for measure in measures)


def _shown(view: View, measure: Measure, period: Period, absent: Sequence[Period]) -> ShownMeasure:
    if measure.shown_per is not None:
        period = _so_far(view, measure.shown_per, period)
    asking = Asking((), (), period.start, period.end, period.end)
    value = view.evaluator.evaluate(measure.expression, asking, view.results).value
    known = isinstance(value, Decimal | Fraction) and _is_whole(view, measure, period, absent)
    number = _printed(view, measure, value) if known and isinstance(value, Decimal | Fraction) else None
    return ShownMeasure(measure.name, measure.title or measure.name, str(measure.unit), number, period)


def _is_whole(view: View, measure: Measure, period: Period, absent: Sequence[Period]) -> bool:
    """Whether everything the measure reads was given or is carried (kernel rule 18)."""
    moved = shifts(view.program, measure.expression)
    read = [bucket for bucket in absent if moved or bucket.meets(period)]
    return not read or (
        view.facts.is_additive(measure.expression) and all(view.facts.covers(measure.expression, (), bucket) for bucket in read)
    )


def _so_far(view: View, spec: WindowSpec, period: Period) -> Period:
    """The window of that kind which holds the period's last day, as far as it is settled."""
    header = view.program.header
    around = next((item for item in tiles(header, spec, term(header)) if item.contains(period.last)), period)
    return Period(around.start, max(period.end, around.start))


def _printed(view: View, measure: Measure, value: Number) -> Decimal:
    """Money at the currency's smallest unit, everything else with the decimals it needs."""
    if measure.unit is not Unit.MONEY:
        return plain_decimal(value)
    return round_to(value, smallest_unit(view.program.header.currency), "half_up")
