"""Composite margin (综合毛保): deduction points plus margin protection under one headline rate, domain.md §3.2.

separately   a·B + max(0, b·B − (B − C))
together     max(0, (a + b)·B − (B − C))
"""

from __future__ import annotations

from typing import NoReturn

from rules_engine.check.amounts import amount_of, lacking
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, among, of_block
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.prices.earning import Earned
from rules_engine.check.prices.grouping import RowFilters, per_columns
from rules_engine.check.prices.prices import price
from rules_engine.check.prices.pricing import Pricing
from rules_engine.check.written.guarantee import demand_group, demand_guarantee_period
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, framed
from rules_engine.core.expressions import Arithmetic, Expression, Priced, Step
from rules_engine.core.program import Clause, Papers
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block, Value

PHRASES = {
    "revenue": ("revenue", "收入"),
    "cost": ("cost", "成本"),
    "points": ("deduction points", "扣点"),
    "guaranteed": ("guaranteed margin", "保证毛利"),
    "actual": ("actual margin", "实际毛利"),
    "shortfall": ("shortfall", "毛利缺口"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; whether the two parts are judged separately or together must be written."""
    fields = of_block(block, env)
    fields.allow({*SHARED, *kind.fields} - {"on", "rate", "amount", "free", "tiers", "qualify_on", "baseline"})
    demand_group(fields, env)
    demand_guarantee_period(fields, env)
    per = per_columns(fields)
    revenue, cost = (money(fields, key, per, env) for key in ("revenue", "cost"))
    points, guaranteed = (priced(fields, key, revenue, per, env) for key in ("deduction", "protection"))
    judged = among(fields.get("judged"), ("separately", "together")) or demand_judged(fields, env)
    margin = Step("actual", Arithmetic("-", (Step("revenue", revenue), Step("cost", cost)), Unit.MONEY))
    if judged == "together":
        target: Expression = Arithmetic("+", (points, guaranteed), Unit.MONEY)
        return framed(block, fields, per, Earned(lacking("shortfall", Step("guaranteed", target), margin), revenue), env, kind)
    both = Arithmetic("+", (Step("points", points), lacking("shortfall", Step("guaranteed", guaranteed), margin)), Unit.MONEY)
    return framed(block, fields, per, Earned(both, revenue), env, kind)


def money(fields: Fields, key: str, per: tuple[str, ...], env: Environment) -> Expression:
    """Revenue or cost."""
    field = fields.get(key)
    if field is None:
        missing(fields, key, env)
    return amount_of(field, per, env)


def priced(fields: Fields, key: str, revenue: Expression, per: tuple[str, ...], env: Environment) -> Expression:
    """One part of the headline rate on the revenue."""
    field = fields.get(key)
    written = next((item for item in field.items if isinstance(item, Value)), None) if field else None
    if written is None:
        missing(fields, key, env)
    pricing = Pricing(WindowScope(env, per), Unit.MONEY, Unit.MONEY, Unit.MONEY, RowFilters(env, revenue, per))
    return Priced(revenue, price(written, pricing))


def missing(fields: Fields, key: str, env: Environment) -> NoReturn:
    """Refuse a composite margin without one of its four figures."""
    env.refuse(
        "SE0201",
        fields.span,
        why=(f"the composite margin has no `{key}`.", "综合毛保缺少收入、成本、扣点或毛保之一。"),
        fix=(
            "revenue gmv\ncost cost_of_sales\ndeduction 10%\nprotection 10%\njudged separately",
            "收入 净销售额\n成本 销售成本\n扣点 10%\n毛保 10%\n判定 分别",
        ),
    )


def demand_judged(fields: Fields, env: Environment) -> str:
    """Refuse the headline alone: the two structures pay different money."""
    env.refuse(
        "SE0505",
        fields.span,
        why=(
            (
                "20% as 10% deduction and 10% protection can be judged two ways. Sold at 100.00 with a cost of 80.00: separately 10.00 is due,\n"
                "together nothing. 10.00 lies between the two on one unit."
            ),
            "综合毛保 20%（扣点 10% + 毛保 10%）有两种算法。售价 100.00、成本 80.00：分别核算应付 10.00，合并核算为零，一件就相差 10.00。",
        ),
        fix=("judged separately", "判定 分别"),
    )


CLAUSE = ClauseKind(
    "composite_margin",
    ("Composite margin", "综合毛保"),
    "supplier",
    Papers("supplier", "invoice_discount", "contract"),
    elaborate,
    ("revenue", "cost", "deduction", "protection", "judged"),
    PHRASES,
)
