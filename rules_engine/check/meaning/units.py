"""The algebra of units: what may be added, multiplied and compared, and what comes out.

A literal without a unit takes the unit it meets; days multiply like plain numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.wording import written
from rules_engine.core.builtin import BUILTIN_COLUMNS
from rules_engine.core.expressions import Arithmetic, Choice, Column, Compare, Constant, Expression, ValueNow
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of, walk
from rules_engine.source import Span

NAMES: dict[Unit, Both] = {
    Unit.MONEY: ("money", "金额"),
    Unit.PERCENT: ("a percentage", "百分比"),
    Unit.QUANTITY: ("a quantity", "数量"),
    Unit.PRICE: ("money per unit", "单价"),
    Unit.NUMBER: ("a plain number", "纯数"),
    Unit.DAYS: ("days", "天数"),
    Unit.DATE: ("a date", "日期"),
    Unit.MOMENT: ("a moment", "时刻"),
    Unit.TEXT: ("a text", "文本"),
    Unit.YES_NO: ("yes or no", "是或否"),
}

PRODUCTS: dict[frozenset[Unit], Unit] = {
    frozenset({Unit.MONEY, Unit.PERCENT}): Unit.MONEY,
    frozenset({Unit.MONEY, Unit.NUMBER}): Unit.MONEY,
    frozenset({Unit.MONEY, Unit.DAYS}): Unit.MONEY,
    frozenset({Unit.QUANTITY, Unit.PRICE}): Unit.MONEY,
    frozenset({Unit.QUANTITY, Unit.PERCENT}): Unit.QUANTITY,
    frozenset({Unit.QUANTITY, Unit.NUMBER}): Unit.QUANTITY,
    frozenset({Unit.QUANTITY, Unit.DAYS}): Unit.QUANTITY,
    frozenset({Unit.PRICE, Unit.PERCENT}): Unit.PRICE,
    frozenset({Unit.PRICE, Unit.NUMBER}): Unit.PRICE,
    frozenset({Unit.PRICE, Unit.DAYS}): Unit.PRICE,
    frozenset({Unit.PERCENT}): Unit.PERCENT,
    frozenset({Unit.PERCENT, Unit.NUMBER}): Unit.PERCENT,
    frozenset({Unit.PERCENT, Unit.DAYS}): Unit.PERCENT,
    frozenset({Unit.NUMBER}): Unit.NUMBER,
    frozenset({Unit.NUMBER, Unit.DAYS}): Unit.NUMBER,
}

QUOTIENTS: dict[tuple[Unit, Unit], Unit] = {
    (Unit.MONEY, Unit.QUANTITY): Unit.PRICE,
    (Unit.MONEY, Unit.PRICE): Unit.QUANTITY,
    (Unit.DAYS, Unit.DAYS): Unit.NUMBER,
    (Unit.NUMBER, Unit.NUMBER): Unit.NUMBER,
    (Unit.PERCENT, Unit.PERCENT): Unit.NUMBER,
}

RATIOS = (Unit.PERCENT, Unit.NUMBER)


def named(unit: Unit) -> Both:
    """The unit in words."""
    return NAMES[unit]


def is_plain(expression: Expression) -> bool:
    """Whether it is made of literals without a unit only."""
    match expression:
        case Constant():
            return expression.unit is Unit.NUMBER
        case Choice():
            return all(is_plain(row.value) for row in expression.rows)
        case ValueNow():
            return expression.unit is Unit.NUMBER
        case Arithmetic():
            return expression.unit is Unit.NUMBER and all(is_plain(item) or is_share(item) for item in expression.operands)
        case _:
            return False


def is_share(expression: Expression) -> bool:
    """Whether it is a literal percentage: a plain number divided by one is a plain number."""
    return isinstance(expression, Constant) and expression.unit is Unit.PERCENT


def adapted(expression: Expression, unit: Unit) -> Expression:
    """A plain literal given the unit it meets; anything else unchanged."""
    if unit not in (Unit.MONEY, Unit.QUANTITY, Unit.PRICE, Unit.DAYS, Unit.PERCENT) or not is_plain(expression):
        return expression
    match expression:
        case Constant() | ValueNow():
            return replace(expression, unit=unit)
        case Choice():
            rows = tuple(replace(row, value=adapted(row.value, unit)) for row in expression.rows)
            return replace(expression, rows=rows, unit=unit)
        case Arithmetic():
            return replace(expression, unit=unit)
        case _:
            return expression


def same(left: Expression, right: Expression) -> tuple[Expression, Expression] | None:
    """Both sides in one unit, or None where no reading makes them one."""
    left, right = adapted(left, unit_of(right)), adapted(right, unit_of(left))
    units = (unit_of(left), unit_of(right))
    if units[0] is units[1] or set(units) == set(RATIOS):
        return left, right
    return None


def sum_of(op: str, left: Expression, right: Expression, span: Span, env: Environment) -> Expression:
    """`left + right` or `left - right`."""
    units = (unit_of(left), unit_of(right))
    if units[0] is Unit.DATE and (units[1] is Unit.DAYS or is_plain(right)):
        return Arithmetic(op, (left, adapted(right, Unit.DAYS)), Unit.DATE, span)
    if op == "-" and units == (Unit.DATE, Unit.DATE):
        return Arithmetic(op, (left, right), Unit.DAYS, span)
    pair = same(left, right)
    if pair is None or unit_of(pair[0]) in (Unit.TEXT, Unit.YES_NO, Unit.DATE, Unit.MOMENT):
        mismatch("SE0401", left, right, span, env)
    return Arithmetic(op, pair, unit_of(pair[0]), span)


def product_of(left: Expression, right: Expression, span: Span, env: Environment) -> Expression:
    """`left * right`."""
    unit = PRODUCTS.get(frozenset({unit_of(left), unit_of(right)}))
    if unit is None:
        mismatch("SE0403", left, right, span, env)
    return Arithmetic("*", (left, right), unit, span)


def quotient_of(left: Expression, right: Expression, span: Span, env: Environment) -> Expression:
    """`left / right`; money by money and quantity by quantity is a percentage."""
    units = (unit_of(left), unit_of(right))
    unit = QUOTIENTS.get(units)
    if units[0] is units[1] and units[0] in (Unit.MONEY, Unit.QUANTITY, Unit.PRICE):
        unit = Unit.PERCENT
    elif unit is None and units[1] in (Unit.NUMBER, Unit.PERCENT, Unit.DAYS):
        unit = units[0] if units[0] not in (Unit.TEXT, Unit.YES_NO, Unit.DATE, Unit.MOMENT) else None
    if unit is None:
        mismatch("SE0403", left, right, span, env)
    return Arithmetic("/", (left, right), unit, span)


def comparison_of(op: str, left: Expression, right: Expression, span: Span, env: Environment) -> Expression:
    """`left op right`; texts and yes/no know only `=` and `!=`."""
    pair = same(left, right)
    if pair is None or (unit_of(pair[0]) in (Unit.TEXT, Unit.YES_NO) and op not in ("=", "!=")):
        mismatch("SE0404", left, right, span, env)
    return Compare(op, pair[0], pair[1], span)


def alike(operands: tuple[Expression, ...], span: Span, env: Environment) -> tuple[Expression, ...]:
    """Operands of `min`, `max` or the branches of a choice in one unit."""
    unit = next((unit_of(item) for item in operands if not is_plain(item)), unit_of(operands[0]))
    fitted = tuple(adapted(item, unit) for item in operands)
    for item in fitted[1:]:
        if same(fitted[0], item) is None:
            mismatch("SE0401", fitted[0], item, span, env)
    return fitted


def expect(expression: Expression, unit: Unit, code: str, span: Span, env: Environment) -> Expression:
    """The expression in `unit`, or a refusal that says what stands there instead."""
    fitted = adapted(expression, unit)
    if unit_of(fitted) is unit or {unit_of(fitted), unit} == set(RATIOS):
        return fitted
    wanted, found = named(unit), named(unit_of(fitted))
    env.refuse(
        code,
        (span, (f"this is {found[0]}", f"这是{found[1]}")),
        why=(f"{wanted[0]} is needed here, and this is {found[0]}.", f"此处需要{wanted[1]}，而这是{found[1]}。"),
        fix=instead(expression, unit, span, env),
    )


def instead(expression: Expression, unit: Unit, span: Span, env: Environment) -> Both:
    """What could be written where another unit is needed."""
    text = written(expression.span, env) or written(span, env)
    match unit, unit_of(expression):
        case ((Unit.MONEY | Unit.QUANTITY), (Unit.PERCENT | Unit.NUMBER)) if text:
            return f"say of what: `{text} of` and a measure's name.", f"写明是什么的百分比：“口径名 的 {text}”。"
        case Unit.MONEY, Unit.QUANTITY:
            return (
                "write the units behind `on` and what one costs behind `rate`: `rate 0.05 per unit`; in a formula `(0.05 per unit) * …`.",
                "件数写在“基数”后，每件金额写在“费率”后：“费率 每件 0.05”；算式中写“(每件 0.05) * …”。",
            )
        case Unit.YES_NO, Unit.DATE:
            return "compare two days: `delivered_on > 2026-03-31`.", "比较两个日期：“妥投日期 > 2026-03-31”。"
        case Unit.YES_NO, _ if text:
            return f"compare it: `{text} > 100`.", f"写成比较：“{text} > 100”。"
        case Unit.DATE | Unit.MOMENT, _:
            return (
                "name a date column such as `ordered_on`, or write a day: `2026-03-31`.",
                "写日期列（如“下单日期”）或日期：“2026-03-31”。",
            )
        case _:
            return f"write {named(unit)[0]} instead.", f"改写为{named(unit)[1]}。"


MISMATCHES: dict[str, tuple[Both, Both]] = {
    "SE0401": (
        ("{0} and {1} have no sum and no difference.", "{0}与{1}不能相加减。"),
        ("give both sides one unit; a share is written `12% of net_sales`.", "两边用同一单位；比例写成“净销售额 的 12%”。"),
    ),
    "SE0403": (
        ("{0} times or divided by {1} gives nothing that could be paid.", "{0}与{1}相乘或相除，得不到可以支付的金额。"),
        (
            "multiply an amount by a percentage or a plain number, and a quantity by a price: `(1.20 per unit)`, or a column of `money per unit`.",
            "金额只能乘以百分比或纯数；数量可乘以单价：“(每件 1.20)”，或类型为“每件金额”的列。",
        ),
    ),
    "SE0404": (
        ("{0} is neither more nor less than {1}.", "{0}与{1}无法比较大小。"),
        ("compare two numbers of one unit, for instance money with money.", "比较同一单位的两个数，例如金额与金额。"),
    ),
}
"""What is wrong with two units side by side, and what to write, by code."""


def own_column(money: Expression) -> bool:
    """Whether it is made of columns that the contract itself declares."""
    columns = [item.name for item in walk(money) if isinstance(item, Column)]
    return bool(columns) and not any(name in BUILTIN_COLUMNS for name in columns)


def price_column(money: Expression, env: Environment) -> Both:
    """What makes units times money payable: the money is what one unit costs, and its column says so."""
    name = next((written(item.span, env) for item in walk(money) if isinstance(item, Column)), "")
    return (
        f"if it is what one unit costs, declare it so: `column {name} money per unit`.",
        f"若是每件的金额，声明为单价列：“列 {name} 每件金额”。",
    )


def mismatch(code: str, left: Expression, right: Expression, span: Span, env: Environment) -> NoReturn:
    """Refuse two units that do not go together, showing both sides."""
    one, two = named(unit_of(left)), named(unit_of(right))
    places = [
        (place, (f"this is {unit[0]}", f"这是{unit[1]}")) for place, unit in ((left.span, one), (right.span, two)) if place.line
    ]
    why, fix = MISMATCHES[code]
    money = left if unit_of(left) is Unit.MONEY else right
    if code == "SE0403" and {unit_of(left), unit_of(right)} == {Unit.QUANTITY, Unit.MONEY} and own_column(money):
        fix = price_column(money, env)
    env.refuse(
        code,
        *(places or [(span, ("here", "此处"))]),
        why=(why[0].format(one[0], two[0]), why[1].format(one[1], two[1])),
        fix=fix,
    )
