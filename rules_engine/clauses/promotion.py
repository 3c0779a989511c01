"""Promotion sharing (促销返利): the supplier's share of promotional discounts, recorded ones or those worked out from orders.

From orders, domain.md §3.7: reduction of the order by its threshold → shared over its lines → split among those who fund it.
The line pays the discount less what others bear.
"""

from __future__ import annotations

from rules_engine.check.days import days_of
from rules_engine.check.header import rounding
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition, expression
from rules_engine.check.meaning.fields import Fields, of_block, others, words
from rules_engine.check.meaning.scopes import DocumentScope, WindowScope
from rules_engine.check.meaning.units import expect
from rules_engine.check.prices.earning import Earned, demand_columns
from rules_engine.check.prices.grouping import per_columns
from rules_engine.check.prices.sharing import funding
from rules_engine.check.promotions.order_promotions import (
    REDUCTIONS,
    demand_counting,
    demand_funding,
    demand_return_policy,
    reductions,
    refuse_base,
    refuse_unknown_promotion,
)
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, all_said, framed, payer, plain
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    OrderShare,
    Rounding,
    Source,
    Step,
)
from rules_engine.core.order_promotion import OrderPromotion
from rules_engine.core.program import Clause, Papers, Share
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block, Field, Group, Name, Word

