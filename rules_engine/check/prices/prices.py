"""Prices of the text become core prices: values, rows and ladders, checked against the unit of their base."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition, expression
from rules_engine.check.meaning.units import adapted, expect, named
from rules_engine.check.prices.along import along, demand_cuttable
from rules_engine.check.prices.coverage import check_rows
from rules_engine.check.prices.intervals import check_bands
from rules_engine.check.prices.pricing import Pricing
from rules_engine.core.expressions import Band, Constant, Expression, Ladder, Logic, Part, Parts, Price, Row, Table
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.source import Span
from rules_engine.syntax import tree

ONE_DAY = timedelta(days=1)


def after(day: date | None) -> date | None:
    """The first day after a written last day."""
    return None if day is None else day + ONE_DAY


def price(node: tree.Price, pricing: Pricing) -> Price:
    """A value, a conditional value or a ladder."""
    match node:
        case tree.Value():
            return parts(node, pricing)
        case tree.ValueIf():
            test = condition(node.condition, pricing.scope)
            rows = (
                Row(price(node.then, pricing), when=test, span=node.then.span),
                Row(price(node.otherwise, pricing), otherwise=True, span=node.otherwise.span),
            )
            return Table(rows, "first", span=node.span)
        case tree.Ladder():
            return ladder(node, pricing)
        case tree.Rows():
            return table(node.rows, "exactly_one", pricing, node.span)


def parts(node: tree.Value, pricing: Pricing) -> Parts:
    """Summands with their floor and cap; `none` is no summand."""
    summands = tuple(part(item, pricing) for item in node.parts if item.kind != "none")
    floor = parts(node.at_least, pricing) if node.at_least else None
    cap = parts(node.at_most, pricing) if node.at_most else None
    if floor and cap and _lump(floor) > _lump(cap):
        pricing.scope.env.refuse(
            "SE0213",
            (floor.span, ("the floor", "下限")),
            (cap.span, ("the cap", "上限")),
            why=(
                f"no amount is at least {_lump(floor)} and at most {_lump(cap)}.",
                f"没有金额能既不低于 {_lump(floor)} 又不高于 {_lump(cap)}。",
            ),
            fix=("lower the floor or raise the cap.", "降低下限或提高上限。"),
        )
    return Parts(summands, floor, cap, node.span)


def _lump(bound: Parts) -> Decimal:
    amounts = [item.amount.value for item in bound.parts if isinstance(item.amount, Constant)]
    return next((value for value in amounts if isinstance(value, Decimal)), Decimal(0))


def part(node: tree.Part, pricing: Pricing) -> Part:
    """One summand, checked against the unit of the base."""
    assert node.amount is not None
    amount = expression(node.amount, pricing.scope)
    match node.kind:
        case "per" | "units" if node.unit:
            return per_unit(node, amount, pricing)
        case _ if unit_of(amount) is Unit.PERCENT and pricing.pays is not Unit.PERCENT:
            return share(node, amount, pricing)
        case _ if unit_of(amount) is Unit.PRICE and pricing.base is Unit.QUANTITY:
            return Part("per", amount, span=node.span)
        case _:
            kind = "lump" if isinstance(amount, Constant) else "formula"
            return Part(kind, expect(amount, pricing.pays, "SE0407", node.span, pricing.scope.env), span=node.span)


def share(node: tree.Part, amount: Expression, pricing: Pricing) -> Part:
    """A percentage of the base."""
    if pricing.base is not pricing.pays:
        found = named(pricing.base)[0:2] if pricing.base else ("nothing", "没有基数")
        pricing.scope.env.refuse(
            "SE0405",
            node.span,
            why=(
                f"a percentage here has to pay {named(pricing.pays)[0]}, and its base is {found[0]}.",
                f"百分比在此应得出{named(pricing.pays)[1]}，而基数是{found[1]}。",
            ),
            fix=(
                "write a sum of money behind `on`, or a price: `rate 0.05 per unit`.",
                "在“基数”后写金额的合计，或改为单价：“点位 每件 0.05”。",
            ),
        )
    return Part("rate", amount, span=node.span)


def per_unit(node: tree.Part, amount: Expression, pricing: Pricing) -> Part:
    """Money per unit of the base, per started or full N of it, or per document."""
    if not pricing.multiplies:
        pricing.scope.env.refuse(
            "SE0409",
            node.span,
            why=("a price per unit needs a base that counts units.", "按件计价需要一个计数的基数。"),
            fix=("on sum of quantity over sales", "基数 合计 数量 取自 销售单"),
        )
    paid = adapted(amount, pricing.pays)
    if unit_of(paid) is not pricing.pays and unit_of(paid) in (Unit.PERCENT, Unit.QUANTITY):
        expect(paid, pricing.pays, "SE0407", node.span, pricing.scope.env)
    if node.unit == "document":
        return Part("per_document", paid, node.count, node.step or "exact", node.span)
    if pricing.base is Unit.MONEY and node.unit not in ("", "money"):
        pricing.scope.env.refuse(
            "SE0409",
            node.span,
            why=(
                "the base is an amount of money and has no units: 1,000.00 of sales may be 10 units or 100, and 0.05 each is 0.50 or 5.00.",
                "基数是金额，没有件数：1,000.00 的销售可能是 10 件，也可能是 100 件，每件 0.05 则为 0.50 或 5.00。",
            ),
            fix=("on sum of quantity over sales\n(or a percentage)", "基数 合计 数量 取自 销售单\n（或写百分比）"),
        )
    if (pricing.base is Unit.MONEY) != (node.unit == "money"):
        refuse_money_lots(node, pricing.scope.env)
    return Part("per", paid, node.count, node.step or "exact", node.span)


def refuse_money_lots(node: tree.Part, env: Environment) -> NoReturn:
    """Lots of money on a base that counts units."""
    env.refuse(
        "SE0409",
        node.span,
        why=(
            "the base counts units and the lots are money: 600 units are two lots of 300.00 only if a unit costs 1.00.",
            "基数是数量，而每份是金额：600 件只有在每件 1.00 时才是两份 300.00。",
        ),
        fix=("on sum of paid over sales\n(or `per full 300 units`)", "基数 合计 实付 取自 销售单\n（或“每满 300 件”）"),
    )


def ladder(node: tree.Ladder, pricing: Pricing) -> Ladder:
    """Bands with their bounds; how they are read and whether bounds rise is checked."""
    if node.along:
        pricing = along(node, pricing)
    refuse_parameter(node, pricing.scope.env)
    at_zero = next((price(band.price, pricing) for band in node.bands if band.style == "at_zero"), None)
    written = tuple(band for band in node.bands if band.style != "at_zero")
    if not written:
        refuse_only_at_zero(node.span, pricing.scope.env)
    bounds = tuple(bound(band, pricing) for band in written)
    check_bands(node, written, bounds, pricing.scope.env)
    prices = tuple(price(band.price, pricing) for band in written)
    styles = {band.style for band in written}
    includes = "upper" if styles & {"up_to", "over"} else "lower"
    made = Ladder(node.reading, includes, joined(written, bounds, prices), at_zero, node.span, node.along)
    if node.along:
        demand_cuttable(made, pricing.scope.env)
    return made


def refuse_parameter(node: tree.Ladder, env: Environment) -> None:
    """Bands that a parameter would give, outside a template."""
    for band in node.bands:
        if band.style == "bands":
            env.refuse(
                "SE0293",
                band.span,
                why=("only a template has parameters; nothing gives these bands.", "只有模板才有参数，此处的档位无从取得。"),
                fix=("write the bands, a line each.", "请逐行写出各档。"),
            )


def bound(band: tree.Band, pricing: Pricing) -> Expression:
    """A band's bound in the unit of the base that picks the band."""
    assert band.bound is not None
    found = expression(band.bound, pricing.scope)
    wanted = pricing.qualify or Unit.MONEY
    return expect(found, wanted, "SE0402", band.bound.span, pricing.scope.env)


