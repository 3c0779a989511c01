"""What a contract's documents may hold: accepted spellings of types and columns, and what the contract reads of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TypeVar

from rules_engine.core.builtin import BUILTIN_TYPES, COLUMN_NAMES, COMMON_COLUMNS, OWN_TYPE_COLUMNS, TYPE_NAMES
from rules_engine.core.expressions import Aggregate, Column, MeasureRef
from rules_engine.core.program import ColumnType, DocumentType, Program
from rules_engine.core.units import Unit
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Schema:
    """`types` by name; `type_names` and `column_names` map every accepted spelling to its name; `own` are column names the
    contract declares itself; `reads` lists (type, column) pairs the contract's formulas read."""

    contract: str
    currency: str
    language: str
    types: Mapping[str, DocumentType]
    type_names: Mapping[str, str]
    column_names: Mapping[str, str]
    reads: frozenset[tuple[str, str]]

    def columns(self, type_name: str) -> Mapping[str, ColumnType]:
        """The columns read from files for a type: its own, and those every type has."""
        base = COMMON_COLUMNS if type_name in BUILTIN_TYPES else OWN_TYPE_COLUMNS
        kind = self.types[type_name]
        return {**base, kind.clock: ColumnType(kind.clock, Unit.DATE, "date"), **kind.columns}


def schema_of(program: Program) -> Schema:
    """The schema of a contract's documents."""
    types = {**BUILTIN_TYPES, **{item.name: item for item in program.types.values()}}
    spellings = {item.plural: item.name for item in types.values()} | {name: name for name in types}
    own = {name: name for item in types.values() for name in (*item.columns, item.clock)}
    return Schema(
        program.header.id,
        program.header.currency,
        program.header.language,
        types,
        {**TYPE_NAMES, **spellings},
        {**COLUMN_NAMES, **own},
        frozenset(_reads(program)),
    )


def _reads(program: Program) -> Iterator[tuple[str, str]]:
    """The columns that a clause, a limit or a shown measure adds up or filters by, through the measures they name."""
    waiting: list[object] = [measure.expression for measure in program.measures.values() if measure.shown]
    for clause in program.clauses.values():
        waiting += [clause.earn, clause.base, clause.when, *(bound.amount for bound in clause.bounds)]
    waiting += [bound.amount for limit in program.limits.values() for bound in limit.bounds]
    met: set[str] = set()
    while waiting:
        part = waiting.pop()
        for aggregate in _found(part, Aggregate):
            names = {column.name for column in _found((aggregate.item, aggregate.where), Column) if not column.of}
            yield from ((source.type, name) for source in aggregate.sources for name in names)
        named = {reference.name for reference in _found(part, MeasureRef)} - met
        waiting += [program.measures[name].expression for name in named if name in program.measures]
        met |= named


Node = TypeVar("Node", Aggregate, Column, MeasureRef)


def _found(root: object, kind: type[Node]) -> Iterator[Node]:
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kind):
            yield node
        if isinstance(node, tuple):
            waiting.extend(node)
        elif is_dataclass(node):
            waiting.extend(getattr(node, part.name) for part in fields(node) if part.name not in _LEAVES)


_LEAVES = frozenset({"span", "unit"})
