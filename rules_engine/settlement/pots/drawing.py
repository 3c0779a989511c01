"""Balances as they stand at a moment: what was added, and who took what, in window order, then clause order.

Everything is worked out anew from the documents and the clauses' own amounts, never from what was posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.core.expressions import Expression
from rules_engine.core.program import Balance, Bound, Clause, Draw
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.settlement.earned.bounding import share_of
from rules_engine.settlement.pots.adding import Addition, additions
from rules_engine.settlement.pots.book import Book, Taker
from rules_engine.settlement.pots.layers import Account, Stack, Taking, taking
from rules_engine.settlement.pots.wanting import Place, Wanted, documents_of, wanted
from rules_engine.settlement.schedule import bound_windows, settled_upto, span, term, tiles
from rules_engine.settlement.targets import Group, View
from rules_engine.values.exact import as_fraction
from rules_engine.values.period import Period
from rules_engine.values.rounding import round_to

ZERO = Fraction(0)
ONE_DAY = timedelta(days=1)
CREDIT = "credit"


def taken(view: View, balance: str, taker: Taker, point: date, *, closed: bool) -> Taking | Outcome:
    """What a unit takes at a point: as the balance stands now, or as it stood then."""
    book = book_of(view, balance, view.moment)
    found = book.takings.get(taker)
    if found is None or found[0] != point or (not closed and book.balance.kind == CREDIT):
        book = book_of(view, balance, point)
        found = book.takings.get(taker)
    if book.failure is not None:
        return book.failure
    return found[1] if found is not None else Taking(ZERO, ())


def book_of(view: View, name: str, moment: date) -> Book:
    """The balance at a moment; computed once."""
    known = view.books.get((name, moment))
    if known is None:
        known = view.books[name, moment] = _book(view, view.program.balances[name], moment)
    return known


def _book(view: View, balance: Balance, moment: date) -> Book:
    book = Book(balance, moment)
    wants = _wants(view, balance, moment)
    groups = dict.fromkeys(group_of(balance, want.clause, want.asking.group) for want in wants)
    added = additions(view, balance, moment, tuple(groups))
    failed = [item for item in (*added, *(want.value for want in wants)) if isinstance(item, Outcome)]
    if failed:
        book.failure = failed[0]
        return book
    coming = [item for item in added if isinstance(item, Addition)]
    for _, several in _in_order(wants):
        day = several[0].asking.end - ONE_DAY
        coming = _added(book, coming, day)
        failure = _taken(view, book, several)
        if failure is not None:
            book.failure = failure
            return book
    _added(book, coming, date.max)
    return book


def standing_in(view: View, name: str, asking: Asking, *, closing: bool) -> Outcome:
    """What a balance holds as the asking window begins, or at its end so far: of the asking group where it is kept by group, else
    of all. What is short counts against it."""
    moment = min(asking.end, asking.upto) if closing else asking.start
    for earlier in tiles(view.program.header, view.program.header.settle, term(view.program.header)):
        if earlier.start <= moment:
            book_of(view, name, earlier.start)
    book = book_of(view, name, moment)
    if book.failure is not None:
        return book.failure
    named = dict(zip(asking.per, asking.group, strict=True))
    found = ZERO
    for group, account in book.accounts.items():
        if all(named.get(column, value) == value for column, value in zip(book.balance.per, group, strict=True)):
            found += account.there(moment - ONE_DAY) - account.short
    return Outcome(found)


def _added(book: Book, coming: Iterable[Addition], day: date) -> list[Addition]:
    """Put what came up to a day into the accounts; the rest."""
    rest = []
    for item in coming:
        if item.since > day:
            rest.append(item)
        else:
            account = book.account(item.group)
            if item.opening:
                account.open(item.since, item.until, item.amount)
            else:
                account.add(item.since, item.until, item.amount, item.most)
    return rest


def group_of(balance: Balance, clause: Clause, group: Group) -> Group:
    """The balance's group that a clause's group belongs to."""
    return tuple(group[clause.per.index(column)] for column in balance.per)


def _wants(view: View, balance: Balance, moment: date) -> list[Wanted]:
    """Everything that is asked of the balance, clause by clause in the contract's order."""
    order = list(view.program.clauses)
    clauses = sorted(view.program.clauses.values(), key=lambda clause: order.index(clause.id))
    return [
        item
        for clause in clauses
        for draw in clause.draws
        if draw.balance == balance.id
        for item in wanted(view, clause, draw, moment)
    ]


def _in_order(wants: Iterable[Wanted]) -> Iterator[tuple[date, list[Wanted]]]:
    """By the end of the window, then by clause; the units of one clause and window together."""
    found: dict[tuple[date, int], list[Wanted]] = {}
    clauses: dict[str, int] = {}
    for want in wants:
        place = clauses.setdefault(want.clause.id, len(clauses))
        found.setdefault((want.asking.end, place), []).append(want)
    for key in sorted(found):
        yield key[0], found[key]


def _taken(view: View, book: Book, wants: list[Wanted]) -> Outcome | None:
    if wants[0].draw.how == "documents":
        _take_documents(view, book, wants)
        return None
    for want in wants:
        failure = _take_amount(view, book, want)
        if failure is not None:
            return failure
    if book.balance.shared:
        _take_shared(view, book, wants)
    return None


