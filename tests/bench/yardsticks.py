"""What others would do with the same lines: a loop over Decimals, pandas with floats, Spark with the query written by hand."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.bench.platform import YARDSTICK

FIRST, END = date(2026, 1, 1), date(2026, 2, 1)
SLICE = 200_000
"""Lines the loop is run over; its time for all of them is worked out from it."""
COLUMNS = ("contract", "category", "type", "date", "campaign", "quantity", "supply_amount", "paid", "platform_coupon", "platform_discount", "amount")
SUMS = (
    ("sale", "paid"), ("sale", "platform_coupon"), ("customer_return", "paid"), ("customer_return", "platform_coupon"),
    ("sale", "supply_amount"), ("customer_return", "supply_amount"), ("purchase_receipt", "supply_amount"), ("sale", "quantity"),
    ("marketing_spend", "amount"),
)  # fmt: skip


def decimal_loop(documents: Path, lines: int) -> float:
    """Seconds a plain loop over Decimals takes for all lines, reading included; measured on a slice."""
    from pyarrow import parquet

    start = time.perf_counter()
    batch = next(parquet.ParquetFile(documents).iter_batches(SLICE, columns=list(COLUMNS)))
    found: dict[tuple[str, str], dict[tuple[str, str], Decimal]] = {}
    for row in batch.to_pylist():
        if not FIRST <= row["date"] < END:
            continue
        sums = found.setdefault((row["contract"], row["category"]), {})
        kind = row["type"]
        for wanted, name in SUMS:
            if kind == wanted and row[name] is not None:
                sums[wanted, name] = sums.get((wanted, name), Decimal(0)) + row[name]
        if kind == "sale" and row["campaign"] == "618" and row["platform_discount"] is not None:
            sums["shared", "618"] = sums.get(("shared", "618"), Decimal(0)) + row["platform_discount"]
    return (time.perf_counter() - start) * lines / int(batch.num_rows)


def pandas_floats(documents: Path) -> Any:
    """The ten sums as a shop with pandas takes them: binary floats, masks, one groupby."""
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(documents, columns=list(COLUMNS))
    for name in ("quantity", "supply_amount", "paid", "platform_coupon", "platform_discount", "amount"):
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.float64()))
    for name in ("contract", "category", "type", "campaign"):
        table = table.set_column(table.schema.get_field_index(name), name, table[name].dictionary_encode())
    frame = table.to_pandas()
    frame = frame[(frame.date >= FIRST) & (frame.date < END)]
    masked = {f"{kind} {name}": frame[name].where(frame.type == kind, 0.0) for kind, name in SUMS}
    masked["618"] = frame.platform_discount.where((frame.type == "sale") & (frame.campaign == "618"), 0.0)
    whole = pd.DataFrame({"contract": frame.contract, "category": frame.category, **masked})
    return whole.groupby(["contract", "category"], observed=True, sort=False).sum()


def spark_by_hand(documents: Path) -> Any:
    """A function that runs the query written by hand on Spark with two threads; the session is started before."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.driver.memory": "4g", "spark.sql.shuffle.partitions": "4", "spark.log.level": "OFF"}
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.read.parquet(str(documents)).createOrReplaceTempView("lines")
    query = YARDSTICK.replace("read_parquet('{path}')", "lines")
    return lambda: session.sql(query).toArrow()
