"""Price tables in compiled code: which row prices which documents, decided without a trace."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from rules_engine.core.expressions import Expression, Table
from rules_engine.engine.evaluator import Asking, Outcome, Results
from rules_engine.engine.interpreted.standing import group_record
from rules_engine.engine.reading.masks import rows_of
from rules_engine.engine.reading.series import UNDECIDED, Number, Restrictions
from rules_engine.engine.reading.source_code import Unsure
from rules_engine.engine.reading.splitters import RowSplitter
from rules_engine.record import dataclass


class Bound(Protocol):
    """The bound evaluator, as generated code sees it."""

    def splitter(self, table: Table) -> RowSplitter:
        """The table's splitter."""
        ...

    def keys(self, base: Expression, asking: Asking, restrictions: Restrictions, splitter: RowSplitter) -> frozenset[Hashable]:
        """The row masks among the documents of a base."""
        ...


RowPrice = Callable[[Bound, Asking, Results, Restrictions, Number, Number], Number]
BaseOf = Callable[[Bound, Asking, Results, Restrictions], Number]
Test = Callable[[Bound, Asking, Results, Restrictions], object]
Cell = tuple[Hashable, Number, Restrictions]


@dataclass(frozen=True, slots=True)
class TableCode:
    """A table of an expression; `same` when the base picks its own bands. `alone`: rows that price documents which come to zero
    together; `each`: every document is rounded by itself."""

    table: Table
    payer: str
    base: Expression
    same: bool
    fractions: bool
    alone: frozenset[int]
    each: bool

    def __call__(
        self,
        evaluator: Bound,
        asking: Asking,
        results: Results,
        restrictions: Restrictions,
        base: Number,
        qualifier: Number,
        base_of: BaseOf,
        prices: Sequence[RowPrice],
        tests: Sequence[Test | None],
    ) -> Number:
        """The sum of the rows' prices, each on its documents."""
        splitter = evaluator.splitter(self.table)
        held: dict[int, bool] = {}

        def holds(index: int) -> bool:
            test = tests[index]
            if test is None:
                return True
            if index not in held:
                held[index] = bool(test(evaluator, asking, results, ()))
            return held[index]

        def priced(index: int, amount: Number, inside: Restrictions) -> Number:
            found = prices[index](evaluator, asking, results, inside, amount, amount if self.same else qualifier)
            return Fraction(found) if self.fractions else found

        taken: dict[int, list[Cell]] = {}
        for cell in self._cells(evaluator, asking, results, restrictions, base, base_of, splitter):
            if not base and not cell[1] and self.alone.isdisjoint(rows_of(cell[0])):
                continue
            for index in self._rows(cell, holds, priced):
                taken.setdefault(index, []).append(cell)
        total: Number = Fraction(0) if self.fractions else Decimal(0)
        for index, cells in taken.items():
            amount, inside = _joined(cells, restrictions, splitter)
            if not amount and index in self.alone and not self.each:
                raise Unsure
            if amount or index in self.alone:
                total = total + priced(index, amount, inside)  # type: ignore[operator]
        return total

    def _cells(
        self,
        evaluator: Bound,
        asking: Asking,
        results: Results,
        restrictions: Restrictions,
        base: Number,
        base_of: BaseOf,
        splitter: RowSplitter,
    ) -> list[Cell]:
        keys = evaluator.keys(self.base, asking, restrictions, splitter)
        if UNDECIDED in keys:
            raise Unsure
        if not keys and not base:
            return []
        if not keys:
            key = splitter.key(group_record(asking))
            if isinstance(key, Outcome):
                raise Unsure
            return [(key, base, restrictions)]
        insides = [(key, (*restrictions, (splitter, frozenset((key,))))) for key in keys]
        if len(insides) == 1:
            return [(insides[0][0], base, insides[0][1])]
        cells = [(key, base_of(evaluator, asking, results, inside), inside) for key, inside in insides]
        if sum(Fraction(amount) for _, amount, _ in cells) != base:
            raise Unsure
        return cells

    def _rows(
        self, cell: Cell, holds: Callable[[int], bool], priced: Callable[[int, Number, Restrictions], Number]
    ) -> Sequence[int]:
        key, amount, inside = cell
        rows = rows_of(key)
        first = self.table.pick == "first"
        found = _standing(self, rows, holds, otherwise=False, first=first)
        found = found or _standing(self, rows, holds, otherwise=True, first=first)
        if len(found) == 1 or self.table.pick == "all":
            return found
        if not found:
            raise Unsure
        amounts = [priced(index, amount, inside) for index in found]
        if self.table.pick == "exactly_one":
            if len(set(amounts)) > 1:
                raise Unsure
            return found[:1]
        highest = (self.payer == "platform") == (self.table.pick == "best_for_supplier")
        best = (max if highest else min)(amounts)
        return [found[amounts.index(best)]]


def _standing(code: TableCode, rows: Sequence[int], holds: Callable[[int], bool], *, otherwise: bool, first: bool) -> list[int]:
    standing = []
    for index in rows:
        if code.table.rows[index].otherwise == otherwise and holds(index):
            standing.append(index)
            if first:
                break
    return standing


def _joined(cells: list[Cell], restrictions: Restrictions, splitter: RowSplitter) -> tuple[Number, Restrictions]:
    if len(cells) == 1:
        return cells[0][1], cells[0][2]
    total = cells[0][1]
    for _, amount, _ in cells[1:]:
        total = total + amount  # type: ignore[operator]
    return total, (*restrictions, (splitter, frozenset(key for key, _, _ in cells)))
