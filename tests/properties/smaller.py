"""A disagreement made small: documents and clauses left out as long as engine and second opinion still differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hypothesis.vendor.pretty import RepresentationPrinter

from tests.naive.windows import Span
from tests.properties.pipeline import Contract, Row, checked, told

TRIES = 120
"""Settlements tried before the disagreement is told as it stands."""


@dataclass(frozen=True, repr=False)
class Case:
    """A contract, documents and the periods in which they are settled, by one of the two evaluators."""

    made: Contract
    rows: tuple[Row, ...]
    periods: tuple[Span, ...]
    evaluator: str

    def __repr__(self) -> str:
        return told(self.made, self.rows, self.periods[-1])

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """What Hypothesis prints beside the failure, which tells the case in full."""
        printer.text(f"{len(self.rows)} documents by the {self.evaluator} program")


Differ = Callable[[Case], list[str]]


def smallest(case: Case, differ: Differ) -> Case:
    """The case with nothing in it that can be left out, or what is left after so many tries."""
    tries = TRIES
    for less in (fewer_periods, fewer_rows, fewer_blocks, fewer_rows):
        at = 0
        while tries:
            tries -= 1
            smaller = less(case, at)
            if smaller is None:
                break
            kept = still(smaller, differ)
            case, at = (smaller, at) if kept else (case, at + 1)
    return case


def fewer_periods(case: Case, at: int) -> Case | None:
    """The same with the last periods left out, fewer of them each time."""
    left = len(case.periods) - 1 - at
    return replace(case, periods=case.periods[: at + 1]) if left > 0 else None


def fewer_rows(case: Case, at: int) -> Case | None:
    """The same without one document."""
    return replace(case, rows=(*case.rows[:at], *case.rows[at + 1 :])) if at < len(case.rows) else None


def fewer_blocks(case: Case, at: int) -> Case | None:
    """The same without one block that nothing else needs; a contract with an amendment keeps all of its blocks."""
    blocks = case.made.text.split("\n\n")
    found: Iterator[Contract | None] = (accepted("\n\n".join((*blocks[:place], *blocks[place + 1 :]))) for place in range(1, len(blocks)))
    left = () if case.made.later else (made for made in found if made is not None)
    made = next((each for place, each in enumerate(left) if place == at), None)
    return None if made is None else replace(case, made=made)


def accepted(text: str) -> Contract | None:
    """The contract of a text, if it still is one."""
    try:
        return checked(text)
    except AssertionError:
        return None


def still(case: Case, differ: Differ) -> bool:
    """Whether they still differ; what one of them can no longer read is another case."""
    try:
        return bool(differ(case))
    except (AssertionError, KeyError, NotImplementedError):
        return False
