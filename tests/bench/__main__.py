"""Times the steps of one contract on this machine. `--record` appends the figures to tests/bench/results.jsonl."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rules_engine.api import SourceFile, diagnose, read_documents, render, settle
from rules_engine.syntax.parse import parse_contract
from rules_engine.version import __version__

ROOT = Path(__file__).parents[2]
CASE = ROOT / "contracts" / "grain_oil"
RESULTS = Path(__file__).with_name("results.jsonl")


def milliseconds(step: Callable[[], object], repeats: int = 15) -> float:
    """The median time of `step`, after one call to warm up."""
    step()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        step()
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 2)


def process(*words: str) -> Callable[[], object]:
    """A run of this Python with `words`."""
    return lambda: subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)


def figures() -> dict[str, float]:
    """Every figure, in milliseconds but for the ratio."""
    text = (CASE / "grain_oil.contract").read_text(encoding="utf-8")
    fresh = iter(range(1_000_000))
    program, _ = diagnose(SourceFile("bench.contract", text))
    assert program is not None
    documents = read_documents(CASE / "documents.csv", program)
    settlement = settle(program, documents, "2026-03")
    nothing = milliseconds(process("-c", "pass"))
    help_page = milliseconds(process("-m", "rules_engine", "--help"))
    return {
        "python -c pass": nothing,
        "settle --help": help_page,
        "settle --help / python -c pass": round(help_page / nothing, 2),
        "settle demo, whole process": milliseconds(process("-m", "rules_engine", "demo", "--out", "out/bench"), 5),
        "parse": milliseconds(lambda: parse_contract(SourceFile("bench.contract", text))),
        "parse and check": milliseconds(lambda: diagnose(SourceFile("bench.contract", f"{text}\n# {next(fresh)}\n"))),
        f"read {len(documents.lines)} documents": milliseconds(lambda: read_documents(CASE / "documents.csv", program)),
        "settle a month, three months known": milliseconds(lambda: settle(program, documents, "2026-03")),
        "render text": milliseconds(lambda: render(settlement, format="text")),
        "render json": milliseconds(lambda: render(settlement, format="json")),
        "render html": milliseconds(lambda: render(settlement, format="html")),
    }


def main() -> None:
    """Print the figures, and keep them when asked to."""
    found = figures()
    for name, value in found.items():
        print(f"{name:<40} {value:>10}")
    if "--record" in sys.argv:
        machine = f"{platform.machine()} Python {platform.python_version()}"
        record = {
            "day": datetime.now(UTC).date().isoformat(),
            "version": __version__,
            "machine": machine,
            "milliseconds": found,
        }
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
