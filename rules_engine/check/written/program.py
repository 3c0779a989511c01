"""The questions that are asked of the whole program, in order."""

from __future__ import annotations

from collections.abc import Callable

from rules_engine.check.declared.answers import demand_windows
from rules_engine.check.knowledge.questions import WARNINGS
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.nesting import demand_nesting
from rules_engine.check.written.change_inside_window import demand_changes
from rules_engine.check.written.lints import warn_levels, warn_monthly_guarantee, warn_payment_term
from rules_engine.core.program import Program

WRITTEN: tuple[Callable[[Program, Environment], None], ...] = (
    demand_nesting,
    demand_windows,
    demand_changes,
    warn_payment_term,
    warn_monthly_guarantee,
    warn_levels,
    *WARNINGS,
)