RETURNS = ("customer_return", "after_sale_return")
POLICIES = {"keep_the_reduction": "keep", "recompute": "recompute", "claw_back": "claw_back"}
OWN = (*REDUCTIONS, "excluded", "after_promotions", "returned_orders", "remainder", "check_against_recorded")
UNUSED = {
    "for", "qualify_on", "baseline", "rate", "amount", "tiers", "free", "spread_over", "spread_by_day", "to",
}  # fmt: skip
PHRASES = {
    "discount": ("taken off the orders", "订单优惠"),
    "platform_part": ("borne by the platform", "平台承担"),
    "supplier_part": ("borne by the supplier", "供应商承担"),
    "government_part": ("borne by the government", "政府承担"),
    "other_part": ("borne by others", "其他方承担"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; without a reduction it shares what the documents record."""
    fields = of_block(block, env)
    if not fields.has(*REDUCTIONS):
        return plain(block, env, kind)
    fields.allow({*SHARED, *OWN} - UNUSED)
    per = per_columns(fields)
    with all_said(fields, per, env, kind):
        base = order_base(fields, env)
        demand_columns(base, per, fields.span_of("per"), env)
        paid_by = payer(fields, env, kind)
        demand_funding(fields, env)
        promotion = order_promotion(fields, base, funding(fields, paid_by, env), env)
        earn, paid = earned(promotion, base, paid_by)
        recorded = recorded_discount(fields, base, promotion, env)
        return framed(
            block, fields, per, Earned(earn, paid), env, kind,
            negative="turns_round", funding=(), recorded=recorded, phrases=PHRASES, end=env.header.end,
        )  # fmt: skip


def order_base(fields: Fields, env: Environment) -> Aggregate:
    """The sum of `on`: what the lines cost, over sales, less the returns that bring them back."""
    field = fields.get("on")
    if field is None:
        refuse_base(fields.span, env)
    written = others(field, Word)[0]
    found: Expression
    if isinstance(written, Name) and written.id in env.measure_blocks:
        found = env.measure(written.id, written.span).expression
    else:
        found = expression(written, WindowScope(env))  # type: ignore[arg-type]
    while isinstance(found, MeasureRef) and found.shift is None:
        found = env.measure(found.name, field.span).expression
    if not isinstance(found, Aggregate) or found.op != "sum" or found.unit is not Unit.MONEY or found.item is None:
        refuse_base(field.span, env)
    if any("quantity" not in env.types[source.type].columns for source in found.sources):
        refuse_base(field.span, env)
    return found


def order_promotion(fields: Fields, base: Aggregate, funded: tuple[Share, ...], env: Environment) -> OrderPromotion:
    """What the engine needs to judge an order."""
    sales = tuple(source.type for source in base.sources if source.sign > 0)
    taken_off = tuple(source.type for source in base.sources if source.sign < 0)
    scope = DocumentScope(env, tuple(env.types[name] for name in sales))
    counts, gets = scopes(fields, scope, env)
    mode, to, _ = rounding(fields.get("rounding"), (env.header.rounding, env.header.rounding_place))
    assert base.item is not None
    return OrderPromotion(
        after_others(fields, base.item, env),
        sales,
        taken_off or tuple(name for name in RETURNS if name not in sales),
        on_its_days(base.where, fields, env),
        counts,
        gets,
        reductions(fields, env),
        POLICIES[demand_return_policy(fields, env)],
        "last" if "to_last_line" in words(fields.get("remainder")) else "largest",
        Rounding(mode, to),
        tuple((share.party, share.share) for share in funded),
    )


def on_its_days(where: Expression | None, fields: Fields, env: Environment, of: str = "") -> Expression | None:
    """Sales on the days of the promotion; returns follow theirs whenever they come."""
    if not fields.has("from", "until"):
        return where
    days = days_of(fields, env)
    tests = (
        Compare(">=", Column("date", Unit.DATE, of), Constant(days.start, Unit.DATE)),
        Compare("<", Column("date", Unit.DATE, of), Constant(days.end, Unit.DATE)),
    )
    return Logic("and", tests if where is None else (where, *tests))


def scopes(fields: Fields, scope: DocumentScope, env: Environment) -> tuple[Expression | None, Expression | None]:
    """Which lines count towards the threshold, and which are reduced; None: all."""
    excluded = fields.get("excluded")
    counts = gets = None
    if excluded is not None:
        counted = demand_counting(excluded, env)
        gets = without(read(excluded, scope))
        counts = None if counted else gets
    given = fields.get("gift") or fields.get("redeem")
    if given is not None:
        which = read(given, scope)
        rest = without(which)
        counts = rest if counts is None else Logic("and", (rest, counts))
        gets = which if gets is None else Logic("and", (which, gets))
    return counts, gets


def read(field: Field, scope: DocumentScope) -> Expression:
    """The filter that the field begins with."""
    return condition(others(field, Word, Group)[0], scope)  # type: ignore[arg-type]


def without(which: Expression) -> Expression:
    """Every line but those."""
    return Logic("not", (which,))


def after_others(fields: Fields, value: Expression, env: Environment) -> Expression:
    """The value after the promotions that are taken off first, a single-item cut say."""
    field = fields.get("after_promotions")
    if field is None:
        return value
    for name in (item for item in field.items if isinstance(item, Name)):
        other = env.clause_blocks.get(name.id)
        if other is None or other.kind != "promotion" or not of_block(other, env).has(*REDUCTIONS):
            refuse_unknown_promotion(name, env)
        if name.id in env.under_way:
            refuse_unknown_promotion(name, env)
        inner = of_block(other, env)
        env.under_way.append(name.id)
        try:
            earlier = order_promotion(inner, order_base(inner, env), (), env)
        finally:
            env.under_way.pop()
        value = Arithmetic("-", (value, OrderShare(earlier, "")), Unit.MONEY)
    return value


def earned(promotion: OrderPromotion, base: Aggregate, payer: str) -> tuple[Expression, Aggregate]:
    """The discount less what the others bear, and the payer's part as the base of the line."""
    signs = tuple([Source(name, 1) for name in promotion.sales] + [Source(name, -1) for name in promotion.returns])

    def total(funder: str) -> Aggregate:
        return Aggregate("sum", OrderShare(promotion, funder), signs, base.where, Unit.MONEY, base.span)

    others_parts = [Step(_label(name), total(name)) for name, _ in promotion.funders if name != payer]
    discount: Expression = Step("discount", total(""))
    if others_parts:
        discount = Step(_label(payer), Arithmetic("-", (discount, *others_parts), Unit.MONEY))
    return discount, total(payer)


def _label(name: str) -> str:
    return f"{name}_part" if f"{name}_part" in PHRASES else "other_part"


def recorded_discount(fields: Fields, base: Aggregate, promotion: OrderPromotion, env: Environment) -> Expression | None:
    """What the documents record more than was worked out, where the contract wants both compared."""
    field = fields.get("check_against_recorded")
    if field is None:
        return None
    written = others(field, Word)
    scope = DocumentScope(env, tuple(env.types[name] for name in promotion.sales))
    item = scope.name(Name("platform_discount", field.span)) if not written else expression(written[0], scope)  # type: ignore[arg-type]
    expect(item, Unit.MONEY, "SE0407", field.span, env)
    signs = tuple([Source(name, 1) for name in promotion.sales] + [Source(name, -1) for name in promotion.returns])
    worked_out = Aggregate("sum", OrderShare(promotion, ""), signs, base.where, Unit.MONEY)
    if promotion.taken is base.where:
        return Arithmetic("-", (Aggregate("sum", item, signs, base.where, Unit.MONEY, field.span), worked_out), Unit.MONEY)
    given = Aggregate("sum", item, tuple(Source(name, 1) for name in promotion.sales), promotion.taken, Unit.MONEY, field.span)
    of_sale = on_its_days(base.where, fields, env, "original")
    back = Aggregate("sum", item, tuple(Source(name, 1) for name in promotion.returns), of_sale, Unit.MONEY, field.span)
    return Arithmetic("-", (given, back, worked_out), Unit.MONEY)


CLAUSE = ClauseKind(
    "promotion",
    ("Promotion sharing", "促销返利"),
    "supplier",
    Papers("platform", "cash", "contract"),
    elaborate,
)
