"""Laws 5, 6, 7 and 11 of the architecture and their neighbours: what a different wording of the same bargain does to the bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings, strategies as st

from rules_engine.syntax import tree
from tests.properties.pipeline import checked, contract, enough, run, summed
from tests.strategies import build as b, prices as p
from tests.strategies.contracts import contracts
from tests.strategies.documents import Row, rows
from tests.strategies.frame import MEASURES, TERMS, Frame, header

many = settings(max_examples=min(1_500, settings().max_examples))
START, LAST = TERMS[0]
SMOOTH = 8 * 10**8
"""Amounts a multiple of this give whole cents under every generated rate."""
MONEY = ("supply_amount", "paid", "platform_coupon", "platform_discount", "amount")


def written(*blocks: tree.Block, mode: str = "ceiling", vat: str = "13") -> tree.ContractText:
    """A contract over four months. Rounding up keeps the order of sums; any other would lose it by a cent."""
    return b.contract("G-1", header(Frame(START, LAST, "month", False, False), mode, "0.01", vat), *MEASURES, *blocks)


def bill(text: tree.ContractText, found: Sequence[Row], only: str = "") -> Fraction:
    """All lines of the whole term, or those of one clause."""
    given_contract = contract(text)
    done = summed(run(given_contract, found, given_contract.periods))
    return sum((amount for mark, amount in done.items() if not only or mark[0] == only), Fraction(0))


def guarantee(rate: tree.Value, per: tuple[str, ...], window: str) -> tree.Block:
    """A margin protection at the end of its window."""
    return b.block(
        "margin_protection", "guarantee", b.field("revenue", b.name("gmv")), b.field("cost", b.name("cost_of_sales")),
        b.field("rate", rate), b.field("per", *b.names(*per)), b.field("period", b.window(window)),
    )  # fmt: skip


def times(found: Sequence[Row], factor: Fraction) -> list[Row]:
    """All money multiplied; quantities stay."""
    return [{column: value * factor if column in MONEY else value for column, value in row.items()} for row in found]


@many
@given(p.plain_rates(), rows(START, LAST))
def test_law_5_a_finer_scope_never_lowers_a_guarantee(rate: tree.Value, found: tuple[Row, ...]) -> None:
    scopes = (("contract",), ("category",), ("category", "sku"))
    bills = [bill(written(guarantee(rate, per, "quarter")), found) for per in scopes]
    assert bills == sorted(bills)


@many
@given(p.plain_rates(), rows(START, LAST))
def test_law_5_a_shorter_period_never_lowers_a_guarantee(rate: tree.Value, found: tuple[Row, ...]) -> None:
    bills = [bill(written(guarantee(rate, ("category",), window)), found) for window in ("term", "quarter", "month")]
    assert bills == sorted(bills)


@many
@given(p.RATES, p.RATES, rows(START, LAST))
def test_law_5_one_pure_guarantee_never_costs_more_than_points_and_guarantee(
    points: str, rest: str, found: tuple[Row, ...]
) -> None:
    sales = [row for row in found if row["type"] == "sale"]

    def composite(judged: str) -> tree.ContractText:
        parts = (b.field("deduction", b.value(b.rate_part(points))), b.field("protection", b.value(b.rate_part(rest))))
        names = (b.field("revenue", b.name("gmv")), b.field("cost", b.name("cost_of_sales")))
        over = (b.field("per", b.name("contract")), b.field("period", b.window("month")))
        return written(b.block("composite_margin", "both", *names, *parts, b.field("judged", b.word(judged)), *over))

    assert bill(composite("together"), sales) <= bill(composite("separately"), sales)


@many
@given(st.data(), rows(START, LAST))
def test_law_6_marginal_never_pays_more_than_whole_where_rates_rise(data: st.DataObject, found: tuple[Row, ...]) -> None:
    bounds = sorted(data.draw(p.BOUNDS), key=int)
    rising = sorted(data.draw(st.lists(p.RATES, min_size=len(bounds) + 1, max_size=len(bounds) + 1)), key=Fraction)
    assert bill(laddered("marginal", bounds, rising), found) <= bill(laddered("whole", bounds, rising), found)


@many
@given(st.data(), rows(START, LAST))
def test_law_6_marginal_never_pays_less_than_whole_where_rates_fall(data: st.DataObject, found: tuple[Row, ...]) -> None:
    bounds = sorted(data.draw(p.BOUNDS), key=int)
    rates = data.draw(st.lists(p.RATES, min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    falling = sorted(rates, key=Fraction, reverse=True)
    assert bill(laddered("marginal", bounds, falling), found) >= bill(laddered("whole", bounds, falling), found)


def laddered(reading: str, bounds: Sequence[str], rates: Sequence[str]) -> tree.ContractText:
    """A rebate on one ladder."""
    bands = [b.band("up_to", bound, b.value(b.rate_part(rate))) for bound, rate in zip(bounds, rates, strict=False)]
    ladder = b.ladder(reading, *bands, b.band("over", bounds[-1], b.value(b.rate_part(rates[-1]))))
    fields = (b.field("on", b.name("turnover")), b.field("tiers", ladder), b.field("period", b.window("quarter")))
    return written(b.block("rebate", "bonus", *fields))


def at_its_end(text: tree.ContractText) -> tree.ContractText:
    """The same contract without anything on account."""

    def waiting(field: tree.Field) -> tree.Field:
        return replace(field, items=field.items[:1]) if field.key == "period" else field

    blocks = [replace(block, fields=tuple(map(waiting, block.fields))) for block in text.blocks]
    return replace(text, blocks=tuple(blocks))


@many
@given(st.data())
def test_law_7_what_was_paid_on_account_is_taken_off_at_the_close(data: st.DataObject) -> None:
    """Posted on account, open until the close, settled there: together never more or less than settled at once."""
    text = data.draw(contracts(("points", "guarantee", "bonus")).filter(lambda each: "never_taken_back" not in str(each)))
    account, once = contract(text), contract(at_its_end(text))
    found = data.draw(rows(account.periods[0][0], account.periods[-1][1]))
    arrived = [{**row, "known_on": row["date"]} for row in found]
    assert summed(run(account, arrived, account.periods)) == summed(run(once, arrived, once.periods)), account.text


def pure(rate: tree.Value) -> tuple[tree.Block, ...]:
    """Clauses that are nothing but rates."""
    return (
        b.block("goods", "sold", b.field("on", b.aggregate("sum", b.name("supply_amount"), ("sales",)))),
        b.block("deduction", "points", b.field("on", b.name("gmv")), b.field("per", b.name("category")), b.field("rate", rate)),
        guarantee(rate, ("category",), "quarter"),
        b.block(
            "commitment", "promised", b.field("on", b.name("turnover")), b.field("rate", rate),
            b.field("counted", b.share("70", b.name("ad_spend"))), b.field("period", b.window("quarter")),
        ),
    )  # fmt: skip


@many
@given(p.plain_rates(), rows(START, LAST), st.integers(2, 9))
def test_law_11_scaling_all_money_scales_every_rate(rate: tree.Value, found: tuple[Row, ...], factor: int) -> None:
    fixed = b.block("fee", "fixed", b.field("amount", b.value(b.lump_part("30"))), b.field("period", b.window("month")))
    given_contract = contract(written(*pure(rate), fixed))
    smooth = times(found, Fraction(SMOOTH))
    periods = enough(given_contract, found)
    once, scaled = (summed(run(given_contract, each, periods)) for each in (smooth, times(smooth, Fraction(factor))))
    assert {mark: amount if mark[0] == "fixed" else amount * factor for mark, amount in once.items()} == scaled


@many
@given(p.plain_rates(), rows(START, LAST))
def test_prices_that_exclude_tax_come_to_the_same_with_tax_on_top(rate: tree.Value, found: tuple[Row, ...]) -> None:
    plain = [{column: value for column, value in row.items() if column != "vat"} for row in times(found, Fraction(SMOOTH))]
    including = written(*pure(rate))
    fields = tuple(
        replace(each, items=(b.word("exclude_vat"), b.percent("13"))) if each.key == "prices" else each
        for each in including.header
    )
    excluding = contract(replace(including, header=fields))
    periods = enough(excluding, found)
    with_tax = times(plain, Fraction(113, 100))
    assert summed(run(excluding, plain, periods)) == summed(run(contract(including), with_tax, periods))


@many
@given(p.plain_rates(), rows(START, LAST), st.sampled_from(("sku", "category")))
def test_shares_add_up_to_what_is_shared(rate: tree.Value, found: tuple[Row, ...], column: str) -> None:
    fields: tuple[Any, ...] = (b.field("on", b.name("turnover")), b.field("rate", rate))
    weight = b.field("spread_over", b.name(column), b.bracket("by", b.name("units")))
    whole, spread = (written(b.block("deduction", "points", *fields, *more), mode="half_up") for more in ((), (weight,)))
    assert bill(whole, found) == bill(spread, found)


@many
@given(p.plain_rates(), p.plain_rates(), rows(START, LAST))
def test_law_8_what_single_changes_do_adds_up_to_what_all_do(old: tree.Value, new: tree.Value, found: tuple[Row, ...]) -> None:
    """Three clauses get another rate: changed one at a time, each alone, the differences add up to that of all at once."""

    def whole(*rates: tree.Value) -> Fraction:
        points = b.block("deduction", "points", b.field("on", b.name("gmv")), b.field("rate", rates[0]))
        on = b.field("on", b.name("turnover"))
        bonus = b.block("rebate", "bonus", on, b.field("rate", rates[1]), b.field("period", b.window("quarter")))
        return bill(written(points, bonus, guarantee(rates[2], ("category",), "quarter")), found)

    before = whole(old, old, old)
    alone = (whole(new, old, old), whole(old, new, old), whole(old, old, new))
    assert sum((each - before for each in alone), Fraction(0)) == whole(new, new, new) - before


@many
@given(
    p.RATES,
    rows(START, LAST),
    st.sampled_from(("35%, rest platform", "33.3%, platform 66.7%", "30%, platform 30%, rest dealer")),
)
def test_what_payees_are_paid_is_what_is_paid(rate: str, found: tuple[Row, ...], shares: str) -> None:
    given_contract = contract(written())
    party = '\nparty dealer D-20 "Orchard Trading"\n'
    clause = f"\ncommission shared\n  on turnover\n  per category\n  rate {rate}%\n"
    periods = enough(given_contract, found)
    whole, shared = (checked(given_contract.text + party + clause + more) for more in ("", f"  to dealer {shares}\n"))
    assert summed(run(whole, found, periods)) == summed(run(shared, found, periods))
