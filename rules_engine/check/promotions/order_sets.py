"""Sets of units within an order: every second at half price, buy two get one, any three for 99; and what must be written with them."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, among, group, items, words
from rules_engine.check.meaning.whole import whole
from rules_engine.check.meaning.wording import added, plain, word
from rules_engine.core.order_promotion import Reduction
from rules_engine.source import Span
from rules_engine.syntax.tree import Field, Number

SETS = ("buy", "any_units")
LINED_UP = {"sets_from_the_dearest": "dearest", "sets_from_the_cheapest": "cheapest", "the_cheapest_of_the_order": "lowest"}
MIXED = ("of_one_sku", "of_any_sku")
MOST_UNITS = 1_000
TOP = 100


def set_reduction(fields: Fields, field: Field, env: Environment) -> Reduction:
    """The reduction that `buy …` or `any …` writes."""
    refuse_counted(fields, env)
    repeated = group(field, "up_to_most")
    times = next((whole(bound, env) for bound in items(repeated, Number)), None) if repeated else None
    figures = [each.value for each in items(field, Number)]
    if field.key == "any_units":
        size, got, (kind, amount) = figures[0], Decimal(1), ("set_price", figures[-1])
    else:
        size, got, (kind, amount) = figures[0] + figures[1], figures[1], _price(field)
    if any(each != int(each) or each < 1 for each in (size, got, size - got if field.key == "buy" else size)) or size > MOST_UNITS:
        refuse_set(field.span, env)
    if kind == "set_share" and amount >= 1:
        refuse_set(field.span, env)
    named = among(field, LINED_UP)
    if not named or (field.key == "any_units" and named == "the_cheapest_of_the_order"):
        demand_line_up(field, int(size), int(got), kind, amount, env)
    if field.key == "buy" and not among(field, MIXED):
        demand_mixed(field, int(size), int(got), kind, amount, env)
    return Reduction(
        kind, amount, times=times, size=int(size), got=int(got), line_up=LINED_UP[named], apart="of_one_sku" in words(field)
    )


def _price(field: Field) -> tuple[str, Decimal]:
    """What the cheaper units cost: a share of their price, or so much each; without a price they are free."""
    if "half_price" in words(field):
        return "set_share", Decimal("0.5")
    charged = group(field, "charged_at")
    number = next(items(charged, Number)) if charged else None
    if number is None:
        return "set_unit", Decimal(0)
    return ("set_share", number.value / 100) if number.unit == "percent" else ("set_unit", number.value)


def refuse_counted(fields: Fields, env: Environment) -> None:
    """Excluded goods are in no set, so they cannot count towards one."""
    excluded = fields.get("excluded")
    if excluded is not None and "counted_towards_the_threshold" in words(excluded):
        env.refuse(
            "SE0282",
            excluded.span,
            why=("goods that are excluded are in no set: there is no threshold they could count towards.", "除外商品不参与成组，没有可计入的门槛。"),
            fix=(
                f"write `{word('not_counted_towards_the_threshold', 'en')}`.",
                f"写成“{word('not_counted_towards_the_threshold', 'zh')}”。",
            ),
        )


def refuse_set(span: Span, env: Environment) -> NoReturn:
    """A set has whole units, some paid in full, and the others cost less."""
    env.refuse(
        "SE0282",
        span,
        why=(
            f"a set has whole units, {MOST_UNITS:,} at most: some are paid in full, and the others cost less than their price.",
            f"一组由整件组成，最多 {MOST_UNITS:,} 件：一部分按原价，其余低于原价。",
        ),
        fix=("buy 2 get 1 free, of any sku, in sets from the dearest", "买 2 送 1, 不限商品, 从高到低成组"),
    )


def demand_line_up(field: Field, size: int, got: int, kind: str, amount: Decimal, env: Environment) -> NoReturn:
    """Which units make a set decides the money; it must be written."""
    prices = [Decimal(TOP + 10 * place) for place in range(2 * size + 1 if field.key == "buy" else size + 1)][::-1]
    cut = {name: _off(prices, size, got, kind, amount, name) for name in ("dearest", "cheapest", "lowest")}
    shown = [cut["dearest"], cut["cheapest"]]
    listed = ", ".join(plain(each) for each in prices[:6]) + (" …" if len(prices) > 6 else "")
    english = f"of an order of {len(prices)} units at {listed}, sets from the dearest take off {plain(shown[0])}, sets from the cheapest {plain(shown[1])}"
    chinese = f"一笔 {len(prices)} 件的订单，单价 {listed}：从高到低成组减 {plain(shown[0])}，从低到高成组减 {plain(shown[1])}"
    if field.key == "buy":
        english += f",\nand the cheapest of the order {plain(cut['lowest'])}"
        chinese += f"，\n整单价低者减 {plain(cut['lowest'])}"
    missing = ["sets_from_the_dearest"] if field.key == "any_units" or among(field, MIXED) else ["of_one_sku", "sets_from_the_dearest"]
    tail = ("".join(f", {word(name, 'en')}" for name in missing), "".join(f", {word(name, 'zh')}" for name in missing))
    env.refuse(
        "SE0598",
        field.span,
        why=(f"{english}.", f"{chinese}。"),
        fix=added(field.span, tail, ("any 3 units for 99, in sets from the dearest", "任选 3 件 售价 99, 从高到低成组"), env),
    )


def demand_mixed(field: Field, size: int, got: int, kind: str, amount: Decimal, env: Environment) -> NoReturn:
    """Whether different goods make a set together; it must be written."""
    prices = [Decimal(TOP), *[Decimal(60)] * (size - 1)]
    off = plain(_off(prices, size, got, kind, amount, "dearest"))
    env.refuse(
        "SE0598",
        field.span,
        why=(
            f"one unit of a good at {plain(prices[0])} and {size - 1} of another at 60.00: together they make a set and save {off}, apart they save nothing.",
            f"一件甲 {plain(prices[0])} 与 {size - 1} 件乙 60.00：可混搭则成一组，减 {off}；须同一商品则不减。",
        ),
        fix=added(
            field.span, (f", {word('of_one_sku', 'en')}", f", {word('of_one_sku', 'zh')}"),
            ("buy 1 get 1 half price, of one sku, in sets from the dearest", "第 2 件 半价, 同一商品, 从高到低成组"), env,
        ),
    )  # fmt: skip


def _off(prices: list[Decimal], size: int, got: int, kind: str, amount: Decimal, line_up: str) -> Decimal:
    """What the units, dearest first, are cheaper by; a worked example, one unit at a time."""
    row = prices if line_up == "dearest" else prices[::-1]
    sets = [row[at : at + size] for at in range(0, len(row) - size + 1, size)]
    if kind == "set_price":
        return sum((max(Decimal(0), sum(each, Decimal(0)) - amount) for each in sets), Decimal(0))
    if line_up == "lowest":
        sets = [row]
        got *= len(row) // size
    cheaper = [price for each in sets for price in sorted(each)[:got]]
    return sum((price * (1 - amount) if kind == "set_share" else max(Decimal(0), price - amount) for price in cheaper), Decimal(0))
