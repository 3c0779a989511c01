"""The sums that statements carry to later periods, for all contracts of one kind at once.

Which series a statement carries follows from what the kernel asked of the documents. The kernel is asked itself: it settles one
contract of each kind, and what it carried by name is carried for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.placing import NOWHERE, Placing, Values, added
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.shape import tables as program_tables
from rules_engine.bulk.columnar.texts import SHOWN, plain
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.tables.columns import CARRIED, schema
from rules_engine.bulk.tables.keeping import as_json
from rules_engine.core.expressions import Aggregate, Table
from rules_engine.engine.reading.carried import path_text
from rules_engine.engine.reading.identity import program_expressions, signature
from rules_engine.engine.reading.splitters import VAT
from rules_engine.settlement.schedule import term, tiles
from rules_engine.values.period import Period

TABLE = "table "


@dataclass(frozen=True, slots=True)
class Carry:
    """A series by name: what it adds up, by which columns, told apart how ('' , 'vat', or the place of a table among the
    program's). `marked` says that a table's dates are left to the window."""

    aggregate: str
    per: tuple[str, ...]
    split: str
    mark: str = ""

    def name(self, tables: Sequence[str]) -> str:
        """Its name in a contract whose tables have these names."""
        splits = [] if not self.split else [tables[int(self.split.removeprefix(TABLE))] + self.mark if self.split.startswith(TABLE) else self.split]
        return "|".join((self.aggregate, ",".join(self.per), "", *splits))


def plan_of(names: Sequence[str], tables: Sequence[str]) -> tuple[Carry, ...]:
    """The series with these names in a contract whose tables have those."""
    found = []
    for name in sorted(names):
        aggregate, per, rooted, *splits = name.split("|")
        if rooted or len(splits) > 1:
            raise Alone(Reason.AGREEMENT)
        split = splits[0] if splits else ""
        bare = split.removesuffix("~")
        own = f"{TABLE}{tables.index(bare)}" if bare in tables else split
        if own not in ("", VAT.signature) and not own.startswith(TABLE):
            raise Alone(Reason.AGREEMENT)
        found.append(Carry(aggregate, tuple(per.split(",")) if per else (), own, "~" if split != bare else ""))
    return tuple(found)


@dataclass(slots=True)
class _Entries:
    """Entries of all series as columns of numbers; groups and ways (what stands in a key after the name) by their place."""

    groups: dict[tuple[str, ...], int]
    ways: dict[str, int]
    columns: list[tuple[Any, ...]]

    def add(self, series: int, contract: Ints, tile: Ints, group: Ints, way: Ints, total: Any, count: Ints) -> None:
        """Entries of one series."""
        numpy = library("numpy")
        self.columns.append((contract, numpy.full(len(contract), series), way, tile, group, count, total))


def carried_table(placing: Placing, period: Period, plan: Sequence[Carry], of: Ints, ids: Sequence[str], tables: Sequence[Sequence[str]]) -> Any:
    """The table of carried sums for the contracts at the places `of`; `tables` are the names of each contract's price tables."""
    numpy, header = library("numpy"), placing.program.header
    begun = [tile for tile in tiles(header, header.settle, term(header)) if tile.end <= period.end]
    own, found = tuple(program_tables(placing.program)), _Entries({(): 0}, {"": 0}, [])
    aggregates = {signature(item): item for item in program_expressions(placing.program) if isinstance(item, Aggregate)}
    chosen = numpy.zeros(placing.grid.contracts, dtype=bool)
    chosen[of] = True
    for place, item in enumerate(plan):
        if item.aggregate not in aggregates:
            raise Alone(Reason.AGREEMENT)
        split = own[int(item.split.removeprefix(TABLE))] if item.split.startswith(TABLE) else item.split or None
        _entries(placing, place, (aggregates[item.aggregate], item.per, split), begun, chosen, found)
    return _table(found, begun, plan, of, ids, tables)


def _entries(
    placing: Placing, place: int, series: tuple[Aggregate, tuple[str, ...], Table | str | None], begun: Sequence[Period], chosen: Ints, found: _Entries
) -> None:
    numpy, grid = library("numpy"), placing.grid
    of = numpy.flatnonzero(chosen)
    placed, values = placing.placed(*series), placing.values(series[0])
    if values.scale > SHOWN:
        raise Alone(Reason.LONG)
    group = numpy.array([*(found.groups.setdefault(each, len(found.groups)) for each in placed.groups), 0])
    way = numpy.array([*(found.ways.setdefault(f"#{path_text(path)}", len(found.ways)) for path in placed.paths), 0])
    mine = chosen[grid.contract] & (placed.group != NOWHERE)[grid.sort]
    for tile, days in enumerate(begun):
        zeros = numpy.zeros(len(of), dtype=numpy.int64)
        found.add(place, of, zeros + tile, zeros, zeros, pyarrow().array(["0"] * len(of)), zeros)
        cells = numpy.flatnonzero(mine & placing.inside(days.start, days.end)[grid.sort])
        sorts = grid.sort[cells]
        code = (grid.contract[cells] * len(found.groups) + group[placed.group[sorts]]) * len(found.ways) + way[placed.path[sorts]]
        keys, row = numpy.unique(code, return_inverse=True)
        count = numpy.zeros(len(keys), dtype=numpy.int64)
        numpy.add.at(count, row, grid.lines[cells])
        total = added(Values(values.units[cells], values.scale), row, len(keys), numpy.ones(len(cells), dtype=bool), values.scale)
        rest = keys // len(found.ways)
        found.add(place, rest // len(found.groups), count * 0 + tile, rest % len(found.groups), keys % len(found.ways), plain(total, values.scale), count)


def _table(found: _Entries, begun: Sequence[Period], plan: Sequence[Carry], of: Ints, ids: Sequence[str], tables: Sequence[Sequence[str]]) -> Any:
    arrow, compute, numpy = pyarrow(), library("pyarrow.compute"), library("numpy")
    if not found.columns:  # nothing reads a document, or no settlement is over yet
        return schema(CARRIED).empty_table()
    contract, series, way, tile, group, count = (numpy.concatenate([item[place] for item in found.columns]) for place in range(6))
    total = arrow.concat_arrays([item[6] for item in found.columns])
    known: dict[Sequence[str], list[str]] = {}
    for place in of.tolist():
        if tables[place] not in known:
            known[tables[place]] = [item.name(tables[place]) for item in plan]
    ranks = {own: _ranks(each) for own, each in known.items()}
    names = [known[tables[place]] for place in of.tolist()]
    at = numpy.searchsorted(of, contract) * len(plan) + series
    by_name = numpy.array([ranks[tables[place]] for place in of.tolist()]).ravel()
    order = numpy.lexsort((_ranks(list(found.groups))[group], tile, _ranks(list(found.ways))[way], by_name[at], contract))
    taken = [arrow.array(column[order]) for column in (contract, at, way, tile, group, count)]
    key = compute.binary_join_element_wise(
        arrow.array([name for own in names for name in own]).take(taken[1]), arrow.array(list(found.ways)).take(taken[2]), ""
    )
    columns = [
        arrow.array(list(ids), arrow.string()).take(taken[0]), key, arrow.array([as_json(each) for each in found.groups]).take(taken[4]),
        arrow.array([item.start for item in begun], arrow.date32()).take(taken[3]),
        arrow.array([item.last for item in begun], arrow.date32()).take(taken[3]), total.take(arrow.array(order)), taken[5],
    ]  # fmt: skip
    return arrow.table(columns, schema=schema(CARRIED))


def _ranks(values: Sequence[Any]) -> Ints:
    """The place of each value in their order."""
    numpy = library("numpy")
    ranks = numpy.empty(len(values), dtype=numpy.int64)
    ranks[sorted(range(len(values)), key=values.__getitem__)] = numpy.arange(len(values))
    return ranks
