"""`changes continue`: a ladder that replaces another goes on counting where the old one stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from rules_engine.core.expressions import Row, Table
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import failure, number
from rules_engine.engine.scope import Slice, Teller, Told

ZERO = Fraction(0)


def continued(teller: Teller, table: Table, index: int, slices: Mapping[int, Slice]) -> Told:
    """The row's price from where the rows of the same filter before it ended to where it ends; readings that look at the total
    pick their band by the total of all of them."""
    row, share = table.rows[index], slices[index]
    earlier = sum((part.base for other, part in slices.items() if _before(table.rows[other], row)), ZERO)
    later = sum((part.base for other, part in slices.items() if _before(row, table.rows[other])), ZERO)
    reading = getattr(row.price, "reading", "")
    counted = getattr(row.price, "along", "")  # a counter goes on by itself: each document stands where it stands
    if counted or not reading or not (earlier or later):
        return teller.price(row.price, share)
    if reading in ("whole", "stacked", "sliding"):
        return teller.price(row.price, replace(share, qualifier=earlier + share.base + later))
    return _difference(teller, row, share, earlier)


def _difference(teller: Teller, row: Row, share: Slice, earlier: Fraction) -> Told:
    end = earlier + share.base
    whole, step = teller.price(row.price, replace(share, base=end, qualifier=end, each=None))
    if not earlier:
        return whole, step
    before, _ = teller.price(row.price, replace(share, base=earlier, qualifier=earlier, each=None))
    failed = failure((whole, before))
    if failed is not None:
        return failed, step
    amount = number(whole) - number(before)
    return Outcome(amount), replace(step, value=amount, detail={**step.detail, "continues_from": str(earlier)})


def _before(first: Row, second: Row) -> bool:
    return first.where == second.where and (first.start or date.min) < (second.start or date.min)
