"""Putting outcomes together: what is missing, faulty or not applicable goes on to whatever was built on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from rules_engine.engine.evaluator import Fault, Outcome

ZERO = Fraction(0)
NOT_APPLICABLE = Outcome(None, not_applicable=True)
NOTHING = Outcome(ZERO)

NO_ROW = "no_row"
"""No row of a table takes the document; detail holds its values of the columns the rows test."""
TWO_ROWS = "two_rows"
"""Two rows take the same document with different results; detail holds `row` (from 1) → amount."""
TWO_EXCEPTIONS = "two_exceptions"
"""Two exceptions hold at once with different results; detail holds name → amount."""
NO_BAND = "no_band"
"""No band of a ladder holds the qualifying value; detail holds `value`."""
NO_PLACE = "no_place"
"""A document stands outside the windows of the counter that cuts it; detail holds `counter`."""
CALENDAR = "calendar"
"""Working days of a year the calendar does not cover; detail holds `year`."""
NO_SUCH_DAY = "no_such_day"
"""A month is too short for the day; detail holds `day`."""
CUT_CARRIED = "cut_carried"
"""A window cuts through a period whose documents were given only as a carried sum; detail holds `from` and `to`."""

MOST_NAMES = 20
NO_DETAIL: Mapping[str, str] = {}


def merged(outcomes: Iterable[Outcome]) -> Outcome:
    """What several outcomes without a value come to: faults first, then missing inputs, then not applicable."""
    missing: dict[str, None] = {}
    faults: dict[Fault, None] = {}
    for outcome in outcomes:
        missing.update(dict.fromkeys(outcome.missing))
        faults.update(dict.fromkeys(outcome.faults))
    if faults or missing:
        return Outcome(None, tuple(missing)[:MOST_NAMES], tuple(faults)[:MOST_NAMES])
    return NOT_APPLICABLE


def failure(outcomes: Iterable[Outcome]) -> Outcome | None:
    """The joint failure of those that have no value; None when all have one."""
    failed = [outcome for outcome in outcomes if outcome.value is None]
    return merged(failed) if failed else None


def missing(*names: str) -> Outcome:
    """An outcome that lacks the named inputs."""
    return Outcome(None, missing=names)


def faulty(code: str, documents: tuple[str, ...] = (), detail: Mapping[str, str] = NO_DETAIL) -> Outcome:
    """An outcome that is one fault."""
    return Outcome(None, faults=(Fault(code, documents, tuple(detail.items())),))


def number(outcome: Outcome) -> Fraction:
    """The value as a fraction; anything that is no number is a bug of ours."""
    value = outcome.value
    if isinstance(value, Fraction):
        return value
    if isinstance(value, Decimal):
        return Fraction(value)
    raise TypeError(f"{value!r} is no number")


def exact(value: object) -> Outcome:
    """A present value; decimals become fractions."""
    if isinstance(value, Decimal):
        return Outcome(Fraction(value))
    if value is None or isinstance(value, Fraction | str | bool) or hasattr(value, "toordinal"):
        return Outcome(value)  # type: ignore[arg-type]
    raise TypeError(f"{value!r} is no value")
