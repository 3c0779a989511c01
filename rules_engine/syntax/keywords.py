"""The words of the language: which terminals each spelling may stand for, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from rules_engine.record import dataclass
from rules_engine.syntax.resources import fragment_texts, keyword_text, remembered

LANGUAGES = ("en", "zh")
_COUNTED = frozenset(("UNITS", "MINUTES", "HOURS", "DAYS", "WORKING_DAYS", "WEEKS", "MONTHS", "YEARS"))
FIRST_WORD = re.compile(r"[^\W\d]\w*")
_DECLARATION = re.compile(r"^//!\s*([A-Z][A-Z0-9_]*)\s*=\s*en:(.*?)\|\s*zh:(.*?)(\|\s*comma\s*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One spelling of a keyword. `head` is its first word, `tail` what must follow in that same run of
    characters, `rest` the parts after blanks."""

    terminal: str
    spelling: str
    head: str
    tail: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keywords:
    """The table of one language. `phrases` by first word, longest first; `spellings` the canonical spelling of a
    terminal, `singular` that of one unit; `names`, `columns` and `types` canonical id → spelling; `after_comma` the terminals the formatter sets off;
    `examples` a whole line that begins with a terminal."""

    language: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    spellings: Mapping[str, str]
    singular: Mapping[str, str]
    columns: Mapping[str, str]
    types: Mapping[str, str]
    names: Mapping[str, str]
    currencies: frozenset[str]
    after_comma: frozenset[str]
    examples: Mapping[str, str]

    def spelling(self, terminal: str) -> str:
        """How a terminal is written in this language ('' where it has no word)."""
        return self.spellings.get(terminal, "")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """Built-in names in every accepted spelling → canonical English. `types` leads to plurals, `singular` to type names in files."""

    columns: Mapping[str, str]
    types: Mapping[str, str]
    singular: Mapping[str, str]
    names: Mapping[str, str]

    def canonical(self, word: str) -> str:
        """The canonical id of a bare name outside `over` and `less`."""
        return self.columns.get(word) or self.names.get(word) or self.types.get(word) or word


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _phrase(terminal: str, spelling: str) -> tuple[str, str, str, str, tuple[str, ...]]:
    first, *rest = spelling.split()
    matched = FIRST_WORD.match(first)
    head = matched.group() if matched else first
    return terminal, spelling, head, first[len(head) :], tuple(rest)


def _fragment_words(language: str) -> Iterator[tuple[str, list[str]]]:
    for text in fragment_texts():
        for terminal, english, chinese, _ in _DECLARATION.findall(text):
            written = english if language == "en" else chinese
            yield terminal, [part.strip() for part in written.split(",") if part.strip()]


def _fragment_commas() -> frozenset[str]:
    found = (match for text in fragment_texts() for match in _DECLARATION.findall(text))
    return frozenset(terminal for terminal, _, _, comma in found if comma)


@lru_cache(maxsize=2)
def _table(language: str) -> Mapping[str, Mapping[str, str | list[str]]]:
    import tomllib

    return tomllib.loads(keyword_text(language))


def _all_words(language: str) -> Iterator[tuple[str, list[str]]]:
    for key, value in _table(language)["words"].items():
        yield key.upper(), _listed(value)
    yield from _fragment_words(language)


@lru_cache(maxsize=2)
def keywords(language: str) -> Keywords:
    """The keyword table of a language, read once."""
    phrases, *rest = _plain()[language]
    return Keywords(language, {head: tuple(Phrase(*each) for each in found) for head, found in phrases.items()}, *rest)


def spellings(language: str) -> Mapping[str, str]:
    """The canonical spelling of each terminal, without the rest of the table."""
    found: Mapping[str, str] = _plain()[language][1]
    return found


@lru_cache(maxsize=1)
def _plain() -> Mapping[str, Any]:
    """All that the keyword files say, kept between runs: the fields of each language, those of the built-in names, the terminals."""
    return remembered("keywords", lambda: {**{language: _fields(language) for language in LANGUAGES}, "built in": _built_in(), "terminals": _terminals()})


def _fields(language: str) -> tuple[Any, ...]:
    """The fields of `Keywords` behind the language, phrases as the fields of each."""
    words = [(intern(terminal), spellings) for terminal, spellings in _all_words(language)]
    phrases: dict[str, list[tuple[str, str, str, str, tuple[str, ...]]]] = {}
    for terminal, spellings in words:
        for spelling in spellings:
            phrase = _phrase(terminal, spelling)
            phrases.setdefault(phrase[2], []).append(phrase)
    table = _table(language)
    first = {name: {key: _listed(value)[0] for key, value in table[name].items()} for name in ("columns", "types", "names")}
    return (
        {head: sorted(found, key=lambda phrase: -len(phrase[1])) for head, found in phrases.items()},
        _canonical(words),
        {}
        if language == "zh"
        else {terminal: spellings[1] for terminal, spellings in words if terminal in _COUNTED and len(spellings) > 1},
        first["columns"],
        {plural: first["types"][singular] for singular, plural in _plurals().items()},
        first["names"],
        frozenset(_listed(table["money"]["currency"])),
        _fragment_commas() | frozenset(_listed(_table("en")["format"]["after_comma"])),
        {key.upper(): str(line) for key, line in table["examples"].items()},
    )


def _canonical(words: list[tuple[str, list[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for terminal, spellings in words:
        found.setdefault(terminal, spellings[0])
    return found


def _plurals() -> Mapping[str, str]:
    return {singular: _listed(plural)[0] for singular, plural in _table("en")["types"].items()}


@lru_cache(maxsize=1)
def built_in() -> BuiltIn:
    """Built-in names in both languages."""
    return BuiltIn(*_plain()["built in"])


def _built_in() -> tuple[dict[str, str], ...]:
    """The fields of `BuiltIn`."""
    plurals = _plurals()
    singular = {word: name for name in plurals for word in (name, plurals[name], *_listed(_table("zh")["types"][name]))}
    return _spelled("columns"), {word: plurals[name] for word, name in singular.items()}, singular, _spelled("names")


def _spelled(section: str) -> dict[str, str]:
    return {word: key for language in LANGUAGES for key, value in _table(language)[section].items() for word in _listed(value)}


@lru_cache(maxsize=1)
def terminals() -> frozenset[str]:
    """Every keyword terminal of both languages."""
    found: frozenset[str] = _plain()["terminals"]
    return found


def _terminals() -> frozenset[str]:
    return frozenset(terminal for language in LANGUAGES for terminal, _ in _all_words(language))
