"""A fixed amount whose window the term cuts: the whole amount or a part of it."""

from __future__ import annotations

from datetime import timedelta

from rules_engine.check.environment import Environment
from rules_engine.core.program import Program
from rules_engine.values.period import Period
from rules_engine.values.windows import tile, whole


def demand_proportion(program: Program, env: Environment) -> None:
    """Refuse an amount without a base in a window that the clause covers only in part."""
    header = program.header
    for clause in program.clauses.values():
        if clause.base is not None or clause.proportion or clause.period.kind == "term":
            continue
        term = Period(max(clause.start, header.start), min(clause.end, header.end))
        for window in tile(clause.period, term, header.settle, header.year_start, header.ranges):
            full = whole(clause.period, window, term, header.settle, header.year_start, header.ranges)
            if window != full:
                last = window.end - timedelta(days=1)
                days, all_days = (window.end - window.start).days, (full.end - full.start).days
                env.note(
                    "SE0516",
                    clause.span,
                    why=(
                        (
                            f"{window.start} to {last} is {days} of the {all_days} days of its period. An amount of 3,000.00 is owed whole or as\n"
                            f"{3000 * days / all_days:,.2f} by days."
                        ),
                        f"{window.start} 至 {last} 只是该周期 {all_days} 天中的 {days} 天：3,000.00 或全额应付，或按天折算。",
                    ),
                    fix=("proportionally by days\n(or `in full`)", "按天折算\n（或“不折算”）"),
                )
                break
