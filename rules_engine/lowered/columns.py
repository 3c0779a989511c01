"""Printer two: a function of whole columns, in 64 bits where every intermediate is known to fit, else in numbers of any length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rules_engine.lowered.model import Operand, Step
from rules_engine.lowered.source import Names, Printable, compiled, function_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[Any]
    Columns = Callable[[Sequence[Column], Sequence[Column]], Sequence[Column]]

MOST_SHAPES = 1024
FITS = 2**63
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
    or without the trace only its ends."""
    from rules_engine.lowered import arrays

    source = function_source(shape, print_step, trace=trace, more=", O")
    scope: dict[str, Any] = dict(vars(arrays))
    exec(compiled(source, shape.key), scope)  # noqa: S102 - our own source, printed from steps of a closed list
    lowered = scope["lowered"]

    def run(inputs: Sequence[Column], parameters: Sequence[Column]) -> Sequence[Column]:
        if not fits(shape, inputs, parameters):
            inputs, parameters = [each.astype(object) for each in inputs], [each.astype(object) for each in parameters]
        found: Sequence[Column] = lowered(inputs, parameters, arrays.rows(len(shape.steps), (*inputs, *parameters)))
        return found if trace else [column.copy() for column in found]

    return run


def fits(shape: Printable, inputs: Sequence[Column], parameters: Sequence[Column]) -> bool:
    """Whether no intermediate of these columns can leave 64 bits."""
    if any(each.dtype == object for each in (*inputs, *parameters)):
        return False
    return largest(shape, [_size(each) for each in inputs], [_size(each) for each in parameters]) < FITS


def _size(column: Column) -> int:
    return max(int(column.max(initial=0)), -int(column.min(initial=0)))


def largest(shape: Printable, inputs: Sequence[int], parameters: Sequence[int]) -> int:
    """A bound on the size of every intermediate, given bounds on inputs and parameters."""
    registers: list[int] = []
    sizes = {"i": inputs, "p": parameters, "r": registers}

    def size(operand: Operand) -> int:
        return abs(operand.index) if operand.kind == "k" else sizes[operand.kind][operand.index] * operand.factor

    most = max((*inputs, *parameters, 0))
    for step in shape.steps:
        args = [size(operand) for operand in step.args]
        found, inside = _bound(step, args)
        registers.append(found)
        most = max(most, inside, *args)
    return most


def _bound(step: Step, args: Sequence[int]) -> tuple[int, int]:
    """The size of a step's result, and of the greatest number on the way to it."""
    match step.op:
        case "add" | "subtract":
            return sum(args), sum(args)
        case "multiply":
            return args[0] * args[1], args[0] * args[1]
        case "quotient":
            least = step.args[1].index if step.args[1].kind == "k" else 1
            return args[0] // least + 1, 2 * (args[0] + args[1])
        case "choose":
            return max(args[1:]), max(args)
        case "pick":
            return max(args[1:]), max(args)
        case "compare" | "and" | "or" | "not":
            return 1, 1
        case "tally" | "band":
            return len(args), max(args)
        case "copy" | "negate" | "abs" | "min" | "max":
            return max(args), max(args)
        case _:
            raise ValueError(f"unknown step {step.op}")


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
