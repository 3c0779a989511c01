"""What every function of the measure plan gives, in Python's whole numbers: the plan's text beside a function of a row, or of the rows of
a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

LARGEST, SMALLEST = 2**63 - 1, -(2**63)


class Row(NamedTuple):
    g: int
    a: int | None
    b: int | None
    t: str | None
    d: date | None


ROWS = [
    Row(1, 7, 3, "rice", date(2026, 2, 28)),
    Row(1, -7, 3, "rice", date(2024, 2, 29)),
    Row(1, None, 5, None, None),
    Row(2, LARGEST, LARGEST, "大米", date(1900, 1, 1)),
    Row(2, SMALLEST, LARGEST, "", date(2199, 12, 31)),
    Row(3, 0, -1, "a'b", None),
    Row(3, 12_500_000, SMALLEST, "rice ", date(2026, 3, 1)),
    Row(4, None, None, None, None),
    Row(5, 10**17, 10**17, "z", date(2026, 1, 1)),
]


def both(left: bool | None, right: bool | None) -> bool | None:
    return False if left is False or right is False else None if left is None or right is None else True


def either(left: bool | None, right: bool | None) -> bool | None:
    return True if left or right else None if left is None or right is None else False


def known(compare: Callable[[Any, Any], bool]) -> Callable[[Row], bool | None]:
    return lambda row: None if row.a is None or row.b is None else compare(row.a, row.b)


def plain(row: Row) -> str | None:
    """An amount in millionths as its shortest text; the point stays behind where nothing follows it but is taken off last."""
    if row.a is None:
        return None
    return f"{Decimal(row.a).scaleb(-6):f}".rstrip("0").rstrip(".") if abs(row.a) >= 1 else "0"


SINGLE: dict[str, list[tuple[str, Callable[[Row], Any]]]] = {
    "and": [("a > 0 AND b > 0", lambda row: both(known(lambda a, _: a > 0)(row._replace(b=0)), known(lambda _, b: b > 0)(row._replace(a=0))))],
    "or": [("a > 0 OR b > 0", lambda row: either(known(lambda a, _: a > 0)(row._replace(b=0)), known(lambda _, b: b > 0)(row._replace(a=0))))],
    "not": [("NOT a > b", known(lambda a, b: not a > b))],
    "=": [("a = b", known(lambda a, b: a == b)), ("t = 'rice'", lambda row: None if row.t is None else row.t == "rice")],
    "<>": [("a <> b", known(lambda a, b: a != b))],
    "<": [("a < b", known(lambda a, b: a < b)), ("d < DATE '2026-03-01'", lambda row: None if row.d is None else row.d < date(2026, 3, 1))],
    "<=": [("a <= b", known(lambda a, b: a <= b))],
    ">": [("a > b", known(lambda a, b: a > b))],
    "is null": [("a IS NULL", lambda row: row.a is None), ("a IS NOT NULL", lambda row: row.a is not None)],
    "in": [("a IN (7, 0)", lambda row: None if row.a is None else row.a in (7, 0)), ("t NOT IN ('rice', '')", lambda row: None if row.t is None else row.t not in ("rice", ""))],
    "case": [("CASE WHEN a IS NULL THEN 1 ELSE 0 END", lambda row: int(row.a is None)), ("CASE g WHEN 1 THEN 'sale' END", lambda row: "sale" if row.g == 1 else None)],
    "coalesce": [("coalesce(a, b, 0)", lambda row: next((each for each in (row.a, row.b) if each is not None), 0))],
    "cast": [
        ("a::DECIMAL(38, 0)", lambda row: row.a),
        ("d::VARCHAR", lambda row: None if row.d is None else row.d.isoformat()),
        ("NULL::BIGINT", lambda _: None),
        ("NULL::VARCHAR", lambda _: None),
    ],
    "+": [("(CASE WHEN a IS NULL THEN 1 ELSE 0 END) + (CASE WHEN b IS NULL THEN 2 ELSE 0 END)", lambda row: (row.a is None) + 2 * (row.b is None))],
    "-": [("coalesce(a, -1)", lambda row: -1 if row.a is None else row.a)],
    "*": [("a::HUGEINT * b", lambda row: None if row.a is None or row.b is None else row.a * row.b)],
    "rtrim": [("rtrim(rtrim((a::DECIMAL(20, 0) * 0.000001::DECIMAL(6, 6))::VARCHAR, '0'), '.')", plain)],
}
Group = Sequence[Row]


def given(rows: Group, name: str) -> list[Any]:
    return [getattr(row, name) for row in rows if getattr(row, name) is not None]


def decided(rows: Group) -> bool | None:
    found = [answer for row in rows if (answer := known(lambda a, b: a > b)(row)) is not None]
    return any(found) if found else None


TOGETHER: dict[str, list[tuple[str, Callable[[Group], Any]]]] = {
    "sum": [("coalesce(sum(a::HUGEINT * b), 0)", lambda rows: sum(row.a * row.b for row in rows if row.a is not None and row.b is not None))],
    "count": [("count(*)", len), ("count(a)", lambda rows: len(given(rows, "a")))],
    "max": [("max(a)", lambda rows: max(given(rows, "a"), default=None)), ("max(t)", lambda rows: max(given(rows, "t"), default=None))],
    "filter": [("count(*) FILTER (WHERE a > 0)", lambda rows: sum(value > 0 for value in given(rows, "a")))],
    "bool_or": [("bool_or(coalesce(a > b, FALSE))", lambda rows: any(known(lambda a, b: a > b)(row) for row in rows)), ("bool_or(a > b)", decided)],
    "any_value": [("any_value(g)", lambda rows: rows[0].g)],
}


ELSEWHERE = {"hash", "row_number"}
"""Functions whose value is not told: the one keeps equal rows together, the other orders them."""
