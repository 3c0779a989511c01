"""The second opinion itself, on worked cases whose figures are known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.numbers import shared
from tests.naive.run import settle, settle_all
from tests.strategies import build as b
from tests.strategies.documents import Row
from tests.strategies.frame import MEASURES, Frame, header

MARCH = (date(2026, 3, 1), date(2026, 4, 1))
APRIL = (date(2026, 4, 1), date(2026, 5, 1))
ZERO = Fraction(0)


def contract(*blocks: tree.Block) -> tree.ContractText:
    frame = Frame(date(2026, 1, 1), date(2026, 12, 31), "month", back_to_sale=False, document_place=False)
    return b.contract("N-1", header(frame, "half_up", "0.01", "13"), *MEASURES, *blocks)


def sale(number: str, paid: str, cost: str, **more: object) -> Row:
    figures = {"paid": Fraction(paid), "supply_amount": Fraction(cost), "platform_coupon": ZERO, "quantity": Fraction(1)}
    return {"type": "sale", "doc_id": number, "line_no": "1", "date": date(2026, 3, 5), "sku": number, **figures, **more}


def guarantee(per: str, rate: str = "10") -> tree.Block:
    return b.block(
        "margin_protection", "guarantee", b.field("revenue", b.name("gmv")), b.field("cost", b.name("cost_of_sales")),
        b.field("rate", b.value(b.rate_part(rate))), b.field("per", b.name(per)), b.field("period", b.window("month")),
    )  # fmt: skip


def due(text: tree.ContractText, *rows: Row) -> Fraction:
    return settle(text, rows, MARCH).receivable


def test_s01_sold_at_70_that_cost_80_owes_17() -> None:
    assert due(contract(guarantee("contract")), sale("a", "70", "80")) == 17


def test_s02_sold_at_100_owes_nothing() -> None:
    assert due(contract(guarantee("contract")), sale("a", "100", "80")) == 0


def test_s03_line_by_line_170_pooled_70() -> None:
    rows = [sale(f"a{index}", "100", "80") for index in range(10)] + [sale(f"b{index}", "70", "80") for index in range(10)]
    assert (due(contract(guarantee("sku")), *rows), due(contract(guarantee("contract")), *rows)) == (
        Fraction(170),
        Fraction(70),
    )


def test_s04_and_s05_points_and_guarantee_against_one_guarantee() -> None:
    points = b.block("deduction", "points", b.field("on", b.name("gmv")), b.field("rate", b.value(b.rate_part("10"))))
    mixed, pure = contract(points, guarantee("contract")), contract(guarantee("contract", "20"))
    assert (due(mixed, sale("a", "100", "80")), due(pure, sale("a", "100", "80"))) == (Fraction(10), ZERO)
    assert (due(mixed, sale("a", "70", "80")), due(pure, sale("a", "70", "80"))) == (Fraction(24), Fraction(24))


def test_s14_a_deposit_takes_what_is_there_and_then_the_rest() -> None:
    deposit = b.block(
        "deposit", "quality", b.field("per", b.name("category")), b.field("amount", b.row(b.value(b.lump_part("50000")), of=("a",))),
        b.field("due", b.bracket("entry", b.day(date(2026, 3, 9)))),
        b.field("unpaid", b.word("deducted_from_the_first_settlement"), b.word("rest_carried")),
    )  # fmt: skip
    goods = b.block("goods", "sold", b.field("on", b.aggregate("sum", b.name("supply_amount"), ("sales",))))
    wired = {
        "type": "deposit_payment",
        "doc_id": "w",
        "line_no": "1",
        "date": date(2026, 3, 2),
        "category": "a",
        "amount": Fraction(20000),
    }
    rows = [sale("m", "0", "18000"), sale("n", "0", "90000", date=date(2026, 4, 2)), wired]
    first, second = settle_all(contract(goods, deposit), rows, [MARCH, APRIL])
    moved = [first.receivable, first.payout, second.receivable, second.payout]
    assert moved == [Fraction(each) for each in (18000, 0, 12000, 78000)]


def test_s23_a_return_counts_at_its_own_supply_amount_in_its_own_month() -> None:
    goods = b.block("goods", "sold", b.field("on", b.aggregate("sum", b.name("supply_amount"), ("sales",))))
    back = b.block("returns", "back", b.field("on", b.aggregate("sum", b.name("supply_amount"), ("customer_returns",))))
    returned = sale("r", "0", "400", type="customer_return", date=date(2026, 4, 20), ref_doc_id="m1", ref_line_no="1")
    rows = [sale("m1", "0", "8000"), sale("m2", "0", "3750", date=date(2026, 4, 3)), returned]
    assert [each.net for each in settle_all(contract(goods, back), rows, [MARCH, APRIL])] == [8000, 3350]


def test_a_cap_of_the_year_is_used_up_in_window_order() -> None:
    """55 and 55 under 90 are 55 and 35; when a late return makes the first 25, the first gives back 30 and the second gets 20."""
    cap = b.field("at_most", b.number("90"), b.bracket("in_each", b.window("year")))
    points = b.block("deduction", "points", b.field("on", b.name("gmv")), b.field("rate", b.value(b.rate_part("10"))), cap)
    late = sale("r", "300", "0", type="customer_return", known_on=date(2026, 5, 2))
    rows = [sale("m", "550", "0"), sale("n", "550", "0", date=date(2026, 4, 2)), late]
    march, april, may = settle_all(contract(points), rows, [MARCH, APRIL, (date(2026, 5, 1), date(2026, 6, 1))])
    assert (march.receivable, april.receivable) == (Fraction(55), Fraction(35))
    assert [line.amount for line in may.lines] == [-30, 20]


def test_sharing_by_largest_remainder() -> None:
    cents = [Fraction(part, 100) for part in (4, 3, 3)]
    assert shared(Fraction("0.10"), [Fraction(1)] * 3, Fraction("0.01")) == cents
    assert shared(Fraction("0.13"), [Fraction(1), Fraction(1), Fraction(2)], Fraction("0.01")) == [
        Fraction(each, 100) for each in (3, 3, 7)
    ]
