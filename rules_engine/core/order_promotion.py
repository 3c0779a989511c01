"""A promotion of whole orders, as data: what a line costs, what orders are reduced by, who bears it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rules_engine.record import dataclass

if TYPE_CHECKING:
    from rules_engine.core.expressions import Expression, Rounding


@dataclass(frozen=True, slots=True)
class Reduction:
    """What an order gets. `kind`: money (`amount` off), percent (`amount` of the eligible value off), unit (`amount` off each
    eligible unit), unit_percent (`amount` of each eligible unit's price off, at most `cap` a unit), price (each eligible unit costs `amount`), bundle (a set of one unit of each of `skus` costs `amount`).
    Given where the counting `threshold`, in `counted` (money | units), is reached; `repeats`: once (one unit, of a price) for every full threshold.
    `times` bounds the repetitions, sets or units of an order, `cap` its money. Sets of `size` units: in set_share the cheapest
    `got` of a set cost the share `amount` of their price, in set_unit they cost `amount` each, a set_price costs `amount` whole. `line_up`:
    sets are made from the dearest or from the cheapest unit on, or (lowest) the cheapest of the order are got; `apart`: of one sku."""

    kind: str
    amount: Decimal
    threshold: Decimal = Decimal(0)
    counted: str = "money"
    repeats: bool = False
    times: int | None = None
    cap: Decimal | None = None
    skus: tuple[str, ...] = ()
    size: int = 0
    got: int = 0
    line_up: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class OrderPromotion:
    """A promotion of whole orders. `value` (document scope) is what a line of the `sales` types costs before it; `taken` lines
    belong to it, `counts` lines count towards a threshold, `gets` lines are reduced (None: all). The highest threshold reached
    gives. A money or percent reduction is shared over the lines by value, largest remainder, or `last`: the last line takes
    what is left. `returned`, where the `returns` types bring goods back: keep, recompute, claw_back. `funders` share each line
    (None: the rest), largest remainder, ties to the first named."""

    value: Expression
    sales: tuple[str, ...]
    returns: tuple[str, ...]
    taken: Expression | None
    counts: Expression | None
    gets: Expression | None
    reductions: tuple[Reduction, ...]
    returned: str
    remainder: str
    rounding: Rounding
    funders: tuple[tuple[str, Decimal | None], ...]
