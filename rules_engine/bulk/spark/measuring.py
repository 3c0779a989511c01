"""Documents added up by Spark: what is known of every contract, one query of cells for all contracts of equal needs, and single
lines.

A query over few columns is asked for all contracts at once; queries of cells run side by side. A sum is added up with 64 bits first;
where they do not do, Spark raises and it is added up with 38 digits; where those do not do either, the contracts are read
line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from rules_engine.bulk.measures.adding_up import About, Asked
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.measures.plan_sql import DAYS, EARLIEST, MINE, Plan, about_sql, buckets, cells_sql, rows_sql, twice_sql
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.spark.asking import Asking, overflow
from rules_engine.bulk.storage.store import Store

WHOLE = "whole"
TOGETHER = 16
"""Groups of contracts asked about in one query."""
SIDE_BY_SIDE = 4
"""Queries of cells that run at once."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Group:
    """Contracts of equal needs: their place among the groups, and the plan that serves them."""

    place: int
    plan: Plan
    members: tuple[Asked, ...]
    codes: Mapping[str, int]
    """The numbers of contracts in the store."""

    def mine(self, members: Iterable[Asked]) -> Any:
        """The table of contracts that a query asks about."""
        arrow, listed = pyarrow(), list(members)
        return arrow.table(
            {
                "id": arrow.array([item.id for item in listed], arrow.string()),
                "code": arrow.array([self.codes.get(item.id, -1) for item in listed], arrow.int32()),
                "number": arrow.array([item.number for item in listed], arrow.int32()),
                "shard": arrow.array([item.shard for item in listed], arrow.int32()),
            }
        )

    def days(self) -> Any:
        """Every day a plain line may be dated or known on, with the number of its stretch."""
        arrow, needs = pyarrow(), self.plan.needs
        last = max(needs.limit - ONE_DAY, needs.by)
        starts = [*buckets(needs.cuts), last + ONE_DAY]
        days, stretches = list[date](), list[int]()
        for place, (start, stop) in enumerate(pairwise(starts)):
            found = [EARLIEST + timedelta(days=number) for number in range((start - EARLIEST).days, (min(stop, last + ONE_DAY) - EARLIEST).days)]
            days += found
            stretches += [place] * len(found)
        return arrow.table({"day": arrow.array(days, arrow.date32()), "bucket": arrow.array(stretches, arrow.int32())})


def groups_of(store: Store, asked: Iterable[Asked], only: str) -> list[Group]:
    """The contracts by their needs."""
    found: dict[Needs, list[Asked]] = {}
    for item in asked:
        found.setdefault(item.needs, []).append(item)
    table = library("pyarrow.parquet").read_table(store.folder / "names" / "contract.parquet")
    codes = dict(zip(table.column("text").to_pylist(), table.column("code").to_pylist(), strict=True))
    return [Group(place, Plan(store, needs, only), tuple(members), codes) for place, (needs, members) in enumerate(found.items())]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before anything is added up: of every contract, and how many lines there are of all."""

    about: Mapping[int, About]
    linked: frozenset[int]
    lines: int


def known_of(asking: Asking, groups: Sequence[Group]) -> Known:
    """Ask about all contracts: lines known, lines that are not to be added up, documents that may stand twice, links."""
    everyone = [item for group in groups for item in group.members]
    if not everyone:
        return Known({}, frozenset(), 0)
    plan = groups[0].plan
    asking.put(MINE, groups[0].mine(everyone))
    twice = set(asking.rows(twice_sql(plan)).column("number").to_pylist())
    counted = asking.rows(f"SELECT m.number, count(*) AS n, bool_or(l.ref_doc_id IS NOT NULL) AS linked FROM {plan.joined} GROUP BY ALL").to_pylist()
    odd: dict[int, tuple[int, bool]] = {}
    queries = _alike(asking, groups, about_sql)
    for start in range(0, len(queries), TOGETHER):
        odd |= {row["number"]: (row["read"], row["odd"]) for row in asking.united(queries[start : start + TOGETHER]).to_pylist()}
    about = {item.number: _about(item, group, odd, twice) for group in groups for item in group.members}
    return Known(about, frozenset(row["number"] for row in counted if row["linked"]), sum(row["n"] for row in counted))


def _alike(asking: Asking, groups: Sequence[Group], query: Callable[[Plan], str]) -> list[tuple[str, int]]:
    """The queries of all groups with the place of each; groups that ask in the same words are one."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(query(group.plan), []).append(group)
    for same in found.values():
        asking.put(MINE, same[0].mine([item for group in same for item in group.members]), same[0].place)
    return [(text, same[0].place) for text, same in found.items()]


def _about(item: Asked, group: Group, odd: Mapping[int, tuple[int, bool]], twice: set[int]) -> About:
    read, strange = odd.get(item.number, (0, False))
    return About(read, strange or item.number in twice or not group.plan.needs)


def cells_of(asking: Asking, groups: Sequence[Group], known: Known, *, kept: bool) -> dict[int, Any]:
    """The cells of every group by its place, None where a sum is too long; as Arrow, or `kept` in Spark."""
    wanted = [group for group in groups if any(not known.about[item.number].whole for item in group.members)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        found = pool.map(lambda group: _cells(asking, group, known, kept=kept), wanted)
        return {group.place: cells for group, cells in zip(wanted, found, strict=True)}


def _cells(asking: Asking, group: Group, known: Known, *, kept: bool) -> Any:
    members = [item for item in group.members if not known.about[item.number].whole]
    asking.put(MINE, group.mine(members), group.place)
    asking.put(DAYS, group.days(), group.place)
    query = cells_sql(group.plan, linked=not known.linked.isdisjoint(item.number for item in members))
    for wide in (False, True):
        try:
            return asking.keep(query, group.place, wide=wide) if kept else asking.rows(query, group.place, wide=wide)
        except Exception as error:
            if not overflow(error):
                raise
    return None


def lines_of(asking: Asking, groups: Sequence[Group], whole: Iterable[int], *, kept: bool) -> Any:
    """Single lines: of types that are not added up, and all of the contracts numbered in `whole`."""
    arrow = pyarrow()
    asking.put(WHOLE, arrow.table({"number": arrow.array(sorted(whole), arrow.int32())}))
    queries = _alike(asking, groups, lambda plan: rows_sql(plan, f"SELECT number FROM {WHOLE}"))
    return asking.kept(queries) if kept else asking.united(queries)
