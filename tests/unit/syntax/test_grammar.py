"""The grammar itself: no conflict, no word that could be read two ways, nothing lost in joining."""

from __future__ import annotations

from typing import Any

import pytest

from rules_engine.syntax import grammar
from rules_engine.syntax.keywords import keywords, terminals
from rules_engine.syntax.resources import fragment_texts

REVERSED = {"DE", "EACH", "EACH_FULL", "EACH_STARTED", "EACH_UNIT", "EACH_DOCUMENT_WORD", "EACH_ORDER", "EACH_DAY"}


@pytest.fixture(scope="module")
def states() -> dict[Any, dict[str, Any]]:
    lark = grammar.build(grammar.grammar_text(), strict=True)
    found: dict[Any, dict[str, Any]] = lark.parser.parser._parse_table.states
    return found


def test_lark_builds_it_in_strict_mode(states: dict[Any, dict[str, Any]]) -> None:
    assert len(states) > 500


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_place_takes_two_keywords_of_one_spelling(states: dict[Any, dict[str, Any]], language: str) -> None:
    spelled: dict[str, set[str]] = {}
    for found in keywords(language).phrases.values():
        for phrase in found:
            spelled.setdefault(" ".join(phrase.spelling.split()), set()).add(phrase.terminal)
    for state in ({kind for kind, (action, _) in found.items() if str(action) == "Shift"} for found in states.values()):
        for spelling, kinds in spelled.items():
            assert len(kinds & state) < 2, f"`{spelling}` may be {kinds & state}"


def test_every_terminal_has_a_word_in_both_languages() -> None:
    for terminal in terminals() - REVERSED:
        assert keywords("en").spelling(terminal), terminal
        assert keywords("zh").spelling(terminal), terminal
    assert all(not keywords("en").spelling(terminal) and keywords("zh").spelling(terminal) for terminal in REVERSED)


def test_every_keyword_is_used(states: dict[Any, dict[str, Any]]) -> None:
    taken = {kind for state in states.values() for kind in state}
    assert terminals() <= taken, sorted(terminals() - taken)


def test_the_parser_is_built_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", "/proc/no-such-place")
    assert grammar._cache_folder() is None
    assert grammar.parser.__wrapped__().parse_interactive(None, "block") is not None


def test_a_spoilt_cache_is_built_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", str(tmp_path))
    grammar.parser.__wrapped__()
    [kept] = (tmp_path / "settlewright").iterdir()
    kept.write_bytes(b"not a grammar")
    assert grammar.parser.__wrapped__().parse_interactive(None, "contract") is not None


def test_each_fragment_declares_its_words_in_both_languages() -> None:
    assert all("//!" in text and "| zh:" in text for text in fragment_texts())
