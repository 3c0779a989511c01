"""What settling again takes beside a full run: `python -m tests.bench.again LINES CONTRACTS`.

A store is ingested and settled; then the terms of one contract change, then one more day of documents comes in. Beside each stands a run over the same inputs that knows nothing; the tables of both must be the
same bytes. Seconds of wall clock and of processor time.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from tests.bench.platform import platform

ROOT = Path(__file__).parents[2]
PERIOD = "2026-01"
Took = tuple[float, float]


def command(*words: str) -> Took:
    """One command in a process of its own: seconds, and processor seconds of it and its workers."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "rules_engine", *words], cwd=ROOT, check=True, capture_output=True)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def changed_terms(parameters: Path) -> None:
    """One figure of one contract in the middle."""
    lines = parameters.read_text(encoding="utf-8").splitlines()
    middle = len(lines) // 2
    first, points, *rest = lines[middle].split(",")
    lines[middle] = ",".join([first, f"{points}".replace("%", ".5%"), *rest])
    parameters.write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_day(documents: Path, target: Path) -> None:
    """One more day of documents: those of a day again, under ids of their own."""
    query = f"SELECT * REPLACE ('N' || doc_id AS doc_id, DATE '2026-01-31' AS date) FROM read_parquet('{documents}') WHERE date = DATE '2026-01-15'"
    duckdb.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def compared(one: Path, other: Path) -> None:
    """Raises unless two batches left the same bytes."""
    for path in sorted(one.iterdir()):
        if path.name != "times.json" and path.read_bytes() != (other / path.name).read_bytes():
            raise SystemExit(f"{path} and {other / path.name} differ")


def measured(work: Path, lines: int, contracts: int) -> Iterator[tuple[str, Took]]:
    """Name and seconds of every step."""
    template, parameters, documents = platform(work, lines, contracts)
    store, day = work / "store", work / "day.parquet"
    yield "ingest", command("ingest", "--documents", str(documents), "--out", str(store))

    def settle(out: str) -> Took:
        return command(
            "batch", "--contracts", str(template), "--parameters", str(parameters), "--documents", str(store), "--period", PERIOD,
            "--out", str(work / out), "--workers", "2",
        )  # fmt: skip

    settle("warm")
    yield "full run", settle("out")
    for name, change in (("one contract", lambda: changed_terms(parameters)), ("one day", lambda: _ingest_day(documents, day, store))):
        yield f"{name}: its change", _timed(change)
        yield f"{name}: settled again", settle("out")
        yield f"{name}: full run", settle(f"full {name}")
        compared(work / "out", work / f"full {name}")


def _ingest_day(documents: Path, day: Path, store: Path) -> None:
    one_day(documents, day)
    command("ingest", "--documents", str(day), "--out", str(store))


def _timed(step: Callable[[], None]) -> Took:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start, 0


def main() -> None:
    """Print the seconds of every step."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (wall, cpu) in measured(Path(folder), int(sys.argv[1]), int(sys.argv[2])):
            print(f"{name:<30} {wall:>8.1f} s {cpu:>8.1f} s of processor")


if __name__ == "__main__":
    main()
