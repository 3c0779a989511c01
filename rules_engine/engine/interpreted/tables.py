"""Tables: which row prices which documents."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction

from rules_engine.core.expressions import Column, Row, Table
from rules_engine.core.trace import TraceStep
from rules_engine.core.walk import walk
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.interpreted.cancelling import cancelled
from rules_engine.engine.interpreted.continuing import continued
from rules_engine.engine.interpreted.standing import group_record
from rules_engine.engine.outcomes import NO_ROW, TWO_ROWS, failure, faulty, merged, number
from rules_engine.engine.reading.masks import mask_text, rows_of
from rules_engine.engine.reading.reach import paying
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.series import UNDECIDED
from rules_engine.engine.reading.splitters import RowSplitter
from rules_engine.engine.scope import Slice, Teller, Told, asked, text, told
from rules_engine.engine.shifts import scope_day
from rules_engine.record import dataclass, replace

ZERO = Fraction(0)
FEW = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """The documents with one row mask: their part of the base, and the rows that may take them."""

    key: Hashable
    part: Slice
    rows: tuple[int, ...]


@dataclass(slots=True)
class Held:
    """The rows' conditions, each tested once, with the steps that tell of them."""

    teller: Teller
    part: Slice
    outcomes: dict[int, Outcome]
    steps: dict[int, TraceStep]

    def __call__(self, index: int, row: Row) -> Outcome:
        """Whether the row's `when` holds for the asking group and window."""
        if row.when is None:
            return Outcome(True)
        if index not in self.outcomes:
            self.outcomes[index], self.steps[index] = self.teller.tell(row.when, asked(self.part))
        return self.outcomes[index]


def table_amount(teller: Teller, table: Table, part: Slice) -> Told:
    """The slice split among the rows that take its documents, every row's share priced alone."""
    reading = teller.reading(table)
    splitter = teller.facts.indexes.splitter(table, reading.changes != "last")
    held = Held(teller, part, {}, {})
    found = cells(teller, part, splitter)
    if isinstance(found, Outcome):
        return told("table", found, part.unit, span=table.span)
    taken: dict[int, list[Cell]] = {}
    failures: list[Outcome] = []
    for cell in found if part.base else _moving(table, found, part):
        rows = chosen_rows(teller, table, cell, held)
        if isinstance(rows, Outcome):
            failures.append(rows)
            continue
        for index in rows:
            taken.setdefault(index, []).append(cell)
    if failures:
        return told("table", merged(failures), part.unit, span=table.span)
    return _priced(teller, table, part, splitter, taken, held)


def _moving(table: Table, found: Sequence[Cell], part: Slice) -> list[Cell]:
    """The cells that may earn something although all documents come to zero together."""
    alone = {index for index, row in enumerate(table.rows) if cancelled(row.price, part.each) is not None}
    return [cell for cell in found if cell.part.base or not alone.isdisjoint(cell.rows)]


def _priced(
    teller: Teller, table: Table, part: Slice, splitter: RowSplitter, taken: Mapping[int, Sequence[Cell]], held: Held
) -> Told:
    slices = {index: joined(part, splitter, taken[index]) for index in sorted(taken)}
    continuing = teller.reading(table).changes == "continue"
    outcomes, steps = [], []
    for index, share in slices.items():
        row = table.rows[index]
        price = row.price if share.base else None if continuing else cancelled(row.price, part.each)
        if price is None:
            continue
        outcome, step = continued(teller, table, index, slices) if continuing else teller.price(price, share)
        outcomes.append(outcome)
        inner = [*([held.steps[index]] if index in held.steps else []), step]
        detail = {"row": str(index + 1), "base": text(share.base), "pick": table.pick}
        steps.append(told("row", outcome, part.unit, inner, span=row.span, detail=detail)[1])
    failed = failure(outcomes)
    whole = failed or Outcome(sum((number(outcome) for outcome in outcomes), ZERO))
    return (whole, steps[0]) if len(steps) == 1 and failed is None else told("table", whole, part.unit, steps, span=table.span)


def joined(part: Slice, splitter: RowSplitter, taken: Sequence[Cell]) -> Slice:
    """The cells of one row as one slice."""
    if len(taken) == 1:
        return taken[0].part
    base = sum((cell.part.base for cell in taken), ZERO)
    qualifier = base if part.own else part.qualifier
    keys = frozenset(cell.key for cell in taken)
    scope = replace(part.scope, restrictions=(*part.scope.restrictions, (splitter, keys)))
    return replace(part, base=base, qualifier=qualifier, scope=scope)


def cells(teller: Teller, part: Slice, splitter: RowSplitter) -> list[Cell] | Outcome:
    """The slice split by row mask. A base without documents is tested by its group and the window's last day."""
    keys = teller.facts.keys(paying(teller.program, part.expression), part.scope.asking, part.scope.restrictions, splitter)
    if not keys and not part.base:
        return []
    if not keys:
        key = splitter.key(group_record(part.scope.asking))
        return key if isinstance(key, Outcome) else [Cell(key, part, rows_of(key))]
    if len(keys) == 1 and UNDECIDED not in keys:
        key = next(iter(keys))
        scope = replace(part.scope, restrictions=(*part.scope.restrictions, (splitter, keys)))
        return [Cell(key, replace(part, scope=scope), rows_of(key))]
    parts = [(key, _restricted(teller, part, splitter, key)) for key in sorted(keys, key=mask_text)]
    failed = failure([found for _, found in parts if isinstance(found, Outcome)])
    if failed is not None:
        return failed
    return _rescaled(part, [(key, found) for key, found in parts if isinstance(found, Slice)])


