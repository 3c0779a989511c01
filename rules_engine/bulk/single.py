"""The lines of one contract out of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rules_engine.bulk.delivery import Tables, tables_of
from rules_engine.bulk.measures.adding_up import Asked, lines_of, put_down
from rules_engine.bulk.measures.needs import NOTHING
from rules_engine.bulk.measures.plan_sql import Plan, some_sql
from rules_engine.bulk.storage.store import Store, connect


def one_of(store: Store, contract: str, work: Path) -> Tables:
    """The contract's lines as tables the strict reader reads; `work` is a folder to pass them through."""
    lines_of(connect(work), store, [Asked(contract, 0, 0, NOTHING)], work / "lines", "")
    return tables_of(store, put_down(work / "lines", 0, "lines"), {0: contract}).get(contract, ())


def some_of(con: Any, store: Store, contract: str, types: Iterable[str], columns: Mapping[str, str]) -> Tables:
    """The contract's lines of some types with these values in coded columns, likewise."""
    table = con.sql(some_sql(Plan(store, NOTHING), contract, types, columns)).to_arrow_table()
    return tables_of(store, [(0, table)], {0: contract}).get(contract, ())
