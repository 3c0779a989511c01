"""The tables of a batch out of those of its shards and, for contracts of which nothing changed, out of the batch before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rules_engine.bulk.basis import Unchanged
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.model import SHARD, Counts
from rules_engine.bulk.tables.columns import EXCEPTIONS, LINES, TABLES, TOTALS, schema
from rules_engine.bulk.writing import PARQUET

CONTRACT = "contract"


def join(general: Path, shards: Iterable[Path], kept: Unchanged, order: Sequence[str], target: Path) -> None:
    """One file a table: first what concerns no single contract, then a row group for every so many contracts, in their order,
    whichever shard or batch they come from."""
    places = list(shards)
    for name in TABLES:
        with library("pyarrow.parquet").ParquetWriter(target / f"{name}.parquet", schema(name), **PARQUET) as writer:
            _write(writer, _read(general, name))
            streams = [_Rows(map_tables(places, name), order)]
            if kept.folder is not None:
                streams.append(_Rows(_groups(kept.folder / f"{name}.parquet"), order, kept.contracts))
            for start in range(0, len(order), SHARD):
                _write(writer, _merged([stream.before(start + SHARD) for stream in streams]))


def map_tables(places: Iterable[Path], name: str) -> Iterator[Any]:
    """The tables of one name in several folders."""
    return (_read(place, name) for place in places)


def _read(place: Path, name: str) -> Any:
    arrow = pyarrow()
    with arrow.memory_map(str(place / f"{name}.arrow")) as source:
        return arrow.ipc.open_file(source).read_all()


def _write(writer: Any, table: Any) -> None:
    if table.num_rows:
        writer.write_table(table.combine_chunks(), row_group_size=table.num_rows)


def _groups(path: Path) -> Iterator[Any]:
    file = library("pyarrow.parquet").ParquetFile(path, page_checksum_verification=True)
    try:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)
    finally:
        file.close()


class _Rows:
    """Tables whose rows stand in the order of contracts, given out piece by piece with the place of each row's contract."""

    def __init__(self, tables: Iterator[Any], order: Sequence[str], only: frozenset[str] | None = None) -> None:
        self._tables = tables
        self._order = pyarrow().array(list(order), pyarrow().string())
        self._wanted = None if only is None else library("numpy").array([name in only for name in order] + [False])
        self._waiting: list[tuple[Any, Any]] = []
        self._last = -1

    def before(self, stop: int) -> list[tuple[Any, Any]]:
        """The rows of contracts before a place in the order, as tables with the places of their rows."""
        numpy, found = library("numpy"), []
        while self._last < stop and (table := next(self._tables, None)) is not None:
            self._take(table)
        kept = []
        for table, places in self._waiting:
            at = int(numpy.searchsorted(places, stop))
            found.append((table.slice(0, at), places[:at]))
            kept.append((table.slice(at), places[at:]))
        self._waiting = [item for item in kept if item[0].num_rows]
        return [item for item in found if item[0].num_rows]

    def _take(self, table: Any) -> None:
        places = library("pyarrow.compute").index_in(table.column(CONTRACT), value_set=self._order).fill_null(-1).to_numpy()
        if self._wanted is not None:
            mask = self._wanted[places]
            self._last = int(places.max(initial=self._last))
            table, places = table.filter(pyarrow().array(mask)), places[mask]
        if table.num_rows:
            self._last = int(places[-1])
            self._waiting.append((table, places))


def _merged(pieces: Sequence[list[tuple[Any, Any]]]) -> Any:
    """The pieces of all streams in one table, by contract."""
    found = [item for piece in pieces for item in piece]
    if not found:
        return pyarrow().table({})
    table = pyarrow().concat_tables([item for item, _ in found])
    if sum(bool(piece) for piece in pieces) > 1:
        places = library("numpy").concatenate([item for _, item in found])
        table = table.take(library("numpy").argsort(places, kind="stable"))
    return table


def counts_kept(kept: Unchanged) -> Counts:
    """What had come of the contracts that were not settled again."""
    if kept.folder is None or not kept.contracts:
        return Counts()
    read, contracts = library("pyarrow.parquet").read_table, kept.contracts
    totals = read(kept.folder / f"{TOTALS}.parquet", columns=[CONTRACT, "documents"]).to_pylist()
    lines = read(kept.folder / f"{LINES}.parquet", columns=[CONTRACT]).column(CONTRACT).to_pylist()
    told = read(kept.folder / f"{EXCEPTIONS}.parquet", columns=[CONTRACT, "severity"]).to_pylist()
    settled = [row["documents"] for row in totals if row[CONTRACT] in contracts]
    found = [row["severity"] for row in told if row[CONTRACT] in contracts]
    return Counts(
        len(contracts), len(settled), sum(name in contracts for name in lines),
        found.count("error"), found.count("warning"), sum(settled),
    )  # fmt: skip
