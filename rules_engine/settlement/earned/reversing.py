"""Reversals: what a clause took for documents that were later returned, in proportion to a quantity, at most what it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Clause, Reversal
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.reading.records import Record
from rules_engine.record import dataclass
from rules_engine.settlement.reasons import ZERO
from rules_engine.settlement.schedule import Stage
from rules_engine.settlement.targets import NOTHING, Applied, Group, Target, View
from rules_engine.values.exact import as_fraction, exact_text
from rules_engine.values.period import period_text
from rules_engine.values.rounding import round_to

Targets = Callable[[View, Clause, date], Sequence[Target]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one returned document gives back of one unit, on its day."""

    day: date
    group: Group
    amount: Decimal
    detail: tuple[tuple[str, str], ...] = ()
    failure: Outcome | None = None


def given_back(view: View, clause: Clause, moment: date, targets: Targets) -> list[Part]:
    """Every part, unit by unit, in date order."""
    plan = clause.reverses
    assert plan is not None
    taker = view.program.clauses[plan.clause]
    units = [unit for unit in targets(view, taker, moment) if len(unit.group) == len(clause.per)]
    charged = [_charged(view, taker, plan, unit) for unit in units]
    waiting: dict[int, list[Record]] = {}
    for record in view.facts.records:
        if record.type in plan.types and record.document.date < moment:
            place = _unit_of(record, units, charged)
            if place is not None:
                waiting.setdefault(place, []).append(record)
    return [
        part for place, records in sorted(waiting.items()) for part in _parts(view, clause, plan, units[place], charged[place], records)
    ]


def _charged(view: View, taker: Clause, plan: Reversal, unit: Target) -> dict[int, Document]:
    """The documents that the unit charged."""
    read = view.facts.documents(taker.base or taker.earn, unit.asking)
    return {id(line): line for line in read if line.type in plan.charged}


def _unit_of(record: Record, units: Sequence[Target], charged: Sequence[dict[int, Document]]) -> int | None:
    """Where the returned document was charged: its original's unit, or without a link the unit of its own day and group."""
    if record.original is not None:
        first = id(record.original.document)
        return next((place for place, lines in enumerate(charged) if first in lines), None)
    for place, unit in enumerate(units):
        own = tuple(str(record.values.get(name) or "") for name in unit.per)
        if unit.window.contains(record.document.date) and own == unit.group:
            return place
    return None


def _parts(
    view: View, clause: Clause, plan: Reversal, unit: Target, charged: dict[int, Document], records: Sequence[Record]
) -> Iterable[Part]:
    whole = _quantity(view, plan, [view.facts.record(line) for line in charged.values()])
    gone, back = Fraction(0), NOTHING
    for record in sorted(records, key=lambda item: item.order):
        own = _quantity(view, plan, [record])
        failed = next((item for item in (unit.failure, whole, own) if isinstance(item, Outcome)), None)
        if failed is not None or isinstance(whole, Outcome) or isinstance(own, Outcome):
            yield Part(record.document.date, unit.group, NOTHING, failure=failed)
            continue
        gone += own
        share = min(max(gone / whole, Fraction(0)), Fraction(1)) if whole > 0 else Fraction(0)
        total = round_to(as_fraction(unit.amount) * share, clause.rounding.to, clause.rounding.mode)
        yield Part(record.document.date, unit.group, total - back, _told(record, unit, own, whole))
        back = total


def _quantity(view: View, plan: Reversal, records: Iterable[Record]) -> Fraction | Outcome:
    total = Fraction(0)
    for record in records:
        found = view.facts.indexes.reader.value(plan.quantity, record)
        if not isinstance(found.value, Decimal | Fraction):
            return found
        total += Fraction(found.value)
    return total


def _told(record: Record, unit: Target, own: Fraction, whole: Fraction) -> tuple[tuple[str, str], ...]:
    return (
        ("document", record.label),
        ("quantity", exact_text(own)),
        ("whole", exact_text(whole)),
        ("taken", str(unit.amount)),
        ("window", period_text(unit.window)),
    )


def stage_targets(clause: Clause, stage: Stage, parts: Sequence[Part], posted: Iterable[Group]) -> list[Target]:
    """T of every group in one window: the parts of its days, at the last point."""
    inside = [part for part in parts if stage.window.contains(part.day) and part.day < stage.points[-1]]
    groups = dict.fromkeys((*(part.group for part in inside), *posted)) if clause.per else {(): None}
    return [_target(clause, stage, group, [part for part in inside if part.group == group]) for group in groups]


def _target(clause: Clause, stage: Stage, group: Group, parts: Sequence[Part]) -> Target:
    failed = next((part.failure for part in parts if part.failure is not None), None)
    total, steps = NOTHING, []
    for part in parts:
        total += part.amount
        steps.append(Applied("given_back", total, dict(part.detail)))
    return Target(
        clause.id, clause.per, group, stage.window, stage.points[-1], stage.closed, total, total, clause.earn, tuple(steps),
        reason="" if total else ZERO, failure=failed,
    )  # fmt: skip
