"""Reads what the child process writes: a file that crashes, hangs or swells its reader costs one message."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Timer

from rules_engine.documents.batches import CHUNK, COLUMN_LIMIT, Batch
from rules_engine.documents.csv_reader import refuse_width
from rules_engine.documents.faults import Faults

SECONDS = 600
FIXES = {
    "SE0612": ("save the file again from the program that made it", "请用原程序重新保存该文件"),
    "SE0613": ("split the file, or write it as CSV", "请拆分文件，或另存为 CSV"),
    "SE0619": (
        "install it with `pip install 'settlewright[data]'`, or save as CSV",
        "请运行 `pip install 'settlewright[data]'`，或另存为 CSV",
    ),
}


def read_isolated(kind: str, path: Path, name: str, faults: Faults, seconds: int = SECONDS) -> Iterator[Batch]:
    """The batches of an 'xlsx' or 'parquet' file, read by a child process under limits of memory and time."""
    command = [sys.executable, "-P", "-m", "rules_engine.documents.child", kind, str(path.resolve())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    import subprocess

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as child:  # noqa: S603
        watch = Timer(seconds, child.kill)
        watch.start()
        try:
            assert child.stdout is not None
            yield from _batches(child.stdout, name, faults)
        finally:
            watch.cancel()
            child.kill()


class _Table:
    """A table while its rows come in."""

    def __init__(self, begun: dict[str, object]) -> None:
        header, inexact = begun["header"], begun.get("inexact", {})
        assert isinstance(header, list)
        assert isinstance(inexact, dict)
        self.header: tuple[str, ...] = tuple(header)
        self.inexact = {int(at): str(kind) for at, kind in inexact.items()}
        self.next = int(str(begun["first"]))
        self.part = str(begun.get("part", ""))
        self.rows: list[list[str]] = []
        self.marked: dict[tuple[int, int], tuple[str, str]] = {}

    def mark(self, item: dict[str, object]) -> None:
        key = (self.next - 1, int(str(item["position"])))
        self.marked[key] = (str(item["mark"]), str(item["value"]))

    def add(self, row: list[str]) -> None:
        self.rows.append(row)
        self.next += 1

    def batch(self) -> Batch:
        numbers = range(self.next - len(self.rows), self.next)
        batch = Batch(self.header, self.rows, numbers, self.inexact, self.marked, self.part)
        self.rows, self.marked = [], {}
        return batch


def _batches(lines: Iterable[bytes], name: str, faults: Faults) -> Iterator[Batch]:
    table: _Table | None = None
    ended = False
    for item in map(json.loads, lines):
        if isinstance(item, list):
            assert table is not None
            if len(table.rows) >= CHUNK:
                yield table.batch()
            table.add(item)
        elif "header" in item:
            if table:
                yield table.batch()
            table = _Table(item)
            if len(table.header) > COLUMN_LIMIT:
                refuse_width(len(table.header), name, faults)
                return
        elif "mark" in item and table:
            table.mark(item)
        else:
            ended = True
            _say(item, name, faults)
    if not ended:
        _say({"fault": "SE0612", "en": "its reader stopped without an answer", "zh": "读取程序中途停止"}, name, faults)
    if table:
        yield table.batch()


def _say(item: dict[str, object], name: str, faults: Faults) -> None:
    if "fault" in item:
        code = str(item["fault"])
        faults.add(code, name, (str(item["en"]), str(item["zh"])), fix=FIXES.get(code, ("", "")))
