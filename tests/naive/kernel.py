"""Target minus posted, the long way: every target from all known rows, every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import takewhile

from tests.naive.balances import Book, book
from tests.naive.expressions import aggregates_in, of_window, read_by, rows_of
from tests.naive.numbers import rounded, shared
from tests.naive.terms import BoundTerms, ClauseTerms, ContractTerms, LimitTerms, WindowTerms
from tests.naive.windows import ONE_DAY, Span, label, months_before, uncut, windows
from tests.naive.world import ROOTS, Ask, MissingError, Row, World

ZERO = Fraction(0)
RETURNS = ("customer_return", "warehouse_return", "after_sale_return")
Limited = tuple[BoundTerms, Span, list[Fraction], Fraction]
"""A limit in one window: its bound, the window, what each member loses, what is missing of a floor."""


class Kernel:
    """One run: the contract's terms and the rows known on a day."""

    def __init__(self, terms: ContractTerms, world: World, now: date) -> None:
        self.terms, self.world, self.now = terms, world, now
        self.targets: dict[tuple[str, tuple[str, ...], Span, date], Fraction] = {}
        self.unsettled: list[tuple[str, tuple[str, ...], Span]] = []
        self.books: dict[tuple[str, date], Book] = {}
        world.result, world.limited, world.units, world.uncovered = self.result, self.after_limits, self.units, self.uncovered

    def groups(self, clause: ClauseTerms, upto: date) -> list[tuple[str, ...]]:
        """Groups named in the contract, then those found in documents, by text or by the day they begin; or the one group of all."""
        if not clause.per:
            return [()]
        found: dict[tuple[str, ...], date] = {}
        dated = any(column in ROOTS for column in clause.per)
        anyone = Ask((), (), date.min, clause.end, upto)
        for each in (each for base in clause.bases for each in aggregates_in(base, self.world)):
            for _, row in rows_of(each, anyone, self.world):
                if not self.stray(row, clause.per):
                    group = tuple(self.world.group_value(row, column) for column in clause.per)
                    day = self.world.root(row)["date"] if dated else date.min
                    found[group] = min(day, found.get(group, day))
        return list(dict.fromkeys((*clause.groups, *sorted(found, key=lambda group: (found[group], group)))))

    def stray(self, row: Row, per: tuple[str, ...]) -> bool:
        """Whether a return without its sale would be a document of its own."""
        alone = row["type"] in RETURNS and self.world.original(row) is None
        return alone and any(column in ("document", "document_line") for column in per)

    def windows(self, clause: ClauseTerms, upto: date) -> list[Span]:
        """The clause's windows that have begun."""
        return [window for window in self.tiles(clause.window, clause) if window[0] < upto]

    def tiles(self, window: WindowTerms, clause: ClauseTerms) -> tuple[Span, ...]:
        """Windows of a kind over the clause's days."""
        if window.kind == "named":
            spans = [span for name, span in self.terms.ranges.items() if window.name in ("", name)]
            cut = [(max(start, clause.start), min(end, clause.end)) for start, end in sorted(spans)]
            return tuple(each for each in cut if each[0] < each[1])
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

    def points_so_far(self, clause: ClauseTerms, window: Span, upto: date) -> list[date]:
        """The points reached; what falls due by date is owed before the close."""
        points = [point for point in self.points(clause, window) if point <= upto]
        early = (clause.due or clause.by_day) and clause.on_account is None
        return [*points, upto] if early and upto < window[1] else points

    def points(self, clause: ClauseTerms, window: Span) -> list[date]:
        """The days on which entitlement is judged."""
        if clause.on_account is None:
            return [window[1]]
        if isinstance(clause.on_account, tuple):
            return [*sorted(day + ONE_DAY for day in clause.on_account if window[0] < day + ONE_DAY < window[1]), window[1]]
        ends = [end for _, end in self.tiles(clause.on_account, clause) if window[0] < end < window[1]]
        return [*ends, window[1]]

    def value(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, point: date) -> Fraction:
        """Earn, take from a balance and bound at one point, exact."""
        ask = Ask(clause.per, group, window[0], window[1], point)
        raw = self.less_balance(clause, ask, self.earned(clause, group, window, point))
        for bound in self.ordered(clause.bounds) if self.lives(clause, ask) else ():
            raw = self.bounded(clause, bound, raw, ask)
        return raw

    def less_balance(self, clause: ClauseTerms, ask: Ask, earned: Fraction) -> Fraction:
        """What is left of an amount after what its balance gives: as the balance stands now, or as it stood at an earlier point."""
        if clause.draw is None or clause.draw[1] == "documents":
            return earned
        place = (clause.id, ask.group, ask.start)
        point, taken = self.book(clause.draw[0], self.now).taken.get(place, (None, ZERO))
        if point != ask.upto:
            _, taken = self.book(clause.draw[0], ask.upto).taken.get(place, (None, ZERO))
        if not taken:
            return earned
        return earned - taken if taken < rounded(earned, *clause.rounding) else ZERO

    def book(self, name: str, moment: date) -> Book:
        """A balance before a day."""
        if (name, moment) not in self.books:
            self.books[name, moment] = book(self, name, moment)
        return self.books[name, moment]

    def uncovered(self, name: str) -> dict[int, Fraction]:
        """What a balance leaves of every document it covered a part of."""
        return self.book(name, self.now).uncovered

    def lives(self, clause: ClauseTerms, ask: Ask) -> bool:
        """Whether anything can be due: the condition holds, and a document speaks of the group."""
        return (clause.when is None or self.opened(clause, ask)) and (
            not clause.per or ask.group in clause.groups or self.present(clause, ask)
        )

    def earned(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, point: date) -> Fraction:
        """What a clause comes to before balances and bounds."""
        ask = Ask(clause.per, group, window[0], window[1], point)
        if not self.lives(clause, ask):
            return ZERO
        raw = self.raw(clause, ask)
        if clause.negative == "carries_forward":
            raw = max(ZERO, raw + self.carried(clause, group, window))
        return raw

    def present(self, clause: ClauseTerms, ask: Ask) -> bool:
        """Whether any document of the window speaks of the group; a cap used up to a part of a cent asks no other one back."""
        return clause.kind == "reversal" or any(read_by(base, ask, self.world) for base in clause.bases)

    def opened(self, clause: ClauseTerms, ask: Ask) -> bool:
        """Whether the condition holds; one that nobody has decided does not matter where nothing is earned either way."""
        try:
            return self.open(clause, ask)
        except MissingError:
            if self.raw(clause, ask) == 0:
                return False
            raise

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
        early = clause.provisional is not None and ask.upto != ask.end
        earn = clause.provisional if early and clause.provisional is not None else clause.earn
        raw = earn(ask, self.world) * self.cut(clause.proportion, clause.window, (ask.start, ask.end))
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
        size = {
            "day": -3,
            "week": -2,
            "ten_days": -1,
            "half_month": 1,
            "month": 2,
            "quarter": 3,
            "half_year": 4,
            "year": 5,
            "term": 6,
        }
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
        if bound.window.kind == "rolling":
            assert bound.window.unit == "month"
            return months_before(window[1], bound.window.count), window[1]
        tiles = self.tiles(bound.window, clause)
        return next(tile for tile in tiles if tile[0] <= window[0] < tile[1])

    def limit_value(self, bound: BoundTerms, wide: Span, ask: Ask) -> Fraction:
        """The bound's figure for its window so far, less where the window is cut."""
        inner = Ask(ask.per, ask.group, wide[0], wide[1], ask.upto)
        figure = Fraction(of_window(bound.figure, inner, self.world))
        return figure if bound.window is not None and bound.window.kind == "rolling" else figure * self.cut(bound.proportion, bound.window, wide)

    def cut(self, how: str, terms: WindowTerms | None, window: Span) -> Fraction:
        """The part of a whole calendar window that is left by the clause's dates."""
        if not how or terms is None or terms.kind == "term":
            return Fraction(1)
        whole = uncut(terms.kind, window[0], terms.starting_day, self.terms.year_start)
        return Fraction(counted(window, whole, how), counted(whole, whole, how))

    def after_limits(self, name: str, ask: Ask) -> Fraction:
        """`result of` a clause less what limits take off in windows inside the reader's."""
        total = self.result(name, ask)
        for limit in self.terms.limits.values():
            for _, wide, reductions, _ in self.limit_windows(limit, self.now) if name in limit.members else ():
                if ask.start <= wide[0] and wide[1] <= ask.end and wide[0] < ask.upto:
                    total -= reductions[limit.members.index(name)]
        return total

    def limit_windows(self, limit: LimitTerms, upto: date) -> list[Limited]:
        """The limit in each of its windows: what is taken off each member, and what is missing of a floor that closes."""
        earlier, found = self.limits_before(limit, upto), list[Limited]()
        for bound in self.ordered(limit.bounds):
            assert bound.window is not None
            tiles = windows(
                bound.window.kind, self.terms.start, self.terms.end, bound.window.starting_day, self.terms.year_start
            )
            for wide in tiles:
                if wide[0] < upto:
                    found.append(self.limit_window(limit, bound, wide, upto, [*earlier, *found]))
        return found

    def limits_before(self, limit: LimitTerms, upto: date) -> list[Limited]:
        """What the limits written earlier over some of the same clauses did, told by this limit's members."""
        found: list[Limited] = []
        for other in takewhile(lambda other: other.id != limit.id, self.terms.limits.values()):
            if set(other.members) & set(limit.members):
                for bound, wide, cuts, lacking in self.limit_windows(other, upto):
                    off = dict(zip(other.members, cuts, strict=True))
                    found.append((bound, wide, [off.get(name, ZERO) for name in limit.members], lacking))
        return found

    def limit_window(self, limit: LimitTerms, bound: BoundTerms, wide: Span, upto: date, before: Sequence[Limited]) -> Limited:
        """One window of a limit; what narrower windows took off is off already."""
        taken = []
        for index, name in enumerate(limit.members):
            off = sum((cut[index] for _, inner, cut, _ in before if wide[0] <= inner[0] and inner[1] <= wide[1]), ZERO)
            taken.append(self.came_to(self.terms.clauses[name], wide, upto) - off)
        added = sum((lacking for _, inner, _, lacking in before if wide[0] <= inner[0] and inner[1] <= wide[1]), ZERO)
        limit_value = self.limit_value(bound, wide, Ask((), (), wide[0], wide[1], upto))
        nothing = [ZERO for _ in taken]
        if bound.side == "least":
            lacking = max(ZERO, rounded(limit_value - sum(taken, added), *limit.rounding)) if wide[1] <= upto else ZERO
            return bound, wide, nothing, lacking
        over = rounded(max(ZERO, sum(taken, added) - max(ZERO, limit_value)), *limit.rounding)
        cuts = shared(over, [max(ZERO, amount) for amount in taken], limit.rounding[0]) if over else nothing
        return bound, wide, cuts, ZERO

    def came_to(self, clause: ClauseTerms, wide: Span, upto: date) -> Fraction:
        """A clause's targets of all groups in the windows that begin inside another."""
        inside = [window for window in self.windows(clause, upto) if wide[0] <= window[0] < wide[1]]
        return sum((self.target(clause, group, window, upto) for window in inside for group in self.groups(clause, upto)), ZERO)

    def units(self, name: str) -> list[tuple[tuple[str, ...], Span, Fraction]]:
        """What every group and window of a clause comes to now."""
        clause = self.terms.clauses[name]
        tiles = self.windows(clause, self.now)
        return [
            (group, tile, self.target(clause, group, tile, self.now))
            for group in self.groups(clause, self.now)
            for tile in tiles
        ]

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


def parted(total: Fraction, exact: Sequence[Fraction], to: Fraction) -> list[Fraction]:
    """Amounts rounded down or up so that they add to the total: up where most was cut."""
    parts = [rounded(each, to, "floor") for each in exact]
    left = int((total - sum(parts, ZERO)) / to)
    for index in sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))[:left]:
        parts[index] += to
    return parts


def counted(part: Span, whole: Span, how: str) -> int:
    """The size of a part of a whole window: its days; its days where every month has thirty; the months it touches."""
    days = [part[0] + timedelta(days=number) for number in range((part[1] - part[0]).days)]
    if how == "days":
        return len(days)
    if how == "thirtieths":
        return sum(thirtieths_of(day) for day in days)
    return len({label(day, "month", whole[0].day, 1) for day in days})


def thirtieths_of(day: date) -> int:
    """What a day counts where every month has thirty days: the 31st nothing, the last of February also the missing ones."""
    if day.month == 2 and (day + ONE_DAY).month == 3:
        return 30 - day.day + 1
    return 0 if day.day == 31 else 1
