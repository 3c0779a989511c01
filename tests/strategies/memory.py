"""Terms with memory as text: counters, balances, findings, exceptions, reversals, reserves, limits in order, changing values, price
cuts, short windows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.strategies.terms import MAKERS, MONEY, RATES, clause, per
from tests.strategies.written import sheets, text_of

Draw = Any


def counted(draw: Draw, name: str) -> list[str]:
    """A ladder along what has been sold so far, perhaps of each category, perhaps with money due once a band is entered."""
    restarts = draw(st.sampled_from(("every year", "every quarter", "every month", "never")))
    reading = draw(st.sampled_from(("marginal", "whole")))
    below, first = draw(st.sampled_from((("up to 12", "over 12"), ("below 12", "from 12")))), draw(RATES)
    second = draw(st.one_of(RATES, st.sampled_from(("5", "12.5") if reading == "marginal" else ("none",))))
    third = f"\n    {below[1].split()[0]} 24  {draw(RATES)}" if draw(st.booleans()) else ""
    return [
        clause(
            f"counter {name}_units", "  sum of quantity over sales less customer_returns", f"  restarts {restarts}",
            draw(st.sampled_from(("", "  per category"))), draw(st.sampled_from(("", "", "  starts 7"))),
        ),
        clause(
            f"rebate {name}", "  on sum of supply_amount over sales less customer_returns", per(draw, "category"),
            f"  tiers {reading} along {name}_units\n    {below[0]}  {first}\n    {below[1]}  {second}{third}",
        ),
    ]  # fmt: skip


def recouped(draw: Draw, name: str) -> list[str]:
    """An advance, or what a rebate comes to, that later royalties work off, perhaps in part."""
    lasts = draw(st.sampled_from(("", "  lasts 2 months", "  lasts 20 days", "  expires every quarter")))
    most = draw(st.sampled_from(("", "  at most 30")))
    adds = draw(st.sampled_from((
        clause(f"charge {name}_advance paid by platform", f"  amount {draw(MONEY)}", "  period term", "  due 2026-01-12"),
        clause(f"charge {name}_advance paid by platform", "  on bought", f"  rate {draw(RATES)}", "  period month"),
    )))  # fmt: skip
    limit = draw(st.sampled_from(("", f" at most 50% of {name}", " at most 4")))
    return [
        adds,
        clause(f"balance {name}_open", f"  adds result of {name}_advance", draw(st.sampled_from(("", "  starts 3"))), lasts, most),
        clause(
            f"charge {name} paid by platform", "  on gmv", f"  rate {draw(RATES)}", per(draw, "category"), "  period month",
            "  negative turns round", f"  against {name}_open{limit}",
        ),
    ]  # fmt: skip


def allowed(draw: Draw, name: str) -> list[str]:
    """Units free of a fee, document by document, some for the month and some for what was bought."""
    adds = draw(st.sampled_from(("20 units in each month, in full", "30 units in each quarter, proportionally by days", "sum of quantity over purchase_receipts")))
    lasts = draw(st.sampled_from(("", "  lasts 2 months", "  lasts 20 days", "  expires every quarter")))
    over = draw(st.sampled_from(("sales", "sales less customer_returns", "labelling")))
    turns = "  negative turns round" if "less" in over else ""
    return [
        clause(f"balance {name}_units", f"  adds {adds}", draw(st.sampled_from(("", "  at most 25 units"))), lasts),
        clause(
            f"fee {name}", f"  on sum of quantity over {over} against {name}_units", per(draw, "category"),
            f"  rate {draw(st.sampled_from(('0.5', '0.333')))} per unit", "  period month", turns,
        ),
    ]  # fmt: skip


def found(draw: Draw, name: str) -> list[str]:
    """A rebate that somebody's monthly judgement opens, perhaps as one of several conditions."""
    among = f"(turnover > 20, units > 5, {name}_approved)"
    gate = draw(st.sampled_from((f"{name}_approved", f"at least 2 of {among}", f"any of {among}", f"all of {among}")))
    return [
        f"finding {name}_approved yes/no per month",
        clause(f"rebate {name}", "  on turnover", f"  rate {draw(RATES)}", "  period month", f"  when {gate}"),
    ]


def excepted(draw: Draw, name: str) -> list[str]:
    """A rebate whose rate is another while a condition holds."""
    return [
        clause(f"rebate {name}", "  on turnover", per(draw), f"  rate {draw(RATES)}", "  period quarter, on account monthly"),
        clause(f"except {name}_large over {name}", "  when turnover > 20", f"  rate {draw(RATES)}"),
        clause(f"except {name}_many over {name}", "  when units > 5", f"  outranks {name}_large", f"  amount {draw(MONEY)}"),
    ]


