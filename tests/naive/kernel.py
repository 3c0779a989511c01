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
from tests.naive.windows import ONE_DAY, Span, uncut, windows
from tests.naive.world import Ask, MissingError, World

ZERO, CENT = Fraction(0), Fraction(1, 100)
Spread = tuple[tuple[tuple[str, str], ...], Fraction]
"""What a share adds to the group, and its amount."""
Part = tuple[tuple[tuple[str, str], ...], Fraction | None, Fraction]
"""What it adds to the group, its VAT rate, its amount."""


@dataclass(frozen=True)
class Line:
    """What moves for one key. `amount` is signed in its direction and includes VAT; `net` is without."""

    clause: str
    group: tuple[tuple[str, str], ...]
    window: Span
    vat: Fraction | None
    direction: str
    amount: Fraction
    net: Fraction = ZERO

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
        self.targets: dict[tuple[str, tuple[str, ...], Span, date], Fraction] = {}
        self.unsettled: list[tuple[str, tuple[str, ...], Span]] = []
        world.result = self.result

    def groups(self, clause: ClauseTerms, upto: date) -> list[tuple[str, ...]]:
        """Groups named in the contract, then those found in documents by text; or the one group of all."""
        if not clause.per:
            return [()]
        found: dict[tuple[str, ...], None] = {}
        anyone = Ask((), (), clause.start, clause.end, upto)
        for base in clause.bases:
            for each in aggregates_in(base, self.world):
                for row in self.clocked(each, anyone, clause.per):
                    found[row] = None
        return list(dict.fromkeys((*clause.groups, *sorted(found))))

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
        """T of one key as of a day; worked out once a run, or windows under one cap would be worked out again for each other."""
        place = (clause.id, group, window, upto)
        if place not in self.targets:
            self.targets[place] = self.worked_out(clause, group, window, upto)
        return self.targets[place]

    def worked_out(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> Fraction:
        """T, rounded by itself or as a part of the clause's rounded total."""
        if clause.place != "on_the_total" or not clause.per:
            return rounded(self.standing(clause, group, window, upto), *clause.rounding)
        groups = self.groups(clause, upto)
        exact = [self.standing(clause, each, window, upto) for each in groups]
        total = rounded(sum(exact, ZERO), *clause.rounding)
        return dict(zip(groups, parted(total, exact, clause.rounding[0]), strict=True)).get(group, ZERO)

    def standing(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> Fraction:
        """The exact amount at the point that counts; what is never taken back is never below nothing either."""
        point = self.point(clause, group, window, upto)
        if point is None:
            return ZERO
        found = self.value(clause, group, window, point)
        return found if self.taken_back(clause, window, upto) else max(ZERO, found)

    def taken_back(self, clause: ClauseTerms, window: Span, upto: date) -> bool:
        """Whether the last point counts, whatever earlier ones said."""
        return clause.taken_back == "always" or (clause.taken_back == "at_end" and window[1] <= upto)

    def point(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> date | None:
        """The last point reached, or the one with the highest amount where nothing is taken back."""
        points = self.points_so_far(clause, window, upto)
        if not points or self.taken_back(clause, window, upto):
            return points[-1] if points else None
        amounts = {point: rounded(self.value(clause, group, window, point), *clause.rounding) for point in points}
        highest = max(amounts.values())
        return points[-1] if amounts[points[-1]] == highest else next(point for point in points if amounts[point] == highest)

    def points(self, clause: ClauseTerms, window: Span) -> list[date]:
        """The days on which entitlement is judged."""
        if clause.on_account is None:
            return [window[1]]
        ends = [end for _, end in self.tiles(clause.on_account, clause) if window[0] < end < window[1]]
        return [*ends, window[1]]

    def value(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, point: date) -> Fraction:
        """Earn and bound at one point, exact."""
        ask = Ask(clause.per, group, window[0], window[1], point)
        if clause.when is not None and not self.open(clause, ask):
            return ZERO
        if clause.per and group not in clause.groups and not self.present(clause, ask):
            return ZERO
        raw = self.raw(clause, ask)
        if clause.negative == "carries_forward":
            raw = max(ZERO, raw + self.carried(clause, group, window))
        for bound in self.ordered(clause.bounds):
            raw = self.bounded(clause, bound, raw, ask)
        return raw

    def present(self, clause: ClauseTerms, ask: Ask) -> bool:
        """Whether any document of the window speaks of the group; a cap used up to a part of a cent asks no other one back."""
        return any(rows_of(each, ask, self.world) for base in clause.bases for each in aggregates_in(base, self.world))

    def open(self, clause: ClauseTerms, ask: Ask) -> bool:
        """Whether the condition holds now, or held at the end of any day so far where once reached stays."""
        assert clause.when is not None
        if of_window(clause.when, ask, self.world):
            return True
        days = {self.world.clock(row, clause.per) + ONE_DAY for row in self.world.rows} if clause.latch else set()
        then = [replace(ask, upto=day) for day in days if ask.start < day <= ask.upto]
        return any(of_window(clause.when, each, self.world) for each in then)

    def raw(self, clause: ClauseTerms, ask: Ask) -> Fraction:
        """What is earned, cut where the window is, before any bound."""
        raw = clause.earn(ask, self.world) * self.cut(clause.proportion, clause.window, (ask.start, ask.end))
        return max(ZERO, raw) if clause.negative == "counts_as_zero" else raw

    def carried(self, clause: ClauseTerms, group: tuple[str, ...], window: Span) -> Fraction:
        """The negative rest that goes on from earlier windows, as they stand now."""
        rest = ZERO
        for earlier in self.windows(clause, window[0]):
            points = [point for point in self.points(clause, earlier) if point <= self.now]
            if earlier != window and points:
                rest = min(ZERO, rest + self.raw(clause, Ask(clause.per, group, *earlier, points[-1])))
        return rest

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
            return min(raw, max(ZERO, limit))
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
        """`result of` a clause: its targets summed over its windows inside the reader's window so far; a window that is over
        counts as it stands now."""
        clause = self.terms.clauses[name]
        known = dict(zip(ask.per, ask.group, strict=True))
        total = ZERO
        for group in self.groups(clause, ask.upto):
            mine = dict(zip(clause.per, group, strict=True))
            if any(column in known and known[column] != value for column, value in mine.items()):
                continue
            for window in self.windows(clause, ask.upto):
                if ask.start <= window[0] and window[1] <= ask.end:
                    over = window[1] <= min(ask.end, ask.upto)
                    total += self.target(clause, group, window, self.now if over else ask.upto)
        return total

    def entitled(self, upto: date) -> list[Entitled]:
        """Every key's cumulative amount."""
        found: list[Entitled] = []
        for clause in self.terms.clauses.values():
            for group in self.groups(clause, upto):
                for window in self.windows(clause, upto):
                    found.extend(self.of_key(clause, group, window, upto))
        for limit in self.terms.limits.values():
            found.extend(self.of_limit(limit, upto))
        return found

    def of_key(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> list[Entitled]:
        """What a group and window are entitled to, by key; nothing where an input is missing."""
        try:
            parts = self.parts(clause, group, window, upto)
        except MissingError:
            self.unsettled.append((clause.id, group, window))
            return []
        named = tuple(zip(clause.per, group, strict=True))
        direction = "payable" if clause.payer == "platform" else "receivable"
        return [
            self.with_tax(Entitled((clause.id, named + extra, window, rate), direction, part)) for extra, rate, part in parts
        ]

    def parts(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> list[Part]:
        """A target, if it is due by now, shared and split by VAT rate."""
        total = self.target(clause, group, window, upto)
        if clause.due_on is not None and clause.due_on >= upto:
            total = ZERO
        shares = self.spread(clause, group, window, total, upto)
        return [
            (extra, rate, part) for extra, share in shares for rate, part in self.by_vat(clause, group, window, share, upto)
        ]

    def with_tax(self, found: Entitled) -> Entitled:
        """Prices that exclude VAT get it on top."""
        rate = found.key[3]
        if rate is None or self.terms.inclusive:
            return found
        return replace(found, target=found.target + rounded(found.target * rate, CENT, "half_up"))

    def spread(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, total: Fraction, upto: date) -> list[Spread]:
        """One amount shared by weight over the values of a column; unshared where the weights come to nothing."""
        if clause.spread is None or total == 0:
            return [((), total)]
        column, weight = clause.spread
        seen = self.point(clause, group, window, upto) or upto
        ask = Ask((*clause.per, column), (), window[0], window[1], seen)
        named = self.values_of(column, weight, Ask(clause.per, group, ask.start, ask.end, ask.upto))
        weights = [Fraction(of_window(weight, replace(ask, group=(*group, name)), self.world)) for name in named]
        if sum(weights, ZERO) == 0:
            return [(((column, ""),), total)]
        return [(((column, name),), part) for name, part in zip(named, shared(total, weights, clause.rounding[0]), strict=True)]

    def points_so_far(self, clause: ClauseTerms, window: Span, upto: date) -> list[date]:
        """The points reached."""
        return [point for point in self.points(clause, window) if point <= upto]

    def values_of(self, column: str, weight: tree.Expression, ask: Ask) -> list[str]:
        """The values of a column among the documents of the weight, by text."""
        rows = [row for each in aggregates_in(weight, self.world) for _, row in rows_of(each, ask, self.world)]
        return sorted({self.world.group_value(row, column) for row in rows})

    def by_vat(
        self, clause: ClauseTerms, group: tuple[str, ...], window: Span, total: Fraction, upto: date
    ) -> list[tuple[Fraction | None, Fraction]]:
        """Parts of a target by VAT rate, weighed by the paying base."""
        if not clause.vat:
            return [(None, total)]
        seen = self.point(clause, group, window, upto) or upto
        weights = self.weights(clause, Ask(clause.per, group, window[0], window[1], seen))
        if len(weights) == 1:
            return [(next(iter(weights)), total)]
        if not weights or sum(weights.values(), ZERO) == 0:
            return [(self.rate_on(seen), total)]
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
                self.with_tax(Entitled((limit.id, (("member", member.id),), wide, rate), against, amount))
                for member, part in zip(members, parts, strict=True)
                for rate, amount in self.at_rates(limit, part, [member], wide, upto)
            ]
        if bound.side == "least" and over < 0 and wide[1] <= upto:
            parts_of = self.at_rates(limit, -over, members, wide, upto)
            return [self.with_tax(Entitled((limit.id, (), wide, rate), same, amount)) for rate, amount in parts_of]
        return []

    def at_rates(
        self, limit: LimitTerms, part: Fraction, members: list[ClauseTerms], wide: Span, upto: date
    ) -> list[tuple[Fraction | None, Fraction]]:
        """A limit's amount at the VAT rates of what it reduces."""
        weights: dict[Fraction | None, Fraction] = {}
        for member in members:
            for group in self.groups(member, upto):
                for window in self.windows(member, upto):
                    for _, rate, amount in self.parts(member, group, window, upto) if wide[0] <= window[0] < wide[1] else ():
                        weights[rate] = weights.get(rate, ZERO) + amount
        rates = sorted((rate for rate in weights if weights[rate] > 0), key=lambda rate: (rate is None, rate or ZERO))
        if not rates:
            return [(self.rate_on(upto), part)]
        return list(zip(rates, shared(part, [weights[rate] for rate in rates], limit.rounding[0]), strict=True))


def parted(total: Fraction, exact: Sequence[Fraction], to: Fraction) -> list[Fraction]:
    """Amounts rounded down or up so that they add to the total: up where most was cut."""
    parts = [rounded(each, to, "floor") for each in exact]
    left = int((total - sum(parts, ZERO)) / to)
    for index in sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))[:left]:
        parts[index] += to
    return parts
