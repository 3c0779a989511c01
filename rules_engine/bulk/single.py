"""The lines of one contract out of a store."""

from __future__ import annotations

from pathlib import Path

from rules_engine.bulk.delivery import Tables, tables_of
from rules_engine.bulk.measures.adding_up import Asked, lines_of, put_down
from rules_engine.bulk.measures.needs import NOTHING
from rules_engine.bulk.storage.store import Store, connect


def one_of(store: Store, contract: str, work: Path) -> Tables:
    """The contract's lines as tables the strict reader reads; `work` is a folder to pass them through."""
    lines_of(connect(work), store, [Asked(contract, 0, 0, NOTHING)], work / "lines", "")
    return tables_of(store, put_down(work / "lines", 0, "lines"), {0: contract}).get(contract, ())
