"""The grammar itself: no conflict, no word that could be read two ways, nothing lost in joining."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.syntax import grammar
from rules_engine.syntax.keywords import keywords, terminals
from rules_engine.syntax.resources import fragment_texts
from rules_engine.syntax.table import Table

REVERSED = {"DE", "WITHIN", "EACH", "EACH_FULL", "EACH_STARTED", "EACH_UNIT", "EACH_DOCUMENT_WORD", "EACH_ORDER", "EACH_DAY"}


@pytest.fixture(scope="module")
def table() -> Table:
    return grammar.table_of(grammar.build(grammar.grammar_text(), strict=True))


def test_lark_builds_it_in_strict_mode(table: Table) -> None:
    assert len(table.states) > 500


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_place_takes_two_keywords_of_one_spelling(table: Table, language: str) -> None:
    spelled: dict[str, set[str]] = {}
    for found in keywords(language).phrases.values():
        for phrase in found:
            spelled.setdefault(" ".join(phrase.spelling.split()), set()).add(phrase.terminal)
    for state in ({kind for kind, action in found.items() if action >= 0} for found in table.states):
        for spelling, kinds in spelled.items():
            assert len(kinds & state) < 2, f"`{spelling}` may be {kinds & state}"


def test_every_terminal_has_a_word_in_both_languages() -> None:
    for terminal in terminals() - REVERSED:
        assert keywords("en").spelling(terminal), terminal
        assert keywords("zh").spelling(terminal), terminal
    assert all(not keywords("en").spelling(terminal) and keywords("zh").spelling(terminal) for terminal in REVERSED)


def test_every_keyword_is_used(table: Table) -> None:
    taken = {kind for state in table.states for kind in state}
    assert terminals() <= taken, sorted(terminals() - taken)


def test_what_is_kept_is_what_was_made(table: Table, tmp_path: Path) -> None:
    grammar._keep(table, tmp_path / "kept")
    assert grammar._kept(tmp_path / "kept") == table


def test_the_table_is_made_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", "/proc/no-such-place")
    assert grammar._cache_folder() is None
    assert len(grammar.table.__wrapped__().states) == len(table.states)


def test_a_spoilt_cache_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, table: Table) -> None:
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", str(tmp_path))
    grammar.table.__wrapped__()
    [kept] = (tmp_path / "settlewright").iterdir()
    kept.write_bytes(b"not a grammar")
    made = grammar.table.__wrapped__()
    assert len(made.states) == len(table.states)
    assert grammar._kept(kept) == made


def test_each_fragment_declares_its_words_in_both_languages() -> None:
    assert all("//!" in text and "| zh:" in text for text in fragment_texts())
