"""Every aim for many contracts beside what was reached: `python -m tests.bench.targets LINES CONTRACTS [--record]`.

A ratio is what ours takes over what the yardstick takes on the same lines (or the other way round where more is better). What is
not installed here is left out by name.
"""

from __future__ import annotations

import json
import os
import platform as machine
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from tests.bench.again import changed_terms, command
from tests.bench.bulk import batch, figures, seconds
from tests.bench.platform import platform
from tests.bench.yardsticks import decimal_loop, pandas_floats, spark_by_hand

RESULTS = Path(__file__).with_name("targets.jsonl")


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim: `most` says that the ratio may be no larger, otherwise it may be no smaller."""

    name: str
    reached: float
    wanted: float
    most: bool = True

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached <= self.wanted if self.most else self.reached >= self.wanted


def aims(lines: int, contracts: int, found: dict[str, float]) -> Iterator[Aim]:
    """The aims that hang on lines."""
    template, parameters, documents = platform(Path(tempfile.gettempdir()) / "settlewright-bench", lines, contracts)
    whole = found["batch: whole run"]
    yield Aim("our query from the store / the query by hand", found["ratio"], 0.85)
    yield Aim("a whole batch, documents read anew / the query by hand", whole / found["query by hand"], 1.5)
    yield Aim("peak memory, MiB", found["batch: peak MiB"], 400)
    yield Aim("a loop over Decimals / a whole batch", decimal_loop(documents, lines) / whole, 70, most=False)
    if find_spec("pandas") is None:
        print("pandas is not installed: its aim is left out")
    else:
        yield Aim("pandas with floats / a whole batch", seconds(lambda: pandas_floats(documents)) / whole, 3, most=False)
    if find_spec("pyspark") is None or shutil.which("java") is None:
        print("Spark is not installed: its aim is left out")
    else:
        by_hand = spark_by_hand(documents)
        by_hand()
        yield Aim("Spark by hand, started and warm / a whole batch", seconds(by_hand) / whole, 6, most=False)
    yield from again(template, parameters, documents)


def again(template: Path, parameters: Path, documents: Path) -> Iterator[Aim]:
    """What a run costs after a little has changed."""
    with tempfile.TemporaryDirectory() as folder:
        mine, out, store = Path(folder) / "parameters.csv", Path(folder) / "out", Path(folder) / "store"
        shutil.copy(parameters, mine)
        command("ingest", "--documents", str(documents), "--out", str(store))
        first = seconds(lambda: batch(template, mine, store, out))
        changed_terms(mine)
        yield Aim("after one contract changed / the first run, both from a store", seconds(lambda: batch(template, mine, store, out)) / first, 0.25)


def main() -> None:
    """Print the aims, and keep them when asked to."""
    lines, contracts = int(sys.argv[1]), int(sys.argv[2])
    found = figures(lines, contracts)
    reached = list(aims(lines, contracts, found))
    print(f"{'':<64} {'reached':>10} {'wanted':>10}")
    for aim in reached:
        print(f"{aim.name:<64} {aim.reached:>10.3f} {'≤' if aim.most else '≥'}{aim.wanted:>9} {'met' if aim.met else 'missed'}")
    if "--record" in sys.argv:
        where = f"{machine.machine()} Python {machine.python_version()}, {os.cpu_count()} cores"
        about = {"day": datetime.now(UTC).date().isoformat(), "machine": where, "load": round(os.getloadavg()[0], 1)}
        ratios = {aim.name: round(aim.reached, 3) for aim in reached}
        kept = {**about, "lines": lines, "contracts": contracts, "seconds": found, "aims": ratios}
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(kept) + "\n")


if __name__ == "__main__":
    main()
