"""Measures alone: what a contract's figures come to in a period, without settling anything."""

from __future__ import annotations

from datetime import date
from decimal import localcontext

from rules_engine.core.program import Program
from rules_engine.documents.model import Documents
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import gather
from rules_engine.settlement.closing.shown import shown_measures
from rules_engine.settlement.entitled.results import open_view
from rules_engine.settlement.model import ShownMeasure
from rules_engine.settlement.past.known import known_documents
from rules_engine.settlement.settle import period_of
from rules_engine.values.exact import EXACT
from rules_engine.values.period import Period


def measured(
    program: Program, documents: Documents, period: Period | str, as_of: date | None = None
) -> tuple[ShownMeasure, ...]:
    """Every measure of the contract for the whole contract and the period."""
    with localcontext(EXACT):
        days = period_of(program, period)
        facts = gather(program, known_documents(program, documents.lines, days, as_of).settled)
        view = open_view(program, facts, compile_program(program).bind(facts), days.end)
        return shown_measures(view, program.measures.values(), days)
