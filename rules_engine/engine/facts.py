"""The documents of one run, enriched and indexed so that a window costs two bisects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from rules_engine.core.expressions import Expression
from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from rules_engine.values.period import Period


class CarriedLike(Protocol):
    """What a statement carries of a series: its key, group, window, total and number of documents."""

    @property
    def key(self) -> str: ...
    @property
    def group(self) -> tuple[str, ...]: ...
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def total(self) -> str: ...
    @property
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Carried:
    """A cumulative sum of one series, group and period; `total` is exact text."""

    key: str
    group: tuple[str, ...]
    start: date
    end: date
    total: str
    count: int


class Facts:
    """Every question the kernel and the evaluators ask of the documents.

    Days are half-open. Groups are tuples of texts in the order of `per`; a blank cell is ''. `per` may hold document
    columns and the root groupings 'document', 'document_line' and 'order', whose clock for a linked return is its sale's.
    """

    def groups(self, expression: Expression, per: tuple[str, ...], start: date, end: date) -> tuple[tuple[str, ...], ...]:
        """The groups with documents in the paying base of `expression` from `start` until before `end`: by text, root
        groupings by clock and id. With `per` () there is always the one group ()."""
        raise NotImplementedError

    def documents(self, expression: Expression, asking: Asking) -> tuple[Document, ...]:
        """Every document `expression` reads for `asking`, each once, by clock, id, line, type."""
        raise NotImplementedError

    def weights_by_vat(self, expression: Expression, asking: Asking) -> Mapping[Decimal | None, Decimal]:
        """The paying base of `expression` split by the effective VAT rate of its documents (None: no rate). Rates whose
        documents add to nothing are left out; nothing at all gives {}."""
        raise NotImplementedError

    def is_additive(self, expression: Expression) -> bool:
        """Whether carried sums are enough: only sums and counts, no per-document arithmetic, links or look-ups."""
        raise NotImplementedError

    def covers(self, expression: Expression, per: tuple[str, ...], period: Period) -> bool:
        """Whether carried sums were given for all that `expression` reads of `period`, in groups by `per`."""
        raise NotImplementedError

    def carry(self, periods: Iterable[Period]) -> tuple[Carried, ...]:
        """The sums of `periods` for every additive series asked for so far (documents and earlier carried sums)."""
        raise NotImplementedError

    def first_failed_condition(self, document: Document) -> str:
        """Why nothing read this document: 'type' (no clause reads its type), 'where:<column>' (the first filter that
        failed), 'period' (no window holds its clock), '' when some aggregate takes it."""
        raise NotImplementedError

    def unlinked(self) -> tuple[Document, ...]:
        """Documents that name an original which is not there, and return documents that name none."""
        raise NotImplementedError

    def clock(self, document: Document) -> date:
        """The day a document counts on: its own clock, or its sale's for a return settled back to the sale."""
        raise NotImplementedError

    def vat(self, document: Document) -> Decimal | None:
        """The effective VAT rate: its own column, else the contract's on its day (a linked return: its original's)."""
        raise NotImplementedError


def gather(program: Program, documents: Sequence[Document], carried: Sequence[CarriedLike] = ()) -> Facts:
    """Enrich `documents` (computed columns, links, inherited columns, VAT) and seed what earlier statements carry."""
    raise NotImplementedError
