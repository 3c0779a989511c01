"""Price protection (库存价保, 调价): the supplier makes good a price cut on goods already delivered, domain.md §3.13.

cut × units of every adjustment; the units are those of its day. Cuts add up and never take a cost below zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition, expression
from rules_engine.check.meaning.fields import Fields, among, group, items, of_block, others
from rules_engine.check.meaning.scopes import DocumentScope, sources
from rules_engine.check.meaning.units import expect
from rules_engine.check.prices.earning import Earned, demand_columns
from rules_engine.check.prices.grouping import per_columns
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, all_said, framed
from rules_engine.core.expressions import Aggregate, Arithmetic, Column, Compare, Constant, Expression, Logic, Source, Step
from rules_engine.core.program import Clause, Papers
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax import tree
from rules_engine.syntax.tree import Block, Field, Group, Name, Word

OWN = ("over", "cut", "protects", "increases")
UNUSED = {"on", "qualify_on", "baseline", "rate", "amount", "tiers", "free", "to"}
SCOPES = ("scope_stock", "scope_transit", "scope_sold", "scope_batch")
PHRASES = {
    "stock": ("stock of the day", "当日在库"),
    "transit": ("in transit", "在途"),
    "sold": ("sold since", "已售"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; which goods are protected and whether increases count must be written."""
    fields = of_block(block, env)
    fields.allow({*SHARED, *kind.fields, "for"} - UNUSED)
    per = per_columns(fields)
    with all_said(fields, per, env, kind):
        over = sources(tuple(items(demanded(fields, "over", env), Name)), 1, env)
        scope = DocumentScope(env, tuple(env.types[source.type] for source in over))
        where = filter_of(fields, scope)
        less = reduction(fields, over, where, scope)
        parts = [
            Step(label, Aggregate("sum", worth(less, units, field, env), over, where, Unit.MONEY, field.span))
            for label, units, field in protected(fields, scope)
        ]
        earn: Expression = parts[0] if len(parts) == 1 else Arithmetic("+", tuple(parts), Unit.MONEY)
        base = whole([part.operand for part in parts], over, where)
        demand_columns(base, per, fields.span_of("per"), env)
        return framed(block, fields, per, Earned(earn, base), env, kind, negative="turns_round")


def demanded(fields: Fields, key: str, env: Environment) -> Field:
    """A field without which nothing can be computed."""
    field = fields.get(key)
    if field is None:
        env.refuse(
            "SE0596",
            fields.span,
            why=(
                (
                    "100 units bought at 80.00, 60 of them in stock, price cut to 75.00: for the stock 300.00 are due, for the whole batch 500.00.\n"
                    "What is cut and which goods are protected must be written."
                ),
                "以 80.00 购入 100 件，在库 60 件，降至 75.00：只保在库应付 300.00，保整批应付 500.00。\n须写明降价与保护范围。",
            ),
            fix=(
                "over      price_adjustments\ncut       old_price to new_price\nprotects  stock in_stock",
                "取自  调价单\n降价  原价 至 新价\n保护  在库 在库数量",
            ),
        )
    return field


def filter_of(fields: Fields, scope: DocumentScope) -> Expression | None:
    """The adjustments that `for` names."""
    field = fields.get("for")
    if field is None:
        return None
    return condition(field.items[0], scope)  # type: ignore[arg-type]


def reduction(fields: Fields, over: tuple[Source, ...], where: Expression | None, scope: DocumentScope) -> Expression:
    """What one unit costs less: from a price to a price, or an amount off a cost that earlier cuts have lowered."""
    env = scope.env
    field = demanded(fields, "cut", env)
    first = price(others(field, Word, Group)[0], scope)
    to, off = group(field, "to"), group(field, "off_cost")
    if off is None and not fields.has("increases"):
        refuse_increases(fields, env)
    increases = among(fields.get("increases"), ("count_too", "do_not_count"))
    if to is not None:
        after = at_least_zero(price(to.items[0], scope))
        first = Arithmetic("-", (first, after), unit_of(first))
    elif off is not None:
        first = cumulated(first, price(off.items[0], scope), over, where)
    return first if increases == "count_too" else at_least_zero(first)


