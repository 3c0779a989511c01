"""Terms with memory as text: counters, balances, findings, exceptions, reversals, short windows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.strategies.terms import MAKERS, MONEY, RATES, clause, per
from tests.strategies.written import sheets, text_of

Draw = Any


def counted(draw: Draw, name: str) -> list[str]:
    """A ladder along what has been sold so far."""
    restarts = draw(st.sampled_from(("every year", "every quarter", "never")))
    reading = draw(st.sampled_from(("marginal", "whole")))
    return [
        f"counter {name}_units\n  sum of quantity over sales less customer_returns\n  restarts {restarts}",
        clause(
            f"rebate {name}", "  on sum of supply_amount over sales less customer_returns", per(draw, "category"),
            f"  tiers {reading} along {name}_units\n    up to 12  {draw(RATES)}\n    over 12  {draw(RATES)}",
        ),
    ]  # fmt: skip


def recouped(draw: Draw, name: str) -> list[str]:
    """An advance that later royalties work off."""
    lasts = draw(st.sampled_from(("", "  lasts 2 months")))
    return [
        clause(f"charge {name}_advance paid by platform", f"  amount {draw(MONEY)}", "  period term", "  due 2026-01-12"),
        clause(f"balance {name}_open", f"  adds result of {name}_advance", lasts),
        clause(
            f"charge {name} paid by platform", "  on gmv", f"  rate {draw(RATES)}", "  negative turns round",
            f"  against {name}_open at most 50% of {name}",
        ),
    ]  # fmt: skip


def found(draw: Draw, name: str) -> list[str]:
    """A rebate that somebody's monthly judgement opens."""
    return [
        f"finding {name}_approved yes/no per month",
        clause(f"rebate {name}", "  on turnover", f"  rate {draw(RATES)}", "  period month", f"  when {name}_approved"),
    ]


def excepted(draw: Draw, name: str) -> list[str]:
    """A rebate whose rate is another while a condition holds."""
    return [
        clause(f"rebate {name}", "  on turnover", per(draw), f"  rate {draw(RATES)}", "  period quarter, on account monthly"),
        clause(f"except {name}_large over {name}", "  when turnover > 20", f"  rate {draw(RATES)}"),
    ]


def short(draw: Draw, name: str) -> list[str]:
    """Points judged by day, week or third of a month."""
    window = draw(st.sampled_from(("day", "week", "third of a month")))
    tiers = f"  tiers whole\n    below 5  none\n    from 5  {draw(RATES)}"
    return [clause(f"deduction {name}", "  on turnover", per(draw), f"  period {window}", tiers)]


MEMORIES = {"counted": counted, "recouped": recouped, "found": found, "excepted": excepted, "short": short}


@st.composite
def remembered(draw: Draw) -> str:
    """The text of a contract with terms that remember, and one that does not."""
    sheet, header = draw(sheets())
    stem, maker = draw(st.sampled_from(MAKERS))
    chosen = draw(st.lists(st.sampled_from(sorted(MEMORIES)), min_size=1, max_size=2, unique=True))
    blocks = [block for name in chosen for block in MEMORIES[name](draw, name)]
    return text_of(header, [maker(draw, sheet, f"{stem}0"), *blocks])
