"""Law 4: a batch settles the same from single lines and from lines that DuckDB added up, to the last digit."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import DUCKDB, ENGINES, ROWS, ContractSource, Job
from tests.properties.pipeline import checked
from tests.strategies import printer
from tests.strategies.contracts import contracts
from tests.strategies.documents import FAMILIES, MORE, rows, texts
from tests.strategies.terms import written
from tests.unit.bulk.shop import loaded, source, tables

pytestmark = pytest.mark.bulk
TEXTS = 4
"""Contract texts of one batch, each of two contracts that are settled together where columns serve them; the examples of a run are batches."""
BATCHES = max(2, settings().max_examples // 20)


@settings(max_examples=BATCHES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_generated_contracts_settle_alike_from_lines_and_from_sums(data: st.DataObject) -> None:
    texts_of = [data.draw(st.one_of(contracts().map(printer.contract), written())) for _ in range(TEXTS)] * 2
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sources, documents = shop(place, texts_of, data)
        first, second = data.draw(st.sampled_from((("2026-01", "2026-02"), ("2026-02", "2026-03"), ("2026-Q1", "2026-Q2"))))
        compare(place / "one", sources, documents, first, ())
        compare(place / "two", sources, documents, second, (str(place / "one" / ROWS),))


def shop(folder: Path, contract_texts: Sequence[str], data: st.DataObject) -> tuple[list[ContractSource], Path]:
    """The contracts under ids of their own, and the documents of all of them in one file."""
    found: list[dict[str, str]] = []
    sources = []
    for number, text in enumerate(contract_texts):
        name = f"G-{number}"
        periods = checked(text).periods
        drawn = data.draw(rows(periods[0][0], periods[-1][1], families=MORE if "audits" in text else FAMILIES))
        found += [{"contract": name, **texts(row)} for row in drawn]
        path = folder / f"{number}.contract"
        path.write_text(re.sub(r"^contract \S+", f"contract {name}", text, count=1), encoding="utf-8")
        sources.append(source(path))
    documents = folder / "documents.csv"
    columns = list(dict.fromkeys(column for row in found for column in row))
    with documents.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(found)
    return sources, documents


def compare(out: Path, sources: Sequence[ContractSource], documents: Path, period: str, posted: tuple[str, ...]) -> None:
    for engine in ENGINES:
        batch(Job(tuple(sources), (str(documents),), period, out / engine, loaded, posted, engine=engine))
    found = tables(out / ROWS)
    assert found == tables(out / DUCKDB)
    assert "SE0864" not in {row["code"] for row in found["exceptions"]}, "a fault of the engine"
