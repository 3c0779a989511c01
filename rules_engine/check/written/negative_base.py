"""A base that returns can take below zero, under a price that is not simply proportional."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, words
from rules_engine.core.expressions import Constant, Expression, Ladder, Part, Parts, Price, Priced, Table
from rules_engine.core.walk import prices, walk
from rules_engine.syntax.tree import Field


def demand_negative(fields: Fields, earn: Expression, negative: bool, env: Environment) -> None:
    """Refuse where turning round and counting as zero differ beyond giving back what a sale paid.

    A plain percentage needs no word: a return gives back exactly what its sale paid. A ladder whose lowest band pays,
    a lump or a floor does."""
    if not negative:
        return
    priced = [item for item in walk(earn) if isinstance(item, Priced)]
    if any(ambiguous(item.price) for item in priced):
        env.note(
            "SE0509",
            fields.span,
            why=(
                (
                    "returns can take the base below zero. With 2% and a base of -5,000.00: turned round 100.00 comes back,\n"
                    "counted as zero nothing does, carried forward the next window owes 100.00 less. 100.00 lies between the readings."
                ),
                "退货可使基数为负。按 2%、基数 -5,000.00：\n反向支付则退回 100.00，按零计则不退，结转则下期少付 100.00。读法之间相差 100.00。",
            ),
            fix=(
                "negative turns round\n(or `negative counts as zero`, or `negative carries forward`)",
                "负数 反向支付\n（或“负数 按零计”，或“负数 结转”）",
            ),
        )


def refuse_empty_carry(field: Field | None, earn: Expression, env: Environment) -> None:
    """Refuse to carry a negative amount where a negative base earns nothing: the base is not carried, the amount is, and it is 0."""
    if field is None or "carries_forward" not in words(field):
        return
    ladders = [price for item in walk(earn) if isinstance(item, Priced) for price in prices(item.price) if isinstance(price, Ladder)]
    if any(ladder.bands and not pays(ladder.bands[0].price) for ladder in ladders):
        env.note(
            "SE0555",
            (field.span, ("the amount is carried, not the base", "结转的是金额，不是基数")),
            why=(
                (
                    "a base of -2,000.00 lies in the lowest band, which pays nothing: 0.00 is carried. Who reads that the 2,000.00 lower the next\n"
                    "month's base of 8,000.00 expects 3% of 6,000.00 = 180.00; paid would be 3% of 8,000.00 = 240.00. 60.00 lies between the two."
                ),
                (
                    "基数 -2,000.00 落在不付的最低档，结转 0.00。若理解为下月基数 8,000.00 先扣 2,000.00，应付 6,000.00 的 3% = 180.00；\n"
                    "实际会付 8,000.00 的 3% = 240.00，相差 60.00。"
                ),
            ),
            fix=(
                "period quarter, on account monthly\n(a longer period adds the bases up; or `negative counts as zero`)",
                "周期 季度, 每月预结\n（较长的周期会合计基数；或写“负数 按零计”）",
            ),
        )


def ambiguous(price: Price) -> bool:
    """Whether a negative base has more than one honest reading under this price."""
    match price:
        case Parts():
            return price.floor is not None or any(_lump(part) for part in price.parts)
        case Ladder():
            return not price.along and pays(price.bands[0].price) if price.bands else False
        case Table():
            return any(ambiguous(row.price) for row in price.rows)


def _lump(part: Part) -> bool:
    return part.kind in ("lump", "formula") or part.step != "exact"


def _nothing(part: Part) -> bool:
    """`0` and `0元` say no more than `none`."""
    return isinstance(part.amount, Constant) and part.amount.value == 0


def pays(price: Price) -> bool:
    """Whether the price is anything but nothing."""
    match price:
        case Parts():
            return not all(_nothing(part) for part in price.parts) or price.floor is not None
        case Ladder():
            return any(pays(band.price) for band in price.bands)
        case Table():
            return any(pays(row.price) for row in price.rows)
