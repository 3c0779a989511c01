"""Whether the posted statements are all of them: none before the first and none between is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.past.statements import PostedLine, PostedStatement
from rules_engine.settlement.schedule import term, tiles
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period, period_text

EARLIER = "earlier_periods"
"""The notice of a statement that settled periods nobody had posted."""


def gaps(program: Program, ordered: Sequence[PostedStatement], held: Iterable[PostedLine] = ()) -> Iterator[Diagnostic]:
    """A finding for every statement that rests on one which was not given: settling without it would pay twice. `held`: what a
    contract that was renewed had posted."""
    carried, posted = NOTHING, {line.key: -line.amount for line in held}
    before: PostedStatement | None = None
    for statement in ordered:
        taken_over = None if program.header.renews else _carried(statement, carried)
        evidence = taken_over or _lines(statement, posted) or _documents(program, statement, before)
        if evidence is not None:
            yield _missing(program, statement, before, evidence)
        for line in (*statement.lines, *statement.others):
            sign = 1 if line.direction == "payable" else -1
            posted[line.key] = posted.get(line.key, NOTHING) + sign * line.amount
        carried, before = statement.carried_out, statement


def _carried(statement: PostedStatement, carried: Decimal) -> Words | None:
    if statement.carried_in == carried:
        return None
    return (
        f"it carries in {statement.carried_in}, the statements given before it carry out {carried}",
        f"其结转前期为 {statement.carried_in}，而所提供的前期结算单结转 {carried}",
    )


def _lines(statement: PostedStatement, posted: dict[Key, Decimal]) -> Words | None:
    """A line says what was posted before it, by earlier statements and by the lines above it (a reversal, say)."""
    posted = dict(posted)
    for line in (*statement.lines, *statement.others):
        sign = 1 if line.direction == "payable" else -1
        known = sign * posted.get(line.key, NOTHING)
        if line.posted != known:
            return (
                f"its line {line.id} found {line.posted} posted, the statements given before it post {known}",
                f"其明细 {line.id} 此前已入账 {line.posted}，而所提供的前期结算单入账 {known}",
            )
        posted[line.key] = posted.get(line.key, NOTHING) + sign * line.amount
    return None


def _documents(program: Program, statement: PostedStatement, before: PostedStatement | None) -> Words | None:
    """Documents of the days since the statement before it were settled, and not by this one."""
    if EARLIER in statement.notices:
        return None
    start = before.period.end if before else program.header.start
    for bucket in _between(program, start, statement):
        name = period_text(bucket)
        if any(key.startswith(f"{name} ") for key in statement.control_totals):
            return (
                f"it builds on documents of {name} that another statement settled",
                f"其依据的 {name} 单据由另一份结算单结算",
            )
    return None


def _between(program: Program, start: date, statement: PostedStatement) -> Iterable[Period]:
    buckets = tiles(program.header, program.header.settle, term(program.header))
    return (item for item in buckets if item.start >= start and item.end <= statement.period.start)


def _missing(program: Program, statement: PostedStatement, before: PostedStatement | None, evidence: Words) -> Diagnostic:
    name = period_text(statement.period)
    since = f" after {period_text(before.period)}" if before else ""
    since_zh = f"{period_text(before.period)} 之后、" if before else ""
    why: Words = (
        f"the statement for {name} rests on one that was not given: {evidence[0]}. Its lines would be settled a second time.",
        f"{name} 的结算单依据了一份未提供的结算单：{evidence[1]}。其明细会被重复结算。",
    )
    fix: Words = (f"give every posted statement{since} before {name}.", f"请提供{since_zh}{name} 之前的全部已入账结算单。")
    return diagnostic("SE0719" if before else "SE0705", program.header.language, (), why, fix)
