"""A cap on what a clause comes to, over its own window or a wider one: what its earlier windows in it used up counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.texts import LARGEST
from rules_engine.bulk.missing import library
from rules_engine.core.expressions import Rounding
from rules_engine.core.program import Bound, Clause, Header, Program
from rules_engine.settlement.schedule import Stage, bound_windows, span, uncut
from rules_engine.values.exact import scaled
from rules_engine.values.period import Period, period_text
from rules_engine.values.rounding import round_to
from rules_engine.values.windows import proportion


@dataclass(frozen=True, slots=True)
class Cap:
    """What of a cap is left for each row, as whole numbers of ten to the minus `scale`; its limit and what is used up, likewise with their scales."""

    left: Ints
    scale: int
    limit: tuple[Ints, int]
    used: tuple[Ints, int]
    window: str


@dataclass(frozen=True, slots=True)
class Capped:
    """The rows that a cap changed, and the cap."""

    over: Ints
    cap: Cap


def cap_window(program: Program, clause: Clause, bound: Bound, stage: Stage) -> Period | None:
    """The window of the cap around a clause's window; None where there is none. Caps of windows inside it are the kernel's."""
    found: tuple[Period, ...] = (stage.window,)
    if bound.window is not None:
        over = span(program, clause)
        found = bound_windows(program.header, bound.window, over, stage.window) if over else ()
    if len(found) > 1 or (found and found[0] != stage.window and found[0].within(stage.window)):
        raise Alone(Reason.BOUNDS)
    if found and _share(program.header, clause, bound, found[0]) != 1:
        raise Alone(Reason.CUT_WINDOW)
    return found[0] if found else None


def _share(header: Header, clause: Clause, bound: Bound, window: Period) -> Any:
    spec = bound.window or clause.period
    if not bound.proportion or spec.kind == "rolling":
        return 1
    return proportion(window, uncut(header, spec, window), bound.proportion)


def cap_of(limit: tuple[Ints, int], used: tuple[Ints, int], window: Period) -> Cap:
    """What is left of a limit after what is used up; both as whole numbers with their scale."""
    numpy = library("numpy")
    scale = max(limit[1], used[1])
    limits = numpy.maximum(limit[0], 0)
    factors = (10 ** (scale - limit[1]), 10 ** (scale - used[1]))
    if int(numpy.abs(limits).max(initial=0)) * factors[0] + int(numpy.abs(used[0]).max(initial=0)) * factors[1] >= LARGEST:
        raise Alone(Reason.LONG)
    left = numpy.maximum(limits * factors[0] - used[0] * factors[1], 0)
    return Cap(left, scale, (limits, limit[1]), used, period_text(window))


def rounded(cap: Cap, over: Ints, rounding: Rounding, places: int) -> Ints:
    """What is left, rounded as the clause rounds, where it is what counts."""
    numpy = library("numpy")
    left, at = numpy.unique(cap.left[over], return_inverse=True)
    units = [int(round_to(scaled(each, cap.scale), rounding.to, rounding.mode).scaleb(places)) for each in left.tolist()]
    found: Ints = numpy.zeros(len(over), dtype=numpy.int64)
    found[over] = numpy.array(units or [0], dtype=numpy.int64)[at]
    return found
