"""Contracts of one shape settled over columns: the same bytes as one by one, and it is known which way each went."""

from __future__ import annotations

import json
from argparse import Namespace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules_engine.bulk.batch import batch
from rules_engine.bulk.columnar.reasons import Reason
from rules_engine.bulk.model import DUCKDB, ContractSource, Job
from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.tables.traces import Step, steps_of
from rules_engine.cli.commands.batch import loaded, sources
from rules_engine.core.trace import TraceStep
from rules_engine.values.exact import exact_text
from tests.bench.platform import platform
from tests.unit.bulk.shop import contents, rows, shop

pytestmark = pytest.mark.bulk


def supply(folder: Path, lines: int, contracts: int, *changes: tuple[str, str]) -> tuple[list[ContractSource], Path]:
    """Contracts of the bench's template, changed in places, with their documents."""
    template, parameters, documents = platform(folder, lines, contracts)
    text = template.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    template.write_text(text, encoding="utf-8")
    return list(sources(Namespace(contracts=[str(template)], parameters=str(parameters), as_of=None))), documents


def settled(contracts: list[ContractSource], documents: list[Path], out: Path, **options: Any) -> dict[str, Any]:
    """How the contracts of a batch were settled."""
    batch(Job(tuple(contracts), tuple(map(str, documents)), options.pop("period", "2026-01"), out, loaded, engine=DUCKDB, **options))
    found: dict[str, Any] = json.loads((out / "times.json").read_text(encoding="utf-8"))["settled"]
    return found


def same_tables(one: Path, other: Path) -> bool:
    """The same bytes; only the times, which are left out, say which way contracts went."""
    return contents(one) == contents(other)


def test_contracts_of_a_template_come_out_as_one_by_one(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 3000, 6)
    assert settled(contracts, [documents], tmp_path / "columns") == {"by_columns": 6, "one_by_one": {}}
    assert settled(contracts, [documents], tmp_path / "rows", columns=False) == {"by_columns": 0, "one_by_one": {}}
    assert same_tables(tmp_path / "columns", tmp_path / "rows")


def test_contracts_without_documents_go_with_the_others_month_after_month(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 3000, 9)
    some = tmp_path / "some.parquet"
    first = ", ".join(f"'{each.id}'" for each in contracts[:5])
    duckdb.execute(f"COPY (SELECT * FROM read_parquet('{documents}') WHERE contract IN ({first})) TO '{some}' (FORMAT parquet)")
    for month, delivered, posted in (("2026-01", some, ()), ("2026-02", documents, (str(tmp_path / "2026-01-columns"),))):
        for way, columns in (("columns", True), ("rows", False)):
            found = settled(contracts, [delivered], tmp_path / f"{month}-{way}", period=month, posted=posted, columns=columns)
            assert found == {"by_columns": 9 if columns else 0, "one_by_one": {}}
        assert same_tables(tmp_path / f"{month}-columns", tmp_path / f"{month}-rows")


def test_every_line_settled_over_columns_is_explained_and_comes_to_its_amount(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 800, 2)
    assert settled(contracts, [documents], tmp_path / "out")["by_columns"] == 2
    for each in contracts:
        again = reopened(tmp_path / "out", each.id, loaded)
        kept = {row["line_id"]: row["amount"] for row in rows(tmp_path / "out", "lines") if row["contract"] == each.id}
        assert {line.id: line.trace.value for line in again.lines} == kept
        traces = {row["line_id"]: steps(row) for row in rows(tmp_path / "out", "trace") if row["contract"] == each.id}
        for line in again.lines:
            told, step = traces[line.id], line.trace
            for one in reversed(told[1:]):
                assert (one.op, one.value, list(one.detail)) == (step.op, amount(step), list(step.detail))
                step = step.parts[0]
            assert told[0].value == amount(step)


def amount(step: TraceStep) -> str:
    assert isinstance(step.value, Decimal | Fraction)
    return exact_text(step.value)


def steps(row: dict[str, Any]) -> list[Step]:
    return steps_of(row["steps"], row["values"], row["rest"])


