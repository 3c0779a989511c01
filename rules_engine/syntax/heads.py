"""What a file is, by its first line, without reading the rest."""

from __future__ import annotations

import re
from functools import lru_cache

from rules_engine.record import dataclass
from rules_engine.syntax.first_line import first_line
from rules_engine.syntax.keywords import LANGUAGES, spellings

HEADS = ("CONTRACT", "AMENDMENT", "TERMS", "TEMPLATE")
"""What a file begins with."""
LINES = 200
USES = re.compile(r"^(use|引用)[ \t]", re.MULTILINE)
"""What a text has that reads other files."""


@dataclass(frozen=True, slots=True)
class Head:
    """`kind` is the first keyword; an amendment's `contract` is what stands before the last slash of its id, `number` what follows."""

    kind: str
    language: str
    id: str

    @property
    def contract(self) -> str:
        """The contract meant."""
        return self.id.rpartition("/")[0] if self.kind == "amendment" else self.id

    @property
    def number(self) -> str:
        """The number of an amendment."""
        return self.id.rpartition("/")[2]


def head_of(text: str) -> Head | None:
    """The head of a text, or None where its first line begins none of the known files."""
    kind, *named = first_line("\n".join(text.split("\n", LINES)[:LINES])).split(maxsplit=2) or [""]
    if kind not in _kinds():
        return None
    head, language = _kinds()[kind]
    name = named[0] if named else ""
    return Head(head.lower(), language, name.partition("(")[0] if head == "TEMPLATE" else name)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, tuple[str, str]]:
    """The first words, each with what it begins and its language."""
    return {spellings(language)[head]: (head, language) for language in reversed(LANGUAGES) for head in reversed(HEADS)}
