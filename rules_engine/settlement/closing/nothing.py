"""Nothing due: the keys of this period that post nothing, and why (kernel rule 19)."""

from __future__ import annotations

from collections.abc import Iterable

from rules_engine.settlement.model import NothingDue
from rules_engine.settlement.past.history import History
from rules_engine.settlement.reasons import NO_DOCUMENTS, NOT_COLLECTED, SETTLED, ZERO
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import Target, View
from rules_engine.values.period import Period


def nothing_due(
    view: View, found: Iterable[Target], moving: Iterable[Movement], period: Period, past: History
) -> tuple[NothingDue, ...]:
    """The units whose window shares a day with the period, or was computed again because of a document that came late, and that
    move nothing."""
    read = (record.document for record in view.facts.records)
    late = {id(line) for line in read if line.date < past.settled_until and past.is_new(line)} if past.last else set[int]()
    moved: dict[object, bool] = {}
    waiting: set[object] = set()
    for item in moving:
        if item.target is not None:
            place = (item.target.clause, item.target.window.start, item.target.group)
            moved[place] = moved.get(place, False) or bool(item.due)
            if not item.due and item.amount != item.posted.amount:
                waiting.add(place)
    return tuple(
        NothingDue(
            item.clause,
            dict(zip(item.per, item.group, strict=True)),
            item.window,
            _reason(view, item, waiting=place in waiting),
        )
        for item in found
        if item.failure is None and not item.kept and (item.window.meets(period) or _again(view, item, late))
        if not moved.get(place := (item.clause, item.window.start, item.group), False)
    )


def _again(view: View, item: Target, late: set[int]) -> bool:
    """Whether a late document is among those of the unit."""
    if not late or item.expression is None:
        return False
    return any(id(line) in late for line in view.facts.documents(item.expression, item.asking))


def _reason(view: View, item: Target, *, waiting: bool) -> str:
    if waiting:
        return NOT_COLLECTED
    if item.reason == ZERO and item.expression is not None and not view.facts.evidence(item.expression, item.asking)[0]:
        return NO_DOCUMENTS
    return item.reason or SETTLED
