"""What the lexer hands to the parser, and what the parser's own steps hand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rules_engine.record import dataclass
from rules_engine.source import Span


@dataclass(slots=True)
class Lexeme:
    """One word, number, text or mark. `type` names its terminal, `text` is as written, `value` what it means."""

    type: str
    text: str
    value: Any
    span: Span


@dataclass(slots=True)
class Mark:
    """A piece of a construct under way: which, its parts, where."""

    kind: str
    value: Any
    span: Span


class Refusal(Exception):
    """A line that cannot stand as written: the code, the place and what fills its message."""

    def __init__(self, code: str, span: Span, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.span = span
        self.details = details


def cover(parts: Sequence[Any]) -> Span:
    """The span from the first to the last part that has one."""
    first: Span = _span(parts[0])
    return first.to(_span(parts[-1])) if len(parts) > 1 else first


def _span(part: Any) -> Span:
    found: Span = cover(part) if isinstance(part, tuple | list) else part.span
    return found
