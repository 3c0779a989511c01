"""Whether two trees say the same, wherever and in whichever language they were written."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from rules_engine.source import Span
from rules_engine.syntax.tree import Comment, ContractText

_APART = frozenset(("written", "language"))


def same(left: ContractText, right: ContractText, comments: bool = True) -> bool:
    """True if both trees are equal up to spans, language and the spelling of built-in words. With `comments`, the texts of
    the comments must be equal too, in order."""
    return bool(plain(left, comments) == plain(right, comments))


def plain(node: Any, comments: bool = True) -> Any:
    """A tree as nested tuples without spans: equal for trees that say the same."""
    if isinstance(node, Comment):
        return node.text
    if is_dataclass(node):
        parts = [(part.name, getattr(node, part.name)) for part in fields(node) if part.name not in _APART]
        kept = [
            plain(value, comments) for name, value in parts if not isinstance(value, Span) and (comments or name != "comments")
        ]
        return (type(node).__name__, *kept)
    if isinstance(node, tuple):
        return tuple(plain(each, comments) for each in node)
    return node
