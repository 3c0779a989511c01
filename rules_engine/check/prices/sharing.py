"""One amount shared: among payees, over groups by weight, over days."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, first, group, items, words
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.prices.earning import demand_columns
from rules_engine.check.prices.grouping import COLUMNS
from rules_engine.check.windows import refuse_shares
from rules_engine.core.program import Share, Spread
from rules_engine.syntax.tree import DateLiteral, Group, Name, Number


def shares(fields: Fields, payer: str, env: Environment) -> tuple[Share, ...]:
    """`to A 35%, B 15%, rest C`; the shares add up to the whole. A party that pays says to whom."""
    field = fields.get("to")
    if field is None:
        if payer not in ("platform", "supplier"):
            refuse_no_payee(payer, fields, env)
        return ()
    found = [
        Share(payee(first(item, Name), env), number.value / 100 if (number := first(item, Number)) else None)
        for item in items(field, Group)
    ]
    single = first(field, Name)
    if single is not None:
        return (Share(payee(single, env), None),)
    total = sum((item.share for item in found if item.share is not None), Decimal(0))
    rest = any(item.share is None for item in found)
    if total > 1 or (total < 1 and not rest):
        refuse_shares(total, field.span, env)
    return tuple(found)


FUNDERS = ("platform", "supplier", "government")


def funding(fields: Fields, payer: str, env: Environment) -> tuple[Share, ...]:
    """`funded supplier 60%, platform 30%, rest government`; the payer is among those who fund."""
    field = fields.get("funded")
    if field is None:
        return ()
    names = [first(item, Name) for item in items(field, Group)] or [first(field, Name)]
    for name in names:
        assert name is not None
        if name.id not in FUNDERS:
            payee(name, env)
    found = tuple(
        Share(name.id, number.value / 100 if (number := first(item, Number)) else None)
        for item in items(field, Group)
        if (name := first(item, Name)) is not None
    )
    found = found or tuple(Share(name.id, None) for name in names if name is not None)
    total = sum((item.share for item in found if item.share is not None), Decimal(0))
    if total > 1 or (total < 1 and all(item.share is not None for item in found)):
        refuse_shares(total, field.span, env)
    if payer not in [item.party for item in found]:
        env.refuse(
            "SE0594",
            field.span,
            why=(
                f"the {payer} pays this line and funds none of it: of 100.00 nothing would be due.",
                f"本条款由{'供应商' if payer == 'supplier' else '平台'}支付，却不承担任何部分：100.00 中应付为零。",
            ),
            fix=(f"funded {payer} 60%, rest platform", "承担 供应商 60%, 其余归 平台"),
        )
    return found


def refuse_no_payee(payer: str, fields: Fields, env: Environment) -> NoReturn:
    """What a third party pays goes to the platform or to the supplier: it must be written which."""
    env.refuse(
        "SE0595",
        fields.span_of("paid_by"),
        why=(
            f"`{payer}` pays, and it is not said whom: 100.00 to the platform leave the supplier's payout as it is, to the supplier they raise it by 100.00.",
            f"由“{payer}”支付，但没有写明付给谁：付给平台则供应商的付款不变，付给供应商则增加 100.00。",
        ),
        fix=(f"paid by {payer} to platform", f"付款方 {payer} 至 平台"),
    )


def payee(name: Name | None, env: Environment) -> str:
    """A declared party, the platform or the supplier."""
    assert name is not None
    if name.id not in env.parties and name.id not in ("platform", "supplier"):
        env.refuse(
            "SE0308",
            name.span,
            why=(f"no party is called `{name.id}`.", f"没有名为“{name.id}”的参与方。"),
            fix=(f'party {name.id} "…"', f'参与方 {name.id} "…"'),
        )
    return name.id


def spread(fields: Fields, per: tuple[str, ...], env: Environment) -> Spread | None:
    """`spread over X by M`, `spread over document in date order`, `spread by day from A to B`."""
    over = fields.get("spread_over")
    if over is not None:
        name = first(over, Name)
        assert name is not None
        column = next(iter(COLUMNS.get(name.id, (name.id,))), "")
        if "in_date_order" in words(over):
            return Spread("document_order", column)
        weight = group(over, "by")
        assert weight is not None
        shared = expression(weight.items[0], WindowScope(env, per))  # type: ignore[arg-type]
        demand_columns(shared, (column,), over.span, env)
        return Spread("weight", column, shared)
    by_day = fields.get("spread_by_day")
    if by_day is None:
        return None
    days = [item.value for item in items(by_day, DateLiteral)]
    start, last = days if len(days) == 2 else (env.header.start, env.header.end - timedelta(days=1))
    if last < start:
        env.refuse(
            "SE0209",
            by_day.span,
            why=(f"{last} lies before {start}, so there is no day to spread over.", f"{last} 早于 {start}，没有可分摊的日子。"),
            fix=("write the earlier day first.", "先写较早的日期。"),
        )
    return Spread("day", start=start, end=last + timedelta(days=1))
