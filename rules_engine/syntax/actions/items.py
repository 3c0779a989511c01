"""From lexemes to the items of a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rules_engine.syntax.lexemes import Lexeme, Mark
from rules_engine.syntax.tree import DateLiteral, Field, Group, Item, Name, Number, Text, Word

SILENT = frozenset(["NL", "INDENT", "DEDENT", "COMMA", "LPAR", "RPAR", "LBRACE", "RBRACE", "EQ", "TO", "FROM"])
_RENAMED = {
    "credit_side": "credit",
    "number_word": "number",
    "money_word": "money",
    "price_word": "price",
    "percent_word": "percent",
    "quantity_word": "quantity",
    "date_word": "date",
    "moment_word": "moment",
    "text_word": "text",
    "above": "over",
}
_NUMBERS = {"NUMBER": "", "PERCENT": "percent", "MONEY": "money"}


def key(lexeme: Lexeme) -> str:
    """The canonical keyword a lexeme stands for."""
    plain = lexeme.type.lower()
    return _RENAMED.get(plain, plain)


def name(lexeme: Lexeme) -> Name:
    """A name, canonical, with its spelling where that differs."""
    return Name(lexeme.value, lexeme.span, "", "" if lexeme.value == lexeme.text else lexeme.text)


def item(lexeme: Lexeme) -> Item | None:
    """The item a single lexeme is; None for words that only hold a sentence together."""
    kind = lexeme.type
    if kind in _NUMBERS:
        return Number(lexeme.value, _NUMBERS[kind], lexeme.span)
    if kind in ("NAME", "ID"):
        return name(lexeme)
    if kind == "DOCUMENT_LINE":
        return Name("document_line", lexeme.span)
    if kind in ("STRING", "PERIOD_TEXT"):
        return Text(lexeme.value, lexeme.span)
    if kind == "DATE":
        return DateLiteral(lexeme.value, lexeme.span)
    return None if kind in SILENT else Word(key(lexeme), lexeme.span)


def items(parts: Iterable[Any]) -> tuple[Item, ...]:
    """The items among the parts of a production, in order."""
    return tuple(_items(parts))


def _items(parts: Iterable[Any]) -> Iterator[Item]:
    for part in parts:
        if isinstance(part, Lexeme):
            found = item(part)
            if found is not None:
                yield found
        elif isinstance(part, tuple | list):
            yield from _items(part)
        elif not isinstance(part, Mark):
            yield part


def fields(parts: Iterable[Any]) -> tuple[Field, ...]:
    """The fields among the parts of a block."""
    found: list[Field] = []
    for part in parts:
        if isinstance(part, Field):
            found.append(part)
        elif isinstance(part, tuple | list):
            found.extend(fields(part))
    return tuple(found)


def group(key: str, parts: list[Any], inside: tuple[Item, ...]) -> Group:
    """A group that covers its parts."""
    from rules_engine.syntax.lexemes import cover

    return Group(key, inside, cover(parts))
