"""Sums of parts rounded document by document, kept as running sums."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from rules_engine.core.expressions import Rounding
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.reading.series import Run
from rules_engine.engine.reading.source_code import Unsure
from rules_engine.values.exact import as_decimal, decimals_of
from rules_engine.values.rounding import round_to

ZERO = Decimal(0)


def rounded_total(runs: Iterable[Run], asking: Asking, ratio: Fraction, each: Rounding) -> Decimal:
    """Every document's value times `ratio`, rounded, added over the asking window. Call it in the `WIDE` context."""
    stop = min(asking.end, asking.upto)
    factor = as_decimal(ratio) if decimals_of(ratio) is not None else ratio
    total = ZERO
    for run in runs:
        if run.carried or any(True for _ in run.trouble(asking.start, stop)):
            raise Unsure
        first, last = run.bounds(asking.start, stop)
        if first < last:
            sums = _sums(run, factor, each)
            total += sums[last] - sums[first]
    return total


def _sums(run: Run, factor: Decimal | Fraction, each: Rounding) -> list[Decimal]:
    key = (factor, each.to, each.mode)
    found = run.rounded.get(key)
    if found is None:
        parts = (_part(value, factor, each) for value in run.values)
        found = run.rounded[key] = list(accumulate(parts, initial=ZERO))
    return found


def _part(value: object, factor: Decimal | Fraction, each: Rounding) -> Decimal:
    if value is None:
        return ZERO
    if isinstance(value, Decimal) and isinstance(factor, Decimal):
        return round_to(value * factor, each.to, each.mode)
    assert isinstance(value, Decimal | Fraction)
    return round_to(Fraction(value) * Fraction(factor), each.to, each.mode)
