"""What a batch takes beside the query one would write by hand: `python -m tests.bench.bulk LINES CONTRACTS [--record]`.

The yardstick reads the same Parquet file with two threads and gives ten sums by contract and category: no rounding, no windows,
no lines, no statement. Every figure is the median of its rounds, taken in turn with the yardstick's.
"""

from __future__ import annotations

import json
import platform as machine
import resource
import shutil
import statistics
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rules_engine.bulk.measures.adding_up import Asked, mine
from rules_engine.bulk.measures.needs import needs_of
from rules_engine.bulk.measures.plan_sql import MINE, Plan, cells_sql, days_sql
from rules_engine.bulk.storage.store import Store, connect
from rules_engine.bulk.storage.storing import ingested
from rules_engine.cli.commands.batch import loaded, sources
from rules_engine.settlement.settle import period_of
from tests.bench.again import command
from tests.bench.platform import platform, yardstick

RESULTS = Path(__file__).with_name("bulk.jsonl")
PERIOD = "2026-01"
ROUNDS = 5


def seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The medians of two steps taken A B A B, after one call of each."""
    first(), second()
    pairs = [(seconds(first), seconds(second)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def plan_query(con: Any, store: Store, template: Path, parameters: Path) -> Callable[[], object]:
    """The query that adds up the whole platform, as a batch runs it."""
    found = list(sources(Namespace(contracts=[str(template)], parameters=str(parameters), as_of=None)))
    program = loaded(found[0], None)
    needs = needs_of(program, period_of(program, PERIOD), None)
    mine(con, store, [Asked(item.id, number, number // 32 + 1, needs) for number, item in enumerate(found)])
    plan = Plan(store, needs)
    first = con.execute(f"SELECT min(l.date) FROM {plan.joined}").fetchall()[0][0]
    con.execute("SET threads = 2")
    con.execute(days_sql(needs, first))
    assert con.execute(f"SELECT count(*) FROM {MINE}").fetchall()[0][0] == len(found)
    return lambda: con.sql(cells_sql(plan, linked=False)).to_arrow_table()


def batch(template: Path, parameters: Path, documents: Path, out: Path, engine: str = "duckdb") -> None:
    """A batch in a process of its own, with two workers."""
    words = ["--contracts", str(template), "--parameters", str(parameters), "--documents", str(documents)]
    command("batch", *words, "--period", PERIOD, "--out", str(out), "--workers", "2", "--engine", engine)


def whole_run(template: Path, parameters: Path, documents: Path, out: Path, engine: str) -> dict[str, float]:
    """A batch in a process of its own: seconds, seconds by phase, peak memory of the largest process in MiB."""
    shutil.rmtree(out, ignore_errors=True)
    took = seconds(lambda: batch(template, parameters, documents, out, engine))
    times = json.loads((out / "times.json").read_text(encoding="utf-8"))["seconds"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"whole run": took, **times, "peak MiB": peak}


def figures(lines: int, contracts: int) -> dict[str, float]:
    """Every figure of one size."""
    template, parameters, documents = platform(Path(tempfile.gettempdir()) / "settlewright-bench", lines, contracts)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        reading = seconds(lambda: ingested([str(documents)], work / "store", work / "work"))
        store = ingested([str(documents)], work / "store", work / "work")
        assert store is not None
        con = connect(work / "work")
        hand, ours = in_turn(lambda: yardstick(documents), plan_query(con, store, template, parameters))
        con.close()
        found = {"query by hand": hand, "our query from the store": ours, "ratio": ours / hand, "ingest": reading}
        found |= {f"batch: {name}": value for name, value in whole_run(template, parameters, documents, work / "out", "duckdb").items()}
        found["batch / query by hand"] = found["batch: whole run"] / hand
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    """Print the figures, and keep them when asked to."""
    lines, contracts = int(sys.argv[1]), int(sys.argv[2])
    found = figures(lines, contracts)
    for name, value in found.items():
        print(f"{name:<40} {value:>10}")
    if "--record" in sys.argv:
        about = {"day": datetime.now(UTC).date().isoformat(), "machine": f"{machine.machine()} Python {machine.python_version()}"}
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps({**about, "lines": lines, "contracts": contracts, "figures": found}) + "\n")


if __name__ == "__main__":
    main()
