"""Documents of which a run has only the sums: what it asks of them where it would otherwise look at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.engine.reading.carried import CarriedLike
from rules_engine.engine.reading.facts import Facts


class Reduced(Protocol):
    """`read`: documents known beside those given one by one. `control`: their control totals."""

    @property
    def read(self) -> int:
        """How many documents they are."""
        ...

    @property
    def control(self) -> Mapping[str, str]:
        """Their control totals, named as those of single documents."""
        ...

    def known(self, by: date, before: date) -> Mapping[str, str]:
        """The control totals of those known on the day `by` and dated before another."""
        ...

    def earlier(self, start: date, stop: date) -> int:
        """How many are dated from `start` until before `stop`."""
        ...

    def facts(self, program: Program, documents: Sequence[Document], carried: Sequence[CarriedLike]) -> Facts:
        """The facts of these sums and the documents given one by one."""
        ...

    def single(self) -> None:
        """Called where sums are not enough; raises."""
        ...
