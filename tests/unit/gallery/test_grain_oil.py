"""The quarter of grain and oil, worked out once more from the documents with fractions and nothing of the engine."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "contracts" / "grain_oil"
MONTHS = ("2026-01", "2026-02", "2026-03")
POINTS = {"rice": Fraction(12, 100), "oil": Fraction(15, 100)}
Row = dict[str, str]
Worked = dict[tuple[str, str], Fraction]


def cents(amount: Fraction) -> Fraction:
    """Half up, away from zero."""
    sign = -1 if amount < 0 else 1
    return Fraction(sign * int(abs(amount) * 100 + Fraction(1, 2)), 100)


def rows_known(month: str) -> list[Row]:
    """What is dated until the month's end and was known by then."""
    with (FOLDER / "documents.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if max(row["date"], row["known_on"])[:7] <= month]


def added(rows: list[Row], column: str, *types: str, less: tuple[str, ...] = ()) -> Fraction:
    plus = sum((Fraction(row[column] or 0) for row in rows if row["type"] in types), Fraction(0))
    return plus - sum((Fraction(row[column] or 0) for row in rows if row["type"] in less), Fraction(0))


def net_sales(rows: list[Row]) -> Fraction:
    returned = ("customer_return",)
    return added(rows, "paid", "sale", less=returned) + added(rows, "platform_coupon", "sale", less=returned)


def monthly(rows: list[Row]) -> Worked:
    """The clauses of one calendar month."""
    found = {
        ("sold", ""): added(rows, "supply_amount", "sale"),
        ("restocked", ""): added(rows, "supply_amount", "customer_return"),
    }
    for category in {row["category"] for row in rows if row["type"] in ("sale", "customer_return")}:
        base = net_sales([row for row in rows if row["category"] == category])
        found["base_points", category] = base * POINTS.get(category, Fraction(11, 100))
    found["labelling", ""] = added(rows, "quantity", "labelling") * Fraction(5, 100)
    oil = [row for row in rows if row["category"] == "oil" and row["type"] == "sale"]
    short = [row for row in oil if row["remaining_life"] and int(row["remaining_life"]) < 30]
    if added(oil, "quantity", "sale") > 1000:
        found["shelf_life", ""] = added(short, "quantity", "sale") * Fraction(5, 100)
    return {key: cents(amount) for key, amount in found.items()}


def so_far(rows: list[Row]) -> Worked:
    """The clauses of the quarter and of the year, on account."""
    revenue, returned = net_sales(rows), ("customer_return",)
    short = revenue / 10 - (revenue - added(rows, "supply_amount", "sale", less=returned))
    credit = added(rows, "amount", "marketing_spend") * Fraction(7, 10)
    bought = added(rows, "supply_amount", "purchase_receipt", "purchase_batch", less=("warehouse_return",))
    middle = max(min(bought, Fraction(5_000_000)) - 1_000_000, Fraction(0)) * Fraction(1, 100)
    rebate = middle + max(bought - 5_000_000, Fraction(0)) * Fraction(25, 1000)
    capped = min(max(short - credit, Fraction(0)), Fraction(200_000))
    deposits: Worked = {("quality", "rice"): Fraction(30_000), ("quality", "oil"): Fraction(50_000)}
    return {("guarantee", ""): cents(capped), ("annual_purchase", ""): cents(rebate), **deposits}


def targets(month: str) -> Worked:
    """Everything owed since January by what is known at the month's end."""
    rows = rows_known(month)
    found = so_far(rows)
    for earlier in MONTHS[: MONTHS.index(month) + 1]:
        for key, amount in monthly([row for row in rows if row["date"][:7] == earlier]).items():
            found[key] = found.get(key, Fraction(0)) + amount
    return found


def worked(month: str) -> Worked:
    """What the month posts: owed by now, less what was owed a month ago."""
    now, position = targets(month), MONTHS.index(month)
    before = targets(MONTHS[position - 1]) if position else {}
    return {key: moved for key in now if (moved := now[key] - before.get(key, Fraction(0)))}


def settled(month: str) -> Worked:
    found: Worked = {}
    for line in json.loads((FOLDER / "expected" / f"{month}.json").read_text(encoding="utf-8"))["lines"]:
        key = (line["clause"], "".join(line["group"].values()))
        found[key] = found.get(key, Fraction(0)) + Fraction(line["amount"])
    return found


@pytest.mark.parametrize("month", MONTHS)
def test_the_statement_says_what_fractions_say(month: str) -> None:
    assert settled(month) == worked(month)
