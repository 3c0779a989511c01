"""Limits over one clause: contradictions and orders that leave the amount open."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes

CLAUSES = """
measure net
  sum of paid over sales

rebate one
  on      net
  period  month
  rate    5%

rebate two
  on      net
  period  month
  rate    3%
"""


def limit(name: str, members: str, bound: str) -> str:
    return f"\nlimit {name}\n  of {members}\n  {bound}\n"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (("one, two", "at most 50 in each month"), ("one", "at most 20 in each month"), ""),
        (("one", "at most 20 in each month"), ("one, two", "at most 300 in each year"), ""),
        (("one", "at most 300 in each year"), ("one, two", "at most 50 in each month"), "SE0298"),
        (("one, two", "at least 40 in each month"), ("two", "at most 60 in each month"), "SE0298"),
        (("one", "at least 40 in each month"), ("one, two", "at most 60 in each month"), ""),
        (("one", "at least 80 in each month"), ("one, two", "at most 60 in each month"), "SE0213"),
        (("one, two", "at most 60 in each month"), ("one", "at least 80 in each month"), "SE0213"),
        (("one", "at most 60 in each month"), ("two", "at least 80 in each month"), ""),
    ],
)
def test_pairs_of_limits(first: tuple[str, str], second: tuple[str, str], code: str) -> None:
    found = codes(CLAUSES + limit("a", *first) + limit("b", *second))
    assert [each for each in found if each in ("SE0298", "SE0213")] == ([code] if code else [])
