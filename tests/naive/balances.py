"""Balances: layers added on their days and taken oldest first, all of it worked out again from the beginning each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from rules_engine.syntax import tree
from tests.naive.expressions import months_back, number, of_document, of_window, read_by, rows_of
from tests.naive.fields import bracket, first, window_of, words
from tests.naive.numbers import rounded
from tests.naive.terms import ClauseTerms, WindowTerms
from tests.naive.windows import ONE_DAY, Span, uncut, windows
from tests.naive.world import Ask, Row

if TYPE_CHECKING:
    from tests.naive.kernel import Kernel

ZERO = Fraction(0)
Taker = tuple[str, tuple[str, ...], date]
"""Clause, group, first day of the window."""


@dataclass
class Layer:
    """What can be taken from a day on until before another."""

    since: date
    until: date | None
    left: Fraction

    def open(self, day: date) -> bool:
        """Whether it is there on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class Book:
    """A balance: its layers oldest first, what was taken back and no longer there, who took what at which point, and what
    documents leave uncovered."""

    layers: list[Layer] = field(default_factory=list)
    short: Fraction = ZERO
    taken: dict[Taker, tuple[date, Fraction]] = field(default_factory=dict)
    uncovered: dict[int, Fraction] = field(default_factory=dict)

    def add(self, layer: Layer, most: Fraction | None) -> None:
        """One more layer, as far as the ceiling goes; less than nothing takes back from the oldest."""
        there = sum((each.left for each in self.layers if each.open(layer.since)), ZERO)
        amount = layer.left if most is None else min(layer.left, max(ZERO, most - there + self.short))
        if amount < 0:
            for each in self.layers:
                part = min(each.left, -amount) if each.open(layer.since) else ZERO
                each.left, amount = each.left - part, amount + part
            self.short -= amount
            return
        filled = min(self.short, amount)
        self.short -= filled
        self.layers = sorted([*self.layers, Layer(layer.since, layer.until, amount - filled)], key=lambda each: each.since)

    def take(self, amount: Fraction, day: date) -> list[tuple[Layer, Fraction]]:
        """As much of an amount as is there on a day."""
        parts = []
        for layer in self.layers:
            part = min(layer.left, amount) if layer.open(day) else ZERO
            if part > 0:
                layer.left, amount = layer.left - part, amount - part
                parts.append((layer, part))
        return parts


def book(kernel: Kernel, name: str, moment: date) -> Book:
    """The balance before a day."""
    found, coming = Book(), list(additions(kernel, kernel.terms.balances[name], moment))
    coming.sort(key=lambda each: each[0].since)
    for window, clause, takers in wants(kernel, name, moment):
        while coming and coming[0][0].since < window[1]:
            found.add(*coming.pop(0))
        if clause.draw is not None and clause.draw[1] == "documents":
            take_documents(kernel, found, clause, takers)
            continue
        for group, point in takers:
            take_amount(kernel, found, clause, (group, window, point))
    return found


Takers = list[tuple[tuple[str, ...], date]]


def wants(kernel: Kernel, name: str, moment: date) -> Iterator[tuple[Span, ClauseTerms, Takers]]:
    """Who takes: by the end of the window, then by clause; groups with the last point that was looked at."""
    found = []
    for place, clause in enumerate(kernel.terms.clauses.values()):
        for window in kernel.windows(clause, moment) if clause.draw is not None and clause.draw[0] == name else ():
            points = kernel.points_so_far(clause, window, moment)
            if points:
                groups = [(group, points[-1]) for group in kernel.groups(clause, points[-1])]
                found.append(((window[1], place), window, clause, groups))
    yield from ((window, clause, groups) for _, window, clause, groups in sorted(found, key=lambda each: each[0]))


def take_amount(kernel: Kernel, found: Book, clause: ClauseTerms, unit: tuple[tuple[str, ...], Span, date]) -> None:
    """What a clause's group takes off its amount, at most what is written behind the balance."""
    group, window, point = unit
    assert clause.draw is not None
    amount = max(ZERO, kernel.earned(clause, group, window, point))
    if clause.draw[2] is not None:
        kernel.world.own_name = (clause.id, kernel.earned(clause, group, window, point))
        most = Fraction(of_window(clause.draw[2], Ask(clause.per, group, *window, point), kernel.world))
        kernel.world.own_name = None
        amount = min(amount, max(ZERO, most))
    parts = found.take(rounded(amount, *kernel.terms.rounding), min(window[1], point) - ONE_DAY)
    found.taken[clause.id, group, window[0]] = (point, sum((part for _, part in parts), ZERO))


