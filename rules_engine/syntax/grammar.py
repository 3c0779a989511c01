"""The grammar: skeleton and fragments joined, built by Lark as one LALR table for both languages."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rules_engine.syntax.keywords import terminals
from rules_engine.syntax.resources import fragment_texts, skeleton_texts

if TYPE_CHECKING:
    from lark import Lark

LEXEMES = [
    "NAME",
    "NUMBER",
    "PERCENT",
    "MONEY",
    "STRING",
    "DATE",
    "ID",
    "MONTH_DAY",
    "PERIOD_TEXT",
    "TABLE_ROW",
    "NL",
    "INDENT",
    "DEDENT",
    "COMMA",
    "LPAR",
    "RPAR",
    "LBRACE",
    "RBRACE",
    "EQ",
    "NE",
    "LT",
    "LE",
    "GT",
    "GE",
    "PLUS",
    "MINUS",
    "STAR",
    "SLASH",
]


def grammar_text() -> str:
    """The whole grammar as Lark reads it."""
    declared = " ".join([*LEXEMES, *sorted(terminals())])
    return "\n".join(["%declare " + declared, *skeleton_texts(), *fragment_texts()])


def build(text: str, cache: str | bool = False, strict: bool = False) -> Lark:
    """A parser for the joined grammar; `strict` refuses any conflict that Lark would settle silently."""
    from lark import Lark

    from rules_engine.syntax.nodes import Nodes
    from rules_engine.syntax.placeholder import NoLexer

    options: dict[str, Any] = {
        "parser": "lalr",
        "lexer": NoLexer,
        "start": ["contract", "block"],
        "transformer": Nodes(),
        "keep_all_tokens": True,
        "maybe_placeholders": False,
    }
    return Lark(text, cache=cache, strict=strict, **options)


@lru_cache(maxsize=1)
def parser() -> Lark:
    """The parser, built once a process; its tables are kept in the user's cache folder where that can be written."""
    text = grammar_text()
    folder = _cache_folder()
    if folder is None:
        return build(text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:24]
    return build(text, cache=str(folder / f"grammar-{sys.version_info[0]}.{sys.version_info[1]}-{digest}.lark"))


def _cache_folder() -> Path | None:
    root = os.environ.get("SETTLEWRIGHT_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folder = Path(root) / "settlewright"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
