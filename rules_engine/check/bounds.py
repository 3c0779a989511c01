"""`at most` and `at least` of a clause or limit, each with its own window."""

from __future__ import annotations

from itertools import product

from rules_engine.check.environment import Environment
from rules_engine.check.expressions import expression
from rules_engine.check.fields import Fields, others
from rules_engine.check.scopes import WindowScope
from rules_engine.check.units import expect
from rules_engine.check.windows import in_each, proportion, rank
from rules_engine.core.expressions import Constant
from rules_engine.core.program import Bound
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Field, Group, Word
from rules_engine.values.period import WindowSpec

SIDES = {"at_most": "most", "at_least": "least"}


def bounds(fields: Fields, per: tuple[str, ...], period: WindowSpec | None, env: Environment) -> tuple[Bound, ...]:
    """Every bound of the block; a floor above a cap of the same window is refused."""
    found = [(field, bound(field, side, per, period, env)) for key, side in SIDES.items() for field in fields.all(key)]
    for (low_field, low), (high_field, high) in product(found, found):
        if low.side == "least" and high.side == "most" and low.window == high.window:
            check_order(low_field, low, high_field, high, env)
    return tuple(item for _, item in found)


def bound(field: Field, side: str, per: tuple[str, ...], period: WindowSpec | None, env: Environment) -> Bound:
    """One bound in money, its window at least as wide as the clause's."""
    written = others(field, Group, Word)[0]
    amount = expect(expression(written, WindowScope(env, per)), Unit.MONEY, "SE0407", field.span, env)  # type: ignore[arg-type]
    spec = in_each(field, env)
    if spec is None:
        refuse_open_window(field, env)
    if period is not None and spec is not None:
        wide, narrow = rank(spec, env.header.settle), rank(period, env.header.settle)
        if wide is not None and narrow is not None and wide < narrow:
            env.refuse(
                "SE0214",
                field.span,
                why=(
                    f"the bound counts each {spec.kind} and the clause is worked out for the whole {period.kind}: no part of it belongs to one {spec.kind}.",
                    "上下限的期间比条款的周期短，条款金额无法拆到该期间。",
                ),
                fix=(f"in each {period.kind}", "把期间改为与条款周期相同或更长"),
            )
    return Bound(side, amount, spec, proportion(field), field.span)


def refuse_open_window(field: Field, env: Environment) -> None:
    """A bound without a window."""
    env.refuse(
        "SE0507",
        field.span,
        why=(
            (
                "a bound of 200,000.00 without a window holds for each period or for the year: with 60,000.00 earned in each quarter nothing is cut\n"
                "by the quarter, and 40,000.00 by the year."
            ),
            "没有写期间的 200,000.00 上限，可能按每期，也可能按全年：每季度 60,000.00 时，按季度不扣减，按年扣减 40,000.00。",
        ),
        fix=("at most 200,000 in each year", "上限 20万 每年"),
    )


def check_order(low_field: Field, low: Bound, high_field: Field, high: Bound, env: Environment) -> None:
    """A floor above a cap leaves no amount."""
    one, two = low.amount, high.amount
    if isinstance(one, Constant) and isinstance(two, Constant) and one.value > two.value:  # type: ignore[operator]
        env.note(
            "SE0213",
            (low_field.span, (f"at least {one.value:,}", f"至少 {one.value:,}")),
            (high_field.span, (f"at most {two.value:,}", f"至多 {two.value:,}")),
            why=("no amount meets both.", "没有金额能同时满足两者。"),
            fix=("lower the floor or raise the cap.", "降低下限或提高上限。"),
        )
