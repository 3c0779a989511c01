"""`against`: what a clause takes from a balance, off its amount or off its base."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from rules_engine.check.days import days_of
from rules_engine.check.declared.bounds import check_width
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, first, group, others
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.substitute import rebuilt
from rules_engine.check.meaning.units import expect
from rules_engine.check.meaning.unknown import unknown
from rules_engine.check.prices.bases import adds_up
from rules_engine.check.prices.earning import Earned
from rules_engine.check.windows import in_each, proportion
from rules_engine.check.written.cut_window import demand_bound_proportion
from rules_engine.core.expressions import Aggregate, Expression, MeasureRef, Priced, ResultOf
from rules_engine.core.program import Balance, Bound, Draw
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.source import Span
from rules_engine.syntax.tree import Field, Group, Name, Word
from rules_engine.values.period import WindowSpec


def taken_off(fields: Fields, per: tuple[str, ...], period: WindowSpec, env: Environment) -> tuple[Draw, ...]:
    """The draw of an `against` line."""
    field = fields.get("against")
    if field is None:
        return ()
    name = first(field, Name)
    assert name is not None
    balance = known(name, env)
    if balance.unit is not Unit.MONEY:
        env.refuse(
            "SE0407",
            name.span,
            why=(
                f"`{name.id}` counts units, and what the clause comes to is money.",
                f"“{name.id}”按数量计，而条款的结果是金额。",
            ),
            fix=(f"on sum of quantity over sales against {name.id}", f"基数 合计 数量 取自 销售单 抵用 {name.id}"),
        )
    bracket = group(field, "at_most")
    bounds = (most(bracket, per, period, fields, env),) if bracket is not None else ()
    return (Draw(name.id, "amount", bounds, span=field.span),)


def known(name: Name, env: Environment) -> Balance:
    """The balance of that name."""
    if name.id not in env.balance_blocks:
        unknown("SE0241", name.id, name.span, env.balance_blocks, env)
    return env.balance(name.id, name.span)


def most(
    bracket: Group, per: tuple[str, ...], period: WindowSpec, fields: Fields, env: Environment
) -> Bound:
    """The most that is taken, each window or a wider one; a clause's name stands for what it comes to before balances."""
    field = Field("at_most", bracket.items, bracket.span)
    results: dict[str, Expression] = {
        name: ResultOf(name, span=bracket.span) for name in env.clause_blocks if name not in env.measure_blocks
    }
    written = others(field, Group, Word)[0]
    amount = expect(expression(written, WindowScope(env, per, results)), Unit.MONEY, "SE0407", bracket.span, env)  # type: ignore[arg-type]
    spec = in_each(field, env)
    if spec is not None:
        check_width(spec, period, bracket.span, env)
        demand_bound_proportion(field, amount, spec, days_of(fields, env), env)
    return Bound("most", amount, spec, proportion(field, amount, env), bracket.span)


def left_of_base(earned: Earned, fields: Fields, clause: str, env: Environment) -> tuple[Earned, tuple[Draw, ...]]:
    """The earned amount on what a balance leaves of the base, and the draw."""
    field = fields.get("on")
    bracket = group(field, "against")
    if field is None or bracket is None:
        return earned, ()
    name = first(bracket, Name)
    assert name is not None
    balance, base = known(name, env), earned.base
    if base is None or not isinstance(earned.earn, Priced) or not adds_up(base, env):
        refuse_base(field.span, env)
    if unit_of(base) is not balance.unit:
        env.refuse(
            "SE0407",
            field.span,
            why=(f"the base and `{name.id}` count different things.", f"基数与“{name.id}”的单位不同。"),
            fix=("adds 100 units in each month", "计入 100 件 每月"),
        )
    marker = f"{name.id}@{clause}"
    left = behind(base, marker, env)
    earn = replace(earned.earn, base=left)
    return replace(earned, earn=earn, base=left), (Draw(name.id, "documents", wanted=base, span=field.span),)


def behind(base: Expression, marker: str, env: Environment) -> Expression:
    """The base over what is left of every document."""

    def change(item: Expression) -> Expression | None:
        if isinstance(item, Aggregate):
            return replace(item, against=marker)
        return behind(env.measures[item.name].expression, marker, env) if isinstance(item, MeasureRef) else None

    return rebuilt(base, change)


def refuse_base(span: Span, env: Environment) -> NoReturn:
    """A formula, a maximum or a quotient belongs to no single document."""
    env.refuse(
        "SE0553",
        span,
        why=(
            (
                "a balance covers documents one by one in date order, and this base is no sum of theirs: nobody could say which part of a\n"
                "document is left to pay."
            ),
            "余额按日期逐张抵用单据，而该基数不是单据的合计：无法说明哪一张还剩多少。",
        ),
        fix=("on sum of quantity over sales against free_allowance", "基数 合计 数量 取自 销售单 抵用 免费额度"),
    )
