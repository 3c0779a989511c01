"""Promotions worked out from orders, settled: month by month or at once, in any order, by either evaluator, the same cents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from rules_engine.core.program import Program
from rules_engine.documents.read import from_rows
from rules_engine.settlement.past.posted import PostedStatement, as_posted
from rules_engine.settlement.settle import settle
from rules_engine.values.period import Period, parse_period
from tests.properties.pipeline import built
from tests.unit.check.checking import HEADS

POLICIES = ("keep", "recompute", "claw back")
REDUCTIONS = (
    "reduce 100 from 199\n  reduce 33.33 from 99",
    "reduce 40 per full 300, at most 3 times",
    "reduce 12.5% from 2 units",
    "reduce 7.77 per unit",
    "buy 1 get 1 at 33.3%, of any sku, in sets from the dearest",
    "any 3 units for 99, in sets from the cheapest, at most 2 times",
)
FUNDERS = ("supplier 60%, platform 30%, rest government", "supplier 33.33%, platform 33.33%, rest government")
MONTHS = ("2026-03", "2026-04", "2026-05")
Row = dict[str, str]
many = settings(max_examples=min(40, settings().max_examples))


@lru_cache(maxsize=64)
def program(policy: str, reduction: str, funders: str) -> Program:
    return built(
        f"{HEADS['en']}\npromotion p\n  on sum of list_amount over sales less customer_returns\n  {reduction}\n"
        f"  funded {funders}\n  returned orders {policy}\n"
    )[1]


@st.composite
def documents(draw: st.DrawFn, whole: bool = False) -> list[Row]:
    """Orders of a few lines over two months, and returns of some lines, or of all."""
    rows: list[Row] = []
    for place in range(draw(st.integers(1, 6))):
        units, cents = draw(st.integers(1, 4)), draw(st.integers(1, 40_000))
        month, day = draw(st.sampled_from(["03", "04"])), draw(st.integers(1, 28))
        order = draw(st.sampled_from(["O-1", "O-2"]))
        sale = {"type": "sale", "doc_id": f"S-{place}", "date": f"2026-{month}-{day:02d}", "order_id": order}
        rows.append({**sale, "list_amount": str(Decimal(cents * units) / 100), "quantity": str(units)})
        back = units if whole else draw(st.integers(0, units))
        if back:
            late = draw(st.sampled_from(["04", "05"]))
            rows.append({
                "type": "customer_return", "doc_id": f"R-{place}", "date": f"2026-{late}-28", "ref_doc_id": f"S-{place}",
                "list_amount": str(Decimal(cents * back) / 100), "quantity": str(back),
            })  # fmt: skip
    return rows


def monthly(found: Program, rows: Sequence[Row], evaluator: str = "compiled") -> dict[str, Decimal]:
    """What each month of sales comes to after all three, each with the earlier ones posted."""
    read, posted = from_rows(list(rows), found), list[PostedStatement]()
    total: dict[str, Decimal] = {}
    for month in MONTHS:
        settlement = settle(found, read, month, tuple(posted), None, evaluator)
        posted.append(as_posted(settlement))
        for line in settlement.lines:
            key = str(line.window.start)
            total[key] = total.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in total.items() if amount}


def at_once(found: Program, rows: Sequence[Row]) -> dict[str, Decimal]:
    settlement = settle(
        found, from_rows(list(rows), found), Period(parse_period(MONTHS[0]).start, parse_period(MONTHS[-1]).end)
    )
    return {str(line.window.start): line.amount for line in settlement.lines if line.amount}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@many
@given(documents(), st.sampled_from(FUNDERS), st.randoms())
def test_split_runs_shuffled_documents_and_both_evaluators_agree(
    policy: str, reduction: str, rows: list[Row], funders: str, chance: Random
) -> None:
    found = program(policy, reduction, funders)
    done = monthly(found, rows)
    assert done == at_once(found, rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert done == monthly(found, shuffled, "interpreter")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@many
@given(documents(whole=True), st.sampled_from(FUNDERS))
def test_what_all_comes_back_leaves_nothing(policy: str, reduction: str, rows: list[Row], funders: str) -> None:
    assert sum(monthly(program(policy, reduction, funders), rows).values()) == 0
