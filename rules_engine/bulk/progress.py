"""How far a batch is: told on a terminal, never in a file."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

BETWEEN = 0.2


@dataclass(slots=True)
class Progress:
    """`total` contracts to settle; each step says how many more are done. Times by phase are kept."""

    total: int
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    done: int = 0
    times: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)
    _phase: tuple[str, float] = ("", 0.0)
    _told: float = 0.0

    def phase(self, name: str) -> None:
        """The next phase begins, the one before it ends; '' ends the last."""
        now = time.perf_counter()
        if self._phase[0]:
            self.times[self._phase[0]] = round(now - self._phase[1], 3)
        self._phase = (name, now)
        if name:
            self._tell(f"{name} …")
        elif self.stream.isatty():
            print("\r\033[K", end="", file=self.stream, flush=True)

    def step(self, contracts: int) -> None:
        """Some more contracts are settled."""
        self.done += contracts
        now = time.perf_counter()
        if self.done < self.total and now - self._told < BETWEEN:
            return
        self._told = now
        left = (now - self._phase[1]) / self.done * (self.total - self.done) if self.done else 0
        self._tell(f"settled {self.done:,} of {self.total:,} contracts, {_span(left)} left")

    def _tell(self, text: str) -> None:
        if self.stream.isatty():
            print(f"\r\033[K{text}", end="", file=self.stream, flush=True)


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 90 else f"{whole // 60} min {whole % 60:02} s"
