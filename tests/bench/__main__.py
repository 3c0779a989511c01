"""Times the steps of one contract on this machine. `--record` appends the figures to tests/bench/results.jsonl.

Every figure is the least of several runs in milliseconds of processor time, since other work on the machine only ever adds; beside it stands how
many times a fixed yardstick it is, so that figures of two machines can be compared.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from rules_engine.api import SourceFile, diagnose, read_documents, render, settle
from rules_engine.syntax.parse import parse_contract
from rules_engine.version import __version__

ROOT = Path(__file__).parents[2]
CASE = ROOT / "contracts" / "grain_oil"
CONTRACT, DOCUMENTS = "contracts/grain_oil/grain_oil.contract", "contracts/grain_oil/documents.csv"
RESULTS = Path(__file__).with_name("results.jsonl")
AMOUNTS = [Decimal(number) / 100 for number in range(10_000)]
FEW = 200


def milliseconds(step: Callable[[], object], repeats: int = 25) -> float:
    """The least processor time of `step`, after one call to warm up."""
    step()
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        step()
        taken.append((time.process_time() - start) * 1000)
    return round(min(taken), 2)


def yardstick() -> Decimal:
    """The fixed work: ten thousand amounts added up."""
    return sum(AMOUNTS, Decimal(0))


def process(folder: str, *words: str, repeats: int = 7) -> float:
    """The least processor time of this Python with `words`, its compiled modules kept in `folder`."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken = []
    for _ in range(repeats + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return round(min(taken[1:]), 2)


def commands() -> dict[str, float]:
    """Whole processes, in milliseconds above a Python that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        nothing = process(folder, "-c", "pass")
        found = {
            "settle --help": process(folder, "-m", "rules_engine", "--help"),
            "settle check": process(folder, "-m", "rules_engine", "check", CONTRACT),
            "settle run": process(folder, "-m", "rules_engine", "run", CONTRACT, "--documents", DOCUMENTS, "--period", "2026-03"),
            "settle demo": process(folder, "-m", "rules_engine", "demo", "--out", str(Path(folder) / "demo"), repeats=3),
        }
    return {"python -c pass": nothing, **{f"{name}, above it": round(taken - nothing, 2) for name, taken in found.items()}}


def steps() -> dict[str, float]:
    """The steps of one contract in one process."""
    whole = (CASE / "grain_oil.contract").read_text(encoding="utf-8")
    terms = whole.partition("scenario ")[0]
    fresh = count()
    program, _ = diagnose(SourceFile("bench.contract", whole))
    assert program is not None
    documents = read_documents(CASE / "documents.csv", program)
    few = replace(documents, lines=documents.lines[:FEW])
    settlement = settle(program, few, "2026-03")
    lines = {name: len([row for row in text.splitlines() if row.strip()]) for name, text in (("terms", terms), ("whole", whole))}
    return {
        f"parse {lines['terms']} lines of terms": milliseconds(lambda: parse_contract(SourceFile("bench.contract", terms))),
        "parse and check them": milliseconds(lambda: diagnose(SourceFile("bench.contract", f"{terms}\n# {next(fresh)}\n"))),
        f"parse and check {lines['whole']} lines with scenarios": milliseconds(
            lambda: diagnose(SourceFile("bench.contract", f"{whole}\n# {next(fresh)}\n"))
        ),
        f"read {len(documents.lines)} documents": milliseconds(lambda: read_documents(CASE / "documents.csv", program)),
        f"settle a month, {FEW} documents known": milliseconds(lambda: settle(program, few, "2026-03")),
        f"settle a month to HTML, {FEW} documents known": milliseconds(
            lambda: render(settle(program, few, "2026-03"), format="html")
        ),
        f"settle a month, {len(documents.lines)} documents known": milliseconds(lambda: settle(program, documents, "2026-03")),
        "render text": milliseconds(lambda: render(settlement, format="text")),
        "render json": milliseconds(lambda: render(settlement, format="json")),
        "render html": milliseconds(lambda: render(settlement, format="html")),
    }


def main() -> None:
    """Print the figures, and keep them when asked to."""
    unit = milliseconds(yardstick)
    found = {"yardstick: 10,000 amounts added": unit, **steps(), **commands()}
    print(f"{'':<52} {'ms':>9} {'yardsticks':>11}")
    for name, value in found.items():
        print(f"{name:<52} {value:>9.2f} {value / unit:>11.1f}")
    if "--record" in sys.argv:
        machine = f"{platform.machine()} Python {platform.python_version()}"
        record = {"day": datetime.now(UTC).date().isoformat(), "version": __version__, "machine": machine, "milliseconds": found}
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
