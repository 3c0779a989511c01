"""An `amount` without a base: its rows become one choice by group, date and condition."""

from __future__ import annotations

from decimal import Decimal

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition
from rules_engine.check.meaning.fields import items, words
from rules_engine.check.meaning.units import alike
from rules_engine.check.prices.coverage import check_choices
from rules_engine.check.prices.prices import after, parts as price_parts
from rules_engine.check.prices.pricing import Pricing
from rules_engine.core.expressions import Arithmetic, Choice, ChoiceRow, Constant, Expression, Logic, Part, Parts, Row
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax import tree


def lump_choice(field: tree.Field, pricing: Pricing) -> Expression:
    """The amount as an expression of the asking group and window."""
    env = pricing.scope.env
    if "to_be_agreed" in words(field):
        return Constant(Decimal(0), pricing.pays, field.span)
    rows = tuple(items(field, tree.Row))
    if not rows:
        single = next(item for item in field.items if isinstance(item, tree.Value | tree.ValueIf))
        return lump(single, pricing)
    found = [row_of(row, pricing) for row in rows]
    check_choices(tuple(map(proven, rows, found)), picking(field, env), pricing.in_force, env)
    amounts = alike(tuple(row.value for row in found), field.span, env)
    fitted = tuple(
        ChoiceRow(amount, row.when, row.start, row.end, row.otherwise) for row, amount in zip(found, amounts, strict=True)
    )
    if len(fitted) == 1 and fitted[0] == ChoiceRow(fitted[0].value):
        return fitted[0].value
    return Choice(fitted, unit_of(amounts[0]), field.span)


def picking(field: tree.Field, env: Environment) -> str:
    """Which of the rows that hold answers; amounts without documents know one or the first."""
    named = words(field)
    if set(named) & {"all_that_match", "best_for_supplier", "best_for_platform"}:
        env.refuse(
            "SE0216",
            field.span,
            why=(
                "an amount that counts no documents takes one row or the first that matches; adding or comparing them is not available yet.",
                "不按单据计的金额只能取恰有一项或首项符合，暂不支持相加或从优。",
            ),
            fix=("amount first that matches", "金额 首项符合"),
        )
    return "first" if "first_that_matches" in named else "exactly_one"


def proven(row: tree.Row, found: ChoiceRow) -> Row:
    """The row as interval analysis reads it."""
    amount = Parts((Part("lump", found.value),))
    return Row(amount, found.when, None, found.start, found.end, found.otherwise, row.span)


def row_of(row: tree.Row, pricing: Pricing) -> ChoiceRow:
    """One row: its group, condition and dates."""
    tests = []
    if row.names:
        tests.append(pricing.filters.names(row.names, row.span))
    if row.where is not None:
        tests.append(pricing.filters.where(row.where))
    if row.when is not None:
        tests.append(condition(row.when, pricing.scope))
    when = None if not tests else tests[0] if len(tests) == 1 else Logic("and", tuple(tests), row.span)
    return ChoiceRow(lump(row.price, pricing), when, row.start, after(row.end), row.otherwise)


def lump(price: tree.Price, pricing: Pricing) -> Expression:
    """A value that multiplies nothing, as an expression."""
    env = pricing.scope.env
    match price:
        case tree.Value():
            return added(price_parts(price, pricing), pricing.pays)
        case tree.ValueIf():
            test = condition(price.condition, pricing.scope)
            one, two = alike((lump(price.then, pricing), lump(price.otherwise, pricing)), price.span, env)
            return Choice((ChoiceRow(one, when=test), ChoiceRow(two, otherwise=True)), unit_of(one), price.span)
        case tree.Ladder() | tree.Rows():
            env.refuse(
                "SE0201",
                price.span,
                why=("tiers need a base that picks the tier.", "阶梯需要一个确定档位的基数。"),
                fix=("on purchases", "基数 采购额"),
            )


def added(price: Parts, pays: Unit) -> Expression:
    """The sum of the parts between floor and cap."""
    amounts = tuple(part.amount for part in price.parts)
    total: Expression = Constant(Decimal(0), pays, price.span)
    if amounts:
        total = amounts[0]
        for amount in amounts[1:]:
            total = Arithmetic("+", (total, amount), unit_of(total), price.span)
    if price.floor is not None:
        total = Arithmetic("max", (total, added(price.floor, pays)), unit_of(total), price.span)
    if price.cap is not None:
        total = Arithmetic("min", (total, added(price.cap, pays)), unit_of(total), price.span)
    return total
