"""Notes on a piece of contract text, and what the engine pays on one document of a given base."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rules_engine.api import notes, settle
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.documents.read import from_rows
from tests.unit.check.checking import program


def told(text: str, *codes: str, language: str = "en") -> list[Diagnostic]:
    """The notes on a text; with codes, those among the notes and facts."""
    found = notes(program(text, language), facts=bool(codes))
    assert all(item.severity is Severity.NOTE for item in found)
    return [item for item in found if not codes or item.code in codes]


def why(text: str, code: str, language: str = "en") -> str:
    """The words of the single note with this code."""
    (note,) = told(text, code, language=language)
    return note.why


def codes(text: str) -> list[str]:
    """The codes of what is told without being asked."""
    return [item.code for item in told(text)]


def paid(made: Program, clause: str, base: Decimal | Fraction, cost: Decimal | Fraction = Decimal(0)) -> Decimal:
    """What the engine settles for a clause in January on one sale."""
    row = {"doc_id": "A1", "type": "sale", "date": "2026-01-05", "quantity": "1"}
    row |= {"paid": text_of(base), "supply_amount": text_of(cost)}
    settlement = settle(made, from_rows([row], made), "2026-01")
    assert not settlement.unsettled
    return sum((line.amount for line in settlement.lines if line.clause == clause), Decimal(0))


def text_of(number: Decimal | Fraction) -> str:
    """A number of cents as a document has it."""
    cents = Fraction(number) * 100
    assert cents.denominator == 1
    return f"{Decimal(cents.numerator) / 100:f}"
