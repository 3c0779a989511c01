"""Both languages give one tree, and every construct can be written back."""

from __future__ import annotations

import pytest

from rules_engine.source import SourceFile
from rules_engine.syntax.equal import plain, same
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.tree import ContractText
from rules_engine.syntax.writing.format import format_contract
from tests.unit.syntax import twins


def read(text: str) -> ContractText:
    tree, findings = parse_contract(SourceFile("twin.contract", text))
    assert tree is not None, [(each.code, each.title, each.why, each.places[0].span) for each in findings]
    return tree


def header(line: str, language: str) -> str:
    return f"{'contract' if language == 'en' else '合同'} T-1\n  {line}\n"


def clause(line: str, language: str) -> str:
    return f"{header('', language)}{'rebate' if language == 'en' else '返利'} r\n  {line}\n"


def formula(line: str, language: str) -> str:
    return f"{header('', language)}{'measure' if language == 'en' else '口径'} m\n  {line}\n"


def block(lines: str, language: str) -> str:
    return f"{header('', language)}{lines}\n"


CASES = [
    pytest.param(frame(english, "en"), frame(chinese, "zh"), id=f"{kind}: {english.splitlines()[0]}")
    for kind, frame, pairs in (
        ("header", header, twins.HEADER),
        ("field", clause, twins.FIELDS),
        ("formula", formula, twins.FORMULAS),
        ("block", block, twins.BLOCKS),
    )
    for english, chinese in pairs
]


@pytest.mark.parametrize(("english", "chinese"), CASES)
def test_twins_give_one_tree(english: str, chinese: str) -> None:
    assert plain(read(english)) == plain(read(chinese))


@pytest.mark.parametrize(("english", "chinese"), CASES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_written_back_it_is_the_same_tree(english: str, chinese: str, language: str) -> None:
    tree = read(english if language == "en" else chinese)
    text = format_contract(tree)
    assert same(read(text), tree)
    assert format_contract(read(text)) == text


@pytest.mark.parametrize(("english", "chinese"), CASES)
def test_translated_and_back_it_is_the_same_text(english: str, chinese: str) -> None:
    tree = read(english)
    text = format_contract(tree)
    there = read(format_contract(tree, "zh"))
    assert there.language == "zh"
    assert format_contract(there, "en") == text
    back = read(format_contract(read(chinese), "en"))
    assert format_contract(back, "en") == text
