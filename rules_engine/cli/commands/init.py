"""`settle init`: a project that runs at once."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rules_engine.cli.exits import DONE
from rules_engine.cli.files import folder, write
from rules_engine.cli.terminal import print_result
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError

PROJECT = Path(__file__).parents[1] / "project"
FILES = ("first.contract", "documents.csv", "README.md")
CI = Path(".github") / "workflows" / "settle.yml"


def run(options: Namespace) -> int:
    """Write contract, documents, README and CI file; nothing that exists is overwritten."""
    home = Path(options.folder)
    language = options.lang or "en"
    texts = {home / name: (PROJECT / language / name).read_text(encoding="utf-8") for name in FILES}
    texts[home / CI] = (PROJECT / "ci.yml").read_text(encoding="utf-8")
    _refuse_existing([path for path in texts if path.exists()])
    for path, text in texts.items():
        folder(path.parent)
        write(path, text)
    print_result("".join(f"written: {path}\n" for path in texts))
    print_result(f"next: cd {home} && settle test . && settle run first.contract --documents documents.csv --period 2026-01\n")
    return DONE


def _refuse_existing(paths: list[Path]) -> None:
    if paths:
        why = f"it exists already: {', '.join(str(path) for path in paths)}"
        fix = "give the name of a new folder: `settle init DIR`"
        raise ContractError([diagnostic("SE0803", "en", why=(why, why), fix=(fix, fix))])
