"""The steps over numpy columns, in whole numbers of 64 bits or of any length. An operand may be one number or a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
FEW = 4
"""Edges that are compared one after the other; among more of them, the same for all rows, the place is searched."""


def alone(value: Any) -> Any:
    """A column of one row as its number."""
    return value[0].item() if isinstance(value, np.ndarray) and value.size == 1 and value.dtype != object else value


def one_below(value: Any) -> Any:
    """-1 where the number is below zero, else 0."""
    if isinstance(value, np.ndarray) and value.dtype == np.int64:
        return value >> 63
    return 0 - (np.asarray(value) < 0)


def quotient(above: Any, below: Any, mode: str) -> Any:
    """The quotient rounded as `mode` says; `below` is above zero."""
    below = alone(below)
    return MODES[mode](np.asarray(above), below)


def _halves(above: Column, below: Any, rest: Any) -> Any:
    """(2 × above + below + rest) // (2 × below), with smaller numbers where `below` is even; `rest` is 0 or -1."""
    if isinstance(below, int) and below % 2 == 0:
        found = above + rest
        found += below // 2
        found //= below
        return found
    return (2 * above + below + rest) // (2 * below)


def _half_up(above: Column, below: Any) -> Any:
    return _halves(above, below, one_below(above))


def _half_down(above: Column, below: Any) -> Any:
    return _halves(above, below, one_below(-above))


def _half_even(above: Column, below: Any) -> Any:
    return _halves(above, below, 0 - ((above // below) % 2 == 0))


def _floor(above: Column, below: Any) -> Any:
    return above // below


def _ceiling(above: Column, below: Any) -> Any:
    return -(-above // below)


def _down(above: Column, below: Any) -> Any:
    return np.where(above < 0, -(-above // below), above // below)


def _up(above: Column, below: Any) -> Any:
    return np.where(above < 0, above // below, -(-above // below))


MODES = {
    "half_up": _half_up, "half_down": _half_down, "half_even": _half_even, "floor": _floor, "ceiling": _ceiling, "down": _down,
    "up": _up,
}  # fmt: skip


def least(*values: Any) -> Any:
    """The least, row by row."""
    found = values[0]
    for value in values[1:]:
        found = np.minimum(found, value)
    return found


def greatest(*values: Any) -> Any:
    """The greatest, row by row."""
    found = values[0]
    for value in values[1:]:
        found = np.maximum(found, value)
    return found


def every(*values: Any) -> Any:
    """Whether all hold."""
    found = values[0]
    for value in values[1:]:
        found = np.logical_and(found, value)
    return found


def some(*values: Any) -> Any:
    """Whether one holds."""
    found = values[0]
    for value in values[1:]:
        found = np.logical_or(found, value)
    return found


def tally(*values: Any) -> Any:
    """How many hold."""
    found: Any = 0
    for value in values:
        found = found + np.asarray(value).astype(bool).astype(np.int64)
    return found


def choose(when: Any, then: Any, otherwise: Any) -> Any:
    """`then` where it holds, else `otherwise`."""
    return np.where(np.asarray(when).astype(bool), then, otherwise)


def band(value: Any, edges: Sequence[Any], upper: bool) -> Any:
    """How many edges lie below the value; without `upper` an edge lies below itself."""
    if len(edges) > FEW and all(np.size(edge) == 1 for edge in edges):
        table = np.concatenate([np.atleast_1d(edge) for edge in edges])
        return np.searchsorted(table, value, side="left" if upper else "right")
    found: Any = np.zeros(np.shape(value), dtype=np.int64)
    for edge in edges:
        found = found + (value > edge if upper else value >= edge)
    return found


def pick(number: Any, choices: Sequence[Any]) -> Any:
    """The choice at a place."""
    if all(np.size(choice) == 1 for choice in choices):
        return np.concatenate([np.atleast_1d(choice) for choice in choices]).take(number)
    found = choices[0]
    for place, choice in enumerate(choices[1:], start=1):
        found = np.where(number >= place, choice, found)
    return found
