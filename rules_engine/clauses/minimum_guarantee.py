"""Minimum guarantee (保底): what the base lacks of a promised amount when the window closes, domain.md §3.17.

due = rate × max(0, promised − base); without a rate the whole of what is lacking
"""

from __future__ import annotations

from typing import NoReturn

from rules_engine.check.amounts import lacking
from rules_engine.check.declared.credits import Credit, kept_credit
from rules_engine.check.declared.periods import window_of
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import window_expression
from rules_engine.check.meaning.fields import Fields, group, of_block, others, words
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.units import expect
from rules_engine.check.prices.earning import Earned, base_of, written_price
from rules_engine.check.prices.grouping import RowFilters, per_columns
from rules_engine.check.prices.pricing import Pricing
from rules_engine.check.written.guarantee import demand_guarantee_period
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, framed
from rules_engine.core.expressions import Arithmetic, Expression, Priced, ResultOf, Step
from rules_engine.core.program import Clause, Draw, Papers
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block, Word
from rules_engine.values.period import WindowSpec

SURPLUS = {"surplus_carries_forward": None, "surplus_expires_at_year_end": WindowSpec("year")}
UNUSED = {"for", "qualify_on", "baseline", "amount", "tiers", "free", "spread_by_day", "due"}
PHRASES = {
    "promised": ("promised", "承诺额"),
    "reached": ("reached", "实际达到"),
    "made_up": ("reached, with the surplus of earlier windows", "实际达到（含前期超额）"),
    "lacking": ("lacking", "未达部分"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; it is judged when its window closes, so nothing can be on account."""
    fields = of_block(block, env)
    fields.allow({*SHARED, *kind.fields} - UNUSED)
    demand_guarantee_period(fields, env)
    refuse_on_account(fields, env)
    per = per_columns(fields)
    base = base_of(fields, "on", per, {}, env)
    if base is None:
        refuse_missing(fields, "on", env)
    reached = Step("reached", expect(base, Unit.MONEY, "SE0407", fields.span_of("on"), env))
    lacking, draws = short_of(promised(fields, per, env), reached, block, fields, per, env)
    pricing = Pricing(WindowScope(env, per), Unit.MONEY, Unit.MONEY, Unit.MONEY, RowFilters(env, base, per))
    earn = Priced(lacking, written_price(fields, pricing)) if fields.has("rate") else lacking
    return framed(block, fields, per, Earned(earn, base), env, kind, draws, negative="turns_round")


def short_of(
    promise: Expression, reached: Expression, block: Block, fields: Fields, per: tuple[str, ...], env: Environment
) -> tuple[Expression, tuple[Draw, ...]]:
    """What is lacking of the promise; a surplus that is kept makes up for later windows."""
    field = fields.get("promised")
    assert field is not None
    kept = next((word for word in SURPLUS if word in words(field)), "")
    if not kept:
        return lacking("lacking", promise, reached), ()
    period = window_of(fields, env)
    name = kept_credit(block, Credit(field, reached), per, period, SURPLUS[kept], env)
    made_up = Step("made_up", ResultOf(name, span=field.span))
    gap = Arithmetic("-", (promise, made_up), Unit.MONEY)
    return Step("lacking", gap), (Draw(name, "wanted", wanted=promise, span=field.span),)


def promised(fields: Fields, per: tuple[str, ...], env: Environment) -> Expression:
    """The amount that was promised for the window."""
    field = fields.get("promised")
    if field is None:
        refuse_missing(fields, "promised", env)
    found = window_expression(others(field, Word)[0], env, per)  # type: ignore[arg-type]
    return Step("promised", expect(found, Unit.MONEY, "SE0407", field.span, env))


def refuse_on_account(fields: Fields, env: Environment) -> None:
    """Before the close nobody knows what will be lacking."""
    if group(fields.get("period"), "on_account") is not None:
        env.refuse(
            "SE0202",
            fields.span_of("period"),
            why=(
                "of 12,000.00 promised for the year 11,000.00 would be lacking after an ordinary January: a guarantee is judged at its end.",
                "全年承诺 12,000.00，正常的一月之后也还差 11,000.00：保底须在期末判定。",
            ),
            fix=("period year, at its end", "周期 年, 期末"),
        )


def refuse_missing(fields: Fields, key: str, env: Environment) -> NoReturn:
    """A guarantee needs what is counted and what was promised."""
    env.refuse(
        "SE0201",
        fields.span,
        why=(f"the guarantee has no `{key}`.", "保底缺少基数或承诺额。"),
        fix=("on        purchases\npromised  640,000", "基数    采购额\n承诺额  64万"),
    )


CLAUSE = ClauseKind(
    "minimum_guarantee",
    ("Minimum guarantee", "保底"),
    "supplier",
    Papers("platform", "cash", "contract"),
    elaborate,
    ("promised",),
    PHRASES,
)
