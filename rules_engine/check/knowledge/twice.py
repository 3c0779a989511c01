"""Money that counts twice: spend in a credit and in a commitment, and coupons that the supplier refunds and the margin still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules_engine.check.knowledge.named_steps import rates, share_of, single_rate, steps
from rules_engine.check.knowledge.numbers import money, percent
from rules_engine.check.knowledge.reach import aggregates, priced
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.wording import column
from rules_engine.core.expressions import Arithmetic, Column, Expression, MeasureRef, ResultOf
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import walk

COUPONS = ("supplier_coupon", "platform_coupon", "government_coupon", "platform_discount")
SPENT = Fraction(100_000)


def tell_double_count(program: Program, env: Environment) -> None:
    """SW0904: one and the same spend offsets a guarantee and meets a commitment."""
    clauses = program.clauses.values()
    for guarantee in clauses:
        for name, credit in shares(guarantee, "credit"):
            for commitment in clauses:
                for other, counted in shares(commitment, "counted"):
                    if other == name:
                        report_double(name, credit, guarantee, counted, commitment, env)


def shares(clause: Clause, label: str) -> Iterator[tuple[str, Fraction]]:
    """Each measure that counts behind a label, with its share."""
    for item in steps(clause, label):
        found = share_of(item)
        if found is not None and isinstance(found[1], MeasureRef):
            yield found[1].name, found[0]


def report_double(
    name: str, credit: Fraction, guarantee: Clause, counted: Fraction, commitment: Clause, env: Environment
) -> None:
    """The two uses of the spend."""
    offset, met = SPENT * credit, SPENT * counted
    say(
        "SW0904",
        env,
        (guarantee.span, ("offsets this guarantee", "抵扣此毛保")),
        (commitment.span, ("and meets this commitment", "又计入此投放承诺")),
        why=(
            (
                f"{money(SPENT)} of {name} offsets up to {money(offset)} of `{guarantee.id}` and meets {money(met)} of `{commitment.id}`: "
                f"{money(offset + met)} for {money(SPENT)} spent.\nRead as one use only, up to {money(max(offset, met))}; "
                f"{money(min(offset, met))} lies between the two."
            ),
            (
                f"{money(SPENT)} 的{name}可抵“{guarantee.id}”最多 {money(offset)}，又计入“{commitment.id}” {money(met)}：投 {money(SPENT)} 合计 {money(offset + met)}。\n"
                f"若只能用于一处，最多 {money(max(offset, met))}，相差 {money(min(offset, met))}。"
            ),
        ),
        fix=(
            "have the paper say that the same spend counts for both, or count another measure in one of them.",
            "请在合同中写明同一推广费可用于两处，或让其中一处取自别的口径。",
        ),
    )


def tell_double_recovery(program: Program, env: Environment) -> None:
    """SW0905: a refunded coupon still lowers the margin that the same supplier guarantees."""
    refunds = [(clause, name, rate) for clause in program.clauses.values() for name, rate in refunded(clause, program)]
    for guarantee in program.clauses.values():
        rate = next((rate for item in steps(guarantee, "guaranteed") for rate in rates(item)), None)
        revenue = steps(guarantee, "revenue")
        if rate is None or not revenue:
            continue
        for refund, name, part in refunds:
            if lacks(revenue[0], name, program) and not reads(guarantee, refund, name, program):
                report_recovery(guarantee, rate, refund, name, part, env)


def refunded(clause: Clause, program: Program) -> Iterator[tuple[str, Fraction]]:
    """The coupon column that the supplier gives back by this clause, with the share."""
    found = priced(clause)
    if found is None or clause.payer != "supplier" or clause.kind in ("margin_protection", "composite_margin"):
        return
    share = single_rate(found)
    read = [item.item for item in aggregates(found.base, program) if any(source.type == "sale" for source in item.sources)]
    if share and len(read) == 1 and isinstance(read[0], Column) and read[0].name in COUPONS:
        yield read[0].name, share


def lacks(revenue: Expression, name: str, program: Program) -> bool:
    """Whether sales enter the revenue after this coupon and it is not added back."""
    for item in aggregates(revenue, program):
        if item.item is None or not any(source.type == "sale" and source.sign > 0 for source in item.sources):
            continue
        signs = dict(terms(item.item, 1))
        if "paid" in signs and signs.get(name, 0) <= 0 and "list_amount" not in signs:
            return not any(
                name in dict(terms(other.item, 1)) for other in aggregates(revenue, program) if other.item is not None
            )
    return False


def terms(expression: Expression, sign: int) -> Iterator[tuple[str, int]]:
    """The columns that are added or taken off."""
    match expression:
        case Column(name=name):
            yield name, sign
        case Arithmetic(op="+", operands=operands):
            for item in operands:
                yield from terms(item, sign)
        case Arithmetic(op="-", operands=(first, *rest)):
            yield from terms(first, sign)
            for item in rest:
                yield from terms(item, -sign)
        case Arithmetic(op="*"):
            yield from ((item.name, sign) for item in walk(expression) if isinstance(item, Column))
        case _:
            return


def reads(guarantee: Clause, refund: Clause, name: str, program: Program) -> bool:
    """Whether the guarantee takes the refund in by itself or as a credit."""
    if any(isinstance(item, ResultOf) and item.clause == refund.id for item in walk(guarantee.earn)):
        return True
    credited = (item for credit in steps(guarantee, "credit") for item in aggregates(credit, program))
    return any(isinstance(item.item, Column) and item.item.name == name for item in credited)


def report_recovery(guarantee: Clause, rate: Fraction, refund: Clause, name: str, share: Fraction, env: Environment) -> None:
    """S07 of the trade: price 100.00, coupon 20.00, a cost that leaves 4.00 short."""
    coupon, paid = Fraction(20), Fraction(80)
    cost = paid * (1 - rate) + 4
    alone = max(Fraction(0), rate * paid - (paid - cost))
    back = paid + coupon * share
    added = max(Fraction(0), rate * back - (back - cost))
    words = column(name, "en"), column(name, "zh")
    say(
        "SW0905",
        env,
        (guarantee.span, ("its revenue lacks the coupon", "其收入不含此券")),
        (refund.span, (f"{percent(share)} of it is refunded here", f"在此退还 {percent(share)}")),
        why=(
            (
                f"`{refund.id}` refunds {percent(share)} of {words[0]}, and the revenue of `{guarantee.id}` does not add it back. Price 100.00, coupon 20.00, cost {money(cost)}:\n"
                f"the refund of {money(coupon * share)} and a shortfall of {money(alone)} are due; with the refund counted as revenue the shortfall is {money(added)}. "
                f"{money(alone - added)} lies between the two."
            ),
            (
                f"“{refund.id}”退还{words[1]}的 {percent(share)}，而“{guarantee.id}”的收入没有加回。售价 100.00、券 20.00、成本 {money(cost)}：\n"
                f"除退还 {money(coupon * share)} 外还要补 {money(alone)}；若把退还额计入收入，只补 {money(added)}，相差 {money(alone - added)}。"
            ),
        ),
        fix=(
            f"add the refunded part to the revenue: `paid + {percent(share)} of {words[0]}`, or say in the paper that it stays out.",
            f"把退还的部分加回收入：“实付 + {words[1]} 的 {percent(share)}”；或在合同中写明不加回。",
        ),
    )
