"""Margin protection (毛保): the supplier makes up what the margin lacks of the guaranteed rate, domain.md §3.1.

due = max(0, rate × base − (revenue − cost)) − credits used, each credit at most the shortfall it meets.
The base is the revenue unless `on` names another one (the list price, say).
"""

from __future__ import annotations

from rules_engine.check.amounts import amount_of, lacking
from rules_engine.check.declared.credits import Credit, after_credits
from rules_engine.check.declared.periods import window_of
from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.fields import Fields, of_block
from rules_engine.check.prices.earning import Earned, earning
from rules_engine.check.prices.grouping import per_columns
from rules_engine.check.written.guarantee import demand_group, demand_guarantee_period
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, all_said, each_rounding, framed
from rules_engine.core.expressions import Arithmetic, Expression, Step
from rules_engine.core.program import Clause, Papers
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block

PHRASES = {
    "revenue": ("revenue", "收入"),
    "cost": ("cost", "成本"),
    "guaranteed": ("guaranteed margin", "保证毛利"),
    "actual": ("actual margin", "实际毛利"),
    "shortfall": ("shortfall", "毛利缺口"),
    "credit": ("credit", "可抵额度"),
    "credit_used": ("credit used", "已用抵扣"),
    "owed": ("shortfall after credits", "抵扣后的缺口"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; group, period and what happens to unused credit must be written."""
    fields = of_block(block, env)
    fields.allow({*SHARED, *kind.fields} - {"amount", "free"})
    demand_group(fields, env)
    demand_guarantee_period(fields, env)
    per = per_columns(fields)
    with all_said(fields, per, env, kind):
        revenue, cost = each_money(fields, per, env)
        base_key = "on" if fields.has("on") else "revenue"
        target = earning(fields, per, env, each=each_rounding(fields, env), base_key=base_key)
        short = shortfall(target.earn, revenue, cost)
        offered = [Credit(field, amount_of(field, per, env)) for field in fields.all("credit")]
        owed, draws = after_credits(block, short, offered, per, window_of(fields, env), env)
        return framed(block, fields, per, Earned(owed, target.base, target.groups), env, kind, draws)


def each_money(fields: Fields, per: tuple[str, ...], env: Environment) -> tuple[Expression, Expression]:
    """Revenue and cost; what is wrong with either, and with the credits, is said before one of them ends the clause."""
    found = []
    for key in ("revenue", "cost"):
        with env.field_of():
            found.append(money(fields, key, per, env))
    if len(found) < 2:
        for field in fields.all("credit"):
            with env.field_of():
                amount_of(field, per, env)
        raise Refusal
    return found[0], found[1]


def money(fields: Fields, key: str, per: tuple[str, ...], env: Environment) -> Expression:
    """A required field that names money."""
    field = fields.get(key)
    if field is None:
        env.refuse(
            "SE0201",
            fields.span,
            why=(f"the guarantee has no `{key}`.", "毛保缺少收入或成本。"),
            fix=("revenue gmv\ncost    cost_of_sales", "收入 净销售额\n成本 销售成本"),
        )
    return amount_of(field, per, env)


def shortfall(target: Expression, revenue: Expression, cost: Expression) -> Expression:
    """max(0, guaranteed margin − actual margin)."""
    margin = Step("actual", Arithmetic("-", (Step("revenue", revenue), Step("cost", cost)), Unit.MONEY))
    return lacking("shortfall", Step("guaranteed", target), margin)


CLAUSE = ClauseKind(
    "margin_protection",
    ("Margin protection", "毛保"),
    "supplier",
    Papers("supplier", "invoice_discount", "contract"),
    elaborate,
    ("revenue", "cost", "credit"),
    PHRASES,
)
