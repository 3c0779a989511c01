"""Caps and floors against what they bound: a cap below a floor, a cap never reached, a floor that is all there ever is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules_engine.check.knowledge.numbers import constant, money
from rules_engine.check.knowledge.reach import Reach, priced, reach
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.expressions import Parts
from rules_engine.core.program import Bound, Clause, Header, Program
from rules_engine.core.walk import prices
from rules_engine.source import Span
from rules_engine.values.period import WindowSpec

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def windows_in(narrow: WindowSpec, wide: WindowSpec | None, header: Header) -> int | None:
    """How many narrow windows fill a wide one; None where the calendar decides."""
    if wide is None or wide == narrow:
        return 1
    small, large = (header.settle.kind if item.kind == "settlement" else item.kind for item in (narrow, wide))
    if small == large:
        return 1
    if small not in MONTHS or large not in MONTHS or MONTHS[large] % MONTHS[small]:
        return None
    return MONTHS[large] // MONTHS[small]


def amounts(clause: Clause, side: str) -> Iterator[tuple[Bound, Fraction]]:
    """The clause's bounds of one side that are numbers."""
    for bound in clause.bounds:
        limit = constant(bound.amount)
        if bound.side == side and limit is not None:
            yield bound, limit


def tell_caps_below_floors(program: Program, env: Environment) -> None:
    """SN1006: a floor promises what a cap takes away."""
    for clause in program.clauses.values():
        for cap, most in amounts(clause, "most"):
            for span, least, count in floors(clause, cap.window, program.header):
                if least * count > most:
                    report_cut(clause.id, span, least, count, cap.span, most, env)
    for limit in program.limits.values():
        for cap in limit.bounds:
            bound = constant(cap.amount)
            if cap.side == "most" and bound is not None:
                tell_members(limit.members, cap, bound, program, env)


def tell_members(members: tuple[str, ...], cap: Bound, most: Fraction, program: Program, env: Environment) -> None:
    """The floors of a limit's members against its cap."""
    found = [
        (name, span, least, count)
        for name in members
        if (clause := program.clauses.get(name)) is not None
        for span, least, count in own_floors(clause, cap.window, program.header)
    ]
    if sum((least * count for _, _, least, count in found), Fraction(0)) > most:
        name, span, least, count = max(found, key=lambda item: item[2] * item[3])
        report_cut(name, span, least, count, cap.span, most, env)


def own_floors(clause: Clause, wide: WindowSpec | None, header: Header) -> Iterator[tuple[Span, Fraction, int]]:
    """The clause's `at least` fields, with how often each counts in the wide window."""
    for bound, least in amounts(clause, "least"):
        count = windows_in(bound.window or clause.period, wide, header)
        if count is not None:
            yield bound.span, least, count


def floors(clause: Clause, wide: WindowSpec | None, header: Header) -> Iterator[tuple[Span, Fraction, int]]:
    """The clause's floors, those of its price included."""
    yield from own_floors(clause, wide, header)
    found = priced(clause)
    if found is None or wide not in (None, clause.period):
        return
    for price in prices(found.price):
        if isinstance(price, Parts) and price.floor is not None:
            least = sum(
                (constant(part.amount) or Fraction(0) for part in price.floor.parts if part.kind == "lump"), Fraction(0)
            )
            yield price.floor.span, least, 1


def report_cut(name: str, floor: Span, least: Fraction, count: int, cap: Span, most: Fraction, env: Environment) -> None:
    """A floor that is cut."""
    times: Both = (f"{count} × {money(least)} = ", f"{count} × {money(least)} = ") if count > 1 else ("", "")
    whole = money(least * count)
    say(
        "SN1006",
        env,
        (floor, ("the floor", "下限")),
        (cap, ("the cap below it", "低于它的上限")),
        why=(
            f"`{name}` has a floor of {times[0]}{whole} and a cap of {money(most)}: {money(least * count - most)} of the floor never counts.",
            f"“{name}”的下限为 {times[1]}{whole}，而上限为 {money(most)}：下限中的 {money(least * count - most)} 永远不起作用。",
        ),
        fix=("raise the cap, or lower the floor.", "提高上限，或降低下限。"),
    )


def tell_idle_bounds(program: Program, env: Environment) -> None:
    """SN1007 a cap that nothing reaches, SN1008 a floor that nothing exceeds."""
    for clause in program.clauses.values():
        earned = reach(clause.earn, program)
        if clause.per or earned.high is None or provisional(clause):
            continue
        for bound in clause.bounds:
            tell_idle(clause, bound, earned, program, env)


def provisional(clause: Clause) -> bool:
    """Whether another price counts before the close."""
    return clause.on_account is not None and clause.on_account.provisional is not None


def tell_idle(clause: Clause, bound: Bound, earned: Reach, program: Program, env: Environment) -> None:
    """One bound against the most the clause can earn in its window."""
    limit, count = constant(bound.amount), windows_in(clause.period, bound.window, program.header)
    if limit is None or count is None or earned.high is None or bound.proportion:
        return
    most = earned.high * count
    span = (bound.span, ("this bound", "此上下限"))
    if bound.side == "most" and most < limit:
        why = (
            f"`{clause.id}` earns at most {money(most)} there, so a cap of {money(limit)} never counts.",
            f"“{clause.id}”在该期间最多为 {money(most)}，上限 {money(limit)} 永远不起作用。",
        )
        say("SN1007", env, span, why=why, fix=("delete the cap, or lower it.", "删去上限，或降低它。"))
    if bound.side == "least" and most <= limit and clause.when is None:
        why = (
            f"`{clause.id}` earns at most {money(most)} there, so exactly {money(limit)} is paid whatever happens.",
            f"“{clause.id}”在该期间最多为 {money(most)}，因此无论如何都正好付 {money(limit)}。",
        )
        say("SN1008", env, span, why=why, fix=("write the amount itself, or lower the floor.", "直接写金额，或降低下限。"))
