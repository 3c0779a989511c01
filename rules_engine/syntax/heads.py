"""What a file is, by its first line, without reading the rest."""

from __future__ import annotations

from rules_engine.record import dataclass
from rules_engine.source import SourceFile
from rules_engine.syntax.keywords import LANGUAGES, keywords
from rules_engine.syntax.lines import cut
from rules_engine.syntax.parse import HEADS

LINES = 200


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
    blocks = cut(SourceFile("", "\n".join(text.split("\n", LINES)[:LINES]))).blocks
    words = blocks[0][0].plain.split() if blocks else []
    for language in LANGUAGES:
        for head in HEADS:
            if words and words[0] == keywords(language).spelling(head):
                named = words[1] if len(words) > 1 else ""
                return Head(head.lower(), language, named.partition("(")[0] if head == "TEMPLATE" else named)
    return None
