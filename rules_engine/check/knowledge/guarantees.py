"""Where a guarantee breaks even: the price a unit must bring in, and what spend can offset."""

from __future__ import annotations

from fractions import Fraction

from rules_engine.check.knowledge.named_steps import name_of, rates, share_of, steps
from rules_engine.check.knowledge.numbers import money, percent
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.expressions import Aggregate
from rules_engine.core.program import Clause, Program

COST = Fraction(80)
SHORT = Fraction(100_000)
CENT = Fraction(1, 100)
LISTED = 3


def break_even(cost: Fraction, rate: Fraction) -> Fraction:
    """C / (1 − g): the price whose margin is exactly the guaranteed one."""
    return cost / (1 - rate)


def due(price: Fraction, cost: Fraction, rate: Fraction) -> Fraction:
    """What a unit sold at `price` lacks."""
    return max(Fraction(0), rate * price - (price - cost))


def tell_break_even(program: Program, env: Environment) -> None:
    """SN1010: margin is counted on the price, not on the cost."""
    for clause in program.clauses.values():
        if clause.kind != "margin_protection" or not same_base(clause):
            continue
        found = [rate for target in steps(clause, "guaranteed") for rate in rates(target) if 0 < rate < 1][:LISTED]
        lines = [*(one_rate(rate) for rate in found), *offsets(clause)]
        if found:
            say("SN1010", env, clause.span, why=("\n".join(line[0] for line in lines), "\n".join(line[1] for line in lines)))


def same_base(clause: Clause) -> bool:
    """Whether the guaranteed rate is on the very revenue the margin is taken from."""
    return any(item == clause.base for item in steps(clause, "revenue"))


def one_rate(rate: Fraction) -> Both:
    """The price that a unit of 80.00 needs, and the mistake of adding the rate to the cost."""
    needed = -(-break_even(COST, rate) // CENT) * CENT
    added = COST * (1 + rate)
    lack = due(added, COST, rate)
    return (
        (
            f"at {percent(rate)} a unit that costs {money(COST)} must bring in {money(needed)}, its cost / (1 - {percent(rate)}). "
            f"Cost plus {percent(rate)} is {money(added)}\nand still lacks {money(lack)}."
        ),
        (
            f"点位 {percent(rate)} 时，成本 {money(COST)} 的商品须售 {money(needed)}，即成本 / (1 - {percent(rate)})；"
            f"按成本加 {percent(rate)} 只有 {money(added)}，\n仍缺 {money(lack)}。"
        ),
    )


def offsets(clause: Clause) -> list[Both]:
    """What it takes to offset a shortfall by spend that counts in part."""
    lines: list[Both] = []
    for credit in steps(clause, "credit"):
        found = share_of(credit)
        if found is None or not found[0] or isinstance(found[1], Aggregate):
            continue
        share, spend = found
        name = name_of(spend, "the credit")
        lines.append(
            (
                f"a shortfall of {money(SHORT)} is offset by {money(SHORT / share)} of {name} at {percent(share)}; without a shortfall it offsets nothing.",
                f"{money(SHORT)} 的缺口要用 {money(SHORT / share)} 的{name}按 {percent(share)} 抵；没有缺口时不抵任何金额。",
            )
        )
    return lines


def tell_composite(program: Program, env: Environment) -> None:
    """SN1011: where points and protection judged apart cost more than judged together."""
    for clause in program.clauses.values():
        if clause.kind != "composite_margin":
            continue
        points, target = steps(clause, "points"), steps(clause, "guaranteed")
        found = (rates(points[0]), rates(target[0])) if points and target else ([], [])
        if len(found[0]) == 1 and len(found[1]) == 1:
            say("SN1011", env, clause.span, why=parting(found[0][0], found[1][0]))


def parting(points: Fraction, protection: Fraction) -> Both:
    """The two readings of one headline on 100.00 of sales."""
    both = points + protection
    hundred = Fraction(100)
    return (
        (
            f"on 100.00 of sales with a front margin of up to {percent(protection)} both readings of {percent(both)} cost the same. Above it, judged separately costs more than\n"
            f"judged together: the more the higher the margin, {money(hundred * points)} from a margin of {percent(both)} on, where together nothing is due."
        ),
        (
            f"销售 100.00、前台毛利率不超过 {percent(protection)} 时，{percent(both)} 的两种算法相同；超过后分别核算更贵，\n"
            f"毛利率越高相差越多，自 {percent(both)} 起相差 {money(hundred * points)}，此时合并核算为零。"
        ),
    )


def tell_commitments(program: Program, env: Environment) -> None:
    """SN1012: spend that is needed where only part of it counts."""
    for clause in program.clauses.values():
        if clause.kind != "commitment":
            continue
        promised = [rate for item in steps(clause, "committed") for rate in rates(item)]
        counted = [found for item in steps(clause, "counted") if (found := share_of(item)) is not None]
        if len(promised) == 1 and counted and counted[0][0] > 0:
            rate, (share, spend) = promised[0], counted[0]
            say(
                "SN1012",
                env,
                clause.span,
                why=needed(rate, share, name_of(spend, "spend"), name_of(clause.base, "sales") if clause.base else "sales"),
            )


def needed(rate: Fraction, share: Fraction, spend: str, base: str) -> Both:
    """What must be spent on 100.00 and on 1,000,000.00 of the base."""
    small, large = Fraction(100), Fraction(1_000_000)
    return (
        (
            f"every {money(small)} of {base} needs {money(small * rate / share)} of {spend}, not {money(small * rate)}, because {percent(share)} of it counts: "
            f"{money(large * rate / share)}\nfor {money(large)}."
        )
        if share != 1
        else f"every {money(small)} of {base} needs {money(small * rate)} of {spend}: {money(large * rate)} for {money(large)}.",
        f"每 {money(small)} 的{base}须投 {money(small * rate / share)} 的{spend}（按 {percent(share)} 计入），即 {money(large)} 须投 {money(large * rate / share)}。",
    )
