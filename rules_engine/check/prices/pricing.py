"""What a price of the text stands for while it is checked."""

from __future__ import annotations

from rules_engine.check.meaning.scopes import Scope
from rules_engine.core.expressions import Expression
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax import tree
from rules_engine.values.period import Period


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a price stands for: the scope it reads, the unit of its base (None: no base), the unit of the base that picks the
    band, the unit it pays in, how a row's bare names and filters are read, and the clause's own days (None: the term)."""

    scope: Scope
    base: Unit | None
    qualify: Unit | None
    pays: Unit
    filters: Filters
    days: Period | None = None

    @property
    def in_force(self) -> Period:
        """The days on which the price holds."""
        return self.days or self.scope.env.signed_term

    @property
    def multiplies(self) -> bool:
        """Whether percents and unit prices have something to multiply."""
        return self.base is not None


class Filters:
    """How `for rice` and `for category = rice` are read; without a base there is nothing to filter."""

    @property
    def named(self) -> tuple[tuple[str, ...], ...]:
        """The groups that rows name."""
        return ()

    def names(self, names: tuple[tree.Name, ...], span: Span) -> Expression:
        """Bare names: texts of the one column the clause is split by."""
        raise NotImplementedError

    def where(self, node: tree.Expression) -> Expression:
        """A written filter."""
        raise NotImplementedError
