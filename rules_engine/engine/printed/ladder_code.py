"""Ladders as source: one branch or one product a band."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from rules_engine.core.expressions import Band, Constant, Expression, Ladder, Parts, Price
from rules_engine.engine.printed.shapes import Shape
from rules_engine.engine.printed.window_code import PARAMETERS, Module
from rules_engine.engine.reading.source_code import Printed, as_fraction_code
from rules_engine.record import dataclass

PrintPrice = Callable[[Module, Price, Shape], Printed]
SLICE = f"{PARAMETERS}, b, q"


@dataclass(frozen=True, slots=True)
class Rung:
    """A band with the names of its bounds; None is open."""

    band: Band
    lower: Printed | None
    upper: Printed | None


@dataclass(frozen=True, slots=True)
class Job:
    """A ladder to print: its module, rungs, the shape of its slice and how inner prices are printed."""

    module: Module
    ladder: Ladder
    rungs: list[Rung]
    shape: Shape
    price: PrintPrice

    def called(self, rung: Rung, shape: Shape | None = None) -> Printed:
        """The name of a function of a band's slice."""
        module, shape = self.module, shape or self.shape
        key = ("band", id(rung.band), *shape.key)
        if key not in module.kinds:
            module.kept.append(rung.band)
            printed = self.price(module, rung.band.price, shape)
            module.add(key, "d", SLICE, f"    return {printed.code}\n", printed.kind)
        name, kind = module.kinds[key]
        return Printed(name, kind)


def print_ladder(module: Module, ladder: Ladder, shape: Shape, price: PrintPrice) -> tuple[str, str]:
    """The name of the ladder's function of `b` and `q`, and the kind it gives; '' where the reference must answer."""
    key = ("ladder", id(ladder), *shape.key)
    if key not in module.kinds:
        module.kept.append(ladder)
        lines, rungs = _bounds(module, ladder)
        body, kind = ("", "") if ladder.along else _BODIES[ladder.reading](Job(module, ladder, rungs, shape, price))
        if not body:
            module.kinds[key] = ("", "decimal")
        else:
            module.add(key, "l", SLICE, lines + body, kind)
    return module.kinds[key]


def _bounds(module: Module, ladder: Ladder) -> tuple[str, list[Rung]]:
    lines: list[str] = []
    rungs: list[Rung] = []
    names: dict[int, Printed] = {}
    for band in ladder.bands:
        found: list[Printed | None] = []
        for bound in (band.lower, band.upper):
            if bound is None:
                found.append(None)
                continue
            if id(bound) not in names:
                names[id(bound)] = _bound(module, bound, len(names), lines)
            found.append(names[id(bound)])
        rungs.append(Rung(band, found[0], found[1]))
    return "".join(lines), rungs


def _bound(module: Module, bound: Expression, index: int, lines: list[str]) -> Printed:
    printed = module.unrestricted(bound)
    if isinstance(bound, Constant):
        return printed
    lines.append(f"    u{index} = {printed.code}\n")
    return Printed(f"u{index}", printed.kind)


def _entered(rung: Rung, ladder: Ladder) -> str:
    sign = ">" if ladder.includes == "upper" else ">="
    return "True" if rung.lower is None else f"q {sign} {rung.lower.code}"


def _passed(rung: Rung, ladder: Ladder) -> str:
    sign = ">" if ladder.includes == "upper" else ">="
    return "False" if rung.upper is None else f"q {sign} {rung.upper.code}"


def _call(function: Printed, base: str, qualifier: str, fractions: bool) -> str:
    code = f"{function.code}({PARAMETERS}, {base}, {qualifier})"
    return f"F({code})" if fractions and function.kind == "decimal" else code


Body = tuple[str, str]


def _kind(functions: list[Printed]) -> tuple[bool, str]:
    fractions = any(item.kind == "fraction" for item in functions)
    return fractions, "fraction" if fractions else "decimal"


def _lowest(first: Printed, fractions: bool) -> str:
    return f"    if q <= 0:\n        return {_call(first, 'b', 'q', fractions)}\n"


