"""From a column as it was delivered to a canonical cell, in DuckDB's words; what is not plain is marked as odd, never guessed.

A canonical amount is a whole number of millionths, a rate one of hundred-millionths. An odd row keeps its texts: the strict
reader reads it as it would have been read from its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES

AMOUNT_PLACES = 6
RATE_PLACES = 8
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
    """A canonical column: its value, and whether the cell is odd, as SQL."""

    value: str
    odd: str


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def cell(column: str, kind: str, delivered: str) -> Cell | None:
    """How a delivered column (an SQL expression and its DuckDB type) becomes a canonical one; None where only the strict
    reader can tell."""
    base = delivered.split("(", 1)[0]
    if kind == "text":
        return _text(column) if base == "VARCHAR" else None
    if kind == "date":
        return _day(column, base)
    if kind == "percent":
        return _rate(column, base)
    return _number(column, base)


def kind_of(name: str) -> str:
    """The kind of a built-in column."""
    return BUILTIN_COLUMNS[name].kind if name in BUILTIN_COLUMNS else "text"


def _blank(column: str) -> str:
    return f"nullif({column}, '')"


def _text(column: str) -> Cell:
    value = _blank(column)
    plain = f"regexp_full_match({column}, {literal(TEXT)}) AND nfc_normalize({column}) = {column} AND strlen({column}) <= 65536"
    return Cell(value, f"(CASE WHEN {column} IS NULL OR NOT regexp_matches({column}, '[^!-~]') THEN FALSE ELSE NOT ({plain}) END)")


def _day(column: str, base: str) -> Cell | None:
    if base == "DATE":
        return Cell(column, f"(coalesce(year({column}), 2000) NOT BETWEEN 1900 AND 2199)")
    if base != "VARCHAR":
        return None
    value = f"TRY_CAST({_blank(column)} AS DATE)"
    return Cell(value, f"({_blank(column)} IS NOT NULL AND ({value} IS NULL OR NOT regexp_full_match({column}, {literal(DAY)})))")


def _rate(column: str, base: str) -> Cell | None:
    if base == "DECIMAL":
        value = f"TRY_CAST({column} AS DECIMAL(18, {RATE_PLACES}))"
        return Cell(_scaled(value, RATE_PLACES), f"({column} IS NOT NULL AND ({value} IS NULL OR {value} <> {column} OR {column} < 0 OR {column} >= 1))")
    if base != "VARCHAR":
        return None
    rate = f"TRY_CAST({column} AS DECIMAL(18, {RATE_PLACES}))"
    share = f"TRY_CAST(rtrim({column}, '%') AS DECIMAL(18, {RATE_PLACES - 2}))"
    value = (
        f"CASE WHEN regexp_full_match({column}, {literal(RATE)}) THEN {_scaled(rate, RATE_PLACES)} "
        f"WHEN regexp_full_match({column}, {literal(SHARE)}) THEN {_scaled(share, RATE_PLACES - 2)} END"
    )
    return Cell(value, f"({_blank(column)} IS NOT NULL AND {value} IS NULL)")


def _number(column: str, base: str) -> Cell | None:
    typed = f"TRY_CAST({column} AS DECIMAL(18, {AMOUNT_PLACES}))"
    if base == "DECIMAL" or base in INTEGERS:
        return Cell(_scaled(typed, AMOUNT_PLACES), f"({column} IS NOT NULL AND ({typed} IS NULL OR {typed} <> {column}))")
    if base != "VARCHAR":
        return None
    value = f"CASE WHEN regexp_full_match({column}, {literal(AMOUNT)}) THEN {_scaled(typed, AMOUNT_PLACES)} END"
    return Cell(value, f"({_blank(column)} IS NOT NULL AND {value} IS NULL)")


def _scaled(value: str, places: int) -> str:
    return f"CAST(CAST({value} AS DECIMAL(38, {places})) * {10**places} AS BIGINT)"


def below_zero(columns: Mapping[str, str]) -> str:
    """Whether a figure is negative that its type does not let be: as SQL over canonical columns."""
    tests = []
    for name, value in sorted(columns.items()):
        kinds = [kind for kind, known in BUILTIN_TYPES.items() if name in known.columns and known.columns[name].low is not None]
        if kinds and kind_of(name) in NUMERIC:
            tests.append(f"({value} < 0 AND type IN ({', '.join(map(literal, kinds))}))")
    return " OR ".join(tests) or "FALSE"
