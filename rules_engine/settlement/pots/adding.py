"""What is added to a balance, when, and until when it can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Expression, ResultOf
from rules_engine.core.program import Adding, Balance
from rules_engine.core.walk import walk
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.record import dataclass
from rules_engine.settlement.schedule import stages, starts_early, term, tiles, uncut
from rules_engine.settlement.targets import Group, View
from rules_engine.values.dates import add
from rules_engine.values.exact import as_fraction, decimals_of
from rules_engine.values.period import Period
from rules_engine.values.rounding import round_to
from rules_engine.values.windows import proportion

ZERO = Fraction(0)
ONE_DAY = timedelta(days=1)
SMALLEST = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class Addition:
    """An amount that is there from `since` until before `until`; `most` is the ceiling of its group on that day."""

    group: Group
    since: date
    until: date | None
    amount: Fraction
    most: Fraction | None = None
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """An amount before it is rounded: its first day, and the day its life is counted from."""

    since: date
    counted: date
    value: Fraction


def additions(view: View, balance: Balance, moment: date, takers: tuple[Group, ...]) -> list[Addition | Outcome]:
    """Everything added before a moment, oldest first; an outcome where an amount has no value."""
    found: list[Addition | Outcome] = []
    for group in groups_of(view, balance, moment, takers):
        found.extend(_opening(view, balance, group))
        for adding in balance.adds:
            found.extend(_group_additions(view, balance, adding, group, moment))
    good = sorted((item for item in found if isinstance(item, Addition)), key=lambda item: item.since)
    return [*good, *(item for item in found if isinstance(item, Outcome))]


def _opening(view: View, balance: Balance, group: Group) -> Iterator[Addition | Outcome]:
    """What the balance takes over from the contract renewed, or starts with on the term's first day."""
    for held in view.brought.get((balance.id, group), ()):
        if held.amount > 0:
            yield Addition(group, held.since, held.until, Fraction(held.amount), None, opening=True)
        else:
            yield Addition(group, held.since, held.until, Fraction(held.amount))
    if balance.starts is not None:
        over = term(view.program.header)
        value = evaluated(view, balance.starts, Asking(balance.per, group, over.start, over.end, over.start + ONE_DAY))
        if isinstance(value, Outcome):
            yield value
        elif value:
            yield Addition(group, over.start, ends(view, balance, over.start, over.start), to_step(balance, value), None, opening=True)


