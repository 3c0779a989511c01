"""The gallery: every folder explains itself, and its statements say what its page works out by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules_engine.cli.cases import CaseRun, read_case
from rules_engine.cli.main import main
from rules_engine.cli.playing import play_case

ROOT = Path(__file__).parents[3]
GALLERY = ROOT / "contracts"
FOLDERS = sorted(path for path in GALLERY.iterdir() if path.is_dir())
CASES = sorted(GALLERY.glob("*/case.toml"))
STATEMENTS = sorted(GALLERY.glob("*/expected/*.json"))
ROW = re.compile(r"\| (?P<statement>[\w-]+) \| (?P<line>\w+)(?: \{(?P<group>[^}]+)\})? \| (?P<amount>-?[\d,.-]+) \|")
RUN_FROM_PUBLIC_DATA = "complete_journey"
WORKED_WITH_FRACTIONS = "grain_oil"
POSTED_IN_PART = ("quality", "confirmed", "paid_ahead")


def name_of(path: Path) -> str:
    return str(path.relative_to(GALLERY))


def statement(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def total(lines: Iterator[dict[str, Any]] | list[dict[str, Any]], *keys: str) -> Decimal:
    """The sum of an amount of lines, payables positive."""
    amounts = Decimal(0)
    for line in lines:
        value: Any = line
        for key in keys:
            value = value[key]
        amounts += Decimal(value) if line["direction"] == "payable" else -Decimal(value)
    return amounts


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_folder_has_a_page_and_something_that_settles(folder: Path) -> None:
    assert (folder / "README.md").is_file()
    if folder.name == RUN_FROM_PUBLIC_DATA:
        return
    assert (folder / "case.toml").is_file()
    written = [path.read_text(encoding="utf-8") for path in folder.glob("*.contract")]
    assert any("\nscenario " in text for text in written) or folder.name == "credit_terms"


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_the_index_names_every_folder_in_both_languages(folder: Path) -> None:
    for index in ("README.md", "README.zh.md"):
        assert f"({folder.name}/" in (GALLERY / index).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_every_case_gives_its_statements_and_its_twins_agree(case: Path) -> None:
    for played in play_case(read_case(case), update=False):
        assert played.findings == (), played.name


def test_every_chinese_contract_is_some_contracts_twin() -> None:
    twins = {twin.resolve() for case in CASES for run in read_case(case).runs for twin in run.twins}
    assert twins == {path.resolve() for ending in ("contract", "template") for path in GALLERY.glob(f"*/*.zh.{ending}")}


def test_every_statement_belongs_to_a_run() -> None:
    runs = [run.expected.resolve() for case in CASES for run in read_case(case).runs if run.expected is not None]
    assert sorted(runs) == sorted(path.resolve() for path in STATEMENTS)
    assert len(set(runs)) == len(runs)


@pytest.mark.parametrize("path", STATEMENTS, ids=name_of)
def test_lines_add_up_to_totals_and_papers(path: Path) -> None:
    found = statement(path)
    lines, totals, papers = found["lines"], found["totals"], found["papers"]
    net = total(lines, "amount")
    assert net == Decimal(totals["net"]) == Decimal(totals["payable"]) - Decimal(totals["receivable"])
    for direction, sign in (("payable", 1), ("receivable", -1)):
        assert total([line for line in lines if line["direction"] == direction], "amount") * sign == Decimal(totals[direction])
    assert net + Decimal(totals["carried_in"]) == Decimal(totals["payout"]) + Decimal(totals["carried_out"])
    assert Decimal(totals["payout"]) >= 0
    supplier, platform, receipts, applied = (
        Decimal(papers[key]) for key in ("supplier_invoice", "platform_invoice", "receipts", "prepayment_applied")
    )
    assert net == supplier - platform - receipts - applied
    by = {
        kind: [line for line in lines if line["papers"]["invoice_by"] == kind]
        for kind in ("supplier", "platform", "receipt", "none")
    }
    assert [total(by[kind], "amount") for kind in by] == [supplier, -platform, -receipts, -applied]


@pytest.mark.parametrize("path", STATEMENTS, ids=name_of)
def test_every_line_is_its_net_and_its_tax_and_what_was_not_posted_before(path: Path) -> None:
    found = statement(path)
    for line in found["lines"]:
        papers = line["papers"]
        assert Decimal(papers["net_of_vat"]) + Decimal(papers["vat"]) == Decimal(line["amount"]) != 0
        if line["clause"] not in POSTED_IN_PART and "confirmed" not in line["flags"]:
            assert Decimal(line["target"]) - Decimal(line["posted"]) == Decimal(line["amount"])
    parts = found["papers"]["by_vat_rate"]
    assert all(Decimal(part["net"]) + Decimal(part["vat"]) == Decimal(part["gross"]) for part in parts)


def runs_after() -> Iterator[tuple[CaseRun, Path]]:
    for case in CASES:
        for run in read_case(case).runs:
            if run.posted and run.expected is not None:
                yield run, run.posted[-1]


def takes_over(run: CaseRun) -> bool:
    """Whether the run's contract renews another, whose amounts come in beside its own."""
    return "\n  renews " in run.contract.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("run", "before"), list(runs_after()), ids=lambda item: name_of(item) if isinstance(item, Path) else ""
)
def test_what_is_carried_out_is_carried_in(run: CaseRun, before: Path) -> None:
    assert run.expected is not None
    if run.book != statement(before).get("book", "settled") or run.book == "accrual" or takes_over(run):
        return
    assert statement(run.expected)["totals"]["carried_in"] == statement(before)["totals"]["carried_out"]


