"""How far a batch is: one line on a terminal, nothing anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import DUCKDB, Job, Shard
from rules_engine.bulk.progress import Progress
from rules_engine.bulk.settling import Found, settle_shard
from tests.unit.bulk.shop import ROOT, contents, loaded, settled, small

pytestmark = pytest.mark.bulk
CLEAR = "\r\033[K"


@dataclass
class Terminal:
    """The two ends of a terminal: what is written to one is read from the other."""

    far: int
    near: int

    def read(self) -> str:
        """All that was written; nobody writes any more."""
        os.close(self.near)
        found = b""
        try:
            while data := os.read(self.far, 65536):
                found += data
        except OSError:  # the other end is closed
            return found.decode()
        return found.decode()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    far, near = os.openpty()
    tty.setraw(near)
    yield Terminal(far, near)
    os.close(far)


def ticking(*moments: float) -> Callable[[], float]:
    return iter(moments).__next__


def test_a_terminal_is_told_phase_contracts_lines_rate_and_time_left(terminal: Terminal) -> None:
    with os.fdopen(os.dup(terminal.near), "w") as stream:
        progress = Progress(1200, stream, clock=ticking(0, 4, 14, 14.1, 24, 49))
        progress.phase("adding up documents")
        progress.already(200, 100)
        progress.phase("settling", 900)
        progress.step(100, 1000)
        progress.step(50, 600)
        progress.step(50, 400)
        progress.step(700, 7000)
    assert terminal.read().split(CLEAR)[1:] == [
        "adding up documents …", "going on: 200 contracts of 1,200 found settled\n", "settling …",
        "settling: 400 of 1,200 contracts, 1,000 lines, 10 contracts/s, 80 s left",
        "settling: 500 of 1,200 contracts, 2,000 lines, 10 contracts/s, 70 s left",
        "settling: 1,200 of 1,200 contracts, 9,000 lines, 20 contracts/s, 0 s left",
    ]  # fmt: skip
    assert progress.times == {"adding up documents": 4}


def test_one_line_is_never_wider_than_the_terminal(terminal: Terminal) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal.near, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    with os.fdopen(os.dup(terminal.near), "w") as stream:
        Progress(1, stream).phase("looking through all the contracts there are")
    assert terminal.read() == f"{CLEAR}looking through all the contr"


def test_who_is_no_terminal_or_wants_none_is_told_nothing(terminal: Terminal) -> None:
    with os.fdopen(os.dup(terminal.near), "w") as stream:
        for progress in (Progress(1, stream, quiet=True), Progress(1, file := StringIO())):
            progress.phase("settling", 1)
            progress.step(1, 5)
            assert progress.lines == 5
    assert (terminal.read(), file.getvalue()) == ("", "")


def test_the_command_tells_its_terminal_unless_it_is_to_be_quiet(tmp_path: Path) -> None:
    _, documents = small(tmp_path / "in", 3)
    said = []
    for place, options in (("loud", []), ("quiet", ["--quiet"])):
        far, near = os.openpty()
        tty.setraw(near)
        words = ["batch", "--contracts", str(tmp_path / "in"), "--documents", str(documents), "--period", "2026-02", "--workers", "1", "--out", str(tmp_path / place)]
        subprocess.run([sys.executable, "-m", "rules_engine", *words, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=near, check=True)
        said.append(Terminal(far, near).read())
        os.close(far)
    assert "settling: 3 of 3 contracts, 12 lines" in said[0]
    assert said[0].endswith(CLEAR)
    assert said[1] == ""


def test_after_a_stop_it_says_what_was_found_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Terminal) -> None:
    contracts, documents = small(tmp_path / "in", 5)
    job = Job(tuple(contracts), (str(documents),), "2026-02", tmp_path / "out", loaded, engine=DUCKDB)
    for module in ("batch", "summing", "delivery"):
        monkeypatch.setattr(f"rules_engine.bulk.{module}.SHARD", 2)
    settled(contracts, documents, "2026-02", tmp_path / "whole", engine=DUCKDB)

    def stopping(shard: Shard) -> Found:
        if shard.number == 3:
            raise KeyboardInterrupt
        return settle_shard(shard)

    with monkeypatch.context() as patch:
        patch.setattr("rules_engine.bulk.batch.settle_shard", stopping)
        with pytest.raises(KeyboardInterrupt):
            batch(job)
    with os.fdopen(os.dup(terminal.near), "w") as stream:
        outcome = batch(job, Progress(5, stream))
    assert (outcome.found, outcome.counts.settled) == (4, 5)
    said = terminal.read()
    assert f"{CLEAR}going on: 4 contracts of 5 found settled\n" in said
    assert f"{CLEAR}settling: 5 of 5 contracts, 4 lines" in said
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