def take_documents(kernel: Kernel, found: Book, clause: ClauseTerms, takers: Takers) -> None:
    """Documents in date order take what is there on their day; a return takes back what was paid for, then gives back."""
    base = clause.bases[0]
    assert isinstance(base, tree.Aggregate)
    assert base.item is not None
    documents: list[tuple[Row, Fraction, tuple[str, ...]]] = []
    for group, point in takers:
        window = next(each for each in kernel.windows(clause, point) if each[0] < point <= each[1])
        for sign, row in rows_of(base, Ask(clause.per, group, *window, point), kernel.world):
            documents.append((row, sign * Fraction(of_document(base.item, row, kernel.world)), group))
    paid: dict[tuple[str, ...], Fraction] = {}
    covered: dict[tuple[str, ...], list[tuple[Layer, Fraction]]] = {}
    clock = kernel.world.clock
    for row, amount, group in sorted(documents, key=lambda each: (clock(each[0], clause.per), each[0]["doc_id"], each[0]["line_no"])):
        if amount >= 0:
            parts = found.take(amount, clock(row, clause.per))
            covered.setdefault(group, []).extend(parts)
            rest = amount - sum((part for _, part in parts), ZERO)
        else:
            rest = -min(-amount, max(ZERO, paid.get(group, ZERO)))
            rest += gives_back(covered.setdefault(group, []), amount - rest)
        paid[group] = paid.get(group, ZERO) + rest
        found.uncovered[id(row)] = rest


def gives_back(covered: list[tuple[Layer, Fraction]], amount: Fraction) -> Fraction:
    """Put back what came last, up to a negative amount; what no layer gave."""
    while amount < 0 and covered:
        layer, part = covered.pop()
        back = min(part, -amount)
        layer.left, amount = layer.left + back, amount + back
        covered += [(layer, part - back)] if part > back else []
    return amount


def additions(kernel: Kernel, block: tree.Block, moment: date) -> Iterator[tuple[Layer, Fraction | None]]:
    """Every layer added before a day, with the ceiling of its day."""
    for since, counted, amount in opening(kernel, block):
        yield Layer(since, ends(kernel, block, since, counted), amount), None
    most = first(block, "at_most")
    for adds in (each for each in block.fields if each.key == "adds"):
        for since, counted, value in points(kernel, adds, moment):
            whole = Ask((), (), kernel.terms.start, kernel.terms.end, since + ONE_DAY)
            ceiling = None if most is None else Fraction(of_window(most.items[0], whole, kernel.world))  # type: ignore[arg-type]
            amount = value if counts_units(block) else rounded(value, *kernel.terms.rounding)
            if amount:
                yield Layer(since, ends(kernel, block, since, counted), amount), ceiling


def opening(kernel: Kernel, block: tree.Block) -> Iterator[tuple[date, date, Fraction]]:
    """What is there on the first day of the term."""
    begins = first(block, "starts")
    if begins is not None:
        yield kernel.terms.start, kernel.terms.start, number(begins.items[0])  # type: ignore[arg-type]


def counts_units(block: tree.Block) -> bool:
    """Whether a balance counts units instead of money."""
    return any(isinstance(item, tree.Number) and item.unit == "units" for each in block.fields for item in each.items)


def points(kernel: Kernel, adds: tree.Field, moment: date) -> Iterator[tuple[date, date, Fraction]]:
    """The days on which something comes in, the day its life is counted from, and how much."""
    what, tiles = adds.items[0], bracket(adds.items, "in_each")
    if isinstance(what, tree.ResultOf):
        yield from by_result(kernel, what, moment)
    elif tiles is not None:
        terms = window_of(tiles.items, kernel.terms.settle) or kernel.terms.settle
        how = next((word.removeprefix("proportionally_by_") for word in words(adds) if word.startswith("prop")), "")
        for window in windows(terms.kind, kernel.terms.start, kernel.terms.end, terms.starting_day, kernel.terms.year_start):
            if window[0] < moment:
                part = kernel.cut(how, terms, window)
                yield window[0], window[0], part * number(what)  # type: ignore[arg-type]
    else:
        whole = Ask((), (), kernel.terms.start, kernel.terms.end, moment)
        before = ZERO
        for day in sorted({kernel.world.clock(row, ()) for _, row in read_by(what, whole, kernel.world)}):  # type: ignore[arg-type]
            now = Fraction(of_window(what, Ask((), (), whole.start, whole.end, day + ONE_DAY), kernel.world))  # type: ignore[arg-type]
            yield day, day, now - before
            before = now


def by_result(kernel: Kernel, what: tree.ResultOf, moment: date) -> Iterator[tuple[date, date, Fraction]]:
    """What each point at which a clause was looked at added to its window."""
    clause = kernel.terms.clauses[what.clause.id]
    early = bool(clause.due or clause.by_day)
    for window in kernel.windows(clause, moment):
        before = ZERO
        for point in kernel.points_so_far(clause, window, moment):
            now = Fraction(of_window(what, Ask((), (), *window, point), kernel.world))
            yield (window[0], window[0], now - before) if early else (point - ONE_DAY, point, now - before)
            before = now


def ends(kernel: Kernel, block: tree.Block, since: date, counted: date) -> date | None:
    """The first day on which a layer is gone: so long after the day its life is counted from, or with the window it lies in."""
    found, lasts, expires = [], first(block, "lasts"), first(block, "expires")
    if lasts is not None:
        length = lasts.items[0]
        assert isinstance(length, tree.Number)
        count = int(length.value)
        found.append(months_back(counted, -count) if length.unit == "months" else counted + timedelta(days=count))
    if expires is not None:
        terms = window_of(expires.items, WindowTerms("year")) or WindowTerms("year")
        found.append(min(uncut(terms.kind, since, terms.starting_day, kernel.terms.year_start)[1], kernel.terms.end))
    return min(found, default=None)
