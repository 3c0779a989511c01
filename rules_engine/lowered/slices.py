"""What a price is applied to."""

from __future__ import annotations

from rules_engine.lowered.builder import Value
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Slice:
    """The base, the value that picks bands, whether they are one, and whether the base is known to be above zero."""

    base: Value
    qualifier: Value
    own: bool = True
    above_zero: bool = False
