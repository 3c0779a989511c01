"""Bracketed look-ups in document scope: an aggregate over every document, seen from one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules_engine.core.expressions import Aggregate, Column, Compare, Expression, Logic
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import merged
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.reductions import Item, reduced
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Prepared:
    """A look-up with its index: candidates by the values of the columns that must equal the outer document's."""

    outer: tuple[Column, ...]
    index: Mapping[tuple[object, ...], list[Record]]
    everything: list[Record]


class LookUps:
    """Answers look-ups; equalities with `this` columns are found by an index instead of by reading every document."""

    def __init__(self, by_type: Mapping[str, list[Record]]) -> None:
        self._by_type = by_type
        self._prepared: dict[int, tuple[Aggregate, Prepared]] = {}

    def __call__(self, aggregate: Aggregate, record: Record, reader: Reader) -> Outcome:
        """The aggregate over the documents that the look-up of `record` finds."""
        signs = {source.type: source.sign for source in aggregate.sources}
        items: list[Item] = []
        undecided: list[Outcome] = []
        for candidate in self._candidates(aggregate, record, reader):
            taken = _taken(aggregate, candidate, record, reader)
            if taken.value is None:
                undecided.append(taken)
            elif taken.value:
                value = None if aggregate.item is None else reader.value(aggregate.item, candidate, record)
                items.append(Item(candidate, signs[candidate.type], value))
        if undecided:
            return merged(undecided)
        items.sort(key=lambda item: item.record.order)
        return reduced(aggregate, items, None, record.label)

    def _candidates(self, aggregate: Aggregate, record: Record, reader: Reader) -> list[Record]:
        held = self._prepared.get(id(aggregate))
        if held is None:
            held = self._prepared[id(aggregate)] = (aggregate, self._prepare(aggregate, reader))
        prepared = held[1]
        if not prepared.outer:
            return prepared.everything
        key = tuple(reader.column(Column(item.name, item.unit), record, None).value for item in prepared.outer)
        return prepared.index.get(key, [])

    def _prepare(self, aggregate: Aggregate, reader: Reader) -> Prepared:
        types = dict.fromkeys(source.type for source in aggregate.sources)
        everything = [record for name in types for record in self._by_type.get(name, [])]
        pairs = list(_equalities(aggregate.where))
        index: dict[tuple[object, ...], list[Record]] = {}
        if pairs:
            for candidate in everything:
                key = tuple(reader.column(inner, candidate, None).value for inner, _ in pairs)
                index.setdefault(key, []).append(candidate)
        return Prepared(tuple(outer for _, outer in pairs), index, everything)


def _taken(aggregate: Aggregate, candidate: Record, record: Record, reader: Reader) -> Outcome:
    return Outcome(True) if aggregate.where is None else reader.value(aggregate.where, candidate, record)


def _equalities(where: Expression | None) -> Iterator[tuple[Column, Column]]:
    """Pairs (inner column, outer column) that every document found must have equal."""
    match where:
        case Logic(op="and"):
            for operand in where.operands:
                yield from _equalities(operand)
        case Compare(op="=", left=Column() as left, right=Column() as right):
            yield from ((one, two) for one, two in ((left, right), (right, left)) if one.of == "" and two.of == "this")
        case _:
            return
