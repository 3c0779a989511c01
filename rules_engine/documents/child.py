"""The child process that opens XLSX and Parquet files: whatever a hostile file does, it does here, under limits.

Writes one JSON value a line: `{"header": …}` begins a table, a list is a row, `{"mark": …}` speaks of a cell of the row
before it, `{"fault": …}` ends in failure, `{"end": true}` in success.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rules_engine.documents.damaged import Damaged, Item

MEMORY_LIMIT = 6 * 1024**3
CPU_SECONDS = 300


def main(arguments: list[str]) -> int:
    """`child.py FORMAT PATH`: write the items of a file to stdout."""
    _limit()
    try:
        for item in items(arguments[0], Path(arguments[1])):
            sys.stdout.write(json.dumps(item) + "\n")
    except Exception as fault:  # noqa: BLE001 - a damaged file may raise anything; the parent words it
        sys.stdout.write(json.dumps(_worded(fault)) + "\n")
    sys.stdout.flush()
    return 0


def items(kind: str, path: Path) -> Iterator[Item]:
    """Everything to be written for a file, `end` included."""
    yield from reader(kind)(path)
    yield {"end": True}


def reader(kind: str) -> Callable[[Path], Iterator[Item]]:
    """The reader of 'xlsx' or 'parquet'."""
    if kind == "xlsx":
        from rules_engine.documents.xlsx import read_xlsx

        return read_xlsx
    from rules_engine.documents.parquet import read_parquet

    return read_parquet


def _worded(fault: Exception) -> Item:
    if isinstance(fault, Damaged):
        return fault.item
    if isinstance(fault, ModuleNotFoundError):
        return {"fault": "SE0619", "en": f"`{fault.name}` is not installed", "zh": f"未安装 `{fault.name}`"}
    if isinstance(fault, MemoryError):
        return {"fault": "SE0613", "en": "reading it takes more memory than is allowed", "zh": "读取所需内存超过上限"}
    reason = next(iter(str(fault).splitlines()), type(fault).__name__)[:200]
    return {"fault": "SE0612", "en": reason, "zh": reason}


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (allowed, allowed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