def test_vat_stands_on_top_where_prices_exclude_it(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 900, 3, ("prices     include VAT 13%", "prices     exclude VAT 13%"))
    assert settled(contracts, [documents], tmp_path / "columns")["by_columns"] == 3
    settled(contracts, [documents], tmp_path / "rows", columns=False)
    assert same_tables(tmp_path / "columns", tmp_path / "rows")
    assert "vat" in {step.op for row in rows(tmp_path / "columns", "trace") for step in steps(row)}


CAPS = (
    ("    points  otherwise\n", "    points  otherwise\n  at most   target in each quarter\n"),
    ("  rate  share\n", "  rate  share\n  at most 0.37 in each month\n"),
)
"""A cap over three windows of a clause, a parameter, and one over its own, written out."""


def test_caps_over_wider_windows_use_up_what_earlier_months_came_to(tmp_path: Path) -> None:
    contracts, january = supply(tmp_path / "in", 2400, 3, *CAPS)
    documents = tmp_path / "in" / "quarter.parquet"
    duckdb.execute(LATER.format(source=january, target=documents))
    found = settled(contracts, [documents], tmp_path / "columns", period="2026-03")
    assert found == {"by_columns": 3, "one_by_one": {}}
    settled(contracts, [documents], tmp_path / "rows", period="2026-03", columns=False)
    assert same_tables(tmp_path / "columns", tmp_path / "rows")
    caps = [step.detail for row in rows(tmp_path / "columns", "trace") for step in steps(row) if step.op == "most"]
    assert any("used" in detail for detail in caps)
    assert any(detail["limit"] == "0.37" for detail in caps)


def test_others_go_one_by_one_for_a_named_reason(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 1200, 3)
    grain, others = shop(tmp_path / "grain", 1)
    more = [*contracts, *grain]
    found = settled(more, [documents, others], tmp_path / "columns")
    assert found["by_columns"] == 3
    assert sum(found["one_by_one"].values()) == 1
    assert set(found["one_by_one"]) <= {reason.value for reason in Reason}
    settled(more, [documents, others], tmp_path / "rows", columns=False)
    assert same_tables(tmp_path / "columns", tmp_path / "rows")


LATER = """
COPY (SELECT * REPLACE ((date + INTERVAL (hash(doc_id) % 3) MONTH)::DATE AS date),
  CASE WHEN hash(doc_id, 5) % 9 = 0 THEN (date + INTERVAL (hash(doc_id) % 3) MONTH + INTERVAL 40 DAY)::DATE END AS known_on
FROM '{source}') TO '{target}' (FORMAT parquet)
"""
"""The same documents over three months, some known forty days later."""


def test_month_after_month_corrections_come_out_as_one_by_one(tmp_path: Path) -> None:
    contracts, january = supply(tmp_path / "in", 2400, 3)
    documents = tmp_path / "in" / "quarter.parquet"
    duckdb.execute(LATER.format(source=january, target=documents))
    for before, month in ((), "2026-01"), (("2026-01",), "2026-02"), (("2026-01", "2026-02"), "2026-03"):
        for way, columns in (("columns", True), ("rows", False)):
            posted = tuple(str(tmp_path / "columns" / name) for name in before)
            found = settled(contracts, [documents], tmp_path / way / month, period=month, posted=posted, columns=columns)
            assert found["by_columns"] == (3 if columns else 0)
        assert same_tables(tmp_path / "columns" / month, tmp_path / "rows" / month)
    lines = rows(tmp_path / "columns" / "2026-03", "lines")
    assert {row["status"] for row in lines} == {"due", "correction"}
    assert any(row["corrects"] != "[]" for row in lines)


def test_a_line_added_to_what_was_posted_is_told_by_the_kernel(tmp_path: Path) -> None:
    contracts, documents = supply(tmp_path / "in", 600, 2)
    settled(contracts, [documents], tmp_path / "january")
    table = pq.read_table(tmp_path / "january" / "lines.parquet")
    place = table.column_names.index("amount")
    more = pa.array([value + 1 if not at else value for at, value in enumerate(table.column("amount").to_pylist())], table.schema.field("amount").type)
    pq.write_table(table.set_column(place, "amount", more), tmp_path / "january" / "lines.parquet")
    found = settled(contracts, [documents], tmp_path / "february", period="2026-02", posted=(str(tmp_path / "january"),))
    assert found == {"by_columns": 1, "one_by_one": {"posted_statements": 1}}
    assert {row["code"] for row in rows(tmp_path / "february", "exceptions")} == {"SE0709"}