def refuse_increases(fields: Fields, env: Environment) -> NoReturn:
    """A price that rises: owed to the supplier, or nothing."""
    env.refuse(
        "SE0597",
        fields.span,
        why=(
            "60 units in stock and a price raised from 75.00 to 80.00: if increases count, 300.00 are owed to the supplier; if not, nothing. 300.00 lies between.",
            "在库 60 件，价格由 75.00 涨至 80.00：涨价同样计算则应付供应商 300.00，不计则为零。两者相差 300.00。",
        ),
        fix=("increases do not count\n(or `increases count too`)", "涨价 不计\n（或“涨价 同样计算”）"),
    )


def price(node: tree.Item, scope: DocumentScope) -> Expression:
    """Money of one unit."""
    found = expression(node, scope)  # type: ignore[arg-type]
    return found if unit_of(found) is Unit.PRICE else expect(found, Unit.MONEY, "SE0407", node.span, scope.env)


def at_least_zero(found: Expression) -> Expression:
    """Never below nothing."""
    return Arithmetic("max", (Constant(Decimal(0), unit_of(found)), found), unit_of(found))


def cumulated(cut: Expression, cost: Expression, over: tuple[Source, ...], where: Expression | None) -> Expression:
    """What this cut takes off what earlier ones of the same article left: min(cost, all so far) − min(cost, all before)."""
    unit = unit_of(cut)
    before = Aggregate("sum", cut, over, earlier(where), unit)
    so_far = Arithmetic("+", (before, cut), unit)
    return Arithmetic("-", (Arithmetic("min", (cost, so_far), unit), Arithmetic("min", (cost, before), unit)), unit)


def earlier(where: Expression | None) -> Expression:
    """Adjustments of the same article on an earlier day, or on the same with an earlier id or line."""

    def compared(op: str, name: str, unit: Unit) -> Expression:
        return Compare(op, Column(name, unit), Column(name, unit, "this"))

    same_day = compared("=", "date", Unit.DATE)
    same_id = compared("=", "doc_id", Unit.TEXT)
    later_line = Logic("and", (same_day, same_id, compared("<", "line_no", Unit.TEXT)))
    later_id = Logic("and", (same_day, compared("<", "doc_id", Unit.TEXT)))
    sooner = Logic("or", (compared("<", "date", Unit.DATE), later_id, later_line))
    tests = (compared("=", "sku", Unit.TEXT), sooner)
    return Logic("and", tests if where is None else (*tests, where))


def protected(fields: Fields, scope: DocumentScope) -> Iterator[tuple[str, Expression, Field]]:
    """Label and units of every part; a whole batch is its stock and what was sold of it."""
    field = demanded(fields, "protects", scope.env)
    for part in (item for item in items(field, Group) if item.key in SCOPES):
        units = expression(part.items[0], scope)  # type: ignore[arg-type]
        if part.key != "scope_batch":
            yield part.key.removeprefix("scope_"), at_least_zero(units), field
            continue
        left = group(part, "of_which_in_stock")
        assert left is not None
        stock = at_least_zero(expression(left.items[0], scope))  # type: ignore[arg-type]
        yield "stock", stock, field
        yield "sold", at_least_zero(Arithmetic("-", (units, stock), unit_of(units))), field


def worth(less: Expression, units: Expression, field: Field, env: Environment) -> Expression:
    """Cut of one unit times units, in money."""
    if unit_of(units) is not Unit.NUMBER:
        expect(units, Unit.QUANTITY, "SE0409", field.span, env)
    return Arithmetic("*", (less, units), Unit.MONEY, field.span)


def whole(parts: list[Expression], over: tuple[Source, ...], where: Expression | None) -> Aggregate:
    """One aggregate over all parts: the base of the line."""
    worths = tuple(part.item for part in parts if isinstance(part, Aggregate) and part.item is not None)
    item: Expression = worths[0] if len(worths) == 1 else Arithmetic("+", worths, Unit.MONEY)
    return Aggregate("sum", item, over, where, Unit.MONEY)


CLAUSE = ClauseKind(
    "price_protection",
    ("Price protection", "价保"),
    "supplier",
    Papers("supplier", "invoice_discount", "contract"),
    elaborate,
    OWN,
    PHRASES,
)
