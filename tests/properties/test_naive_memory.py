"""The second opinion itself on what remembers: the worked cases of the pages on counters, balances and words about lines."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.naive.run import Result, settle_all
from tests.properties.pipeline import checked
from tests.strategies.documents import Row
from tests.strategies.terms import clause
from tests.strategies.written import PLAIN_HEADER, text_of


def settled(blocks: list[str], rows: list[Row], months: int) -> list[Result]:
    made = checked(text_of(PLAIN_HEADER, blocks))
    return settle_all(made.read, rows, made.periods[:months])


def row(kind: str, name: str, day: str, known: str = "", **cells: object) -> Row:
    days = {"date": date.fromisoformat(day), **({"known_on": date.fromisoformat(known)} if known else {})}
    figures = {column: Fraction(value) if isinstance(value, int) else value for column, value in cells.items()}
    return {"type": kind, "doc_id": name, "line_no": "1", **days, **figures}


def moved(results: list[Result], of: str) -> list[Fraction]:
    return [sum((line.amount for line in each.lines if line.clause == of), Fraction(0)) for each in results]


def test_slices_along_a_counter_stand_and_come_back_from_the_top() -> None:
    counter = "counter sold\n  sum of quantity over sales less customer_returns\n  restarts every year"
    base = "  on sum of supply_amount over sales less customer_returns"
    volume = clause("rebate volume", base, "  tiers marginal along sold\n    up to 1,000  1%\n    over 1,000  2%")
    rows = [
        row("sale", "SO-1", "2026-01-10", supply_amount=9000, quantity=900),
        row("sale", "SO-2", "2026-01-20", supply_amount=2400, quantity=200),
        row("sale", "SO-3", "2026-01-05", "2026-02-03", supply_amount=500, quantity=50),
        row("customer_return", "CR-1", "2026-02-10", supply_amount=1800, quantity=150, ref_doc_id="SO-2", ref_line_no="1"),
    ]
    results = settled([counter, volume], rows, 2)
    assert moved(results, "volume") == [126, -20]
    assert sorted(line.amount for line in results[1].lines) == [-30, 10]


def test_an_advance_is_worked_off_as_far_as_half_of_what_is_earned() -> None:
    advance = clause("charge advance paid by platform", "  amount 1,000", "  period term", "  due 2026-01-12")
    royalty = clause(
        "charge royalty paid by platform", "  on gmv", "  rate 8%", "  period month", "  negative turns round",
        "  against unrecouped at most 50% of royalty",
    )  # fmt: skip
    rows = [
        row("sale", "SO-1", "2026-01-20", paid=20000, platform_coupon=0),
        row("sale", "SO-2", "2026-02-20", paid=Fraction("5000.50"), platform_coupon=0),
    ]
    results = settled([advance, "balance unrecouped\n  adds result of advance", royalty], rows, 2)
    assert moved(results, "advance") == [1000, 0]
    assert moved(results, "royalty") == [800, Fraction("200.04")]


def test_units_allowed_cover_documents_in_the_order_of_their_days() -> None:
    allowance = "balance free_units\n  adds 100 units in each month\n  lasts 2 months"
    fee = clause("fee handling", "  on sum of quantity over sales against free_units", "  rate 0.50 per unit", "  period month")
    rows = [row("sale", f"SO-{day}", day, quantity=many) for day, many in (("2026-01-20", 60), ("2026-02-03", 100), ("2026-02-20", 80))]
    assert moved(settled([allowance, fee], rows, 2), "handling") == [0, 20]


def test_only_what_is_confirmed_is_posted_and_an_accepted_dispute_waits_for_nothing() -> None:
    note = clause("rebate note", "  on bought", "  rate 10%", "  period month", "  vat none", "  needs confirmation")
    january = {"clause": "note", "window": "2026-01-01..2026-01-31", "by": "Li Ming"}
    bought = row("purchase_receipt", "P-1", "2026-01-05", supply_amount=3400)
    part = settled([note], [bought, row("confirmation", "C-1", "2026-02-03", amount=300, **january)], 2)
    assert moved(part, "note") == [0, 300]
    assert [list(each.waiting().values()) for each in part] == [[340], [40]]
    rows = [
        bought, row("dispute", "D-1", "2026-02-03", amount=300, **january), row("confirmation", "C-1", "2026-02-20", amount=300, **january),
        row("purchase_receipt", "P-2", "2026-01-06", "2026-03-02", supply_amount=500),
    ]  # fmt: skip
    agreed = settled([note], rows, 3)
    assert moved(agreed, "note") == [0, 300, 0]
    assert [list(each.waiting().values()) for each in agreed] == [[340], [], [50]]
