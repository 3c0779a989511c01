"""Which contracts of a shard go by columns: those of one shape and equal needs together, the others by the reason why not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules_engine.bulk.columnar.closing import Asked
from rules_engine.bulk.columnar.grid import refused
from rules_engine.bulk.columnar.reasons import Reason
from rules_engine.bulk.columnar.shape import Card
from rules_engine.bulk.columnar.together import Columns, Judge, Kinds, Member, settle_together
from rules_engine.bulk.delivery import Delivery
from rules_engine.bulk.looking import program_of
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.model import Shard
from rules_engine.bulk.tables.earlier import Posted
from rules_engine.settlement.deadlines import at_moment
from rules_engine.settlement.settle import period_of

KINDS: Kinds = {}
"""What the kernel said of contracts of a kind, kept for the shards this process settles."""
MOST_KINDS = 4096
FEWEST = 2
"""Contracts of one shape for which columns are made: one alone is settled twice otherwise."""


@dataclass(slots=True)
class _Sorted:
    """Members by shape and needs, and why the others are none."""

    members: dict[tuple[str, Needs], list[Member]] = field(default_factory=dict)
    alone: dict[str, Reason] = field(default_factory=dict)


def by_columns(shard: Shard, delivery: Delivery, posted: Posted, judge: Judge) -> Columns:
    """Settle what columns serve of a shard."""
    whole = Columns()
    found = _sorted(shard, delivery, posted)
    whole.alone |= found.alone
    for (_, needs), members in found.members.items():
        table = next((cells for item in members if (cells := delivery.cells.table(item.number)) is not None), None)
        if table is None:
            whole.alone |= {item.id: Reason.NO_DOCUMENTS for item in members}
            continue
        own = _served(members, table, needs, whole)
        if len(own) < FEWEST:
            whole.alone |= {item.id: Reason.FEW for item in own}
            continue
        one = _settled(shard, own, needs, table, posted, judge)
        for name, tables in one.tables.items():
            whole.tables[name] += tables
        whole.settled += one.settled
        whole.alone |= one.alone
    return whole


def _settled(shard: Shard, members: Sequence[Member], needs: Needs, table: Any, posted: Posted, judge: Judge) -> Columns:
    first = next(source for source in shard.contracts if source.id == members[0].id)
    program = program_of(shard, first)
    period = period_of(program, shard.period)
    asked = Asked(at_moment(program, period.end), period, shard.period, shard.as_of, (), ())
    if len(KINDS) > MOST_KINDS:
        KINDS.clear()
    try:
        return settle_together(members, asked.program, needs, table, asked, posted, judge, KINDS)
    except Exception:
        if os.environ.get("SETTLE_DEBUG"):
            raise
        return Columns(alone=dict.fromkeys((item.id for item in members), Reason.FAULT))


def _sorted(shard: Shard, delivery: Delivery, posted: Posted) -> _Sorted:
    found = _Sorted()
    for source in shard.contracts:
        name, looked = source.id, delivery.looked.get(source.id)
        about = delivery.about.get(name)
        if looked is None or about is None or about.whole or name in delivery.tables or not looked.needs:
            found.alone[name] = Reason.LINES
        elif name in posted.earlier.files:
            found.alone[name] = Reason.POSTED
        elif isinstance(looked.card, str):
            found.alone[name] = Reason(looked.card)
        else:
            assert isinstance(looked.card, Card)
            member = Member(delivery.numbers[name], name, looked.card, about.read)
            found.members.setdefault((looked.card.shape, looked.needs), []).append(member)
    return found


def _served(members: Iterable[Member], table: Any, needs: Needs, whole: Columns) -> list[Member]:
    """The members without cells that columns do not serve."""
    out = {number: reason for reason, numbers in refused(table, needs).items() for number in numbers}
    kept = []
    for item in members:
        if item.number in out:
            whole.alone[item.id] = out[item.number]
        else:
            kept.append(item)
    return kept


def counted(reasons: Mapping[str, Reason]) -> dict[str, int]:
    """How many contracts there are of each reason."""
    found: dict[str, int] = {}
    for reason in reasons.values():
        found[reason.value] = found.get(reason.value, 0) + 1
    return dict(sorted(found.items()))
