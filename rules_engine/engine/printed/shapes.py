"""What is known of a slice when its price is printed."""

from __future__ import annotations

from rules_engine.core.expressions import Expression
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """The kinds (decimal, fraction) of base and qualifier, whether they are the same number,
    whether the base is all that the documents let through come to, and the base's expression."""

    base: str
    qualifier: str
    same: bool
    whole: bool
    expression: Expression

    @property
    def key(self) -> tuple[object, ...]:
        """What functions are told apart by."""
        return (self.base, self.qualifier, self.same, self.whole, id(self.expression))
