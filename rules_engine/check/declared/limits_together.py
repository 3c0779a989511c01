"""Limits over the same clause act in the order in which they are written; an order that leaves the amount open is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.expressions import Constant
from rules_engine.core.program import Bound, Limit
from rules_engine.values.period import Period
from rules_engine.values.windows import all_nest, tile


def demand_together(limits: Mapping[str, Limit], env: Environment) -> None:
    """Refuse pairs of limits whose bounds contradict each other, or of which the later cannot tell what the earlier left."""
    for first, second in combinations(limits.values(), 2):
        shared = [name for name in first.members if name in second.members]
        if not shared:
            continue
        contradictions = [*_contradictions(first, second), *_contradictions(second, first)]
        for floor, cap in contradictions:
            _refuse_contradiction(floor, cap, env)
        if not contradictions:
            _demand_order(first, second, shared[0], env)


def _contradictions(low: Limit, high: Limit) -> Iterator[tuple[Bound, Bound]]:
    """Floors of one limit above caps of the other over no fewer clauses."""
    if set(low.members) <= set(high.members):
        for floor in low.bounds:
            for cap in high.bounds:
                facing = floor.side == "least" and cap.side == "most" and floor.window == cap.window
                low_is, high_is = floor.amount, cap.amount
                if facing and isinstance(low_is, Constant) and isinstance(high_is, Constant) and low_is.value > high_is.value:  # type: ignore[operator]
                    yield floor, cap


def _refuse_contradiction(floor: Bound, cap: Bound, env: Environment) -> None:
    assert isinstance(floor.amount, Constant)
    assert isinstance(cap.amount, Constant)
    low, high = floor.amount.value, cap.amount.value
    env.note(
        "SE0213",
        (floor.span, ("the floor", "下限")),
        (cap.span, ("the cap", "上限")),
        why=(
            f"what one limit lifts to {low:,} the other lowers to {high:,}; no amount meets both.",
            f"一个限额补足到 {low:,}，另一个又压到 {high:,}，没有金额能同时满足。",
        ),
        fix=("lower the floor or raise the cap.", "降低下限或提高上限。"),
    )


def _demand_order(first: Limit, second: Limit, shared: str, env: Environment) -> None:
    for early in first.bounds:
        for late in second.bounds:
            if not _nests(early, late, env):
                _refuse(early, late, shared, WIDE_FIRST, ORDER, env)
                return
        if early.side == "least" and not set(first.members) <= set(second.members):
            _refuse(early, second.bounds[0], shared, PARTLY, MEMBERS, env)
            return


def _nests(early: Bound, late: Bound, env: Environment) -> bool:
    header = env.header
    narrow, wide = (
        tile(bound.window or header.settle, Period(header.start, header.end), header.settle, header.year_start, header.ranges)
        for bound in (early, late)
    )
    return all_nest(narrow, wide)


def _refuse(early: Bound, late: Bound, shared: str, why: Both, fix: Both, env: Environment) -> None:
    env.note(
        "SE0298",
        (late.span, (f"acts second on `{shared}`", f"后作用于“{shared}”")),
        (early.span, ("acts first", "先作用")),
        why=why,
        fix=fix,
    )


WIDE_FIRST: Both = (
    (
        "limits act in the order they are written. A clause earns 100.00 in each of two months: at most 120.00 in the year first\n"
        "leaves 120.00, and no month knows its part; at most 50.00 in each month first leaves 100.00. 20.00 lies between the two."
    ),
    (
        "限额按书写顺序作用。某条款两个月各得 100.00：先按全年至多 120.00，余 120.00，而各月分得多少无从得知；\n"
        "先按每月至多 50.00，余 100.00。相差 20.00。"
    ),
)
ORDER: Both = ("write the limit with the shorter window first.", "请把期间较短的限额写在前面。")
PARTLY: Both = (
    (
        "a floor is a line of its own and belongs to no single clause. Two clauses of 30.00 and 20.00 lifted to 100.00, and a cap of\n"
        "40.00 over the second and a third of 30.00: the cap takes 10.00 without the added 50.00, and 60.00 with it."
    ),
    (
        "下限的补足额单独成行，不属于任何一个条款。两条款 30.00 与 20.00 补足到 100.00，另有上限 40.00 作用于后者和第三条款 30.00：\n"
        "不计补足的 50.00 时减 10.00，计入时减 60.00。"
    ),
)
MEMBERS: Both = (
    "let the second limit name every clause of the first, or write the cap first.",
    "请让后一限额包含前一限额的全部条款，或把上限写在前面。",
)
