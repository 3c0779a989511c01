"""Printer one: a function of one row, in whole Python numbers, with a flat trace."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

from rules_engine.lowered.model import Step
from rules_engine.lowered.source import Names, Printable, compiled, function_source, row_of

Single = Callable[[Sequence[int], Sequence[int]], tuple[int, ...]]
MOST_SHAPES = 1024
FEW = 6
"""Edges that are tried one after the other; among more of them the place is searched."""

JOINS = {"add": " + ", "subtract": " - ", "multiply": " * ", "and": " and ", "or": " or "}
SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@lru_cache(maxsize=MOST_SHAPES)
def single(shape: Printable, *, trace: bool = True) -> Single:
    """The shape's function of inputs and parameters: all registers, or without the trace only its ends."""
    source = function_source(shape, print_step, trace=trace)
    scope: dict[str, object] = {"bisect_left": bisect_left, "bisect_right": bisect_right}
    exec(compiled(source, shape.key), scope)  # noqa: S102 - our own source, printed from steps of a closed list
    return cast("Single", scope["lowered"])


def print_step(names: Names, step: Step, _place: int = 0) -> str:
    """One step as a Python expression."""
    if step.op in ("band", "pick"):
        return _band(names, step) if step.op == "band" else _pick(names, step)
    args = [names.inner(operand) for operand in step.args]
    match step.op:
        case "copy":
            return names.code(step.args[0])
        case "add" | "subtract" | "multiply" | "and" | "or":
            return JOINS[step.op].join(args)
        case "negate":
            return f"-{args[0]}"
        case "not":
            return f"not {args[0]}"
        case "abs":
            return f"abs({args[0]})"
        case "min" | "max":
            return _extreme(step.op, args)
        case "compare":
            return f"{args[0]} {SIGNS[step.detail]} {args[1]}"
        case "tally":
            return " + ".join(f"bool({arg})" for arg in args)
        case "choose":
            return f"{args[1]} if {args[0]} else {args[2]}"
        case "quotient":
            return quotient(args[0], args[1], step.detail)
        case _:
            raise ValueError(f"unknown step {step.op}")


def _extreme(op: str, args: Sequence[str]) -> str:
    if len(args) > 2:
        return f"{op}({', '.join(args)})"
    return f"{args[0]} if {args[0]} {'<=' if op == 'min' else '>='} {args[1]} else {args[1]}"


def quotient(above: str, below: str, mode: str) -> str:
    """The quotient rounded as `mode` says, with one division; `below` is above zero."""
    number = int(below) if below.isdigit() else None
    if number == 1:
        return above
    if mode in ("half_up", "half_down") and number is not None and number % 2 == 0:
        half = number // 2
        first, second = (half, half - 1) if mode == "half_up" else (half - 1, half)
        sign = ">=" if mode == "half_up" else ">"
        return f"({above} + {first}) // {below} if {above} {sign} 0 else ({above} + {second}) // {below}"
    match mode:
        case "half_up":
            return f"(2 * {above} + {below} - ({above} < 0)) // (2 * {below})"
        case "half_down":
            return f"(2 * {above} + {below} - ({above} > 0)) // (2 * {below})"
        case "half_even":
            return f"(2 * {above} + {below} - (({above} // {below}) % 2 == 0)) // (2 * {below})"
        case "floor":
            return f"{above} // {below}"
        case "ceiling":
            return f"-(-{above} // {below})"
        case "down":
            return f"{above} // {below} if {above} >= 0 else -(-{above} // {below})"
        case "up":
            return f"-(-{above} // {below}) if {above} >= 0 else {above} // {below}"
        case _:
            raise ValueError(f"unknown rounding mode {mode}")


def _band(names: Names, step: Step) -> str:
    value, row, count = step.args[0], row_of(step.args[1:]), len(step.args) - 1
    if count > FEW and row is not None:
        search = "bisect_left" if step.detail == "upper" else "bisect_right"
        return f"{search}(P, {names.code(value)}, {row}, {row + count}) - {row}"
    sign, code = "<=" if step.detail == "upper" else "<", names.inner(value)
    tests = (f"{place} if {code} {sign} {names.inner(edge)}" for place, edge in enumerate(step.args[1:]))
    return " else ".join(tests) + f" else {count}"


def _pick(names: Names, step: Step) -> str:
    row, code = row_of(step.args[1:]), names.inner(step.args[0])
    if row is not None:
        return f"P[{row} + {code}]"
    *choices, last = [names.inner(operand) for operand in step.args[1:]]
    return " else ".join(f"{choice} if {code} == {place}" for place, choice in enumerate(choices)) + f" else {last}"
