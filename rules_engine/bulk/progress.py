"""How far a batch is: told on a terminal in one line, never in a file and never to a pipe."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from rules_engine.documents.faults import several

BETWEEN = 0.2
"""Seconds for which a line stands before the next one."""
WIDTH = 80


@dataclass(slots=True)
class Progress:
    """`total` contracts of the batch. A phase says how many it goes through, each step how many more of them are done. Times by
    phase are kept, whoever listens."""

    total: int
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    quiet: bool = False
    clock: Callable[[], float] = time.perf_counter
    times: dict[str, float] = field(default_factory=dict)
    found: int = 0
    """Contracts that need not be settled any more: finished by a run that was stopped, or taken from the batch before."""
    lines: int = 0
    _phase: tuple[str, float] = ("", 0.0)
    _done: int = 0
    _of: int = 0
    _told: float = 0.0

    def phase(self, name: str, of: int = 0) -> None:
        """The next phase begins, the one before it ends; '' ends the last. `of`: the contracts it goes through."""
        now = self.clock()
        if self._phase[0]:
            self.times[self._phase[0]] = round(self.times.get(self._phase[0], 0.0) + now - self._phase[1], 3)
        self._phase, self._done, self._of, self._told = (name, now), 0, of, now
        self._tell(f"{name} …" if name else "")

    def already(self, finished: int, kept: int) -> None:
        """Say what a stopped run had finished; `kept` contracts more are taken from the batch before."""
        self.found += finished + kept
        if finished:
            self._tell(f"going on: {several(finished, 'contract')} of {self.total:,} found settled\n")

    def step(self, contracts: int, lines: int = 0) -> None:
        """Some more contracts are through."""
        self._done += contracts
        self.lines += lines
        now = self.clock()
        if self._done < self._of and now - self._told < BETWEEN:
            return
        self._told = now
        self._tell(self._said(now - self._phase[1]))

    def _said(self, seconds: float) -> str:
        rest = self.total - self._of
        said = f"{self._phase[0]}: {rest + self._done:,} of {self.total:,} contracts"
        said += f", {several(self.lines, 'line')}" if self.lines else ""
        if self._done and seconds > 0:
            said += f", {self._done / seconds:,.0f} contracts/s, {_span(seconds / self._done * (self._of - self._done))} left"
        return said

    def _tell(self, text: str) -> None:
        if self.quiet or not self.stream.isatty():
            return
        line = text.rstrip("\n")
        print(f"\r\033[K{line[: self._width()]}{text[len(line) :]}", end="", file=self.stream, flush=True)

    def _width(self) -> int:
        """As much as stands in one line."""
        try:
            return (os.get_terminal_size(self.stream.fileno()).columns or WIDTH) - 1
        except (OSError, ValueError):
            return WIDTH - 1


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 90 else f"{whole // 60} min {whole % 60:02} s"
