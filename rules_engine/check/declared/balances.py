"""`balance`: what is added and kept in dated layers until a clause takes it or it expires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, first, of_block, others
from rules_engine.check.meaning.order import readings
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.units import expect
from rules_engine.check.meaning.whole import whole
from rules_engine.check.meaning.wording import added, column
from rules_engine.check.prices.bases import aggregates, scaled
from rules_engine.check.prices.grouping import per_columns
from rules_engine.check.windows import in_each, proportion, window
from rules_engine.check.written.cut_window import demand_bound_proportion
from rules_engine.core.expressions import Arithmetic, Constant, Expression, ResultOf
from rules_engine.core.program import Adding, Balance, Clause
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax.tree import Field, Group, Number, Text, Window, Word
from rules_engine.values.period import Period

KEYS = ("adds", "starts", "lasts", "expires", "per", "at_most", "source", "note")


def balance(name: str, env: Environment) -> Balance:
    """One balance, in money or in units."""
    block = env.balance_blocks[name]
    fields = of_block(block, env)
    fields.allow(KEYS)
    per = per_columns(fields)
    written = {key: amount(fields, key, per, env) for key in ("starts", "at_most")}
    adds = [adding(field, per, env) for field in fields.all("adds")]
    if not adds and written["starts"] is None:
        env.refuse(
            "SE0201",
            fields.span,
            why=("nothing is ever added to the balance.", "没有任何金额计入该余额。"),
            fix=("adds sum of amount over prepayments", "计入 合计 金额 取自 预付款"),
        )
    unit = unit_among([item.amount for item in adds] + [item for item in written.values() if item is not None])
    starts, most = (None if item is None else expect(item, unit, "SE0407", fields.span, env) for item in written.values())
    lasts, expires = fields.get("lasts"), fields.get("expires")
    number, ends = first(lasts, Number) if lasts else None, first(expires, Window) if expires else None
    lines = env.lines(block.span)
    source = next((first(field, Text) for field in fields.all("source")), None)
    return Balance(
        block.id,
        block.title or block.id,
        "balance",
        unit,
        tuple(replace(item, amount=expect(item.amount, unit, "SE0407", item.span, env)) for item in adds),
        per,
        starts,
        most,
        (whole(number, env), number.unit) if number else None,
        window(ends, env) if ends else None,
        env.header.rounding if unit is Unit.MONEY else None,
        source=source.value if source else "",
        text="\n".join(lines).rstrip(),
        span=block.span,
    )


def amount(fields: Fields, key: str, per: tuple[str, ...], env: Environment) -> Expression | None:
    """The number of a field, if written."""
    field = fields.get(key)
    return None if field is None else expression(others(field, Word)[0], WindowScope(env, per))  # type: ignore[arg-type]


def unit_among(found: list[Expression]) -> Unit:
    """Units where any of the amounts counts units, else money."""
    return Unit.QUANTITY if any(unit_of(item) is Unit.QUANTITY for item in found) else Unit.MONEY


def adding(field: Field, per: tuple[str, ...], env: Environment) -> Adding:
    """One source: windows where `in each` is written, else documents or a clause's windows, each on its own day."""
    written = others(field, Group, Word)[0]
    found = expression(written, WindowScope(env, per))  # type: ignore[arg-type]
    spec = in_each(field, env)
    reads = any(True for _ in aggregates(found, env)) or any(True for _ in readings(iter((found,)), env))
    if spec is not None:
        if not reads:
            demand_bound_proportion(field, found, spec, Period(env.header.start, env.header.end), env)
        return Adding(found, "window" if reads else "ahead", spec, proportion(field, found, env), field.span)
    if result_share(found, env):
        return Adding(found, "result", span=field.span)
    if not reads or not scaled(found, env):
        refuse_open(field, env)
    return Adding(found, "document", span=field.span)


def result_share(found: Expression, env: Environment) -> bool:
    """Whether it is one clause's result, or a fixed share of it."""
    if isinstance(found, Arithmetic) and found.op == "*":
        rest = [item for item in found.operands if not isinstance(item, Constant)]
        return len(rest) == 1 and result_share(rest[0], env)
    return isinstance(found, ResultOf) and found.shift is None and found.clause not in env.balance_blocks


def refuse_open(field: Field, env: Environment) -> NoReturn:
    """A maximum or a fixed amount counts otherwise by month than by year."""
    env.refuse(
        "SE0551",
        field.span,
        why=(
            (
                "with 900.00 above the target in one month and 400.00 below it in the next, counted by month 900.00 is added, over both months\n"
                "500.00. 400.00 lies between the two."
            ),
            "一个月超过目标 900.00，次月低于目标 400.00：按月计入 900.00，两个月合计则计入 500.00，相差 400.00。",
        ),
        fix=added(
            field.span,
            (" in each month", " 每月"),
            ("adds max(0, result of royalty - 7,300) in each quarter", "计入 max(0, 结果 版税 - 7,300) 每季度"),
            env,
        ),
    )


def keep_groups(clauses: Mapping[str, Clause], env: Environment) -> None:
    """A balance without `per` is kept as the clause whose result feeds it is split; who takes from it must have its groups."""
    for balance_id, found in list(env.balances.items()):
        drawers = [clause for clause in clauses.values() if any(draw.balance == balance_id for draw in clause.draws)]
        if found.kind == "balance" and not found.per:
            found = env.balances[balance_id] = replace(found, per=inherited(found, drawers, clauses, env))  # noqa: PLW2901 - now with its groups
        for clause in drawers:
            lacking = next((name for name in found.per if name not in clause.per), None)
            if lacking is not None:
                report(found, clause, lacking, env)


def inherited(found: Balance, drawers: list[Clause], clauses: Mapping[str, Clause], env: Environment) -> tuple[str, ...]:
    """The groups of the clauses it is fed by, where all of them, and all who take from it, have these."""
    read = [clauses[item.clause].per for each in found.adds for item in readings(iter((each.amount,)), env) if item.clause in clauses]
    per = read[0] if read and len(read) == len(found.adds) and all(item == read[0] for item in read) else ()
    return per if all(set(per) <= set(clause.per) for clause in drawers) else ()


def report(found: Balance, clause: Clause, lacking: str, env: Environment) -> None:
    """A group of the balance that the clause does not have."""
    english, chinese = column(lacking, "en"), column(lacking, "zh")
    env.note(
        "SE0554",
        (clause.span, (f"is not split by {english}", f"没有按“{chinese}”拆分")),
        (found.span, (f"is kept for each {english}", f"按“{chinese}”分别记账")),
        why=(
            (
                f"`{found.id}` holds an amount for each {english}, `{clause.id}` one for all of them: with 100.00 for A and 100.00 for B\n"
                "a charge of 150.00 takes 100.00 or 150.00."
            ),
            f"“{found.id}”按“{chinese}”分别记账，而“{clause.id}”合并计算：甲、乙各有 100.00 时，150.00 可抵 100.00 或 150.00。",
        ),
        fix=(f"per {english}", f"按 {chinese}"),
    )
