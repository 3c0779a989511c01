"""Printer two: a function of whole columns, in 64 bits where every intermediate is known to fit, else in numbers of any length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rules_engine.lowered.model import Step
from rules_engine.lowered.source import Names, Printable, compiled, function_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[Any]
    Columns = Callable[[Sequence[Column], Sequence[Column]], Sequence[Column]]

MOST_SHAPES = 1024
SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
CALLS = {
    "copy": "same", "add": "plus", "subtract": "minus", "multiply": "times", "negate": "negated", "abs": "size", "min": "least",
    "max": "greatest", "tally": "tally", "choose": "choose",
}  # fmt: skip
TESTS = {"and": "every", "or": "some", "not": "none"}
"""Steps that give yes or no, and need no row."""


@lru_cache(maxsize=MOST_SHAPES)
def columns(shape: Printable, *, trace: bool = True) -> Columns:
    """The shape's function of input and parameter columns (whole numbers; a column of one row holds for all): all registers,
    or without the trace only its ends. A row that could leave 64 bits is worked out in numbers of any length."""
    from rules_engine.lowered import arrays, fitting

    source = function_source(shape, print_step, trace=trace, more=", O")
    scope: dict[str, Any] = dict(vars(arrays))
    exec(compiled(source, shape.key), scope)  # noqa: S102 - our own source, printed from steps of a closed list
    lowered = scope["lowered"]

    def work(inputs: Sequence[Column], parameters: Sequence[Column]) -> Sequence[Column]:
        found: Sequence[Column] = lowered(inputs, parameters, arrays.rows(len(shape.steps), (*inputs, *parameters)))
        return found if trace else [column.copy() for column in found]

    def run(inputs: Sequence[Column], parameters: Sequence[Column]) -> Sequence[Column]:
        inputs, parameters = [fitting.whole(each) for each in inputs], [fitting.whole(each) for each in parameters]
        if fitting.fits(shape, inputs, parameters):
            return work(inputs, parameters)
        small = fitting.small_rows(shape, inputs, parameters)
        if small is not None:
            return fitting.apart(work, small, inputs, parameters)
        return work([each.astype(object) for each in inputs], [each.astype(object) for each in parameters])

    return run


def print_step(names: Names, step: Step, place: int) -> str:
    """One step as an expression over columns."""
    args, out = [names.inner(operand) for operand in step.args], f"O[{place}]"
    match step.op:
        case "compare":
            return f"{args[0]} {SIGNS[step.detail]} {args[1]}"
        case "and" | "or" | "not":
            return f"{TESTS[step.op]}({', '.join(args)})"
        case "quotient":
            return f"quotient({out}, {args[0]}, {args[1]}, {step.detail!r})"
        case "band":
            return f"band({out}, {args[0]}, ({', '.join(args[1:])},), {step.detail == 'upper'})"
        case "pick":
            return f"pick({out}, {args[0]}, ({', '.join(args[1:])},))"
        case _:
            return f"{CALLS[step.op]}({', '.join((out, *args))})"
