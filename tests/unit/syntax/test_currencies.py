"""An amount is in the contract's currency, by whatever word; another one is refused, and none is rewritten."""

from __future__ import annotations

import pytest

from rules_engine.source import SourceFile
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.writing.format import format_contract

TEXT = "contract X\n  currency  {}\n\nfee listing\n  amount  75 {}\n  period  month\n"


@pytest.mark.parametrize(
    ("currency", "word", "chinese"),
    [("CNY", "yuan", "75元"), ("USD", "USD", "75美元"), ("GBP", "GBP", "75英镑"), ("THB", "THB", "75 THB")],
)
def test_the_contracts_own_currency_is_written_in_both_languages(currency: str, word: str, chinese: str) -> None:
    tree, findings = parse_contract(SourceFile("x.contract", TEXT.format(currency, word)))
    assert findings == ()
    assert tree is not None
    assert f"75 {currency}\n" in format_contract(tree, "en")
    text = format_contract(tree, "zh")
    assert f"{chinese}\n" in text
    again, _ = parse_contract(SourceFile("x.contract", text))
    assert again is not None
    assert format_contract(again, "en") == format_contract(tree, "en")


@pytest.mark.parametrize(("currency", "word"), [("USD", "CNY"), ("CNY", "USD"), ("EUR", "yuan")])
def test_another_currency_is_refused(currency: str, word: str) -> None:
    tree, findings = parse_contract(SourceFile("x.contract", TEXT.format(currency, word)))
    assert tree is None
    assert [item.code for item in findings] == ["SE0126"]
