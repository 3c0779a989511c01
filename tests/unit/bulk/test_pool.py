"""Which shards are settled here, and which by other processes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rules_engine.bulk.looking import effort
from rules_engine.bulk.model import ContractSource, Shard
from rules_engine.bulk.pool import LIGHT, WORTH, each
from rules_engine.bulk.tables.earlier import Earlier
from tests.unit.bulk.shop import loaded, settled_by


def shards(count: int) -> list[Shard]:
    sources = tuple(ContractSource(f"C-{place}", "", "") for place in range(10))
    return [Shard(number, sources, False, Path(), "2026-01", None, Earlier(), loaded) for number in range(count)]


def one_of_three_is_much(shard: Shard) -> int:
    return WORTH if shard.number % 3 == 0 else LIGHT * len(shard.contracts)


def test_what_is_little_in_all_starts_no_process() -> None:
    found = list(each(settled_by, shards(9), 2, lambda shard: LIGHT * len(shard.contracts)))
    assert {pid for _, pid in found} == {os.getpid()}
    assert [shard.number for shard, _ in found] == list(range(9))


def test_much_is_done_by_others_while_this_process_does_what_is_little() -> None:
    found = {shard.number: pid for shard, pid in each(settled_by, shards(9), 2, one_of_three_is_much)}
    assert sorted(found) == list(range(9))
    assert os.getpid() not in {found[0], found[3], found[6]}
    assert found[1] == os.getpid()


def test_rows_of_a_template_are_looked_through_here_and_many_files_by_others() -> None:
    files = replace(shards(1)[0], contracts=shards(1)[0].contracts * 40)
    rows = replace(files, contracts=tuple(replace(source, parameters="rows.csv") for source in files.contracts))
    assert effort(rows) <= LIGHT * len(rows.contracts)
    assert effort(files) > LIGHT * len(files.contracts)
    assert effort(files) >= WORTH
