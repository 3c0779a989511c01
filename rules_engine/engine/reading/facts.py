"""The documents of one run, enriched and indexed so that a window costs two bisects."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from rules_engine.core.expressions import Aggregate, Expression, MeasureRef, ValueNow
from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.outcomes import missing
from rules_engine.engine.reading.carried import Carried, CarriedLike, export
from rules_engine.engine.reading.counters import Counters, Place
from rules_engine.engine.reading.grouping import ROOTS
from rules_engine.engine.reading.indexes import Indexes, inside
from rules_engine.engine.reading.reach import Reading, additive, linear, paid_once, paying, read_once, unwrapped, values_read
from rules_engine.engine.reading.records import RETURN_TYPES, Record, enrich
from rules_engine.engine.reading.series import Restrictions, Run, Series, Splitter
from rules_engine.engine.reading.splitters import VAT
from rules_engine.engine.reading.states import Change
from rules_engine.engine.reading.unused import first_failed
from rules_engine.engine.shifts import moved, scope_day
from rules_engine.values.exact import Number, as_decimal, decimals_of
from rules_engine.values.period import Period

Group = tuple[str, ...]


class Facts:
    """Every question the kernel and the evaluators ask of the documents.

    Days are half-open. Groups are tuples of texts in the order of `per`; a blank cell is ''. `per` may hold document
    columns and the root groupings 'document', 'document_line' and 'order', whose clock for a linked return is its sale's.
    One `Facts` serves one run; its indexes are built when they are first asked for and kept.
    """

    def __init__(self, program: Program, documents: Sequence[Document], carried: Sequence[CarriedLike] = ()) -> None:
        self.program = program
        self.records = enrich(program, documents)
        self.indexes = Indexes(program, self.records, carried)
        self._counters = Counters(program, self.indexes)
        self._by_document: dict[int, Record] = {}
        self._names: dict[int, str] = {}
        rates = set() if carried else {record.vat for record in self.records}
        self._only_rate = rates.pop() if len(rates) == 1 else None

    def groups(self, expression: Expression, per: tuple[str, ...], start: date, end: date) -> tuple[Group, ...]:
        """The groups with documents in the paying base of `expression` from `start` until before `end`, or in the other windows
        it reads: by text, root groupings by clock and id. With `per` () there is always the one group ()."""
        if not per:
            return ((),)
        found: dict[Group, tuple[object, ...]] = {}
        for reading in paid_once(self.program, expression):
            if any(shift.how == "answer" for shift in reading.shifts):
                continue
            window = self._window(reading, Asking((), (), start, end, end, closed=False))
            for group, runs in self.indexes.series(reading.aggregate, per).groups.items():
                present = [run for run in runs.values() if run.present(window.start, min(window.end, window.upto))]
                if present and group not in found:
                    found[group] = _rank(group, present, not ROOTS.isdisjoint(per))
        return tuple(sorted(found, key=lambda group: found[group]))

    def documents(self, expression: Expression, asking: Asking) -> tuple[Document, ...]:
        """Every document `expression` reads for `asking`, each once, by clock, id, line, type."""
        found = [stretch for reading in read_once(self.program, expression) for stretch in self._read(reading, asking)]
        found += self._notices(expression, asking)
        if len(found) == 1 and ROOTS.isdisjoint(asking.per):
            return tuple([record.document for record in found[0]])
        places = {record.place: record for stretch in found for record in stretch}
        return tuple([places[place].document for place in sorted(places)])

    def found(self, expression: Expression, asking: Asking, looked: set[tuple[object, ...]]) -> Iterator[Document]:
        """The same documents in no order, maybe some twice; what `looked` names was found before and is left out."""
        for reading in read_once(self.program, expression):
            key = (id(reading.aggregate), reading.shifts, asking)
            if key not in looked:
                looked.add(key)
                for stretch in self._read(reading, asking):
                    yield from (record.document for record in stretch)
        for stretch in self._notices(expression, asking):
            yield from (record.document for record in stretch)

    def _notices(self, expression: Expression, asking: Asking) -> Iterator[list[Record]]:
        """The documents of the window that change a value which the expression reads."""
        stop = min(asking.end, asking.upto)
        for name in values_read(self.program, expression):
            records = self.indexes.by_type.get(self.program.values[name].type, [])
            if inside := [record for record in records if asking.start <= record.date < stop]:
                yield inside

    def evidence(self, expression: Expression, asking: Asking) -> tuple[int, str]:
        """How many documents `expression` reads for `asking`, and the SHA-256 of their `type:id/line` in order, one a line."""
        read = self.documents(expression, asking)
        known, name = self._names.get, self._name
        names = [known(id(document)) or name(document) for document in read]
        return len(read), sha256("\n".join(names).encode()).hexdigest()

    def _name(self, document: Document) -> str:
        """`type:id/line`, written once a document."""
        made = self._names[id(document)] = f"{document.type}:{document.id}/{document.line}"
        return made

    def _read(self, reading: Reading, asking: Asking) -> Iterator[list[Record]]:
        """The records of each run that a reading takes, every run in the order of its day."""
        window = self._window(reading, asking)
        per = window.per
        for run in self.indexes.runs(reading.aggregate, window, ()) if per else self.indexes.ungrouped(reading.aggregate):
            first, last = run.bounds(window.start, min(window.end, window.upto))
            if first < last:
                yield run.records[first:last]

    def _window(self, reading: Reading, asking: Asking) -> Asking:
        """The asking window moved as the reading says."""
        for shift in reading.shifts:
            asking = moved(self.program, shift, asking)
        return asking

    def weights_by_vat(self, expression: Expression, asking: Asking) -> Mapping[Decimal | None, Decimal]:
        """The paying base of `expression` split by the effective VAT rate of its documents (None: no rate). Rates whose
        documents add to nothing are left out; nothing at all gives {}."""
        base = unwrapped(expression)
        if isinstance(base, MeasureRef) and base.shift is not None:
            there = moved(self.program, base.shift, asking)
            return self.weights_by_vat(self.program.measures[base.name].expression, there)
        weights: dict[Decimal | None, Fraction] = {}
        for factor, aggregate in self._base_terms(expression):
            for rate, total in self._by_vat(aggregate, asking):
                weights[rate] = weights.get(rate, Fraction(0)) + factor * total
        return {rate: _decimal(weight) for rate, weight in sorted(weights.items(), key=_by_rate) if weight}

    def terms(self, expression: Expression) -> tuple[tuple[Fraction, Aggregate], ...]:
        """A sum over documents as factors times plain sums."""
        return linear(self.program, expression) or ()

    def _by_vat(self, aggregate: Aggregate, asking: Asking) -> Iterator[tuple[Decimal | None, Fraction]]:
        stop = min(asking.end, asking.upto)
        if self._only_rate is not None:
            series = self.indexes.one_rate(aggregate, asking.per, self._only_rate)
            yield self._only_rate, Fraction(series.total(series.select(asking.group), asking.start, stop))
            return
        series = self.indexes.series(aggregate, asking.per, ((VAT, frozenset()),))
        for path, run in series.groups.get(asking.group, {}).items():
            rate = path[0]
            assert rate is None or isinstance(rate, Decimal)
            yield rate, Fraction(series.total([run], asking.start, stop))

    def base_parts(self, expression: Expression, asking: Asking) -> list[tuple[Record, Fraction]]:
        """Every document of the paying base with its signed part, in date order."""
        found: dict[int, tuple[Record, Fraction]] = {}
        for factor, aggregate in self._base_terms(expression):
            for record, value in self.contributions(aggregate, asking):
                if isinstance(value, Decimal | Fraction):
                    known = found.get(record.place, (record, Fraction(0)))[1]
                    found[record.place] = (record, known + factor * Fraction(value))
        return [found[place] for place in sorted(found)]

    def _base_terms(self, expression: Expression) -> tuple[tuple[Fraction, Aggregate], ...]:
        """The first sum or count, or sum of those, that the expression pays on."""
        whole = linear(self.program, expression)
        if whole is not None:
            return whole
        for aggregate in paying(self.program, expression):
            if aggregate.op in ("sum", "count"):
                return ((Fraction(1), aggregate),)
        return ()

    def is_additive(self, expression: Expression) -> bool:
        """Whether carried sums are enough: only sums and counts, no per-document arithmetic, links or look-ups."""
        return additive(self.program, expression)

    def covers(self, expression: Expression, per: tuple[str, ...], period: Period) -> bool:
        """Whether carried sums were given for all that `expression` reads of `period`, in groups by `per`. Ask after it has
        been evaluated once, so that the series it splits by rows are known."""
        return self.indexes.covered(expression, per, period)

    def carry(self, periods: Iterable[Period]) -> tuple[Carried, ...]:
        """The sums of `periods` for every additive series asked for so far (documents and earlier carried sums)."""
        wanted = tuple(periods)
        series = self.indexes.carriable()
        found = [item for name, path, one in series for item in export(one, name, wanted, path)]
        return tuple(sorted(found, key=lambda item: (item.key, item.start, item.group)))

    def first_failed_condition(self, document: Document) -> str:
        """Why nothing read this document: 'type' (no clause reads its type), 'where:<column>' (the first filter that
        failed), 'period' (no window holds its clock), '' when some aggregate takes it."""
        return first_failed(self.program, self.indexes.reader, self.record(document))

    def unlinked(self) -> tuple[Document, ...]:
        """Documents that name an original which is not there, and return documents that name none."""
        found = (record for record in self.records if record.original is None)
        return tuple(
            record.document for record in found if record.type in RETURN_TYPES or record.values.get("ref_doc_id")
        )

    def clock(self, document: Document) -> date:
        """The day a document counts on: its own clock, or its sale's for a return settled back to the sale."""
        return self.record(document).date

    def vat(self, document: Document) -> Decimal | None:
        """The effective VAT rate: its own column, else the contract's on its day (a linked return: its original's)."""
        return self.record(document).vat

    def record(self, document: Document) -> Record:
        """The enriched record of one of the documents given."""
        if not self._by_document:
            self._by_document = {id(record.document): record for record in self.records}
        return self._by_document[id(document)]

    def read(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions = ()) -> Outcome:
        """An aggregate for the asking group and window, of the documents that the restrictions let through."""
        return self.indexes.read(aggregate, asking, restrictions)

    def state(self, value: ValueNow, asking: Asking) -> tuple[Outcome, Sequence[Change]]:
        """A changing value for the asking group on the last day seen, and the changes that made it."""
        group = dict(zip(asking.per, asking.group, strict=True))
        if any(column not in group for column in value.per):
            return missing(*value.per), ()
        classes = tuple(group[column] for column in value.per)
        history, day = self.indexes.states.history(value.name, classes, self.indexes.reader), scope_day(asking)
        return history.on(day), history.until(day)

    def place(self, counter: str, record: Record) -> Place | Outcome | None:
        """Where a document stands on a counter; None outside the counter's windows."""
        return self._counters.place(counter, record)

    def series(self, aggregate: Aggregate, per: tuple[str, ...], restrictions: Restrictions = ()) -> Series:
        """The series of an aggregate, for evaluators that ask it themselves."""
        return self.indexes.series(aggregate, per, restrictions)

    def contributions(
        self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions = (), rooted: bool = False
    ) -> Iterator[tuple[Record, object]]:
        """The documents an aggregate reads with their signed values, in date order; `rooted` counts returns on their sale's
        day."""
        runs = self.indexes.runs(aggregate, asking, restrictions, rooted)
        return inside(runs, asking.start, min(asking.end, asking.upto))

    def sample(
        self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions, most: int
    ) -> tuple[int, tuple[tuple[Record, object], ...]]:
        """How many documents an aggregate reads, and the first `most` by clock with their signed values."""
        runs = self.indexes.runs(aggregate, asking, restrictions)
        stop = min(asking.end, asking.upto)
        slices = [(run, *run.bounds(asking.start, stop)) for run in runs]
        count = sum(last - first for _, first, last in slices)
        firsts = [
            pair
            for run, first, last in slices
            for pair in zip(run.records[first : min(last, first + most)], run.values[first : min(last, first + most)], strict=True)
        ]
        if len(slices) > 1:
            firsts.sort(key=lambda pair: pair[0].place)
        return count, tuple(firsts[:most])

    def keys(
        self, aggregates: Iterable[Aggregate], asking: Asking, restrictions: Restrictions, splitter: Splitter
    ) -> frozenset[Hashable]:
        """The keys of `splitter` that occur among the documents read."""
        found: set[Hashable] = set()
        wanted = [keys for _, keys in restrictions]
        stop = min(asking.end, asking.upto)
        for aggregate in aggregates:
            series = self.indexes.series(aggregate, asking.per, (*restrictions, (splitter, frozenset())))
            for path, run in series.groups.get(asking.group, {}).items():
                allowed = all(key in keys for key, keys in zip(path, wanted, strict=False))
                if allowed and run.present(asking.start, stop):
                    found.add(path[-1])
        return frozenset(found)


def _rank(group: Group, runs: list[Run], rooted: bool) -> tuple[object, ...]:
    if not rooted:
        return group
    return (min((run.days[0] for run in runs if run.days), default=date.min), *group)


def _by_rate(weight: tuple[Decimal | None, Number]) -> tuple[bool, Decimal]:
    return (weight[0] is None, weight[0] or Decimal(0))


def _decimal(weight: Fraction) -> Decimal:
    """The weight as a decimal; a quotient without an end is cut far behind any cent."""
    if decimals_of(weight) is None:
        weight = Fraction(round(weight * 10**24), 10**24)
    return as_decimal(weight)


def gather(program: Program, documents: Sequence[Document], carried: Sequence[CarriedLike] = ()) -> Facts:
    """Enrich `documents` (computed columns, links, inherited columns, VAT) and seed what earlier statements carry."""
    return Facts(program, documents, carried)
