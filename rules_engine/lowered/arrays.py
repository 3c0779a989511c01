"""The steps over numpy columns. Every function writes into `out`, a row of 64-bit numbers, or, where that is None, gives a new
column of numbers of any length. An operand may be one number or a column; what holds or not is a column of yes and no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
FEW = 16
"""Edges that are compared one after the other; among more of them, the same for all rows, the place is searched."""


def rows(registers: int, columns: Sequence[Column]) -> list[Column | None]:
    """A row for every register in one block of memory; None for all where a column holds numbers of any length."""
    if any(column.dtype == object for column in columns):
        return [None] * registers
    sizes = [column.size for column in columns] or [1]
    return list(np.empty((registers, max(sizes) if min(sizes) else 0), dtype=np.int64))


def plus(out: Any, *values: Any) -> Any:
    """The values added."""
    return _joined(np.add, out, values)


def minus(out: Any, *values: Any) -> Any:
    """All but the first taken from it."""
    return _joined(np.subtract, out, values)


def times(out: Any, *values: Any) -> Any:
    """The product."""
    return _joined(np.multiply, out, values)


def least(out: Any, *values: Any) -> Any:
    """The least, row by row."""
    return _joined(np.minimum, out, values)


def greatest(out: Any, *values: Any) -> Any:
    """The greatest, row by row."""
    return _joined(np.maximum, out, values)


def negated(out: Any, value: Any) -> Any:
    """Minus the value."""
    return np.negative(value, out=out)


def size(out: Any, value: Any) -> Any:
    """The value without its sign."""
    return np.absolute(value, out=out)


def same(out: Any, value: Any) -> Any:
    """The value."""
    return _kept(value, out)


def _joined(join: Any, out: Any, values: Sequence[Any]) -> Any:
    found = join(values[0], values[1], out=out)
    for value in values[2:]:
        found = join(found, value, out=out)
    return found


def every(*values: Any) -> Any:
    """Whether all hold."""
    found = values[0]
    for value in values[1:]:
        found = np.logical_and(found, value)
    return _truth(found)


def some(*values: Any) -> Any:
    """Whether one holds."""
    found = values[0]
    for value in values[1:]:
        found = np.logical_or(found, value)
    return _truth(found)


def none(value: Any) -> Any:
    """Whether it does not hold."""
    return ~_truth(value)


def _truth(value: Any) -> Column:
    return np.asarray(value).astype(bool, copy=False)


def tally(out: Any, *values: Any) -> Any:
    """How many hold."""
    found: Any = 0
    for value in values:
        found = found + _truth(value).astype(np.int64)
    return _kept(found, out)


def _kept(found: Any, out: Any) -> Any:
    if out is None:
        return found
    out[...] = found
    return out


def choose(out: Any, when: Any, then: Any, otherwise: Any) -> Any:
    """`then` where it holds, else `otherwise`."""
    when = _truth(when)
    if out is None:
        return np.where(when, np.asarray(then, dtype=object), np.asarray(otherwise, dtype=object))
    np.copyto(out, otherwise)
    np.copyto(out, then, where=when)
    return out


def band(out: Any, value: Any, edges: Sequence[Any], upper: bool) -> Any:
    """How many edges lie below the value; without `upper` an edge lies below itself."""
    if len(edges) > FEW and all(np.size(edge) == 1 for edge in edges):
        table = np.concatenate([np.atleast_1d(edge) for edge in edges])
        return _kept(np.searchsorted(table, value, side="left" if upper else "right"), out)
    found: Any = np.zeros(np.broadcast_shapes(np.shape(value), *map(np.shape, edges)), dtype=np.int16)
    for edge in edges:
        found += _truth(value > edge if upper else value >= edge).view(np.int8)
    return _kept(found.astype(np.int64), out)


def pick(out: Any, number: Any, choices: Sequence[Any]) -> Any:
    """The choice at a place."""
    if all(np.size(choice) == 1 for choice in choices):
        table = np.concatenate([np.atleast_1d(choice) for choice in choices])
        return table.take(number) if out is None or np.size(number) != out.size else table.take(number, out=out, mode="clip")
    if out is None:
        found = choices[0]
        for place, choice in enumerate(choices[1:], start=1):
            found = np.where(number >= place, choice, found)
        return found
    np.copyto(out, choices[0])
    for place, choice in enumerate(choices[1:], start=1):
        np.copyto(out, choice, where=number >= place)
    return out


def quotient(out: Any, above: Any, below: Any, mode: str) -> Any:
    """The quotient rounded as `mode` says; `below` is above zero."""
    above = np.asarray(above)
    if isinstance(below, np.ndarray) and below.size == 1 and out is not None:
        below = int(below[0])
    if mode == "half_up":
        return _halves(out, above, below, _below_zero(out, above))
    return _kept(ROUNDED[mode](above, below), out)


def _below_zero(out: Any, value: Column) -> Any:
    """-1 where the number is below zero, else 0."""
    return 0 - (value < 0).astype(object) if out is None else np.right_shift(value, 63, out=out)


def _halves(out: Any, above: Column, below: Any, rest: Any) -> Any:
    """(2 × above + below + rest) // (2 × below), with smaller numbers where `below` is even; `rest` may lie in `out`."""
    if isinstance(below, int) and below % 2 == 0:
        found = np.add(rest, above, out=out)
        found = np.add(found, below // 2, out=out)
        return np.floor_divide(found, below, out=out)
    found = np.add(rest, 2 * above, out=out)
    found = np.add(found, below, out=out)
    return np.floor_divide(found, 2 * below, out=out)


def _half_down(above: Column, below: Any) -> Any:
    return (2 * above + below - (above > 0)) // (2 * below)


def _half_even(above: Column, below: Any) -> Any:
    return (2 * above + below - ((above // below) % 2 == 0)) // (2 * below)


def _ceiling(above: Column, below: Any) -> Any:
    return -(-above // below)


def _down(above: Column, below: Any) -> Any:
    return np.where(above < 0, -(-above // below), above // below)


def _up(above: Column, below: Any) -> Any:
    return np.where(above < 0, above // below, -(-above // below))


ROUNDED: dict[str, Callable[[Column, Any], Any]] = {
    "half_down": _half_down, "half_even": _half_even, "floor": np.floor_divide, "ceiling": _ceiling, "down": _down, "up": _up,
}  # fmt: skip
