"""Laws 9 and 10: the text of a tree reads back as that tree, in both languages and by two printers."""

from __future__ import annotations

from hypothesis import given, settings

from rules_engine.source import SourceFile
from rules_engine.syntax import tree
from rules_engine.syntax.equal import same
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.writing.format import format_contract
from tests.strategies import printer
from tests.strategies.contracts import contracts

many = settings(max_examples=settings().max_examples * 2)


def read(text: str) -> tree.ContractText:
    """The tree of a text that has no error."""
    found, findings = parse_contract(SourceFile("generated.contract", text))
    assert found is not None, (text, findings)
    return found


@many
@given(contracts())
def test_law_10_a_plainly_printed_tree_reads_back(written: tree.ContractText) -> None:
    assert same(read(printer.contract(written)), written), printer.contract(written)


@many
@given(contracts())
def test_law_10_a_formatted_tree_reads_back(written: tree.ContractText) -> None:
    assert same(read(format_contract(written)), written), format_contract(written)


@many
@given(contracts())
def test_law_9_formatting_twice_is_formatting_once(written: tree.ContractText) -> None:
    once = format_contract(written)
    assert format_contract(read(once)) == once


@many
@given(contracts())
def test_law_9_english_to_chinese_and_back_is_the_same_text(written: tree.ContractText) -> None:
    english = format_contract(written)
    chinese = format_contract(read(english), "zh")
    assert format_contract(read(chinese), "en") == english, chinese
