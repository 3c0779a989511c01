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
from unittest.mock import patch

from rules_engine.api import SourceFile, diagnose, read_documents, render, settle
from rules_engine.cli.checked import findings_of
from rules_engine.cli.files import contracts
from rules_engine.core.expressions import Priced, Table
from rules_engine.core.walk import walk
from rules_engine.documents.read import from_rows
from rules_engine.engine.reading.facts import gather
from rules_engine.engine.reading.row_index import row_mask
from rules_engine.statement.explain import explain
from rules_engine.syntax.parse import parse_contract
from rules_engine.version import __version__

ROOT = Path(__file__).parents[2]
CASE = ROOT / "contracts" / "grain_oil"
CONTRACT, DOCUMENTS = "contracts/grain_oil/grain_oil.contract", "contracts/grain_oil/documents.csv"
RESULTS = Path(__file__).with_name("results.jsonl")
AMOUNTS = [Decimal(number) / 100 for number in range(10_000)]
FEW = 200
MANY = 300
RATES = 10_000
ALONG = """counter copies "Copies sold"
  sum of quantity over sales
  restarts never

charge royalty "Royalty" paid by platform
  on sum of paid over sales
  tiers  marginal along copies
    up to 1,000  8%
    up to 3,000  10%
    over 3,000   12%
"""


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


def process(folder: str, *words: str, repeats: int = 7, known: bool = True) -> float:
    """The least processor time of this Python with `words`, its compiled modules kept in `folder`; `known`: contracts are too."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "SETTLE_NO_CACHE": "" if known else "1"}
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
        run = ("-m", "rules_engine", "run", CONTRACT, "--documents", DOCUMENTS, "--period", "2026-03")
        found = {
            "settle --help": process(folder, "-m", "rules_engine", "--help"),
            "settle check, first": process(folder, "-m", "rules_engine", "check", CONTRACT, known=False),
            "settle check, again": process(folder, "-m", "rules_engine", "check", CONTRACT),
            "settle run, first": process(folder, *run, known=False),
            "settle run, again": process(folder, *run),
            "settle demo": process(folder, "-m", "rules_engine", "demo", "--out", str(Path(folder) / "demo"), repeats=3),
        }
    return {"python -c pass": nothing, **{f"{name}, above it": round(taken - nothing, 2) for name, taken in found.items()}}


def files(terms: str) -> dict[str, float]:
    """A file of a folder, out of many that differ in a word: checked, and known from before."""
    with tempfile.TemporaryDirectory() as place, patch.dict(os.environ, {"SETTLEWRIGHT_CACHE": place}):
        folder = Path(place) / "contracts"
        folder.mkdir()
        for number in range(MANY):
            (folder / f"{number}.contract").write_text(terms.replace("GO-2026-001", f"GO-{number}"), encoding="utf-8")
        os.utime(folder, (0, 0))  # a folder that changed just now is looked through again for every contract
        paths = contracts([str(folder)])

        def each() -> float:
            start = time.process_time()
            for path in paths:
                findings_of(path, (), facts=False)
            return round((time.process_time() - start) * 1000 / MANY, 3)

        return {f"check a file of {MANY}": each(), f"a file of {MANY}, known": min(each() for _ in range(5))}


def counted() -> dict[str, float]:
    """A rate out of ten thousand by article, and five thousand documents along a counter."""
    head = (CASE / "grain_oil.contract").read_text(encoding="utf-8").partition("documents sales")[0]
    rows = "\n".join(f"    {number % 17 + 1}%  for sku = k{number}" for number in range(RATES))
    rates, _ = diagnose(SourceFile("rates.contract", f'{head}deduction d "D"\n  on sum of paid over sales\n  rate\n{rows}\n    2%  otherwise\n'))
    along, _ = diagnose(SourceFile("along.contract", head + ALONG))
    assert rates is not None
    assert along is not None
    sales = from_rows([
        {"doc_id": f"S{number}", "line_no": "1", "type": "sale", "date": f"2026-0{1 + number % 3}-{1 + number % 28:02d}",
         "sku": f"k{number * 7919 % RATES}", "quantity": str(1 + number % 3), "paid": f"{10 + number % 90}.25"}
        for number in range(5_000)
    ], rates)  # fmt: skip
    table = next(each.price for each in walk(rates.clauses["d"].earn) if isinstance(each, Priced))
    assert isinstance(table, Table)
    facts = gather(rates, sales.lines)
    mask = row_mask(table.rows, facts.indexes.reader, dated=True)
    look_up = milliseconds(lambda: [mask(record) for record in facts.records], 5) / len(facts.records)
    return {
        f"look up one of {RATES} rates": round(look_up, 5),
        "settle 5000 documents along a counter": milliseconds(lambda: settle(along, sales, "2026-03"), 5),
    }


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
        "settle it and explain a line": milliseconds(lambda: explain(settle(program, few, "2026-03"), settlement.lines[0].id)),
        **files(terms),
        "render text": milliseconds(lambda: render(settlement, format="text")),
        "render json": milliseconds(lambda: render(settlement, format="json")),
        "render html": milliseconds(lambda: render(settlement, format="html")),
    }


def main() -> None:
    """Print the figures, and keep them when asked to."""
    unit = milliseconds(yardstick)
    found = {"yardstick: 10,000 amounts added": unit, **steps(), **counted(), **commands()}
    print(f"{'':<52} {'ms':>9} {'yardsticks':>11}")
    for name, value in found.items():
        print(f"{name:<52} {value:>9.3f} {value / unit:>11.2f}")
    if "--record" in sys.argv:
        machine = f"{platform.machine()} Python {platform.python_version()}"
        record = {"day": datetime.now(UTC).date().isoformat(), "version": __version__, "machine": machine, "milliseconds": found}
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
