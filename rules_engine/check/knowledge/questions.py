"""The questions asked of a checked contract without any document, in order."""

from __future__ import annotations

from collections.abc import Callable

from rules_engine.check.knowledge.cliffs import tell_falls, tell_jumps
from rules_engine.check.knowledge.guarantees import tell_break_even, tell_commitments, tell_composite
from rules_engine.check.knowledge.lawful import (
    tell_longest_wait,
    tell_percentage_fees,
    tell_rebates_without_target,
    tell_sources,
    warn_fee_titles,
)
from rules_engine.check.knowledge.limits import tell_caps_below_floors, tell_idle_bounds
from rules_engine.check.knowledge.rows import tell_dead_rows
from rules_engine.check.knowledge.sliding import tell_sliding_falls
from rules_engine.check.knowledge.standing import tell_dead_clauses
from rules_engine.check.knowledge.tiers import tell_capped_tiers, tell_tiers_out_of_reach
from rules_engine.check.knowledge.twice import tell_double_count, tell_double_recovery
from rules_engine.check.meaning.environment import Environment
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile

Question = Callable[[Program, Environment], None]

WARNINGS: tuple[Question, ...] = (warn_fee_titles,)
"""Asked while the contract is checked."""

ODDITIES: tuple[Question, ...] = (
    tell_falls,
    tell_sliding_falls,
    tell_capped_tiers,
    tell_tiers_out_of_reach,
    tell_dead_rows,
    tell_dead_clauses,
    tell_caps_below_floors,
    tell_idle_bounds,
    tell_double_count,
    tell_double_recovery,
    tell_rebates_without_target,
    tell_percentage_fees,
)
"""What a reader of the contract would want to be told."""

FACTS: tuple[Question, ...] = (
    tell_jumps,
    tell_break_even,
    tell_composite,
    tell_commitments,
    tell_sources,
    tell_longest_wait,
)
"""What follows from the numbers of every contract; told when asked for."""


def notes(program: Program, facts: bool = False) -> tuple[Diagnostic, ...]:
    """Everything the text tells of itself, sorted by place; with `facts` also break-even points and the like."""
    header = program.header
    env = Environment(header.language, SourceFile(header.file, ""), frame=header)
    for question in (*ODDITIES, *(FACTS if facts else ())):
        question(program, env)
    return env.findings.sorted()
