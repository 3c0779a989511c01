"""`spread over document in date order`: each document's part is the increase it caused (kernel rule 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from rules_engine.core.program import Clause, OnAccount
from rules_engine.documents.model import Document
from rules_engine.settlement.entitled.entitlement import targets
from rules_engine.settlement.targets import NOTHING, Target, View

ONE_DAY = timedelta(days=1)
ViewOf = Callable[[Sequence[Document]], View]
"""A view of the same program without some documents."""


def parts_by_document(view: View, clause: Clause, target: Target, view_of: ViewOf) -> list[tuple[str, Decimal]]:
    """(document id, part) in clock order, then by id; the parts add up to the target.

    A day with one document is read from the view itself; where several share a day, the documents before each are
    settled apart. What no document caused (a floor) goes to the last one.
    """
    expression = clause.earn if target.expression is None else target.expression
    read = view.facts.documents(expression, target.asking)
    parts: dict[str, Decimal] = {}
    before = NOTHING
    for amount, document in _cumulative(view, clause, target, read, view_of):
        parts[document.id] = parts.get(document.id, NOTHING) + amount - before
        before = amount
    if parts and before != target.amount:
        last = read[-1].id
        parts[last] += target.amount - before
    return list(parts.items())


def _cumulative(
    view: View, clause: Clause, target: Target, read: Sequence[Document], view_of: ViewOf
) -> Iterable[tuple[Decimal, Document]]:
    clocks = [view.facts.clock(document) for document in read]
    for index, document in enumerate(read):
        shares_day = clocks.count(clocks[index]) > 1
        last_of_day = index + 1 == len(read) or clocks[index + 1] != clocks[index]
        if shares_day and not last_of_day:
            yield _amount(view_of(read[index + 1 :]), clause, target, clocks[index] + ONE_DAY), document
        else:
            yield _amount(view, clause, target, clocks[index] + ONE_DAY), document


def _amount(view: View, clause: Clause, target: Target, upto: date) -> Decimal:
    """T of the same unit with the documents before a day, and without its floors."""
    caps = tuple(bound for bound in clause.bounds if bound.side == "most")
    bare = replace(clause, bounds=caps, on_account=OnAccount("dates", (upto - ONE_DAY,)))
    fresh = replace(view, moment=upto, memo={}, shared={})
    found = [
        item for item in targets(fresh, bare, upto) if item.window.start == target.window.start and item.group == target.group
    ]
    return found[0].amount if found else NOTHING
