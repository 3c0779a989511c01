from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from rules_engine.statement.render import render
from rules_engine.statement.schema import Statement, json_schema
from tests.unit.statement.samples import empty, settlement

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "statement.schema.json"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_statements_have_the_published_shape(language: str) -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    for found in (settlement(language), empty(language)):
        data = json.loads(render(found, "json"))
        jsonschema.Draft202012Validator(schema).validate(data)
        Statement.model_validate(data)


def test_the_published_schema_is_the_one_of_the_models(request: pytest.FixtureRequest) -> None:
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-goldens"):
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == text


def test_amounts_are_never_json_numbers() -> None:
    text = render(settlement(), "json")
    numbers = {type(value) for value in _leaves(json.loads(text, parse_int=int)) if not isinstance(value, str | bool | None)}
    assert numbers == {int}
    assert json.loads(text)["lines"][0]["amount"] == "1123450.25"


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def test_windows_include_both_days() -> None:
    data = json.loads(render(settlement(), "json"))
    assert data["period"] == {"from": "2026-03-01", "to": "2026-03-31"}
    assert data["receipt"]["carried_measures"][0]["window"] == {"from": "2026-03-01", "to": "2026-03-31"}


def test_unrounded_is_decimal_and_exact_where_decimals_do_not_end() -> None:
    found = settlement()
    line = replace(found.lines[0], unrounded="200/3")
    (written,) = json.loads(render(replace(found, lines=(line,)), "json"))["lines"]
    assert written["unrounded"] == "66.6666666667"
    assert written["unrounded_exact"] == "200/3"
    assert "unrounded_exact" not in json.loads(render(found, "json"))["lines"][0]


def test_the_same_settlement_gives_the_same_bytes() -> None:
    one, two = settlement(), settlement()
    shuffled = replace(two.receipt, control_totals=dict(reversed(list(two.receipt.control_totals.items()))))
    assert render(one, "json") == render(replace(two, receipt=shuffled), "json")


def test_json_ends_with_one_newline_and_has_no_carriage_return() -> None:
    text = render(settlement("zh"), "json")
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text


def test_lines_add_to_the_totals() -> None:
    data = json.loads(render(settlement(), "json"))
    sums = {
        side: sum(Decimal(line["amount"]) for line in data["lines"] if line["direction"] == side)
        for side in ("payable", "receivable")
    }
    assert sums["payable"] == Decimal(data["totals"]["payable"])
    assert sums["receivable"] == Decimal(data["totals"]["receivable"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_whole_statement(language: str, golden) -> None:  # type: ignore[no-untyped-def] # the fixture's type lives in conftest
    golden.check(f"statement/statement.{language}.json", render(settlement(language), "json"))
