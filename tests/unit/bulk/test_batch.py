"""Many contracts at once: the same cents as one by one, the same bytes twice, whole or not at all."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules_engine.api import ContractError, load, read_documents, render, settle
from rules_engine.bulk.model import ContractSource
from rules_engine.bulk.remembered import remembered
from rules_engine.bulk.reopen import reopened
from rules_engine.bulk.tables.columns import names
from rules_engine.bulk.tables.entries import Entries
from rules_engine.bulk.tables.keeping import together
from rules_engine.cli.cases import read_case
from rules_engine.cli.main import main
from rules_engine.core.program import Program
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import parse_posted
from tests.unit.bulk.shop import GRAIN, ROOT, contents, loaded, name, rows, settled, shop, source

pytestmark = pytest.mark.bulk


def test_a_batch_gives_the_lines_and_totals_of_single_runs(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 3)
    outcome = settled(contracts, documents, "2026-02", tmp_path / "out")
    assert (outcome.counts.contracts, outcome.counts.settled, outcome.counts.errors) == (3, 3, 0)
    for each in contracts:
        alone = one(each, documents, "2026-02")
        lines = [row for row in rows(tmp_path / "out", "lines") if row["contract"] == each.id]
        assert [(row["line_id"], row["amount"], row["documents"]) for row in lines] == [
            (line.id, line.amount, line.document_count) for line in (*alone.lines, *alone.pending)
        ]
        (total,) = [row for row in rows(tmp_path / "out", "totals") if row["contract"] == each.id]
        assert (total["net"], total["payout"], total["documents"]) == (alone.totals.net, alone.totals.payout, alone.documents_read)


def one(contract: ContractSource, documents: Path, period: str) -> Settlement:
    program = load(contract.path)
    return settle(program, read_documents(documents, program), period)


def test_two_runs_are_the_same_bytes_whatever_the_workers(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 40)
    settled(contracts, documents, "2026-01", tmp_path / "first")
    settled(list(reversed(contracts)), documents, "2026-01", tmp_path / "second", workers=2)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    assert settled(contracts, documents, "2026-01", tmp_path / "first").known
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "in", "second"]


def test_month_after_month_posts_what_one_run_at_the_end_posts(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 2)
    posted: list[str] = []
    for month in ("2026-01", "2026-02", "2026-03"):
        settled(contracts, documents, month, tmp_path / month, posted=tuple(posted))
        posted.append(str(tmp_path / month))
    alone = load(contracts[0].path)
    given = read_documents(documents, alone)
    statements: list[Settlement] = []
    for month in ("2026-01", "2026-02", "2026-03"):
        statements.append(settle(alone, given, month, statements))
    march = [row for row in rows(tmp_path / "2026-03", "lines") if row["contract"] == contracts[0].id]
    assert [(row["line_id"], row["posted"], row["amount"]) for row in march] == [
        (line.id, line.posted, line.amount) for line in statements[-1].lines
    ]


@pytest.mark.parametrize("case", ["grain_oil", "confirmations", "on_account"])
def test_what_a_batch_posts_reads_back_as_the_whole_statement_does(case: str) -> None:
    run = read_case(ROOT / "contracts" / case / "case.toml").runs[0]
    program = load(run.contract)
    settlement = settle(program, read_documents(list(run.documents), program), run.period)
    whole = parse_posted(json.loads(render(settlement, format="json")))
    entries = Entries()
    entries.settled(settlement, run.period, 0)
    (rest,) = entries.rows["posted"]
    lines = [dict(zip(names("lines"), row, strict=True)) for row in entries.rows["lines"]]
    again = together(str(rest[1]), lines, entries.rows["carried"])  # type: ignore[arg-type]
    assert parse_posted(again) == whole
    said = {line["id"]: line for line in json.loads(render(settlement, format="json"))["lines"]}
    for line in again["lines"]:
        assert {name: said[line["id"]][name] for name in line} == line


def test_a_wrong_contract_stops_nobody_else(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 2)
    wrong = tmp_path / "in" / "wrong.contract"
    wrong.write_text('contract GO-9999 "Wrong"\n  platform "P"\n', encoding="utf-8")
    outcome = settled([*contracts, ContractSource("GO-9999", str(wrong), "1")], documents, "2026-01", tmp_path / "out")
    assert (outcome.counts.settled, outcome.counts.contracts) == (2, 3)
    assert {row["contract"] for row in rows(tmp_path / "out", "exceptions") if row["severity"] == "error"} == {"GO-9999"}


def failing(each: ContractSource, as_of: date | None) -> Program:
    if each.id == name(1):
        raise RuntimeError("out of luck")
    return loaded(each, as_of)


def test_a_fault_of_the_engine_stops_one_contract(tmp_path: Path) -> None:
    from rules_engine.bulk.batch import batch
    from rules_engine.bulk.model import Job

    contracts, documents = shop(tmp_path / "in", 2)
    outcome = batch(Job(tuple(contracts), (str(documents),), "2026-01", tmp_path / "out", failing))
    (row,) = rows(tmp_path / "out", "exceptions")
    assert (outcome.counts.settled, row["contract"], row["code"]) == (1, name(1), "SE0864")
    assert "out of luck" in row["text"]


def test_rows_of_nobody_are_named(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 3)
    text = documents.read_text(encoding="utf-8").replace(f",{name(0)},", ",,", 1)
    documents.write_text(text, encoding="utf-8")
    outcome = settled(contracts[:2], documents, "2026-01", tmp_path / "out")
    found = {row["code"]: row["text"] for row in rows(tmp_path / "out", "exceptions")}
    assert set(found) == {"SE0861", "SE0862"}
    assert "1 row " in found["SE0861"]
    assert "251 rows" in found["SE0862"]
    assert (outcome.counts.errors, outcome.counts.warnings) == (1, 1)


def test_one_id_in_two_files_settles_neither(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 2)
    twin = tmp_path / "in" / "twin.contract"
    shutil.copy(contracts[0].path, twin)
    outcome = settled([*contracts, source(twin)], documents, "2026-01", tmp_path / "out")
    assert (outcome.counts.settled, outcome.counts.contracts) == (1, 3)
    assert [row["code"] for row in rows(tmp_path / "out", "exceptions")] == ["SE0863"]


def test_a_statement_is_made_again_from_the_batch(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 2)
    settled(contracts, documents, "2026-01", tmp_path / "out")
    again = reopened(tmp_path / "out", contracts[1].id, loaded)
    assert again.totals == one(contracts[1], documents, "2026-01").totals
    with pytest.raises(ContractError, match="SE0869"):
        reopened(tmp_path / "out", "GO-0001x", loaded)
    documents.write_text(documents.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(ContractError, match="SE0866"):
        reopened(tmp_path / "out", contracts[1].id, loaded)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 1)
    with pytest.raises(ContractError, match="SE0865"):
        settled(contracts, documents, "2026-01", tmp_path / "in")
    assert documents.is_file()


def test_another_period_replaces_the_batch_before(tmp_path: Path) -> None:
    contracts, documents = shop(tmp_path / "in", 1)
    settled(contracts, documents, "2026-01", tmp_path / "out")
    settled(contracts, documents, "2026-02", tmp_path / "out")
    assert {row["period"] for row in rows(tmp_path / "out", "totals")} == {"2026-02"}


def test_the_shipped_contract_alone_takes_rows_without_a_contract(tmp_path: Path) -> None:
    documents = tmp_path / "documents.csv"
    documents.write_text((GRAIN / "documents.csv").read_text(encoding="utf-8").replace(",GO-2026-001,", ",,"), encoding="utf-8")
    outcome = settled([source(GRAIN / "grain_oil.contract")], documents, "2026-01", tmp_path / "out")
    assert (outcome.counts.settled, outcome.counts.errors) == (1, 0)


def test_a_checked_contract_is_kept_and_read_again_when_anything_changes(tmp_path: Path) -> None:
    contracts, _ = shop(tmp_path / "in", 1)
    calls: list[str] = []

    def load_one(each: ContractSource, as_of: date | None) -> Program:
        calls.append(each.sha256)
        return loaded(each, as_of)

    first = remembered(contracts[0], None, load_one, tmp_path / "cache")
    assert remembered(contracts[0], None, load_one, tmp_path / "cache") == first
    changed = replace(contracts[0], sha256="another")
    remembered(changed, None, load_one, tmp_path / "cache")
    (damaged,) = [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and path.stat().st_mtime_ns][:1]
    damaged.write_bytes(b"not a program")
    assert remembered(contracts[0], None, load_one, tmp_path / "cache") == first
    assert remembered(contracts[0], None, load_one, None) == first
    assert calls[:2] == [contracts[0].sha256, "another"]


def test_a_batch_keeps_checked_contracts_where_the_other_commands_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, documents = shop(tmp_path / "in", 1)
    words = ["batch", "--contracts", str(tmp_path / "in"), "--documents", str(documents), "--period", "2026-01", "--workers", "1"]
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", str(tmp_path / "mine"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert main([*words, "--out", str(tmp_path / "without")]) == 0
    assert not list(tmp_path.glob("mine/**/*.looked"))
    monkeypatch.delenv("SETTLE_NO_CACHE")
    assert main([*words, "--out", str(tmp_path / "with")]) == 0
    assert len(list(tmp_path.glob("mine/**/*.looked"))) == 1
    assert not (tmp_path / "other").exists()