def worked_rows() -> Iterator[tuple[str, str, str, str, str]]:
    for page in sorted(GALLERY.glob("*/README.md")):
        for found in ROW.finditer(page.read_text(encoding="utf-8")):
            yield page.parent.name, found["statement"], found["line"], found["group"] or "", found["amount"]


@pytest.mark.parametrize(("folder", "name", "line", "group", "amount"), list(worked_rows()))
def test_pages_work_out_what_statements_say(folder: str, name: str, line: str, group: str, amount: str) -> None:
    found = statement(GALLERY / folder / "expected" / f"{name}.json")
    assert figure(found, line, group) == amount.replace(",", "")


def figure(found: dict[str, Any], line: str, group: str) -> str:
    """A line's amount (its group's, or all groups together), or a total, paper or shown measure of that name."""
    shown = {item["name"]: item["value"] for item in found["measures_shown"]}
    named = {**found["papers"], **found["totals"], **shown, "due": found["totals"]["due_date"]}
    if line in named:
        return str(named[line])
    if line in ("net_of_vat", "vat"):
        return str(total(found["lines"], "papers", line))
    if line == "pending":
        return str(sum((Decimal(item["amount"]) for item in found["pending"] if item["clause"] == group), Decimal("0.00")))
    amounts = [
        Decimal(item["amount"])
        for item in (*found["lines"], *found.get("goods", ()))
        if item["clause"] == line and (not group or group in {*item["group"].values(), item["payee"]})
    ]
    units = any(item["goods"] == "units" for item in found.get("goods", ()) if item["clause"] == line)
    return str(sum(amounts, Decimal(0) if units else Decimal("0.00")))


TOLD = sorted(
    {
        GALLERY / folder / "expected" / f"{name}.json"
        for folder, name, line, _, _ in worked_rows()
        if line != "due" and folder != WORKED_WITH_FRACTIONS
    }
)


@pytest.mark.parametrize("path", TOLD, ids=name_of)
def test_pages_leave_no_line_out(path: Path) -> None:
    rows = [row for row in worked_rows() if row[0] == path.parents[1].name and row[1] == path.stem]
    named = {line for _, _, line, _, _ in rows}
    assert {line["clause"] for line in statement(path)["lines"]} - named <= {"sold"}


def test_settle_test_passes_the_whole_gallery(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(GALLERY)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"(\d+) passed, 0 failed", last)
    assert int(last.split(maxsplit=1)[0]) >= 150
