"""The VAT rates of the header: one on every day of the term, never two, never none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import items, words
from rules_engine.check.meaning.wording import money, plain
from rules_engine.core.program import Dated
from rules_engine.syntax.tree import Field, Number, Row, Value

Rates = tuple[Dated[Decimal], ...]
WHOLE = Decimal(100)
HUNDRED_AND_THIRTEEN = Decimal(113)


def demand_share(rate: Number | None, field: Field, env: Environment) -> None:
    """Refuse a VAT rate of 100% or more: no country has one, and a point is soon lost."""
    if rate is None or rate.value < WHOLE:
        return
    tenth = rate.value / 10
    held, meant = (money(HUNDRED_AND_THIRTEEN * each / (WHOLE + each)) for each in (rate.value, tenth))
    env.note(
        "SE0299",
        field.span,
        why=(
            f"{plain(rate.value)}% of tax: 113.00 would hold {held} of it, at {plain(tenth)}% {meant}.",
            f"税率 {plain(rate.value)}%：113.00 将含税额 {held}，按 {plain(tenth)}% 则为 {meant}。",
        ),
        fix=("vat 13%", "税率 13%"),
    )


def demand_vat_rates(field: Field, rates: Rates, term: tuple[date, date], env: Environment) -> None:
    """Refuse prices without a rate, days of the term that no row covers, and days that two rows cover."""
    if not rates:
        no_rate(field, env)
        return
    for number in (*items(field, Number), *(each for row in items(field, Row) for each in _figures(row))):
        demand_share(number, field, env)
    for first, after in uncovered(rates, term):
        env.note(
            "SE0205",
            field.span,
            why=(
                f"no VAT rate is written for {first} to {after - timedelta(days=1)}: 113.00 would bear no VAT, at 13% it holds 13.00.",
                f"{first} 至 {after - timedelta(days=1)} 没有写明税率：113.00 将不含税额，按 13% 则含税 13.00。",
            ),
            fix=("let each row begin on the day after the one before it ends.", "让每一行从上一行结束的次日开始。"),
        )
    for day in covered_twice(rates):
        env.note(
            "SE0204",
            field.span,
            why=(
                f"two VAT rates are written for {day}, so it is open which one is meant.",
                f"{day} 写了两个税率，无法确定以哪个为准。",
            ),
            fix=("let each row end on the day before the next one begins.", "让每一行在下一行开始的前一日结束。"),
        )


def _figures(row: Row) -> Iterator[Number]:
    """The rate of a dated row."""
    for part in row.price.parts if isinstance(row.price, Value) else ():
        if isinstance(part.amount, Number):
            yield part.amount


def no_rate(field: Field, env: Environment) -> None:
    """Refuse prices whose rate is not written."""
    env.note(
        "SE0504",
        field.span,
        why=(
            "the rate is not written: a price of 113.00 with VAT holds 13.00 of it at 13%, 9.33 at 9%: 3.67 between the two.",
            "没有写明税率：含税价 113.00，按 13% 含税额 13.00，按 9% 含税额 9.33：相差 3.67。",
        ),
        fix=("prices include VAT 13%", "价格 含税 13%")
        if "include_vat" in words(field)
        else ("prices exclude VAT 13%", "价格 不含税 13%"),
    )


def uncovered(rates: Rates, term: tuple[date, date]) -> Iterator[tuple[date, date]]:
    """The stretches of the term, half-open, without a rate."""
    reached = term[0]
    for start, end in sorted((rate.start or date.min, rate.end or date.max) for rate in rates):
        if reached < min(start, term[1]):
            yield reached, min(start, term[1])
        reached = max(reached, end)
    if reached < term[1]:
        yield reached, term[1]


def covered_twice(rates: Rates) -> Iterator[date]:
    """The first day of each overlap."""
    spans = sorted((rate.start or date.min, rate.end or date.max) for rate in rates)
    return (after[0] for before, after in pairwise(spans) if after[0] < before[1])
