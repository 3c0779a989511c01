"""The library: the verbs, one error with all findings, caching, threads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

import rules_engine
from rules_engine import ContractError, load, read_documents, render, settle
from rules_engine.api import SourceFile, check, measure, parse

CASE = Path(__file__).parents[2] / "contracts" / "grain_oil"
CONTRACT = CASE / "grain_oil.contract"


def test_the_four_lines_of_the_readme() -> None:
    program = load(CONTRACT)
    documents = read_documents(CASE / "documents.csv", program)
    settlement = settle(program, documents, period="2026-01", posted=[], as_of=None)
    assert render(settlement, format="html", lang="zh").startswith("<!")


def test_posted_may_be_settlements_data_files_or_folders(tmp_path: Path) -> None:
    program = load(CONTRACT)
    documents = read_documents(CASE / "documents.csv", program)
    january = settle(program, documents, "2026-01")
    text = render(january, format="json")
    (tmp_path / "2026-01.json").write_text(text, encoding="utf-8")
    (tmp_path / "other.json").write_text('{"contract": {"id": "another"}}', encoding="utf-8")
    given = [[january], [json.loads(text)], [str(tmp_path / "2026-01.json")], [tmp_path]]
    statements = {render(settle(program, documents, "2026-02", posted), format="json") for posted in given}
    assert len(statements) == 1


def test_a_contract_error_carries_every_finding() -> None:
    text = (
        CONTRACT.read_text(encoding="utf-8")
        .replace("on     gmv", "on     gmw")
        .replace("cost     cost_of_sales", "cost     cost_of_sale")
    )
    with pytest.raises(ContractError) as caught:
        check(SourceFile("wrong.contract", text))
    assert len(caught.value.diagnostics) >= 2


def test_programs_are_cached_by_content() -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    assert check(SourceFile("a.contract", text)) is check(SourceFile("a.contract", str(text)))
    assert check(SourceFile("a.contract", text)) is not check(SourceFile("a.contract", text + "\n# another\n"))


def test_parse_gives_the_tree() -> None:
    tree = parse(SourceFile("a.contract", CONTRACT.read_text(encoding="utf-8")))
    assert tree.id == "GO-2026-001"


def test_measure_gives_named_numbers() -> None:
    program = load(CONTRACT)
    documents = read_documents(CASE / "documents.csv", program)
    values = {shown.name: shown.value for shown in measure(program, documents, "2026-03")}
    gmv, cost, rate = (values[name] for name in ("gmv", "cost_of_sales", "margin_rate"))
    assert gmv is not None
    assert cost is not None
    assert rate is not None
    assert abs((gmv - cost) / gmv - rate) < Decimal("0.000001")


def test_threads_give_the_same_bytes() -> None:
    def statement(_: int) -> str:
        program = load(CONTRACT)
        return render(settle(program, read_documents(CASE / "documents.csv", program), "2026-01"), format="json")

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert len(set(pool.map(statement, range(8)))) == 1


def test_unknown_names_of_the_package_are_attribute_errors() -> None:
    with pytest.raises(AttributeError):
        _ = rules_engine.nothing