def _marginal(job: Job) -> Body:
    """Each band on its slice. With a qualifier of its own the paying base is split in proportion, in fractions."""
    overlap_kind = _overlap_kind(job.rungs, job.shape.qualifier)
    inner = replace(job.shape, base=overlap_kind if job.shape.same else "fraction", qualifier=overlap_kind, whole=False)
    called = [job.called(rung, inner) for rung in job.rungs]
    lowest = job.called(job.rungs[0])
    fractions, kind = _kind([*called, lowest])
    body = _lowest(lowest, fractions) + f"    v = {'FZERO' if fractions else 'ZERO'}\n    c = {_zero(overlap_kind)}\n"
    for rung, function in zip(job.rungs, called, strict=True):
        top = "q" if rung.upper is None else f"min(q, {rung.upper.code})"
        low = "ZERO" if rung.lower is None else f"max({rung.lower.code}, ZERO)"
        left = f"F({top}) - F({low})" if overlap_kind == "fraction" else f"{top} - {low}"
        share = "o" if job.shape.same else "F(b) * F(o) / F(q)"
        body += f"    o = {left}\n    if o > 0:\n        c += o\n        v += {_call(function, share, 'o', fractions)}\n"
    return body + "    if c != q:\n        raise Unsure\n    return v\n", kind


def _zero(kind: str) -> str:
    return "FZERO" if kind == "fraction" else "ZERO"


def _overlap_kind(rungs: list[Rung], qualifier: str) -> str:
    kinds = {bound.kind for rung in rungs for bound in (rung.lower, rung.upper) if bound is not None} | {qualifier}
    return "fraction" if "fraction" in kinds else "decimal"


def _whole(job: Job) -> Body:
    called = [job.called(rung) for rung in job.rungs]
    fractions, kind = _kind(called)
    body = _lowest(called[0], fractions)
    for rung, function in zip(job.rungs, called, strict=True):
        body += f"    if {_entered(rung, job.ladder)} and not {_passed(rung, job.ladder)}:\n"
        body += f"        return {_call(function, 'b', 'q', fractions)}\n"
    return body + "    raise Unsure\n", kind


def _stacked(job: Job) -> Body:
    called = [job.called(rung) for rung in job.rungs]
    fractions, kind = _kind(called)
    body = _lowest(called[0], fractions) + f"    v = {_zero(kind)}\n"
    for rung, function in zip(job.rungs, called, strict=True):
        body += f"    if {_entered(rung, job.ladder)}:\n        v += {_call(function, 'b', 'q', fractions)}\n"
    return body + "    return v\n", kind


def _climbing(job: Job) -> Body:
    """Passed bands on their upper bound, the band that holds the value on the whole."""
    lowest = job.called(job.rungs[0])
    tops = [job.called(rung) for rung in job.rungs]
    passed: list[Printed] = []
    for rung in job.rungs:
        bound = rung.upper.kind if rung.upper else "decimal"
        inner = replace(job.shape, base=bound if job.shape.same else "fraction", qualifier=bound, whole=False)
        passed.append(job.called(rung, inner))
    fractions, kind = _kind([lowest, *tops, *passed])
    body = _lowest(lowest, fractions) + f"    v = {_zero(kind)}\n"
    for rung, top, under in zip(job.rungs, tops, passed, strict=True):
        if rung.upper is not None:
            share = rung.upper.code if job.shape.same else f"F(b) * {as_fraction_code(rung.upper)} / F(q)"
            body += f"    if {_passed(rung, job.ladder)}:\n        v += {_call(under, share, rung.upper.code, fractions)}\n"
            body += f"    elif {_entered(rung, job.ladder)}:\n        v += {_call(top, 'b', 'q', fractions)}\n"
        else:
            body += f"    if {_entered(rung, job.ladder)}:\n        v += {_call(top, 'b', 'q', fractions)}\n"
    return body + "    return v\n", kind


def _sliding(job: Job) -> Body:
    """Points of one percentage each; anything else is the reference's."""
    points = []
    for rung in job.rungs:
        parts = rung.band.price
        if not isinstance(parts, Parts) or len(parts.parts) > 1 or any(part.kind != "rate" for part in parts.parts):
            return "", "decimal"
        rate = job.module.unrestricted(parts.parts[0].amount) if parts.parts else Printed("ZERO", "decimal")
        at = rung.lower or Printed("ZERO", "decimal")
        points.append(f"(F({at.code}), F({rate.code}))")
    job.module.printer.names.update(slide=slide)
    return f"    return F(b) * slide(({', '.join(points)},), F(q))\n", "fraction"


def slide(points: tuple[tuple[Decimal, Decimal], ...], at: Decimal) -> Decimal:
    """The rate on the straight line between two points; outside the points the nearest one's. All are fractions."""
    before = points[0]
    for point in points:
        if at <= point[0]:
            span = point[0] - before[0]
            return before[1] + (point[1] - before[1]) * (at - before[0]) / span if span and at > before[0] else point[1]
        before = point
    return before[1]


_BODIES: dict[str, Callable[[Job], Body]] = {
    "marginal": _marginal,
    "whole": _whole,
    "stacked": _stacked,
    "climbing": _climbing,
    "sliding": _sliding,
}
