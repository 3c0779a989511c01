"""A unit of the contract's own is a word of its own: it is never translated, even where it spells a column's name."""

from __future__ import annotations

from rules_engine.source import SourceFile
from rules_engine.syntax.equal import same
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.writing.format import format_contract

TEXT = "contract X\nrebate r\n  rate 3.4% plus 5 合同号 at least 0.65\n"


def test_an_own_unit_is_written_back_as_it_was() -> None:
    tree, _ = parse_contract(SourceFile("x.contract", TEXT))
    assert tree is not None
    for language in ("en", "zh"):
        again, _ = parse_contract(SourceFile("x.contract", format_contract(tree, language)))
        assert again is not None
        assert "5 合同号" in format_contract(tree, language)
        assert language != "en" or same(tree, again)
