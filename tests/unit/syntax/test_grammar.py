"""The grammar itself: no conflict, no word that could be read two ways, nothing lost in joining."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine import kept
from rules_engine.syntax.keywords import keywords, terminals
from rules_engine.syntax.lexing import grammar
from rules_engine.syntax.lexing.packing import packed, unpacked
from rules_engine.syntax.lexing.table import Table
from rules_engine.syntax.resources import fragment_texts, remembered

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
    for state in ({kind for kind, action in found.items() if action >= 0} for found in table.states.values()):
        for spelling, kinds in spelled.items():
            assert len(kinds & state) < 2, f"`{spelling}` may be {kinds & state}"


def test_every_terminal_has_a_word_in_both_languages() -> None:
    for terminal in terminals() - REVERSED:
        assert keywords("en").spelling(terminal), terminal
        assert keywords("zh").spelling(terminal), terminal
    assert all(not keywords("en").spelling(terminal) and keywords("zh").spelling(terminal) for terminal in REVERSED)


def test_every_keyword_is_used(table: Table) -> None:
    taken = {kind for state in table.states.values() for kind in state}
    assert terminals() <= taken, sorted(terminals() - taken)


def test_what_is_kept_is_what_was_made(table: Table) -> None:
    found = unpacked(packed(table))
    assert {state: found.states[state] for state in table.states} == table.states
    assert (found.rules, found.starts, found.ends) == (table.rules, table.starts, table.ends)


def remember(made: list[int]) -> list[int]:
    """What is remembered of [1, 2, 3]; `made` counts how often it was made."""

    def make() -> list[int]:
        made.append(1)
        return [1, 2, 3]

    return remembered("numbers", make)


def test_what_is_kept_is_read_and_what_is_spoilt_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", str(tmp_path))
    made: list[int] = []
    assert remember(made) == remember(made) == [1, 2, 3]
    assert len(made) == 1
    [path] = (tmp_path / "settlewright").iterdir()
    good = path.read_bytes()
    for spoilt in (b"", b"not numbers", good[:-1], good[:8] + bytes([good[8] ^ 1]) + good[9:]):
        path.write_bytes(spoilt)
        made.clear()
        assert remember(made) == [1, 2, 3]
        assert (len(made), path.read_bytes()) == (1, good)


def test_nothing_is_kept_where_it_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", "/proc/no-such-place")
    made: list[int] = []
    assert kept.folder() is None
    assert remember(made) == remember(made) == [1, 2, 3]
    assert len(made) == 2


def test_each_fragment_declares_its_words_in_both_languages() -> None:
    assert all("//!" in text and "| zh:" in text for text in fragment_texts())