def _take_shared(view: View, book: Book, wants: list[Wanted]) -> None:
    """What a group's own account does not cover, from the accounts it may share; the group whose goods came first begins."""
    own = (("",) * len(book.balance.per),) if book.balance.shared == "own" else tuple(book.accounts)
    pool = Account(sorted((layer for group in own for layer in book.account(group).layers), key=lambda layer: layer.since))
    for want in sorted(wants, key=lambda item: _first_day(view, item)):
        assert not isinstance(want.value, Outcome)
        _, found = book.takings[Taker(want.clause.id, want.asking.group, want.asking.start)]
        more = taking(pool.take(max(want.value, ZERO) - found.amount, min(want.asking.end, want.asking.upto) - ONE_DAY))
        _keep(book, want, Taking(found.amount + more.amount, (*found.parts, *more.parts)))


def _first_day(view: View, want: Wanted) -> date:
    """The day of the first document of what is wanted."""
    assert want.draw.wanted is not None
    days = [view.facts.clock(line) for line in view.facts.documents(want.draw.wanted, want.asking)]
    return min(days, default=date.max)


def _take_amount(view: View, book: Book, want: Wanted) -> Outcome | None:
    """What is wanted, as far as the caps of the draw and the balance go, to the cent."""
    assert not isinstance(want.value, Outcome)
    amount = max(want.value, ZERO)
    for bound in want.draw.bounds:
        room = _room(view, book, want, bound)
        if isinstance(room, Outcome):
            return room
        amount = min(amount, max(room, ZERO))
    if book.balance.rounding is not None:
        amount = Fraction(round_to(amount, book.balance.rounding.to, book.balance.rounding.mode))
    day = min(want.asking.end, want.asking.upto) - ONE_DAY
    account = book.account(group_of(book.balance, want.clause, want.asking.group))
    _keep(book, want, taking(account.take(amount, day)))
    return None


def _keep(book: Book, want: Wanted, found: Taking) -> None:
    asking = want.asking
    book.takings[Taker(want.clause.id, asking.group, asking.start)] = (asking.upto, found)


def _room(view: View, book: Book, want: Wanted, bound: Bound) -> Fraction | Outcome:
    """What the draw's cap leaves in its window, after what earlier windows took."""
    own = Period(want.asking.start, want.asking.end)
    over = span(view.program, want.clause)
    around = bound_windows(view.program.header, bound.window, over, own) if bound.window and over else (own,)
    window = around[0]
    upto = min(window.end, max(want.asking.upto, settled_upto(view.program.header, view.moment)) if bound.window else want.asking.upto)
    asking = replace(want.asking, start=window.start, end=window.end, upto=upto, closed=window.end <= upto)
    limit = _evaluated(view, book, want, bound.amount, asking)
    if isinstance(limit, Outcome):
        return limit
    used = sum(
        found.amount
        for taker, (_, found) in book.takings.items()
        if taker.clause == want.clause.id and taker.group == want.asking.group and window.contains(taker.start)
    )
    return limit * share_of(view, bound, window, want.clause.period) - used


def _evaluated(view: View, book: Book, want: Wanted, amount: Expression, asking: Asking) -> Fraction | Outcome:
    """A cap; the clause's own name is what it comes to before balances."""

    def results(name: str, after_limits: bool, inner: Asking) -> Outcome:
        if name != want.clause.id:
            return view.results(name, after_limits, inner)
        own = [item for item in wanted(view, want.clause, want.draw, book.moment) if item.asking.group == want.asking.group]
        inside = [item.value for item in own if Period(inner.start, inner.end).contains(item.asking.start)]
        failed = next((item for item in inside if isinstance(item, Outcome)), None)
        return failed or Outcome(sum((item for item in inside if not isinstance(item, Outcome)), ZERO))

    outcome = view.evaluator.evaluate(amount, asking, results)
    if outcome.value is None or isinstance(outcome.value, bool | str | date):
        return outcome
    return as_fraction(outcome.value)


def _take_documents(view: View, book: Book, wants: list[Wanted]) -> None:
    """Documents of all groups in date order, each with its part of what is there on its day."""
    clause, draw = wants[0].clause, wants[0].draw
    stacks = {
        want.asking.group: Stack(book.account(group_of(book.balance, clause, want.asking.group))) for want in wants
    }
    found = [(place, want, amount, day) for want in wants for place, day, amount in documents_of(view, want)]
    left = book.left.setdefault(marker(draw, clause), {})
    for place, want, amount, day in sorted(found, key=lambda item: item[0]):
        left[place] = left.get(place, ZERO) + stacks[want.asking.group].left(amount, day)
    for want in wants:
        _keep(book, want, taking(stacks[want.asking.group].parts))


def marker(draw: Draw, clause: Clause) -> str:
    """What the clause's base is marked with."""
    return f"{draw.balance}@{clause.id}"


def uncovered(view: View, mark: str) -> Mapping[Place, Fraction]:
    """What every document of a marked base leaves uncovered now."""
    book = book_of(view, mark.partition("@")[0], view.moment)
    return book.left.get(mark, {})
