"""Clauses that never pay: their days, their condition or their filter leave nothing."""

from __future__ import annotations

from datetime import timedelta

from rules_engine.check.knowledge.reach import aggregates, truth
from rules_engine.check.knowledge.rows import impossible
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.prices.filters import shown
from rules_engine.core.program import Clause, Program

CORRECT = ("delete the clause, or correct it.", "删去该条款，或改正。")


def tell_dead_clauses(program: Program, env: Environment) -> None:
    """SN1005: the clause can never pay anything."""
    for clause in program.clauses.values():
        why = never(clause, program)
        if why is not None:
            say("SN1005", env, clause.span, why=why, fix=CORRECT)


def never(clause: Clause, program: Program) -> Both | None:
    """Why the clause never pays; None where it may."""
    if clause.start >= clause.end:
        last = clause.end - timedelta(days=1)
        return f"no day is from {clause.start} until {last}.", f"没有日子满足自 {clause.start} 截至 {last}。"
    if clause.when is not None and truth(clause.when, program) is False:
        return (
            f"the condition of `{clause.id}` can never hold, by the ranges the columns declare.",
            f"按列声明的范围，“{clause.id}”的条件永远不成立。",
        )
    read = aggregates(clause.base, program)
    empty = [
        item
        for item in read
        if item.where is not None and impossible(item.where, program, tuple(source.type for source in item.sources))
    ]
    if read and len(empty) == len(read):
        filtered = next(shown(item.where, program.header.language) for item in empty)
        return f"no document can have {filtered}, so the base is always zero.", f"没有单据能满足：{filtered}，基数总是零。"
    return None
