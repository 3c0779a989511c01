"""Whatever the text, the answer is a tree or findings inside the file: no exception, no hang."""

from __future__ import annotations

import os

from hypothesis import given, settings, strategies as st

from rules_engine.source import SourceFile
from rules_engine.syntax.equal import same
from rules_engine.syntax.keywords import built_in, keywords
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.writing.format import format_contract
from tests.unit.syntax import twins

EXAMPLES = {"ci": 10_000, "nightly": 1_000_000}.get(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else ""), 300
)

SPELLINGS = [phrase.spelling for language in ("en", "zh") for found in keywords(language).phrases.values() for phrase in found]
PIECES = [
    *SPELLINGS, *built_in().columns, *built_in().types, "gmv", "净销售额", "1,000", "12%", "0.05", "20万元", "2026-03-01", "05-10", '"text"', '"',
    "“", "(", ")", ",", "+", "-", "*", "/", "=", "<=", "|", "{", "}", "#", "\n", "\n  ", "\n    ", "\t", "，", "％", "\u202e", "\x00", "1e5", "",
]  # fmt: skip
LINES = [
    line
    for pairs in (twins.HEADER, twins.FIELDS, twins.FORMULAS, twins.BLOCKS)
    for pair in pairs
    for text in pair
    for line in text.split("\n")
]

anything = st.text(max_size=200)
words = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
shuffled = st.lists(st.tuples(st.sampled_from(["", "  ", "    "]), st.sampled_from(LINES)), max_size=15).map(
    lambda found: "\n".join(indent + line.strip() for indent, line in found)
)


def answer(text: str) -> None:
    tree, findings = parse_contract(SourceFile("x.contract", text))
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in findings:
        span = finding.places[0].span
        assert 1 <= span.line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    assert tree is not None or findings
    if tree is not None:
        written, _ = parse_contract(SourceFile("x.contract", format_contract(tree)))
        assert written is not None
        assert same(written, tree)


@settings(max_examples=EXAMPLES)
@given(
    st.sampled_from(["", "contract X\n", "合同 X\n", "contract X\nrebate r\n  ", "合同 X\n返利 r\n  "]),
    st.one_of(anything, words, shuffled),
)
def test_any_text_is_answered(head: str, text: str) -> None:
    answer(head + text)


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_any_change_to_a_good_text_is_answered(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(LINES + [text for pairs in (twins.BLOCKS,) for pair in pairs for text in pair]))
    head = data.draw(st.sampled_from(["contract X\n", "contract X\nrebate r\n  ", "合同 X\n返利 r\n  "]))
    at = data.draw(st.integers(0, len(good)))
    stop = data.draw(st.integers(at, min(len(good), at + 3)))
    answer(head + good[:at] + data.draw(st.sampled_from(PIECES)) + good[stop:])
