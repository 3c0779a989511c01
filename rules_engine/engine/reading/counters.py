"""Where every document stands on a counter: the stretch it took, or gave back (decision 0021)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Counter, Header, Program
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import merged
from rules_engine.engine.reading.grouping import grouped_by
from rules_engine.engine.reading.indexes import Indexes
from rules_engine.engine.reading.records import Record
from rules_engine.record import dataclass
from rules_engine.values.exact import as_fraction
from rules_engine.values.period import Period
from rules_engine.values.windows import tile

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a counter from `low` to `high`: `sign` +1 taken, -1 given back, 0 a document that does not move it. `reached`
    is where the counter stood after the document that took it."""

    low: Fraction
    high: Fraction
    sign: int
    reached: Fraction

    @property
    def length(self) -> Fraction:
        """How much of the counter it is."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Place:
    """A document on a counter: the stretches it took or gave back, and from where to where the counter went."""

    stretches: tuple[Stretch, ...]
    before: Fraction
    after: Fraction


@dataclass(slots=True)
class Count:
    """One group's counter in one window as it runs: where it stands, and what every document still holds, top last."""

    at: Fraction
    held: dict[int, list[Stretch]] = field(default_factory=dict)
    failed: Outcome | None = None

    def take(self, record: Record, amount: Fraction, holders: Collection[Count]) -> Place:
        """A document moves the counter; a linked return first gives back what its original holds, in whatever window."""
        before, self.at = self.at, self.at + amount
        if amount < 0:
            return Place(tuple(self._given_back(record, -amount, holders)), before, self.at)
        taken = Stretch(before, self.at, 1 if amount else 0, self.at)
        if amount:
            self.held[id(record)] = [taken]
        return Place((taken,), before, self.at)

    def _given_back(self, record: Record, amount: Fraction, holders: Collection[Count]) -> Iterator[Stretch]:
        original = record.original
        while original is not None and amount > 0:
            held = next((count.held[id(original)] for count in holders if count.held.get(id(original))), [])
            for piece in _from_the_top(held, amount):
                amount -= piece.length
                yield piece
            original = original.original
        if amount > 0:
            yield Stretch(self.at, self.at + amount, -1, self.at + amount)


def _from_the_top(held: list[Stretch], amount: Fraction) -> Iterator[Stretch]:
    while held and amount > 0:
        top = held.pop()
        cut = max(top.low, top.high - amount)
        if cut > top.low:
            held.append(Stretch(top.low, cut, 1, top.reached))
        amount -= top.high - cut
        yield Stretch(cut, top.high, -1, top.reached)


class Counters:
    """The counters of one run, each worked through once, when it is first asked for."""

    def __init__(self, program: Program, indexes: Indexes) -> None:
        self._program = program
        self._indexes = indexes
        self._placed: dict[str, Mapping[int, Place | Outcome]] = {}

    def place(self, name: str, record: Record) -> Place | Outcome | None:
        """Where a document stands; None outside the counter's windows."""
        if name not in self._placed:
            self._placed[name] = self._run_through(self._program.counters[name])
        return self._placed[name].get(id(record))

    def _run_through(self, counter: Counter) -> dict[int, Place | Outcome]:
        group_of = grouped_by(counter.per, self._indexes.reader)
        amounts = self._amounts(counter)
        counts: dict[tuple[Period, tuple[str, ...]], Count] = {}
        placed: dict[int, Place | Outcome] = {}
        starts = [window.start for window in counter.windows]
        types = frozenset(source.type for source in counter.amount.sources)
        for record in sorted(self._indexes.ordered(types, rooted=False), key=_Order(self._program.header)):
            window = _window(counter.windows, starts, record.date)
            if window is None:
                continue
            key = (window, group_of(record))
            if key not in counts:
                counts[key] = Count(as_fraction(counter.start) if window == counter.windows[0] else ZERO)
            placed[id(record)] = _placed(counts, key, record, amounts.get(id(record), ZERO))
        return placed

    def _amounts(self, counter: Counter) -> dict[int, Fraction | Outcome]:
        found: dict[int, Fraction | Outcome] = {}
        for runs in self._indexes.series(counter.amount, counter.per).groups.values():
            for run in runs.values():
                for record, value in zip(run.records, run.values, strict=True):
                    found[id(record)] = as_fraction(value) if isinstance(value, Decimal | Fraction) else ZERO
                for position, outcome in run.troubles:
                    found[id(run.records[position])] = outcome
        return found


Counts = dict[tuple[Period, tuple[str, ...]], Count]


def _placed(counts: Counts, key: tuple[Period, tuple[str, ...]], record: Record, amount: Fraction | Outcome) -> Place | Outcome:
    """A number that is missing leaves every later document without a place."""
    count = counts[key]
    if isinstance(amount, Outcome):
        count.failed = amount if count.failed is None else merged((count.failed, amount))
    if count.failed is not None or isinstance(amount, Outcome):
        return count.failed or Outcome(None)
    return count.take(record, amount, counts.values())


def _window(windows: Sequence[Period], starts: Sequence[date], day: date) -> Period | None:
    """The window that holds a day; they follow each other."""
    at = bisect_right(starts, day) - 1
    return windows[at] if at >= 0 and windows[at].contains(day) else None


class _Order:
    """The order in which documents move a counter: the settlement that first saw them, then clock, id, line, type."""

    def __init__(self, header: Header) -> None:
        term = Period(header.start, header.end)
        tiles = tile(header.settle, term, header.settle, header.year_start, dict(header.ranges))
        self._starts = [item.start for item in tiles]

    def __call__(self, record: Record) -> tuple[int, tuple[date, str, str, str]]:
        document = record.document
        seen = max(document.date, document.known_on or document.date)
        return bisect_right(self._starts, seen), record.order