def short(draw: Draw, name: str) -> list[str]:
    """Points judged by day, week or third of a month."""
    window = draw(st.sampled_from(("day", "week", "third of a month")))
    tiers = f"  tiers whole\n    below 5  none\n    from 5  {draw(RATES)}"
    return [clause(f"deduction {name}", "  on turnover", per(draw), f"  period {window}", tiers)]


def reversed_(draw: Draw, name: str) -> list[str]:
    """A rebate given back in proportion to what comes back."""
    window = draw(st.sampled_from(("", "  period month", "  period quarter")))
    taker = clause(
        f"rebate {name}",
        "  on sum of supply_amount over sales",
        per(draw),
        f"  rate {draw(RATES)}",
        "  period month",
        "  vat none",
    )
    return [taker, clause(f"reversal {name}_back", f"  of {name}", "  over customer_returns", "  on quantity", window)]


def reserved(draw: Draw, name: str) -> list[str]:
    """A reserve held in a quarter and released in a later one, or what another clause came to a month ago."""
    unit = draw(st.sampled_from(("month", "quarter")))
    return [
        clause(f"rebate {name}", "  on turnover", per(draw), f"  rate {draw(RATES)}", "  period month"),
        clause(
            f"charge {name}_released paid by platform",
            f"  amount result of {name} in the previous {unit}",
            f"  period {unit}",
            "  in full",
        ),
    ]


def twice_limited(draw: Draw, name: str) -> list[str]:
    """A common cap, then one of a single clause on what the first left."""
    first = draw(
        st.sampled_from(
            (
                "at most 5 in each quarter, in full",
                "at most 12.5 in each year, proportionally by days",
                "at most 4 in each term",
            )
        )
    )
    second = draw(st.sampled_from(("at most 3 in each term", "at most 1.5 in each term")))
    return [
        clause(f"rebate {name}_one", "  on turnover", f"  rate {draw(RATES)}", "  period month"),
        clause(f"rebate {name}_two", "  on bought", f"  rate {draw(RATES)}", "  period month"),
        clause(f"limit {name}_both", f"  of {name}_one, {name}_two", f"  {first}"),
        clause(f"limit {name}_single", f"  of {name}_one", f"  {second}"),
    ]


def indexed(draw: Draw, name: str) -> list[str]:
    """Units at a price that notices change."""
    return [
        f"documents {name}_notice\n  side none\n  column change percent",
        f"value {name}_price\n  starts 1.80 per unit\n  becomes round ({name}_price * (1 + change)) to 0.01 at each {name}_notice",
        clause(
            f"fee {name}", f"  on sum of quantity * {name}_price over sales less customer_returns", "  negative turns round",
            per(draw), f"  rate {draw(RATES)}", "  period month",
        ),
    ]  # fmt: skip


def cut(draw: Draw, name: str) -> list[str]:
    """Price cuts on what is in stock."""
    columns = "  column old_price money\n  column new_price money\n  column in_stock number"
    return [
        f"documents price_adjustments\n{columns}",
        clause(
            f"price protection {name}", "  over price_adjustments", "  cut old_price to new_price", "  protects stock in_stock",
            f"  increases {draw(st.sampled_from(('count too', 'do not count')))}", "  vat none",
        ),
    ]  # fmt: skip


def noted(draw: Draw, name: str) -> list[str]:
    """A rebate that somebody has to confirm, in whole or in part."""
    return [
        clause(
            f"rebate {name}", "  on turnover", per(draw, "category"), f"  rate {draw(RATES)}", "  period month", "  vat none",
            "  needs confirmation",
        )
    ]  # fmt: skip


MEMORIES = {
    "counted": counted, "recouped": recouped, "allowed": allowed, "found": found, "excepted": excepted, "short": short, "reversed": reversed_,
    "reserved": reserved, "twice_limited": twice_limited, "indexed": indexed, "cut": cut,
    "noted": noted,
}  # fmt: skip
UNSPOKEN = tuple(name for name in MEMORIES if name != "noted")
"""What comes to the same however runs are split; a word about a line that does not wait yet is lost."""


@st.composite
def remembered(draw: Draw, only: tuple[str, ...] = ()) -> str:
    """The text of a contract with terms that remember, and one that does not."""
    sheet, header = draw(sheets())
    stem, maker = draw(st.sampled_from(MAKERS))
    chosen = draw(st.lists(st.sampled_from(sorted(only or MEMORIES)), min_size=1, max_size=2, unique=True))
    blocks = [block for name in chosen for block in MEMORIES[name](draw, name)]
    return text_of(header, [maker(draw, sheet, f"{stem}0"), *blocks])
