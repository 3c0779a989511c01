"""Which rows fit into 64 bits: one bound on every intermediate, worked out before any of them is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rules_engine.lowered.model import Operand, Step
from rules_engine.lowered.source import Printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[Any]
    Work = Callable[[Sequence[Column], Sequence[Column]], Sequence[Column]]

FITS = 2**63
HALVINGS = 62


def whole(column: Column) -> Column:
    """The column in 64 bits if it holds whole numbers that fit, else in numbers of any length; raises `TypeError` for others."""
    if column.dtype == np.int64:
        return column
    if column.dtype.kind not in "iuO":
        raise TypeError(f"a column of {column.dtype} holds no whole numbers")
    return column.astype(np.int64) if size(column) < FITS else column.astype(object)


def size(column: Column) -> int:
    """The greatest number of the column without its sign."""
    return max(int(column.max(initial=0)), -int(column.min(initial=0)))


def fits(shape: Printable, inputs: Sequence[Column], parameters: Sequence[Column]) -> bool:
    """Whether no intermediate of these columns can leave 64 bits."""
    return largest(shape, [size(each) for each in inputs], [size(each) for each in parameters]) < FITS


def small_rows(shape: Printable, inputs: Sequence[Column], parameters: Sequence[Column]) -> NDArray[np.bool_] | None:
    """The rows whose inputs are small enough to fit together; None where there are none, or one row answers for all."""
    rows = max((each.size for each in inputs), default=1)
    if rows < 2 or any(each.size not in (1, rows) for each in (*inputs, *parameters)):
        return None
    most, fixed = [size(each) for each in inputs], [size(each) for each in parameters]
    for halved in range(1, HALVINGS):
        caps = [each >> halved if column.size > 1 else each for each, column in zip(most, inputs, strict=True)]
        if largest(shape, caps, fixed) < FITS:
            small = np.ones(rows, dtype=bool)
            for column, cap in zip(inputs, caps, strict=True):
                small &= (column <= cap) & (column >= -cap)
            return small if small.any() else None
    return None


def apart(work: Work, small: NDArray[np.bool_], inputs: Sequence[Column], parameters: Sequence[Column]) -> list[Column]:
    """The small rows in 64 bits, the others in numbers of any length, put together again in order."""
    narrow = work(*([_at(each, small).astype(np.int64) for each in columns] for columns in (inputs, parameters)))
    wide = work(*([_at(each, ~small).astype(object) for each in columns] for columns in (inputs, parameters)))
    return [_joined(small, one, other) for one, other in zip(narrow, wide, strict=True)]


def _at(column: Column, rows: NDArray[np.bool_]) -> Column:
    return column if column.size == 1 else column[rows]


def _joined(small: NDArray[np.bool_], one: Column, other: Column) -> Column:
    kind = one.dtype if other.dtype != object or size(other) < FITS else np.dtype(object)
    found: Column = np.empty(small.size, dtype=kind)
    found[small], found[~small] = one, other
    return found


def largest(shape: Printable, inputs: Sequence[int], parameters: Sequence[int]) -> int:
    """A bound on the size of every intermediate, given bounds on inputs and parameters."""
    registers: list[int] = []
    sizes = {"i": inputs, "p": parameters, "r": registers}

    def reached(operand: Operand) -> int:
        return abs(operand.index) if operand.kind == "k" else sizes[operand.kind][operand.index] * operand.factor

    most = max((*inputs, *parameters, 0))
    for step in shape.steps:
        args = [reached(operand) for operand in step.args]
        found, inside = _bound(step, args)
        registers.append(found)
        most = max(most, found, inside, *args)
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
