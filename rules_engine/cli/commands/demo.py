"""`settle demo`: the main job on the shipped example, with no arguments."""

from __future__ import annotations

import sys
from argparse import Namespace
from importlib.resources import files
from pathlib import Path

from rules_engine.api import load, read_documents, render, settle
from rules_engine.cli.cases import CaseRun, read_case
from rules_engine.cli.exits import DONE
from rules_engine.cli.files import folder, write
from rules_engine.cli.terminal import colour, print_result
from rules_engine.settlement.model import Settlement


def run(options: Namespace) -> int:
    """Settle every period of the example, one on top of the other; print the last statement, write all of them."""
    out = folder(options.out)
    settlements: list[Settlement] = []
    for run in read_case(_example() / "case.toml").runs:
        settlement = _settled(run, settlements, options.lang)
        settlements.append(settlement)
        write(out / f"{run.period}.json", render(settlement, format="json", lang=options.lang))
        write(out / f"{run.period}.html", render(settlement, format="html", lang=options.lang))
    print_result(render(settlements[-1], format="text", lang=options.lang, colour=colour(sys.stdout)))
    print_result(_ending(settlements, out, run.period))
    return DONE


def _settled(run: CaseRun, before: list[Settlement], lang: str | None) -> Settlement:
    spellings = [load(path) for path in (run.contract, *run.twins)]
    program = next((spelling for spelling in spellings if spelling.header.language == lang), spellings[0])
    return settle(program, read_documents(list(run.documents), program), run.period, before)


def _ending(settlements: list[Settlement], out: Path, period: str) -> str:
    last = settlements[-1]
    header = last.program.header
    nets = "".join(f"  {item.period.start:%Y-%m}  net {item.totals.net:>16,} {header.currency}\n" for item in settlements)
    return (
        f"\nSettled {len(settlements)} periods of {header.id} with {header.supplier}:\n{nets}"
        f"Statements (HTML, and JSON for the next period) are in {out}\n"
        f"net {last.totals.net:,} {header.currency}\n"
        f"open {out / f'{period}.html'}\n"
    )


def _example() -> Path:
    """The example inside the installed package, or beside the package in a source tree."""
    package = Path(str(files("rules_engine")))
    packaged = package / "_demo"
    return packaged if packaged.is_dir() else package.parent / "contracts" / "grain_oil"
