"""A ladder's bands with their bounds as numbers."""

from __future__ import annotations

from fractions import Fraction

from rules_engine.core.expressions import Expression, Ladder
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import failure, number
from rules_engine.engine.scope import Slice, Teller, asked
from rules_engine.record import dataclass

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Edge:
    """A band with its bounds as numbers; None is open."""

    index: int
    lower: Fraction | None
    upper: Fraction | None

    def entered(self, value: Fraction, includes: str) -> bool:
        """Whether the value lies above the lower bound."""
        if self.lower is None:
            return True
        return value > self.lower if includes == "upper" else value >= self.lower

    def passed(self, value: Fraction, includes: str) -> bool:
        """Whether the value lies beyond the upper bound."""
        if self.upper is None:
            return False
        return value > self.upper if includes == "upper" else value >= self.upper

    def holds(self, value: Fraction, includes: str) -> bool:
        """Whether the value lies in the band."""
        return self.entered(value, includes) and not self.passed(value, includes)

    def overlap(self, value: Fraction) -> Fraction:
        """How much of zero to the value lies in the band."""
        top = value if self.upper is None else min(value, self.upper)
        return max(ZERO, top - max(self.lower or ZERO, ZERO))


def edges(teller: Teller, ladder: Ladder, part: Slice) -> list[Edge] | Outcome:
    """The bands with their bounds read for the asking group and window."""

    scope = asked(part)

    def limit(bound: Expression | None) -> Outcome | None:
        return None if bound is None else teller.tell(bound, scope)[0]

    bounds = [(limit(band.lower), limit(band.upper)) for band in ladder.bands]
    failed = failure([bound for pair in bounds for bound in pair if bound is not None])
    if failed is not None:
        return failed
    return [Edge(index, _number(lower), _number(upper)) for index, (lower, upper) in enumerate(bounds)]


def _number(outcome: Outcome | None) -> Fraction | None:
    return None if outcome is None else number(outcome)
