"""A base that returns can take below zero, under a price that is not simply proportional."""

from __future__ import annotations

from rules_engine.check.environment import Environment
from rules_engine.check.fields import Fields
from rules_engine.core.expressions import Expression, Ladder, Part, Parts, Price, Priced, Table
from rules_engine.core.walk import walk


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


def pays(price: Price) -> bool:
    """Whether the price is anything but nothing."""
    match price:
        case Parts():
            return bool(price.parts) or price.floor is not None
        case Ladder():
            return any(pays(band.price) for band in price.bands)
        case Table():
            return any(pays(row.price) for row in price.rows)