def joined(written: tuple[tree.Band, ...], bounds: tuple[Expression, ...], prices: tuple[Price, ...]) -> tuple[Band, ...]:
    """Each band from where the one before it ends: `up to`/`below` name its upper end, the others its lower end."""
    bands: list[Band] = []
    last: Expression | None = None
    for band, limit, amount in zip(written, bounds, prices, strict=True):
        if band.style in ("up_to", "below"):
            bands.append(Band(last, limit, amount, band.span))
            last = limit
        else:
            if bands and bands[-1].upper is None:
                before = bands[-1]
                bands[-1] = Band(before.lower, limit, before.price, before.span)
            bands.append(Band(limit, None, amount, band.span))
            last = limit
    return tuple(bands)


def table(rows: tuple[tree.Row, ...], pick: str, pricing: Pricing, span: Span) -> Price:
    """Rows of a price. One plain row is its price; filters, dates and conditions make a table."""
    at_zero = next((price(row.price, pricing) for row in rows if row.at_zero), None)
    written = tuple(row for row in rows if not row.at_zero)
    if not written:
        refuse_only_at_zero(span, pricing.scope.env)
    found = tuple(table_row(row, pricing) for row in written)
    check_rows(found, pick, pricing.in_force, pricing.scope.env)
    plain = len(found) == 1 and found[0] == Row(found[0].price, span=found[0].span)
    if plain and at_zero is None:
        return found[0].price
    return Table(found, pick, at_zero, span)


def refuse_only_at_zero(span: Span, env: Environment) -> NoReturn:
    """A price for a base of nothing, and none for any other."""
    env.refuse(
        "SE0201",
        span,
        why=("only a base of zero has a price; every other base has none.", "只写了基数为零时的价格，其他基数没有价格。"),
        fix=("5%", "5%"),
    )


def table_row(row: tree.Row, pricing: Pricing) -> Row:
    """One row with its filter, dates (made half-open) and condition."""
    named_filter = pricing.filters.names(row.names, row.span) if row.names else None
    written = pricing.filters.where(row.where) if row.where is not None else None
    both = tuple(item for item in (named_filter, written) if item is not None)
    where = Logic("and", both, row.span) if len(both) == 2 else next(iter(both), None)
    when = condition(row.when, pricing.scope) if row.when is not None else None
    amount = price(row.price, pricing)
    return Row(amount, where, when, row.start, after(row.end), row.otherwise, row.span)
