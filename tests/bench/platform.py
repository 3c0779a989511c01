"""A made-up platform: contracts of one template and a month of documents, a few suppliers with most of the lines."""

from __future__ import annotations

from pathlib import Path

import duckdb

CATEGORIES = 30
TEMPLATE = """template supply(points percent, least percent, target money, step money, share percent, label money) "Supply"
  platform   "Northgate Retail Trading Co."
  supplier   S-1 "Made-up Foods Co."
  term       2026-01-01 to 2026-12-31
  currency   CNY
  prices     include VAT 13%
  settle     monthly
  pay        60 days after statement
  payout     any amount, negative carried forward
  late documents  settle in the period they arrive
  returns    in their own period
  rounding   half up to 0.01 on each line

measure gmv
  sum of paid + platform_coupon over sales less customer_returns

measure cost_of_sales
  sum of supply_amount over sales less customer_returns

measure purchases
  sum of supply_amount over purchase_receipts

measure ad_spend
  sum of amount over marketing_spend

goods sold
  on  sum of supply_amount over sales

returns restocked
  on  sum of supply_amount over customer_returns

deduction base_points
  on        gmv
  per       category
  negative  turns round
  rate
    12%     for K01
    14%     for K02
    points  otherwise

margin protection guarantee
  revenue   gmv
  cost      cost_of_sales
  rate      least
  per       category
  period    quarter, on account monthly
  negative  turns round

rebate volume
  on        purchases
  per       category
  period    year, on account monthly
  negative  turns round
  tiers     marginal
    up to target  none
    up to step    1%
    over  step    2.5%

promotion shared
  on    sum of platform_discount over sales where campaign = "618"
  rate  share

fee labelling
  on      sum of quantity over sales
  rate    label per unit
  invoice by platform, deducted in cash

charge bonus paid by supplier
  on      gmv
  rate    0.5%
  when    ad_spend > 10,000
  negative turns round
"""
HEAD = "contract,points,least,target,step,share,label"

LINES = """
SELECT 'C' || lpad(((n * pow((hash(i, 1) % 1000000) / 1000000.0, 3))::BIGINT % n)::VARCHAR, 5, '0') AS contract,
  CASE WHEN k < 70 THEN 'sale' WHEN k < 82 THEN 'customer_return' WHEN k < 97 THEN 'purchase_receipt' ELSE 'marketing_spend' END AS type,
  'D' || i AS doc_id, DATE '2026-01-01' + (hash(i, 3) % 31)::INTEGER AS date,
  'K' || lpad((hash(i, 4) % 30)::VARCHAR, 2, '0') AS category,
  CASE WHEN hash(i, 5) % 5 = 0 THEN '618' END AS campaign,
  CASE WHEN k < 97 THEN (1 + hash(i, 6) % 24)::INTEGER END AS quantity,
  CASE WHEN k < 97 THEN ((100 + hash(i, 7) % 100000) * 0.01)::DECIMAL(18, 2) END AS supply_amount,
  CASE WHEN k < 82 THEN ((130 + hash(i, 8) % 140000) * 0.01)::DECIMAL(18, 2) END AS paid,
  CASE WHEN k < 82 AND hash(i, 9) % 5 = 0 THEN ((hash(i, 10) % 500) * 0.01)::DECIMAL(18, 2) END AS platform_coupon,
  CASE WHEN k < 70 AND hash(i, 11) % 5 = 0 THEN ((hash(i, 12) % 900) * 0.01)::DECIMAL(18, 2) END AS platform_discount,
  CASE WHEN k >= 97 THEN ((hash(i, 13) % 1000000) * 0.01)::DECIMAL(18, 2) END AS amount
FROM (SELECT range AS i, hash(range, 2) % 100 AS k, {contracts}::BIGINT AS n FROM range({lines}))
"""

YARDSTICK = """
SELECT contract, category,
  sum(paid) FILTER (WHERE type = 'sale') AS paid, sum(platform_coupon) FILTER (WHERE type = 'sale') AS coupons,
  sum(paid) FILTER (WHERE type = 'customer_return') AS back, sum(platform_coupon) FILTER (WHERE type = 'customer_return') AS coupons_back,
  sum(supply_amount) FILTER (WHERE type = 'sale') AS cost, sum(supply_amount) FILTER (WHERE type = 'customer_return') AS cost_back,
  sum(supply_amount) FILTER (WHERE type = 'purchase_receipt') AS bought, sum(quantity) FILTER (WHERE type = 'sale') AS units,
  sum(platform_discount) FILTER (WHERE type = 'sale' AND campaign = '618') AS discounts, sum(amount) FILTER (WHERE type = 'marketing_spend') AS spend
FROM read_parquet('{path}') WHERE date >= DATE '2026-01-01' AND date < DATE '2026-02-01' GROUP BY contract, category
"""
"""What one would write by hand for exactly these contracts, without rounding, settlement or lines."""


def platform(folder: Path, lines: int, contracts: int) -> tuple[Path, Path, Path]:
    """Template, parameters and documents; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    template, parameters, documents = folder / "supply.template", folder / f"{contracts}.csv", folder / f"{lines}-{contracts}.parquet"
    template.write_text(TEMPLATE, encoding="utf-8")
    rows = (f"C{n:05},{8 + n % 7}%,{5 + n % 5}%,{1000 + n},{5000 + 3 * n},{40 + n % 30}%,0.0{1 + n % 9}" for n in range(contracts))
    parameters.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    if not documents.exists():
        query = LINES.format(lines=lines, contracts=contracts)
        duckdb.execute(f"COPY ({query}) TO '{documents}' (FORMAT parquet, COMPRESSION zstd)")
    return template, parameters, documents


def yardstick(documents: Path) -> int:
    """The hand-written query; gives how many groups it found."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    return int(con.sql(YARDSTICK.format(path=documents)).to_arrow_table().num_rows)