def _restricted(teller: Teller, part: Slice, splitter: RowSplitter, key: Hashable) -> Slice | Outcome:
    scope = replace(part.scope, restrictions=(*part.scope.restrictions, (splitter, frozenset((key,)))))
    base = teller.tell(part.expression, scope)[0]
    return base if base.value is None else replace(part, base=number(base) * part.factor, scope=scope)


def _rescaled(part: Slice, found: list[tuple[Hashable, Slice]]) -> list[Cell]:
    """The cells; a base that is no plain sum is shared by what the rows' documents come to alone."""
    total = sum((share.base for _, share in found), ZERO)
    ratio = part.base / total if total else Fraction(1)
    cells = []
    for key, share in found:
        base = share.base * ratio
        cells.append(Cell(key, replace(share, base=base, qualifier=base if part.own else part.qualifier), rows_of(key)))
    return cells


def chosen_rows(teller: Teller, table: Table, cell: Cell, held: Held) -> list[int] | Outcome:
    """The rows that price a cell; none or two that differ under `exactly_one` are a fault."""
    written = _standing(table, cell, held, False)
    if isinstance(written, Outcome):
        return written
    candidates = written or _standing(table, cell, held, True)
    if isinstance(candidates, Outcome):
        return candidates
    if not candidates:
        return [] if table.pick == "all" else _no_row(teller, table, cell)
    match table.pick:
        case "all":
            return candidates
        case "first":
            return candidates[:1]
        case "exactly_one":
            return candidates if len(candidates) == 1 else _agreeing(teller, table, cell, candidates)
        case "best_for_supplier" | "best_for_platform":
            return _best(teller, table, cell, candidates)
        case _:
            raise ValueError(f"unknown pick {table.pick}")


def _standing(table: Table, cell: Cell, held: Held, otherwise: bool) -> list[int] | Outcome:
    """The rows, in order, that take the cell by filter, date and condition."""
    standing: list[int] = []
    for index in cell.rows:
        row = table.rows[index]
        if row.otherwise != otherwise or not _in_last_day(table, row, cell, held):
            continue
        outcome = held(index, row)
        if outcome.value is None:
            return outcome
        if outcome.value:
            standing.append(index)
            if table.pick == "first":
                break
    return standing


def _in_last_day(table: Table, row: Row, cell: Cell, held: Held) -> bool:
    """With `changes last day's`, dates are read on the window's last day."""
    if held.teller.reading(table).changes != "last":
        return True
    day = scope_day(cell.part.scope.asking)
    return (row.start is None or row.start <= day) and (row.end is None or day < row.end)


def _amounts(teller: Teller, table: Table, cell: Cell, rows: Sequence[int]) -> list[Outcome]:
    return [teller.price(table.rows[index].price, cell.part)[0] for index in rows]


def _agreeing(teller: Teller, table: Table, cell: Cell, rows: Sequence[int]) -> list[int] | Outcome:
    outcomes = _amounts(teller, table, cell, rows)
    failed = failure(outcomes)
    if failed is not None:
        return failed
    amounts = [number(outcome) for outcome in outcomes]
    if len(set(amounts)) == 1:
        return [rows[0]]
    detail = {f"row {index + 1}": text(amount) for index, amount in zip(rows, amounts, strict=True)}
    return faulty(TWO_ROWS, _labels(teller, cell), detail)


def _best(teller: Teller, table: Table, cell: Cell, rows: Sequence[int]) -> list[int] | Outcome:
    """The row that is best for one side; the earliest of equals."""
    outcomes = _amounts(teller, table, cell, rows)
    failed = failure(outcomes)
    if failed is not None:
        return failed
    platform_pays = teller.reading(table).payer == "platform"
    highest = platform_pays == (table.pick == "best_for_supplier")
    best = (max if highest else min)(number(outcome) for outcome in outcomes)
    return [next(index for index, outcome in zip(rows, outcomes, strict=True) if number(outcome) == best)]


def _no_row(teller: Teller, table: Table, cell: Cell) -> Outcome:
    record = next(_records(teller, cell), None) or group_record(cell.part.scope.asking)
    seen = record.priced
    tested = {item.name for row in table.rows if row.where is not None for item in walk(row.where) if isinstance(item, Column)}
    detail = {name: str(seen.values.get(name, "")) for name in sorted(tested)}
    if any(row.start or row.end for row in table.rows):
        detail["date"] = str(seen.date)
    return faulty(NO_ROW, _labels(teller, cell), detail)


def _records(teller: Teller, cell: Cell) -> Iterator[Record]:
    for aggregate in paying(teller.program, cell.part.expression):
        scope = cell.part.scope
        yield from (record for record, _ in teller.facts.contributions(aggregate, scope.asking, scope.restrictions))


def _labels(teller: Teller, cell: Cell) -> tuple[str, ...]:
    labels = dict.fromkeys(record.label for record in _records(teller, cell))
    return tuple(labels)[:FEW]
