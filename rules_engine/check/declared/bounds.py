"""`at most` and `at least` of a clause or limit, each with its own window."""

from __future__ import annotations

from itertools import product

from rules_engine.check.days import days_of
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, others
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.units import expect
from rules_engine.check.meaning.wording import span_of_time, word
from rules_engine.check.windows import CALENDAR, in_each, proportion
from rules_engine.check.written.bound_window import refuse_open_window
from rules_engine.check.written.cut_window import demand_bound_proportion
from rules_engine.core.expressions import Constant
from rules_engine.core.program import Bound
from rules_engine.core.units import Unit
from rules_engine.source import Span
from rules_engine.syntax.tree import Field, Group, Word
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.windows import all_nest, tile

SIDES = {"at_most": "most", "at_least": "least"}


def bounds(fields: Fields, per: tuple[str, ...], period: WindowSpec | None, env: Environment) -> tuple[Bound, ...]:
    """Every bound of the block; a floor above a cap of the same window is refused."""
    found = [(field, bound(field, side, per, period, fields, env)) for key, side in SIDES.items() for field in fields.all(key)]
    for (low_field, low), (high_field, high) in product(found, found):
        if low.side == "least" and high.side == "most" and low.window == high.window:
            check_order(low_field, low, high_field, high, env)
    return tuple(item for _, item in found)


def bound(field: Field, side: str, per: tuple[str, ...], period: WindowSpec | None, fields: Fields, env: Environment) -> Bound:
    """One bound in money, its window at least as wide as the clause's."""
    written = others(field, Group, Word)[0]
    counted = Unit.QUANTITY if fields.has("free") else Unit.MONEY
    amount = expect(expression(written, WindowScope(env, per)), counted, "SE0407", written.span, env)  # type: ignore[arg-type]
    spec = in_each(field, env)
    if spec is None:
        refuse_open_window(field, side, amount, env)
    if spec is not None:
        if period is not None:
            check_width(spec, period, field.span, env)
        demand_bound_proportion(field, amount, spec, days_of(fields, env), env)
    return Bound(side, amount, spec, proportion(field, amount, env), field.span)


def check_width(spec: WindowSpec, period: WindowSpec, span: Span, env: Environment) -> None:
    """Refuse a bound whose windows cut those the clause is worked out in: shorter ones, or weeks in months."""
    header = env.header
    wide, narrow = (
        tile(one, Period(header.start, header.end), header.settle, header.year_start, header.ranges)
        if one.kind in CALENDAR
        else ()
        for one in (spec, period)
    )
    if not wide or all_nest(narrow, wide):
        return
    one, two = ((span_of_time(spec, language), span_of_time(period, language)) for language in ("en", "zh"))
    env.refuse(
        "SE0214",
        span,
        why=(
            f"the bound counts each {one[0]} and the clause is worked out for a whole {one[1]}: no part of it belongs to one {one[0]}.",
            f"上下限按每{two[0]}计，而条款按整个{two[1]}计算：没有哪一部分属于某个{two[0]}。",
        ),
        fix=(word(f"in_each_{period.kind}", "en"), word(f"in_each_{period.kind}", "zh")),
    )


def check_order(low_field: Field, low: Bound, high_field: Field, high: Bound, env: Environment) -> None:
    """A floor above a cap leaves no amount."""
    one, two = low.amount, high.amount
    if isinstance(one, Constant) and isinstance(two, Constant) and one.value > two.value:  # type: ignore[operator]
        env.note(
            "SE0213",
            (low_field.span, ("the floor", "下限")),
            (high_field.span, ("the cap", "上限")),
            why=(
                f"no amount is at least {one.value:,} and at most {two.value:,}.",
                f"没有金额能既不低于 {one.value:,} 又不高于 {two.value:,}。",
            ),
            fix=("lower the floor or raise the cap.", "降低下限或提高上限。"),
        )
