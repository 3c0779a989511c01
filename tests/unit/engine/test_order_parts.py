"""What an order is reduced by, line by line, and who bears it: thresholds at their bounds, and parts that add up again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rules_engine.core.expressions import Constant, Rounding
from rules_engine.core.order_promotion import OrderPromotion, Reduction
from rules_engine.core.units import Unit
from rules_engine.engine.reading.order_parts import OrderLine, borne, order_parts, reached
from rules_engine.values.rounding import round_to

D = Decimal
FUNDERS = (("supplier", D("0.6")), ("platform", D("0.3")), ("government", None))


def promotion(
    *reductions: Reduction, remainder: str = "largest", funders: tuple[tuple[str, Decimal | None], ...] = FUNDERS
) -> OrderPromotion:
    value = Constant(D(0), Unit.MONEY)
    return OrderPromotion(
        value,
        ("sale",),
        ("customer_return",),
        None,
        None,
        None,
        reductions,
        "keep",
        remainder,
        Rounding("half_up", D("0.01")),
        funders,
    )


def line(value: str, units: int = 1, gets: bool = True, counts: bool = True, sku: str = "") -> OrderLine:
    return OrderLine(Fraction(value), Fraction(units), counts, gets, sku)


def parts(given_promotion: OrderPromotion, *lines: OrderLine) -> list[str]:
    return [str(part) for part in order_parts(given_promotion, lines)]


def test_s20() -> None:
    full = promotion(Reduction("money", D(100), D(199)))
    assert parts(full, line("129"), line("70")) == ["64.82", "35.18"]
    assert [str(borne(D(part), full, "supplier")) for part in ("64.82", "35.18")] == ["38.89", "21.11"]


@pytest.mark.parametrize(("value", "off"), [("198.99", "0"), ("199", "30"), ("398.99", "30"), ("399", "80"), ("799", "200")])
def test_the_highest_step_reached(value: str, off: str) -> None:
    ladder = promotion(Reduction("money", D(30), D(199)), Reduction("money", D(200), D(799)), Reduction("money", D(80), D(399)))
    assert sum(order_parts(ladder, [line(value)])) == D(off)


@pytest.mark.parametrize(("value", "off"), [("299.99", "0"), ("300", "40"), ("899.99", "80"), ("900", "120"), ("9000", "120")])
def test_each_full_amount_and_no_more_than_the_times(value: str, off: str) -> None:
    each = promotion(Reduction("money", D(40), D(300), repeats=True, times=3))
    assert sum(order_parts(each, [line(value)])) == D(off)


def test_excluded_lines_count_or_not_and_get_nothing() -> None:
    full = promotion(Reduction("money", D(100), D(199)))
    assert parts(full, line("150"), line("60", gets=False)) == ["100.00", "0.00"]
    assert parts(full, line("150"), line("60", gets=False, counts=False)) == ["0", "0"]


def test_units_in_percent_with_a_cap() -> None:
    units = promotion(Reduction("percent", D("0.1"), D(2), "units"), Reduction("percent", D("0.2"), D(3), "units", cap=D(50)))
    assert parts(units, line("100")) == ["0"]
    assert parts(units, line("100.05", 2)) == ["10.01"]
    assert parts(units, line("200", 2), line("100")) == ["33.33", "16.67"]


def test_a_cut_never_takes_more_than_the_price() -> None:
    cut = promotion(Reduction("unit", D(200)))
    assert parts(cut, line("5200", 2), line("150"), line("300", gets=False)) == ["400.00", "150.00", "0.00"]


def test_a_percentage_of_each_unit_is_bounded_unit_by_unit() -> None:
    each = promotion(Reduction("unit_percent", D("0.15"), cap=D(2000)))
    assert parts(each, line("13333.33"), line("40000", 2), line("13333.40")) == ["2000.00", "4000.00", "2000.00"]
    assert parts(each, line("13333.26"), line("99", gets=False)) == ["1999.99", "0.00"]


def test_gifts_and_add_on_prices_by_the_earliest_units() -> None:
    add_on = promotion(Reduction("price", D("9.90"), D(59), times=2))
    assert parts(add_on, line("59", gets=False), line("19.90", counts=False), line("39.80", 2, counts=False)) == [
        "0.00",
        "10.00",
        "10.00",
    ]
    gift = promotion(Reduction("price", D(0), D(99), times=1))
    assert parts(gift, line("98.99", gets=False), line("19.90", counts=False)) == ["0", "0"]


def test_whole_sets_at_their_price() -> None:
    pair = promotion(Reduction("bundle", D(299), skus=("PAN", "LID")))
    assert parts(pair, line("598", 2, sku="PAN"), line("100", sku="LID"), line("40", sku="CUP")) == ["74.94", "25.06", "0.00"]
    assert parts(pair, line("598", 2, sku="PAN")) == ["0"]


def test_the_last_line_takes_the_odd_cents_where_written() -> None:
    full = Reduction("money", D(100), D(199))
    assert parts(promotion(full), line("100"), line("100"), line("100")) == ["33.34", "33.33", "33.33"]
    assert parts(promotion(full, remainder="last"), line("100"), line("100"), line("100")) == ["33.33", "33.33", "33.34"]


values = st.integers(1, 100_000).map(lambda cents: Fraction(cents, 100))
lines = st.lists(
    st.builds(OrderLine, values, st.integers(1, 9).map(Fraction), st.booleans(), st.booleans()), min_size=1, max_size=6
)


@given(lines, st.integers(1, 50_000), st.integers(1, 60_000), st.booleans(), st.sampled_from(["largest", "last"]))
def test_parts_add_up_to_the_reduction_and_shares_to_the_part(
    found: list[OrderLine], off: int, threshold: int, repeats: bool, remainder: str
) -> None:
    reduction = Reduction("money", D(off) / 100, D(threshold) / 100, repeats=repeats, times=3 if repeats else None)
    full = promotion(reduction, remainder=remainder)
    shared = order_parts(full, found)
    eligible = sum((item.value for item in found if item.gets), Fraction(0))
    counting = sum((item.value for item in found if item.counts), Fraction(0))
    times = min(3, counting // Fraction(reduction.threshold)) if repeats else 1
    due = min(Fraction(reduction.amount) * times, eligible) if reached(full.reductions, found) else 0
    assert sum(map(Fraction, shared)) == due
    for part, item in zip(shared, found, strict=True):
        assert item.gets or not part
        assert sum(borne(part, full, name) for name, _ in FUNDERS) == part


def sets(kind: str, amount: Decimal, size: int, got: int, line_up: str, times: int | None = None) -> Reduction:
    return Reduction(kind, amount, size=size, got=got, line_up=line_up, times=times)


def one_by_one(reduction: Reduction, prices: list[Fraction]) -> Fraction:
    """What an order is cheaper by, unit by unit and set by set."""
    row = sorted(prices, reverse=reduction.line_up == "dearest")
    groups = [row[at : at + reduction.size] for at in range(0, len(row) - reduction.size + 1, reduction.size)]
    if reduction.line_up == "lowest":
        count = len(groups) if reduction.times is None else min(reduction.times, len(groups))
        groups, got = [row], count * reduction.got
    else:
        got = reduction.got
    saved = []
    for group in groups:
        if reduction.kind == "set_price":
            saved.append(max(Fraction(0), sum(group) - Fraction(reduction.amount)))
        else:
            cheap = sorted(group)[:got]
            share, each = Fraction(reduction.amount), reduction.kind == "set_unit"
            saved.append(sum((max(Fraction(0), price - share) if each else price * (1 - share) for price in cheap), Fraction(0)))
    worth = [each for each in saved if each]
    return sum(worth[: None if reduction.line_up == "lowest" else reduction.times], Fraction(0))


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 5)), min_size=1, max_size=5),
    st.sampled_from([("set_share", D("0.5")), ("set_unit", D(0)), ("set_unit", D("9.9")), ("set_price", D(60))]),
    st.integers(1, 3), st.integers(1, 2), st.sampled_from(["dearest", "cheapest", "lowest"]), st.sampled_from([None, 1, 2]),
)  # fmt: skip
def test_sets_are_what_single_units_make(
    units: list[tuple[int, int]], price: tuple[str, Decimal], paid: int, got: int, line_up: str, times: int | None
) -> None:
    kind, amount = price
    line_up = "dearest" if kind == "set_price" and line_up == "lowest" else line_up
    reduction = sets(kind, amount, paid + got, got, line_up, times)
    prices = [Fraction(each) for each, count in units for _ in range(count)]
    shared = order_parts(promotion(reduction), [line(str(each * count), count) for each, count in units])
    assert sum(map(Fraction, shared)) == Fraction(round_to(one_by_one(reduction, prices), D("0.01"), "half_up"))


def test_of_one_sku_only_its_own_units_pair() -> None:
    apart = promotion(Reduction("set_share", D("0.5"), size=2, got=1, line_up="dearest", apart=True))
    assert parts(apart, line("90", 3, sku="A"), line("40", sku="B"), line("20", sku="B")) == ["15.00", "6.67", "3.33"]
