"""Draw from a strategy outside a test: the same for the same seed, and as large as it gets."""

from __future__ import annotations

from random import Random
from typing import TypeVar

from hypothesis.control import BuildContext
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")


def drawn(strategy: SearchStrategy[Drawn], seed: str) -> Drawn:
    """One value. A test that takes a single example is given the simplest there is; this is a random one."""
    data = ConjectureData(random=Random(seed))
    with BuildContext(data, is_final=False, wrapped_test=drawn):  # there is no public way to draw by a seed of one's own
        return data.draw(strategy)