def groups_of(view: View, balance: Balance, moment: date, takers: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups that documents, clauses it is fed by, and takers give the balance."""
    if not balance.per:
        return ((),)
    over = term(view.program.header)
    found: dict[Group, None] = {}
    for adding in balance.adds:
        found.update(dict.fromkeys(view.facts.groups(adding.amount, balance.per, over.start, moment)))
        for name in _read(view, adding.amount):
            clause = view.program.clauses[name]
            if set(balance.per) <= set(clause.per):
                read = view.facts.groups(clause.earn, clause.per, over.start, moment)
                both = (*clause.groups, *read)
                found.update(dict.fromkeys(tuple(group[clause.per.index(column)] for column in balance.per) for group in both))
    return tuple(dict.fromkeys((*sorted(found), *(group for name, group in view.brought if name == balance.id), *takers)))


def _read(view: View, expression: Expression) -> list[str]:
    return [item.clause for item in walk(expression) if isinstance(item, ResultOf) and item.clause in view.program.clauses]


def _group_additions(
    view: View, balance: Balance, adding: Adding, group: Group, moment: date
) -> Iterator[Addition | Outcome]:
    for point in POINTS[adding.how](view, balance, adding, group, moment):
        if isinstance(point, Outcome):
            yield point
            continue
        amount = to_step(balance, point.value)
        most = _ceiling(view, balance, group, point.since)
        if isinstance(most, Outcome):
            yield most
        elif amount:
            yield Addition(group, point.since, ends(view, balance, point.since, point.counted), amount, most)


def to_step(balance: Balance, value: Fraction) -> Fraction:
    """Money as the balance is rounded; units in full, a quotient without an end cut far behind what is counted."""
    if balance.rounding is not None:
        return Fraction(round_to(value, balance.rounding.to, balance.rounding.mode))
    return value if decimals_of(value) is not None else Fraction(round_to(value, SMALLEST, "half_up"))


def _ceiling(view: View, balance: Balance, group: Group, day: date) -> Fraction | Outcome | None:
    if balance.most is None:
        return None
    over = term(view.program.header)
    most = evaluated(view, balance.most, Asking(balance.per, group, over.start, over.end, day + ONE_DAY))
    return most if isinstance(most, Outcome) else to_step(balance, most)


def ends(view: View, balance: Balance, since: date, counted: date) -> date | None:
    """The first day on which a layer is gone."""
    found = []
    if balance.lasts is not None:
        found.append(add(counted, *balance.lasts, overflow="last_day"))
    if balance.expires is not None:
        header = view.program.header
        found.extend(item.end for item in tiles(header, balance.expires, term(header)) if item.contains(since))
    return min(found, default=None)


def evaluated(view: View, expression: Expression, asking: Asking) -> Fraction | Outcome:
    """A number, or the outcome that is none."""
    outcome = view.evaluator.evaluate(expression, asking, view.results)
    return as_fraction(outcome.value) if isinstance(outcome.value, Decimal | Fraction) else outcome


Points = Iterator[Point | Outcome]


def _by_document(view: View, balance: Balance, adding: Adding, group: Group, moment: date) -> Points:
    """Each day with documents adds what the sum so far grew by."""
    over = term(view.program.header)
    whole = Asking(balance.per, group, over.start, over.end, moment)
    before = ZERO
    for day in sorted({view.facts.clock(line) for line in view.facts.documents(adding.amount, whole)}):
        asking = Asking(balance.per, group, over.start, over.end, day + ONE_DAY, closed=False)
        now = evaluated(view, adding.amount, asking)
        if isinstance(now, Outcome):
            yield now
            return
        yield Point(day, day, now - before)
        before = now


def _by_result(view: View, balance: Balance, adding: Adding, group: Group, moment: date) -> Points:
    """Each point at which a clause was looked at adds what its window grew by."""
    clause = view.program.clauses[_read(view, adding.amount)[0]]
    for stage in stages(view.program, clause, moment, view.facts, accruing=view.accruing):
        before = ZERO
        for point in stage.points:
            asking = Asking(balance.per, group, stage.window.start, stage.window.end, point, closed=point == stage.window.end)
            now = evaluated(view, adding.amount, asking)
            if isinstance(now, Outcome):
                yield now
                return
            since = stage.window.start if starts_early(clause) else point - ONE_DAY
            yield Point(since, since if starts_early(clause) else point, now - before)
            before = now


def _windows(view: View, adding: Adding, moment: date) -> Iterator[Period]:
    header = view.program.header
    assert adding.window is not None
    return (item for item in tiles(header, adding.window, term(header)) if item.start < moment)


def _by_window(view: View, balance: Balance, adding: Adding, group: Group, moment: date) -> Points:
    """Each window that closed adds what it came to."""
    for window in _windows(view, adding, moment):
        if window.end <= moment:
            value = evaluated(view, adding.amount, Asking(balance.per, group, window.start, window.end, window.end))
            yield value if isinstance(value, Outcome) else Point(window.end - ONE_DAY, window.end, value)


def _ahead(view: View, balance: Balance, adding: Adding, group: Group, moment: date) -> Points:
    """Each window adds its amount on its first day, cut as the contract says."""
    header = view.program.header
    for window in _windows(view, adding, moment):
        value = evaluated(view, adding.amount, Asking(balance.per, group, window.start, window.end, window.end))
        if isinstance(value, Fraction) and adding.proportion and adding.window is not None:
            value *= proportion(window, uncut(header, adding.window, window), adding.proportion)
        yield value if isinstance(value, Outcome) else Point(window.start, window.start, value)


def _running(view: View, balance: Balance, adding: Adding, group: Group, moment: date) -> Points:
    """Each window adds what it came to so far; it is there for the window itself."""
    for window in _windows(view, adding, moment):
        upto = min(window.end, moment)
        value = evaluated(view, adding.amount, Asking(balance.per, group, window.start, window.end, upto, upto == window.end))
        yield value if isinstance(value, Outcome) else Point(window.start, window.start, value)


POINTS = {"document": _by_document, "result": _by_result, "window": _by_window, "ahead": _ahead, "running": _running}
