"""Checked contracts, kept between runs: named by all they were read from and by the engine that checked them.

The folder is safe to delete at any time. A program made by other code, another grammar or another Python has another name, so it is
never met again.
"""

from __future__ import annotations

import pickle
import sys
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from rules_engine import kept
from rules_engine.bulk.model import ContractSource, Loader
from rules_engine.core.program import Program

READ = (".py", ".lark", ".toml", ".json")


def remembered(source: ContractSource, as_of: date | None, load: Loader, folder: Path | None) -> Program:
    """The program of a contract, from the folder if it was checked before; a folder that cannot be used is done without."""
    if folder is None:
        return load(source, as_of)
    said = f"{source.id} {source.path} {source.parameters} {source.row} {source.sha256} {as_of}"
    path = folder / engine() / sha256(said.encode()).hexdigest()
    try:
        name, found = pickle.loads(kept.read(path) or b"")  # noqa: S301 - the user's own folder, as compiled Python is
    except Exception:  # noqa: BLE001 - whatever is wrong with a kept program, the contract is read again
        name, found = "", None
    if name == said and isinstance(found, Program):
        return found
    program = load(source, as_of)
    kept.keep(path, pickle.dumps((said, program), protocol=5))
    return program


@cache
def engine() -> str:
    """What checked the contracts: a hash of the engine's own files, its grammars, and the Python they run on."""
    root = Path(__file__).parents[1]
    grammars = next((place for place in (root / "_grammars", root.parent / "grammars") if place.is_dir()), root)
    digest = sha256(sys.version.encode())
    for path in sorted({*root.rglob("*"), *grammars.rglob("*")}):
        if path.suffix in READ and path.is_file():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
