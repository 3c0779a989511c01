"""A parse table as it is kept: its states side by side, each unpacked when the parse first comes to it. One contract meets a tenth."""

from __future__ import annotations

import marshal
from itertools import accumulate, pairwise
from sys import intern
from typing import TypeAlias

from rules_engine.syntax.lexing.table import Rule, Table

Packed: TypeAlias = tuple[
    list[str], list[int], bytes, list[tuple[str, int, str, bool]], dict[str, int], dict[str, int]
]
"""Symbols; where each state begins in what follows, and where the last ends; the states; rules; starts; ends."""


class States(dict[int, dict[str, int]]):
    """The states met so far; another is unpacked when it is asked for."""

    def __init__(self, symbols: list[str], bounds: list[int], rows: bytes) -> None:
        super().__init__()
        self._symbols = symbols
        self._places = list(pairwise(bounds))
        self._rows = rows

    def __missing__(self, state: int) -> dict[str, int]:
        """Unpack one."""
        start, stop = self._places[state]
        pairs = iter(marshal.loads(self._rows[start:stop]))  # noqa: S302 - the user's own folder, as compiled Python is
        found = self[state] = {self._symbols[symbol]: action for symbol, action in zip(pairs, pairs, strict=True)}
        return found


def packed(table: Table) -> Packed:
    """The table as numbers and texts."""
    symbols = sorted({symbol for state in table.states.values() for symbol in state})
    number = {symbol: place for place, symbol in enumerate(symbols)}
    rows = [
        marshal.dumps(tuple(part for symbol, action in table.states[state].items() for part in (number[symbol], action)))
        for state in range(len(table.states))
    ]
    rules = [(rule.origin, rule.size, rule.action, rule.transparent) for rule in table.rules]
    bounds = [0, *accumulate(len(row) for row in rows)]
    return [intern(symbol) for symbol in symbols], bounds, b"".join(rows), rules, dict(table.starts), dict(table.ends)


def unpacked(kept: Packed) -> Table:
    """The table again."""
    symbols, bounds, rows, rules, starts, ends = kept
    return Table(States(symbols, bounds, rows), [Rule(*rule) for rule in rules], starts, ends)
