"""The grammar: skeleton and fragments joined, made by Lark into one LALR table for both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rules_engine.syntax.actions.nodes import Nodes
from rules_engine.syntax.keywords import terminals
from rules_engine.syntax.lexing.packing import packed, unpacked
from rules_engine.syntax.lexing.table import Machine, Rule, Table, bind
from rules_engine.syntax.resources import fragment_texts, remembered, skeleton_texts

if TYPE_CHECKING:
    from lark import Lark

LEXEMES = (
    "NAME NUMBER PERCENT MONEY STRING DATE ID MONTH_DAY PERIOD_TEXT TABLE_ROW NL INDENT DEDENT "
    "COMMA LPAR RPAR LBRACE RBRACE EQ NE LT LE GT GE PLUS MINUS STAR SLASH"
)


def grammar_text() -> str:
    """The whole grammar as Lark reads it."""
    declared = " ".join([LEXEMES, *sorted(terminals())])
    return "\n".join(["%declare " + declared, *skeleton_texts(), *fragment_texts()])


def build(text: str, strict: bool = False) -> Lark:
    """Lark's parser for the joined grammar; `strict` refuses any conflict that Lark would settle silently."""
    from lark import Lark

    from rules_engine.syntax.lexing.placeholder import NoLexer

    options: dict[str, Any] = {"keep_all_tokens": True, "maybe_placeholders": False}
    return Lark(
        text,
        parser="lalr",
        lexer=NoLexer,
        start=["contract", "amendment", "terms", "template", "block"],
        strict=strict,
        **options,
    )


def table_of(lark: Lark) -> Table:
    """The table inside Lark's parser, in our own small form."""
    made: Any = lark.parser.parser._parse_table  # noqa: SLF001 - Lark shows its table nowhere else
    rules = list(
        dict.fromkeys(found for state in made.states.values() for kind, found in state.values() if kind.name == "Reduce")
    )
    place = {rule: number for number, rule in enumerate(rules)}
    return Table(
        {
            state: {str(symbol): arg if kind.name == "Shift" else ~place[arg] for symbol, (kind, arg) in actions.items()}
            for state, actions in made.states.items()
        },
        [Rule(str(rule.origin.name), len(rule.expansion), str(rule.alias or ""), bool(rule.options.expand1)) for rule in rules],
        dict(made.start_states),
        dict(made.end_states),
    )


@lru_cache(maxsize=1)
def table() -> Table:
    """The parse table, once a process; it is kept in the user's cache folder where that can be written."""
    return unpacked(remembered("grammar", lambda: packed(table_of(build(grammar_text())))))


@lru_cache(maxsize=1)
def _actions() -> Sequence[Callable[[list[Any]], Any]]:
    return bind(table(), Nodes())


def machine(start: str) -> Machine:
    """A fresh parse of the header of a `contract`, an `amendment`, a `template` or `terms`, or of a `block`."""
    return Machine(table(), _actions(), [table().starts[start]])
