"""What a column is computed from is written back as it was, in both languages."""

from __future__ import annotations

import pytest

from rules_engine.source import SourceFile
from rules_engine.syntax.equal import same
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.writing.format import format_contract


@pytest.mark.parametrize(
    ("formula", "chinese"),
    [
        ("paid of original", "实付 于原单"),
        ("paid", "实付"),
        ("-paid of original", "-实付 于原单"),
    ],
)
def test_a_column_that_reads_the_original_alone(formula: str, chinese: str) -> None:
    text = f"contract X\n\ndocuments customer_returns\n  column was = {formula}\n"
    tree, _ = parse_contract(SourceFile("x.contract", text))
    assert tree is not None
    assert f"column was = {formula}\n" in format_contract(tree, "en")
    assert f"列 was = {chinese}\n" in format_contract(tree, "zh")
    back, _ = parse_contract(SourceFile("x.contract", format_contract(tree, "zh")))
    assert back is not None
    assert same(tree, back)


def test_a_choice_stands_bare_behind_sum_of() -> None:
    line = "sum of if quantity > 10 then paid else if quantity > 5 then 1 else 2 over sales where sku = A"
    tree, _ = parse_contract(SourceFile("x.contract", f"contract X\n\nmeasure m\n  {line}\n"))
    assert tree is not None
    assert line in format_contract(tree, "en")
    bracketed, _ = parse_contract(
        SourceFile("x.contract", f"contract X\n\nmeasure m\n  {line.replace('of if', 'of (if').replace('2 over', '2) over')}\n")
    )
    assert bracketed is not None
    assert same(tree, bracketed)
