"""The grammar: skeleton and fragments joined, made by Lark into one LALR table for both languages."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rules_engine.syntax.keywords import terminals
from rules_engine.syntax.nodes import Nodes
from rules_engine.syntax.resources import fragment_texts, skeleton_texts
from rules_engine.syntax.table import Machine, Rule, Table, bind

if TYPE_CHECKING:
    from lark import Lark

FORMAT = 3
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

    from rules_engine.syntax.placeholder import NoLexer

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
    states: list[dict[str, int]] = [{}] * len(made.states)
    for state, actions in made.states.items():
        states[state] = {str(symbol): arg if kind.name == "Shift" else ~place[arg] for symbol, (kind, arg) in actions.items()}
    return Table(
        states,
        [Rule(str(rule.origin.name), len(rule.expansion), str(rule.alias or ""), bool(rule.options.expand1)) for rule in rules],
        dict(made.start_states),
        dict(made.end_states),
    )


@lru_cache(maxsize=1)
def table() -> Table:
    """The parse table, once a process; it is kept in the user's cache folder where that can be written."""
    text = grammar_text()
    digest = hashlib.sha256(f"{FORMAT} {text}".encode()).hexdigest()[:32]
    folder = _cache_folder()
    kept = _kept(folder / f"grammar-{digest}.json") if folder else None
    if kept is None:
        kept = table_of(build(text))
        if folder:
            _keep(kept, folder / f"grammar-{digest}.json")
    return kept


@lru_cache(maxsize=1)
def _actions() -> Sequence[Callable[[list[Any]], Any]]:
    return bind(table(), Nodes())


def machine(start: str) -> Machine:
    """A fresh parse of the header of a `contract`, an `amendment`, a `template` or `terms`, or of a `block`."""
    return Machine(table(), _actions(), [table().starts[start]])


def _kept(path: Path) -> Table | None:
    """A table from the cache; None if there is none, or it is spoilt."""
    try:
        states, rules, starts, ends = json.loads(path.read_bytes())
        return Table(states, [Rule(*rule) for rule in rules], starts, ends)
    except (OSError, ValueError, TypeError):
        return None


def _keep(made: Table, path: Path) -> None:
    """Written whole or not at all; another process may be doing the same."""
    from tempfile import NamedTemporaryFile

    data = json.dumps(
        [made.states, [astuple(rule) for rule in made.rules], made.starts, made.ends], separators=(",", ":")
    ).encode()
    try:
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(path)
    except OSError:
        return


def _cache_folder() -> Path | None:
    root = os.environ.get("SETTLEWRIGHT_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        folder = Path(root).expanduser() / "settlewright"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None
