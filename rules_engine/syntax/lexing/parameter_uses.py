"""Where a word of a template is one of its parameters: the lexer asks before it takes the word for anything else."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import field

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.actions.items import key
from rules_engine.syntax.keywords import built_in
from rules_engine.syntax.lexemes import Lexeme
from rules_engine.syntax.parameters import LITERALS, UNIT_WORDS, Parameter, StandIn, stand_in, stand_ins
from rules_engine.syntax.tree import ContractText

_DECLARED = frozenset(
    [
        "PERCENT_WORD",
        "MONEY_WORD",
        "NUMBER_WORD",
        "QUANTITY_WORD",
        "DAYS",
        "DATE_WORD",
        "TEXT_WORD",
        "TEXTS",
        "YES_NO",
        "PERIOD",
        "BANDS",
    ]
)
_NAMED = frozenset(("yes_no", "period"))
_TEXTS = frozenset(("text", "texts"))
_COMPARED = re.compile(r"\s*(=|!=|<>|≠|not\b|in\b|不属于|属于)")


@dataclass(slots=True)
class Parameters:
    """The parameters declared so far. The same object listens to the head and is asked in every block."""

    known: dict[str, Parameter] = field(default_factory=dict)
    _marked: dict[Span, str] = field(default_factory=dict)
    _in_head: bool = False
    _name: Lexeme | None = None
    _before: tuple[str, str] = ("", "")

    def hear(self, lexeme: Lexeme) -> None:
        """Follow the text; what the template's first bracket declares is known from there on."""
        kind = lexeme.type
        if kind == "TEMPLATE":
            self._in_head = True
        elif kind == "RPAR":
            self._in_head = False
        elif self._in_head and kind == "NAME":
            self._name = lexeme
        elif self._in_head and kind in _DECLARED and self._name is not None:
            name = self._name.text
            self.known.setdefault(name, Parameter(name, key(lexeme), None, self._name.span))
        self._before = (self._before[1], kind)

    def literal(self, word: str, after: str, accepted: Container[str]) -> str:
        """The literal that the word stands for here; '' where it is no parameter. `after` is the rest of the line."""
        found = self.known.get(word)
        if found is None or self._in_head:
            return ""
        if found.type == "bands":
            return "NAME" if self._before[1] == "BANDS" else ""
        if found.type in _NAMED:
            fits = found.type == "period" and self._before[1] == "IN_EACH"
            return "NAME" if fits or any(kind in accepted for kind in LITERALS[found.type]) else ""
        kind = next((kind for kind in LITERALS[found.type] if kind in accepted), "")
        return kind if kind and (word not in built_in().columns or self._is_text(after, accepted)) else ""

    def stand_in(self, word: str, lexeme: Lexeme) -> StandIn:
        """The value that marks the place."""
        self._marked[lexeme.span] = word
        return stand_in(self.known[word], list(self.known).index(word), lexeme.span)

    def unit(self, lexeme: Lexeme) -> str:
        """The unit word that belongs to a parameter's figure; '' for everything else."""
        value = lexeme.value
        return UNIT_WORDS.get(value.type, "") if lexeme.type == "NUMBER" and isinstance(value, StandIn) else ""

    def lost(self, tree: ContractText | None, language: str) -> Iterator[Diagnostic]:
        """Findings for places whose figure is fixed when the text is read, so that no contract could fill it."""
        kept = {mark.span for mark in stand_ins((tree.header, tree.blocks))} if tree and self._marked else set()
        for span, name in self._marked.items() if tree else ():
            if span not in kept:
                why = (
                    f"the figure here is part of the wording and cannot be left to `{name}`.",
                    f"此处的数字属于条款措辞，不能由“{name}”给出。",
                )
                fix = ("write the figure itself.", "请直接写出数字。")
                yield diagnostic("SE0295", language, [span], why, fix)

    def _is_text(self, after: str, accepted: Container[str]) -> bool:
        """Whether a word that is a column's name too stands where a bare word is a text."""
        last = self._before[1]
        if "NAME" not in accepted or last in ("EQ", "NE"):
            return True
        listed = last == "COMMA" or self._before in (("IN", "LPAR"), ("NOT_IN", "LPAR"))
        return (listed or last == "FOR") and not _COMPARED.match(after)
