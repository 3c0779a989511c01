"""A small shop for batches: contracts of one text, documents of all of them in one file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet

from rules_engine.api import load, parse, read_source
from rules_engine.bulk.batch import Outcome, batch
from rules_engine.bulk.model import ContractSource, Job, Shard
from rules_engine.bulk.tables.columns import TABLES
from rules_engine.core.program import Program

ROOT = Path(__file__).parents[3]
GRAIN = ROOT / "contracts/grain_oil"


def loaded(source: ContractSource, as_of: date | None) -> Program:
    return load(source.path, as_of)


def settled_by(_: Shard) -> int:
    """The process that was given a shard."""
    return os.getpid()


def source(path: Path) -> ContractSource:
    text = read_source(path)
    return ContractSource(parse(text).id, str(path), sha256(text.text.encode()).hexdigest())


def shop(folder: Path, contracts: int, marks: str = "") -> tuple[list[ContractSource], Path]:
    """The grain and oil contract `contracts` times, each with its documents."""
    text = (GRAIN / "grain_oil.contract").read_text(encoding="utf-8")
    header, *rows = list(csv.reader((GRAIN / "documents.csv").read_text(encoding="utf-8").splitlines()))
    at = header.index("contract")
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(contracts):
        (folder / f"{number}.contract").write_text(text.replace("GO-2026-001", name(number)) + marks, encoding="utf-8")
    documents = folder / "documents.csv"
    with documents.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            writer.writerows([*row[:at], name(number), *row[at + 1 :]] for number in range(contracts))
    return [source(folder / f"{number}.contract") for number in range(contracts)], documents


SMALL = """contract {id} "Small"
  platform  "Northgate Retail Trading Co."
  supplier  S-1 "Riverside Tea Co."
  term      2026-01-01 to 2026-12-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       60 days after statement
  payout    any amount, negative carried forward
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line

goods sold
  on  sum of supply_amount over sales

deduction points
  on        sum of paid over sales less customer_returns
  per       category
  period    quarter, on account monthly
  negative  turns round
  rate
    10%  for tea
    12%  otherwise
"""


def small(folder: Path, contracts: int) -> tuple[list[ContractSource], Path]:
    """Contracts of two clauses, each with three documents a month from January to March."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = folder / "documents.csv"
    with documents.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("contract", "type", "doc_id", "date", "category", "supply_amount", "paid"))
        for number, month in product(range(contracts), (1, 2, 3)):
            (folder / f"{number}.contract").write_text(SMALL.format(id=name(number)), encoding="utf-8")
            own = [(name(number), "sale", f"S-{month}-{item}", f"2026-{month:02}-0{item}", "tea" if item == 1 else "cups", 70 + number, f"{100 + item}.1{month}") for item in (1, 2)]
            writer.writerows([*own, (name(number), "customer_return", f"R-{month}", f"2026-{month:02}-09", "tea", 7, 10)])
    return [source(folder / f"{number}.contract") for number in range(contracts)], documents


def name(number: int) -> str:
    return f"GO-{number:04}"


def settled(contracts: Iterable[ContractSource], documents: Path, period: str, out: Path, **options: Any) -> Outcome:
    return batch(Job(tuple(contracts), (str(documents),), period, out, loaded, **options))


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(folder / f"{table}.parquet").to_pylist()
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of everything that must be the same in two runs."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "times.json"}


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(folder, table) for table in TABLES}
