"""The cells of many contracts as columns: every cell has its contract, its sort (type, stretch and keys) and its exact sums.

Sorts are few: what a line of a sort means to an aggregate, a group or a row of a table is asked of the kernel's own readers once
a sort, and holds for all its cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules_engine.bulk.columnar.reasons import Reason
from rules_engine.bulk.measures.cells import CellRecord, Reader
from rules_engine.bulk.measures.linear import Product
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.storage.typing_sql import AMOUNT_PLACES
from rules_engine.core.program import Program
from rules_engine.engine.reading.records import Rates

Ints = Any
"""A numpy column of whole numbers or truths; numpy is loaded late, so its types are not at hand."""
FEW = 2**53
"""Sums below this, of at most `MANY` cells, never leave 64 bits."""
MANY = 2**9
HEAD = 10
"""Columns of a cells' table before its keys: shard, number, type, bucket, vat, blank, linked, obucket, ovat, heard."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of a product in every cell: whole numbers of ten to the minus `scale`."""

    units: Ints
    scale: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by contract (its place among the contracts, rising) and sort. `lines`: how many lines a cell has, `blank` which needed
    columns they lack."""

    contracts: int
    contract: Ints
    sort: Ints
    lines: Ints
    blank: Ints
    sums: Mapping[Product, Sums]
    sorts: tuple[CellRecord, ...]


def columns_of(table: Any) -> dict[str, Any]:
    """The columns of a cells' table by name, in one piece."""
    return {name: table.column(name).combine_chunks() for name in table.column_names}


def refused(table: Any, needs: Needs) -> dict[Reason, set[int]]:
    """The contracts, by number, that have cells which columns do not serve."""
    compute = library("pyarrow.compute")
    found: dict[Reason, set[int]] = {}
    tests = {Reason.LINKED: compute.fill_null(table.column("linked"), False), Reason.VAT_RATES: compute.is_valid(table.column("vat"))}
    for reason, test in tests.items():
        if compute.any(test).as_py():
            found[reason] = set(table.filter(test).column("number").to_pylist())
    long = {number for place, _ in enumerate(needs.sums) for number in _long(table, f"s{place}")}
    return {**found, Reason.LONG: long} if long else found


def _long(table: Any, name: str) -> set[int]:
    compute, arrow = library("pyarrow.compute"), pyarrow()
    sums = table.column(name)
    if not len(sums):
        return set()
    bounds = compute.min_max(sums).as_py()
    if bounds["min"] > -FEW * 10**AMOUNT_PLACES and bounds["max"] < FEW * 10**AMOUNT_PLACES and bounds["min"] > -(2**62) and bounds["max"] < 2**62:
        return set()
    most = arrow.scalar(2**62, arrow.decimal128(38, 0))
    return set(table.filter(compute.greater_equal(compute.abs(sums), most)).column("number").to_pylist())


def grid_of(table: Any, numbers: Sequence[int], program: Program, needs: Needs) -> Grid:
    """The cells of the contracts with these numbers, which `refused` lets pass."""
    numpy = library("numpy")
    columns = columns_of(table)
    wanted = numpy.asarray(numbers, dtype=numpy.int64)
    number = columns["number"].to_numpy(zero_copy_only=False).astype(numpy.int64)
    place = numpy.searchsorted(wanted, number)
    kept = numpy.flatnonzero((place < len(wanted)) & (wanted[numpy.minimum(place, len(wanted) - 1)] == number))
    sort, sorts = _sorts(columns, kept, program, needs)
    sums = {product: _sums(columns[f"s{at}"], kept, len(product)) for at, product in enumerate(needs.sums)}
    return Grid(
        len(wanted), place[kept], sort, columns["n"].to_numpy()[kept].astype(numpy.int64),
        columns["blank"].to_numpy(zero_copy_only=False)[kept].astype(numpy.int64), sums, sorts,
    )  # fmt: skip


def _sorts(columns: Mapping[str, Any], kept: Ints, program: Program, needs: Needs) -> tuple[Ints, tuple[CellRecord, ...]]:
    numpy, arrow = library("numpy"), pyarrow()
    names = ["type", "bucket", "heard", *(f"k{place}" for place in range(len(needs.keys)))]
    code = numpy.zeros(len(kept), dtype=numpy.int64)
    for name in names:
        encoded = columns[name].take(arrow.array(kept)).dictionary_encode(null_encoding="encode")
        own = encoded.indices.to_numpy().astype(numpy.int64)
        code = numpy.unique(code * (len(encoded.dictionary) + 1) + own, return_inverse=True)[1].astype(numpy.int64)
    _, first, sort = numpy.unique(code, return_index=True, return_inverse=True)
    texts = zip(*(columns[name].take(arrow.array(kept[first])).to_pylist() for name in names), strict=True)
    nothing = [None] * len(needs.keys)
    rows = [(None, None, kind, bucket, None, 0, False, None, None, heard, *keys, *nothing, 1, *([0] * len(needs.sums))) for kind, bucket, heard, *keys in texts]
    records = tuple(Reader(program, needs, Rates(program.header.vat)).records(rows))
    for at, record in enumerate(records):
        record.place = at
    return sort.astype(numpy.int64), records


def _sums(column: Any, kept: Ints, factors: int) -> Sums:
    """A column of sums as whole numbers of the least scale that all of them need."""
    numpy, arrow = library("numpy"), pyarrow()
    words = numpy.frombuffer(column.buffers()[1], dtype=numpy.int64)[2 * column.offset : 2 * (column.offset + len(column))]
    units = words[0::2][kept]
    del arrow
    scale = AMOUNT_PLACES * factors
    while scale and not (units % 10).any():
        units, scale = units // 10, scale - 1
    return Sums(units, scale)
