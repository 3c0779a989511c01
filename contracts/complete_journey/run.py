"""Settle the five contracts month by month through 2017 and compare the year with plain SQL over the source.

Usage: python run.py [--out DIR] [--manufacturer ID ...]
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from rules_engine.api import load, read_documents, render, settle
from rules_engine.settlement.model import Settlement

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from expected import year  # noqa: E402 - the script's own folder is where it stands
from prepare import LARGEST, prepare  # noqa: E402

MONTHS = tuple(f"2017-{month:02d}" for month in range(1, 13))


def settle_year(manufacturer: int, documents: Path) -> list[Settlement]:
    """Twelve settlements, each from its own month's documents; what earlier ones posted and carry stands for the rest."""
    program = load(HERE / f"manufacturer_{manufacturer}.contract")
    lines = read_documents(documents / f"{manufacturer}.csv", program)
    done: list[Settlement] = []
    for number, month in enumerate(MONTHS, 1):
        of_month = replace(lines, lines=tuple(line for line in lines.lines if line.date.month == number))
        done.append(settle(program, of_month, month, done))
    return done


def totals(settlements: list[Settlement]) -> dict[str, Decimal]:
    """Amount by clause over all statements."""
    found: dict[str, Decimal] = {}
    for settlement in settlements:
        for line in settlement.lines:
            found[line.clause] = found.get(line.clause, Decimal(0)) + line.amount
    return found


def differences(settlements: list[Settlement], manufacturer: int) -> list[str]:
    """Clauses whose year differs from the SQL, in words."""
    settled = totals(settlements)
    return [
        f"{clause}: settled {settled.get(clause, Decimal(0))}, SQL over the source says {amount}"
        for clause, amount in year(manufacturer).items()
        if settled.get(clause, Decimal(0)) != amount
    ]


def report(manufacturer: int, settlements: list[Settlement], seconds: float) -> str:
    """One line a manufacturer."""
    nets = sum((each.totals.net for each in settlements), Decimal(0))
    count = sum(len(each.lines) for each in settlements)
    return f"manufacturer {manufacturer}: {len(settlements)} statements, {count} lines, net {nets:,.2f}, {seconds:.1f} s"


def main() -> int:
    """Prepare, settle, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/complete_journey"))
    parser.add_argument("--manufacturer", type=int, nargs="*", default=list(LARGEST))
    asked = parser.parse_args()
    prepare(asked.out, tuple(asked.manufacturer))
    wrong = []
    for manufacturer in asked.manufacturer:
        start = time.perf_counter()
        settlements = settle_year(manufacturer, asked.out)
        print(report(manufacturer, settlements, time.perf_counter() - start))
        wrong += [f"manufacturer {manufacturer}, {each}" for each in differences(settlements, manufacturer)]
        (asked.out / f"{manufacturer}-2017-12.html").write_text(render(settlements[-1], format="html"), encoding="utf-8")
    print("\n".join(wrong) or f"every clause agrees with SQL over the source; reports and statements in {asked.out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
