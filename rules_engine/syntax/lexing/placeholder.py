"""What Lark is given in place of a lexer: the real one, `lexer.py`, feeds the parser itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark.lexer import Lexer, Token


class NoLexer(Lexer):
    """Lexes nothing; it exists because Lark wants a lexer class."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any) -> None:
        """Ignore the terminals."""

    def lex(self, _lexer_state: Any, _parser_state: Any) -> Iterator[Token]:
        """Yield nothing."""
        return iter(())
