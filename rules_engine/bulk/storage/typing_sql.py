"""From a column as it was delivered to a canonical cell, in DuckDB's words; what is not plain is marked as odd, never guessed.

A canonical amount is a whole number of millionths, a rate one of hundred-millionths. An odd row keeps its texts: the strict
reader reads it as it would have been read from its file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES

AMOUNT_PLACES = 6
RATE_PLACES = 8
MOST = 10 ** (18 - AMOUNT_PLACES) - 1
"""The largest whole part of an amount."""
FEW_PLACES = 3
"""Decimals up to which an amount below the largest can be made whole within 18 digits."""
NUMERIC = ("amount", "quantity", "number", "days")
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
SEEN = r"!-~\p{L}\p{N}\p{P}\p{S}"
TEXT = rf"[{SEEN}]([ {SEEN}]*[{SEEN}])?"
AMOUNT = r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?"
RATE = r"0(\.[0-9]{1,8})?"
SHARE = r"[0-9]{1,2}(\.[0-9]{1,6})?%"
DAY = r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A canonical column as SQL: its value out of the delivered column, and whether a cell is odd, out of the delivered one and the value."""

    value: str
    odd: str


@dataclass(frozen=True, slots=True)
class Names:
    """What SQL calls a column: `field` where it is read, `raw` and `value` where both stand side by side."""

    field: str
    raw: str
    value: str


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def cell(names: Names, kind: str, delivered: str) -> Cell | None:
    """How a delivered column (its DuckDB type) becomes a canonical one; None where only the strict reader can tell."""
    base = delivered.split("(", 1)[0]
    if kind == "text":
        return Cell(_blank(names.field), odd_text(names.raw)) if base == "VARCHAR" else None
    if kind == "date":
        return _day(names, base)
    if kind == "percent":
        return _rate(names, base)
    return _number(names, delivered)


def kind_of(name: str) -> str:
    """The kind of a built-in column."""
    return BUILTIN_COLUMNS[name].kind if name in BUILTIN_COLUMNS else "text"


def _blank(column: str) -> str:
    return f"nullif({column}, '')"


def odd_text(column: str) -> str:
    """Whether a text is not plain, as SQL: something that cannot be seen, not composed, a blank at an end, too long."""
    plain = f"regexp_full_match({column}, {literal(TEXT)}) AND nfc_normalize({column}) = {column} AND strlen({column}) <= 65536"
    return f"(CASE WHEN {column} IS NULL OR NOT regexp_matches({column}, '[^!-~]') THEN FALSE ELSE NOT ({plain}) END)"


def _day(names: Names, base: str) -> Cell | None:
    if base == "DATE":
        return Cell(names.field, f"(coalesce(year({names.raw}), 2000) NOT BETWEEN 1900 AND 2199)")
    if base != "VARCHAR":
        return None
    odd = f"({_blank(names.raw)} IS NOT NULL AND ({names.value} IS NULL OR NOT regexp_full_match({names.raw}, {literal(DAY)})))"
    return Cell(f"TRY_CAST({_blank(names.field)} AS DATE)", odd)


def _rate(names: Names, base: str) -> Cell | None:
    field = names.field
    if base == "DECIMAL":
        rate = f"TRY_CAST({names.raw} AS DECIMAL(18, {RATE_PLACES}))"
        odd = f"({names.raw} IS NOT NULL AND ({rate} IS NULL OR {rate} <> {names.raw} OR {names.raw} < 0 OR {names.raw} >= 1))"
        return Cell(_scaled(f"TRY_CAST({field} AS DECIMAL(18, {RATE_PLACES}))", RATE_PLACES), odd)
    if base != "VARCHAR":
        return None
    rate = f"TRY_CAST({field} AS DECIMAL(18, {RATE_PLACES}))"
    share = f"TRY_CAST(rtrim({field}, '%') AS DECIMAL(18, {RATE_PLACES - 2}))"
    value = (
        f"CASE WHEN regexp_full_match({field}, {literal(RATE)}) THEN {_scaled(rate, RATE_PLACES)} "
        f"WHEN regexp_full_match({field}, {literal(SHARE)}) THEN {_scaled(share, RATE_PLACES - 2)} END"
    )
    return Cell(value, _unread(names))


def _number(names: Names, delivered: str) -> Cell | None:
    base, field = delivered.split("(", 1)[0], names.field
    typed = f"TRY_CAST({field} AS DECIMAL(18, {AMOUNT_PLACES}))"
    if base in INTEGERS:
        return Cell(f"CASE WHEN {field} BETWEEN -{MOST} AND {MOST} THEN {field}::BIGINT * {10**AMOUNT_PLACES} END", _unread(names, text=False))
    if base == "DECIMAL":
        places = int(delivered.rstrip(")").split(",")[1])
        if places <= FEW_PLACES:
            narrow = f"TRY_CAST({field} AS DECIMAL(18, {places}))"
            whole = f"CAST({narrow} * {10**places} AS BIGINT) * {10 ** (AMOUNT_PLACES - places)}"
            return Cell(f"CASE WHEN {narrow} > -{MOST + 1} AND {narrow} < {MOST + 1} THEN {whole} END", _unread(names, text=False))
        there = f"TRY_CAST({names.raw} AS DECIMAL(18, {AMOUNT_PLACES}))"
        return Cell(_scaled(typed, AMOUNT_PLACES), f"({names.raw} IS NOT NULL AND ({there} IS NULL OR {there} <> {names.raw}))")
    if base != "VARCHAR":
        return None
    return Cell(f"CASE WHEN regexp_full_match({field}, {literal(AMOUNT)}) THEN {_scaled(typed, AMOUNT_PLACES)} END", _unread(names))


def _unread(names: Names, *, text: bool = True) -> str:
    """A cell with something in it that came to no value."""
    return f"({_blank(names.raw) if text else names.raw} IS NOT NULL AND {names.value} IS NULL)"


def _scaled(value: str, places: int) -> str:
    """A decimal of 18 digits as a whole number: before and behind the point by themselves, so that 64 bits do."""
    behind = f"CAST(({value} % 1)::DECIMAL({places + 1}, {places}) * {10**places}::DECIMAL({places + 1}, 0) AS BIGINT)"
    return f"(CAST(trunc({value}) AS BIGINT) * {10**places} + {behind})"


def below_zero(columns: Collection[str], code: Callable[[str], int]) -> str:
    """Whether a figure is negative that its type does not let be: as SQL over canonical columns; `code` is the number of a type."""
    tests = []
    for name in sorted(columns):
        kinds = [kind for kind, known in BUILTIN_TYPES.items() if name in known.columns and known.columns[name].low is not None]
        if kinds and kind_of(name) in NUMERIC:
            tests.append(f"({name} < 0 AND type IN ({', '.join(str(code(kind)) for kind in kinds)}))")
    return " OR ".join(tests) or "FALSE"
