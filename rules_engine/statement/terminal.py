"""What every block of a terminal statement needs: the settlement, the reader's words, tables and emphasis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules_engine.core.program import Header, Program
from rules_engine.diagnostics.width import padded, width
from rules_engine.record import dataclass
from rules_engine.settlement.model import Settlement
from rules_engine.statement.numbers import amount_text
from rules_engine.statement.words import Words

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes for one reader; `colour` turns emphasis into escape codes, else it is left out."""

    settlement: Settlement
    words: Words
    colour: bool

    @property
    def program(self) -> Program:
        """The contract that was settled."""
        return self.settlement.program

    @property
    def header(self) -> Header:
        """Its frame."""
        return self.settlement.program.header

    def bold(self, text: str) -> str:
        """A heading."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def dim(self, text: str) -> str:
        """An aside."""
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text


def money(value: Decimal) -> str:
    """An amount with an ASCII minus, which every console can print."""
    return ascii_minus(amount_text(value))


def ascii_minus(text: str) -> str:
    """The same text with minus signs every console can print."""
    return text.replace("−", "-")


def table(rows: Sequence[Row], aligned: str, indent: str = "  ") -> Iterator[str]:
    """Rows in columns; `aligned` has `<` or `>` for each column."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(aligned))]
    for row in rows:
        cells = (padded(cell, size, right=side == ">") for cell, side, size in zip(row, aligned, widths, strict=True))
        yield indent + "  ".join(cells)
