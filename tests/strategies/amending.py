"""Contracts with an amendment: a price replaced, a fee ended, a charge added; effective inside a window, known later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.strategies.terms import LAST, MAKERS, RATES, base, clause, ladder, per, period
from tests.strategies.written import sheets, text_of

Draw = Any
EFFECTIVE = (date(2026, 2, 1), date(2026, 2, 11), date(2026, 3, 15))


@st.composite
def amended(draw: Draw, only: tuple[str, ...] = ()) -> tuple[str, str]:
    """The texts of a contract and of its amendment. What the amendment ends and adds stands beside what it changes."""
    sheet, header = draw(sheets())
    makers = [maker for maker in MAKERS if not only or maker[0] in only]
    others = [
        maker(draw, sheet, f"{stem}{at}")
        for at, (stem, maker) in enumerate(draw(st.lists(st.sampled_from(makers), max_size=2)))
    ]
    lines = (base(draw), per(draw), period(draw, sheet))
    how = draw(st.sampled_from(("split", LAST)))
    prices = [draw(price(draw(st.booleans()))) if how == "split" else f"  rate {draw(RATES)}" for _ in range(2)]
    if prices[0].split()[0] != prices[1].split()[0]:
        prices[1] = prices[0]
    if any("none" in each for each in prices):
        lines = (lines[0].replace("carries forward", "turns round"), *lines[1:])
    fee = clause(
        "fee standing", f"  amount {draw(st.sampled_from(('12.5', '31')))}", "  period month", "  proportionally by days"
    )
    effective = draw(st.sampled_from(EFFECTIVE))
    known = effective + timedelta(days=draw(st.sampled_from((0, 0, 20, 50))))
    blocks = [
        clause("deduction changed", *lines, prices[1], f"  changes {how}"),
        *(["end standing"] if draw(st.booleans()) else []),
        *([clause("charge added paid by supplier", "  on turnover", f"  rate {draw(RATES)}")] if draw(st.booleans()) else []),
    ]
    text = text_of(header, [*others, clause("deduction changed", *lines, prices[0]), fee])
    head = f'amendment W-1/1 "Amended" effective {effective} known {known}\n'
    return text, head + "".join(f"\n{each}\n" for each in blocks)


@st.composite
def price(draw: Draw, laddered: bool) -> str:
    """A rate, rows, or a ladder."""
    if laddered:
        return ladder(draw)
    rows = f"  rate\n    {draw(RATES)}  for category = oil\n    {draw(RATES)}  otherwise"
    return rows if draw(st.booleans()) else f"  rate {draw(RATES)}"
