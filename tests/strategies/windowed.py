"""Contracts with windows that are none of the calendar (named ranges, bounds over any months in a row), and ladders that change inside one and
go on."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.strategies.terms import LAST, MONEY, RATES, base, clause, ladder, per
from tests.strategies.written import sheets, text_of

Draw = Any
RANGES = """  ranges
    opening  2026-01-20 to 2026-02-08
    spring   2026-03-05 to 2026-03-25
"""


def ranged(draw: Draw, name: str) -> str:
    """A rebate judged in ranges, all of them or one."""
    price = draw(st.sampled_from((ladder(draw), f"  rate {draw(RATES)}", f"  amount {draw(MONEY)}")))
    on = "" if "amount" in price else base(draw).replace("carries forward", "turns round")
    return clause(f"rebate {name}", on, "" if "amount" in price else per(draw), f"  period {draw(st.sampled_from(('named ranges', 'opening', 'spring')))}", price)


def rolling(draw: Draw, name: str) -> str:
    """Points with a cap over any months in a row."""
    cap = draw(st.sampled_from(("1.5", "4", "9.99", "30", "10% of turnover", "target")))
    bound = f"  at most {cap} in any {draw(st.sampled_from((2, 3)))} months"
    return clause(f"deduction {name}", base(draw).replace("carries forward", "turns round"), per(draw), f"  rate {draw(RATES)}", "  period month", bound, f"  changes {LAST}" if cap == "target" else "")


def going_on(draw: Draw, name: str) -> str:
    """A ladder that changes inside the window; the count goes on, begins again, or was the last one's all along."""
    ladders = [ladder(draw, "marginal").replace("tiers marginal", f"tiers marginal {days}") for days in ("until 2026-02-14", "from 2026-02-15")]
    return clause(f"charge {name} paid by supplier", base(draw).replace("carries forward", "turns round"), per(draw), f"  period {draw(st.sampled_from(('month', 'quarter', 'year, on account monthly')))}", draw(st.sampled_from(("  changes continue", "  changes continue", "  changes split", f"  changes {LAST}"))), *ladders)


@st.composite
def windowed(draw: Draw) -> str:
    """The text of a contract with such windows."""
    _, header = draw(sheets().filter(lambda found: found[0].settled != "quarterly" and found[0].start.day == 1))
    makers = draw(st.lists(st.sampled_from((ranged, rolling, going_on)), min_size=1, max_size=3))
    return text_of(header + RANGES, [maker(draw, f"own{place}") for place, maker in enumerate(makers)])
