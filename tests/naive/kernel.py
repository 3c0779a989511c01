"""Target minus posted, the long way: every target from all known rows, every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.expressions import aggregates_in, of_window, rows_of
from tests.naive.numbers import rounded, shared
from tests.naive.terms import BoundTerms, ClauseTerms, ContractTerms, LimitTerms, WindowTerms
from tests.naive.windows import Span, uncut, windows
from tests.naive.world import Ask, MissingError, World

ZERO = Fraction(0)


@dataclass(frozen=True)
class Line:
    """What moves for one key. `amount` is signed in its direction."""

    clause: str
    group: tuple[tuple[str, str], ...]
    window: Span
    vat: Fraction | None
    direction: str
    amount: Fraction

    @property
    def key(self) -> Key:
        """What target and posted are compared by."""
        return (self.clause, self.group, self.window, self.vat)


Key = tuple[str, tuple[tuple[str, str], ...], Span, Fraction | None]
"""Clause, group, window, VAT rate."""


@dataclass(frozen=True)
class Entitled:
    """The target of one key."""

    key: Key
    direction: str
    target: Fraction


class Kernel:
    """One run: the contract's terms and the rows known on a day."""

    def __init__(self, terms: ContractTerms, world: World, now: date) -> None:
        self.terms, self.world, self.now = terms, world, now
        self.unsettled: list[tuple[str, tuple[str, ...], Span]] = []
        world.result = self.result

    def groups(self, clause: ClauseTerms, upto: date) -> list[tuple[str, ...]]:
        """Groups named in the contract or found in documents, or the one group of all."""
        if not clause.per:
            return [()]
        found = dict.fromkeys(clause.groups)
        anyone = Ask((), (), clause.start, clause.end, upto)
        for base in clause.bases:
            for each in aggregates_in(base, self.world):
                for row in self.clocked(each, anyone, clause.per):
                    found[row] = None
        return list(found)

    def clocked(self, each: tree.Aggregate, anyone: Ask, per: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The groups of an aggregate's rows."""
        for _, row in rows_of(each, anyone, self.world):
            yield tuple(self.world.group_value(row, column) for column in per)

    def windows(self, clause: ClauseTerms, upto: date) -> list[Span]:
        """The clause's windows that have begun."""
        return [window for window in self.tiles(clause.window, clause) if window[0] < upto]

    def tiles(self, window: WindowTerms, clause: ClauseTerms) -> tuple[Span, ...]:
        """Windows of a kind over the clause's days."""
        return windows(window.kind, clause.start, clause.end, window.starting_day, self.terms.year_start)

    def target(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> Fraction:
        """T of one key as of a day: the last point reached, or the highest where nothing is taken back."""
        closed = window[1] <= upto
        points = [point for point in self.points(clause, window) if point <= upto]
        if not points:
            return ZERO
        if clause.taken_back == "always" or (clause.taken_back == "at_end" and closed):
            return self.value(clause, group, window, points[-1])
        return max(ZERO, *(self.value(clause, group, window, point) for point in points))

    def points(self, clause: ClauseTerms, window: Span) -> list[date]:
        """The days on which entitlement is judged."""
        if clause.on_account is None:
            return [window[1]]
        ends = [end for _, end in self.tiles(clause.on_account, clause) if window[0] < end < window[1]]
        return [*ends, window[1]]

    def value(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, point: date) -> Fraction:
        """Earn, bound, round at one point."""
        ask = Ask(clause.per, group, window[0], window[1], point)
        if clause.when is not None and not of_window(clause.when, ask, self.world):
            return ZERO
        raw = clause.earn(ask, self.world)
        if raw < 0 and clause.negative == "counts_as_zero":
            raw = ZERO
        raw *= self.cut(clause.proportion, clause.window, window)
        for bound in self.ordered(clause.bounds):
            raw = self.bounded(clause, bound, raw, ask)
        return rounded(raw, *clause.rounding)

    def ordered(self, bounds: Sequence[BoundTerms]) -> list[BoundTerms]:
        """Caps from the narrow to the wide window, then floors."""
        size = {"half_month": 1, "month": 2, "quarter": 3, "half_year": 4, "year": 5, "term": 6}
        return sorted(bounds, key=lambda bound: (bound.side != "most", size.get(bound.window.kind, 0) if bound.window else 0))

    def bounded(self, clause: ClauseTerms, bound: BoundTerms, raw: Fraction, ask: Ask) -> Fraction:
        """One cap or floor; a wider window's is used up in window order, as everything stands now."""
        wide = self.wide(clause, bound, (ask.start, ask.end))
        limit = self.limit_value(bound, wide, ask if wide == (ask.start, ask.end) else replace(ask, upto=self.now))
        for earlier in self.windows(clause, ask.upto):
            if wide[0] <= earlier[0] and earlier[1] <= ask.start:
                limit -= self.target(clause, ask.group, earlier, self.now)
        if bound.side == "most":
            return min(raw, limit)
        return max(raw, limit) if wide[1] <= ask.upto else raw

    def wide(self, clause: ClauseTerms, bound: BoundTerms, window: Span) -> Span:
        """The bound's window around a clause window."""
        if bound.window is None:
            return window
        tiles = self.tiles(bound.window, clause)
        return next(tile for tile in tiles if tile[0] <= window[0] < tile[1])

    def limit_value(self, bound: BoundTerms, wide: Span, ask: Ask) -> Fraction:
        """The bound's figure for its window so far, less where the window is cut."""
        inner = Ask(ask.per, ask.group, wide[0], wide[1], ask.upto)
        figure = Fraction(of_window(bound.figure, inner, self.world))
        return figure * self.cut(bound.proportion, bound.window, wide)

    def cut(self, how: str, terms: WindowTerms | None, window: Span) -> Fraction:
        """The part of a whole calendar window that is left by the clause's dates."""
        if not how or terms is None or terms.kind == "term":
            return Fraction(1)
        whole = uncut(terms.kind, window[0], terms.starting_day, self.terms.year_start)
        if how == "days":
            return Fraction((window[1] - window[0]).days, (whole[1] - whole[0]).days)
        raise NotImplementedError(how)

    def result(self, name: str, ask: Ask) -> Fraction:
        """`result of` a clause: its targets summed over its windows inside the reader's window so far."""
        clause = self.terms.clauses[name]
        known = dict(zip(ask.per, ask.group, strict=True))
        total = ZERO
        for group in self.groups(clause, ask.upto):
            mine = dict(zip(clause.per, group, strict=True))
            if any(column in known and known[column] != value for column, value in mine.items()):
                continue
            for window in self.windows(clause, ask.upto):
                if ask.start <= window[0] and window[1] <= ask.end:
                    total += self.target(clause, group, window, ask.upto)
        return total

    def entitled(self, upto: date) -> list[Entitled]:
        """Every key's target."""
        found: list[Entitled] = []
        for clause in self.terms.clauses.values():
            for group in self.groups(clause, upto):
                for window in self.windows(clause, upto):
                    found.extend(self.of_key(clause, group, window, upto))
        for limit in self.terms.limits.values():
            found.extend(self.of_limit(limit, upto))
        return found

    def of_key(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> list[Entitled]:
        """A target split by the VAT rates of its documents."""
        try:
            total = self.target(clause, group, window, upto)
        except MissingError:
            self.unsettled.append((clause.id, group, window))
            return []
        named = tuple(zip(clause.per, group, strict=True))
        direction = "payable" if clause.payer == "platform" else "receivable"
        return [
            Entitled((clause.id, named, window, rate), direction, part)
            for rate, part in self.by_vat(clause, group, window, total, upto)
        ]

    def by_vat(
        self, clause: ClauseTerms, group: tuple[str, ...], window: Span, total: Fraction, upto: date
    ) -> list[tuple[Fraction | None, Fraction]]:
        """Parts of a target by VAT rate, weighed by the paying base."""
        if not clause.vat:
            return [(None, total)]
        weights = self.weights(clause, Ask(clause.per, group, window[0], window[1], upto))
        if len(weights) == 1:
            return [(next(iter(weights)), total)]
        if not weights or sum(weights.values(), ZERO) == 0:
            return [(self.rate_on(min(window[1], upto)), total)]
        rates = sorted(weights, key=lambda rate: (rate is None, rate or ZERO))
        parts = shared(total, [weights[rate] for rate in rates], clause.rounding[0])
        return list(zip(rates, parts, strict=True))

    def weights(self, clause: ClauseTerms, ask: Ask) -> dict[Fraction | None, Fraction]:
        """The paying base by VAT rate."""
        rates: dict[Fraction | None, Fraction] = {}
        for each in (found for base in clause.bases[:1] for found in aggregates_in(base, self.world)):
            for _, row in rows_of(each, ask, self.world):
                rates.setdefault(self.world.vat_rate(row), ZERO)
        for rate in rates:
            only = ask.masked(lambda row, rate=rate: self.world.vat_rate(row) == rate)  # type: ignore[misc]
            rates[rate] = Fraction(of_window(clause.bases[0], only, self.world))
        return {rate: weight for rate, weight in rates.items() if weight != 0}

    def rate_on(self, end: date) -> Fraction | None:
        """The contract's rate on the last day before `end`."""
        for rate, start, until in self.terms.vat:
            if (start is None or start < end) and (until is None or end <= until):
                return rate
        return None

    def of_limit(self, limit: LimitTerms, upto: date) -> list[Entitled]:
        """One reduction a member where a cap is passed; the missing rest where a floor is not reached at the close."""
        found: list[Entitled] = []
        members = [self.terms.clauses[name] for name in limit.members]
        for bound in limit.bounds:
            assert bound.window is not None
            tiles = windows(bound.window.kind, self.terms.start, self.terms.end, 1, self.terms.year_start)
            for wide in tiles:
                if wide[0] < upto:
                    found.extend(self.of_limit_window(limit, bound, members, wide, upto))
        return found

    def of_limit_window(
        self, limit: LimitTerms, bound: BoundTerms, members: list[ClauseTerms], wide: Span, upto: date
    ) -> list[Entitled]:
        """The limit in one of its windows."""
        ask = Ask((), (), wide[0], wide[1], upto)
        taken = [self.result(member.id, ask) for member in members]
        over = rounded(sum(taken, ZERO) - self.limit_value(bound, wide, ask), *limit.rounding)
        same = "payable" if members[0].payer == "platform" else "receivable"
        against = "receivable" if same == "payable" else "payable"
        if bound.side == "most" and over > 0:
            parts = shared(over, [max(ZERO, amount) for amount in taken], limit.rounding[0])
            return [
                Entitled((limit.id, (("member", member.id),), wide, None), against, part)
                for member, part in zip(members, parts, strict=True)
            ]
        if bound.side == "least" and over < 0 and wide[1] <= upto:
            return [Entitled((limit.id, (), wide, None), same, -over)]
        return []
