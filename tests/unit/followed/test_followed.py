"""Values that are followed: what was asked of them is asked again, and what goes round them is never made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

import pytest

from rules_engine.followed.functions import asked, one_step
from rules_engine.followed.values import NotFollowed
from rules_engine.followed.way import Way, Ways
from rules_engine.record import dataclass

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is made of values."""

    what: object
    beside: object = None


def way(work: Callable[[Values], Any], **values: object) -> Way[Any]:
    return Way(values, work)


def test_sums_are_worked_out_again_and_parts_met_twice_are_made_once() -> None:
    def work(values: Values) -> Held:
        inner = Held(1 - values["rate"] / 100)
        return Held((inner, {"again": inner}), "as it was")

    found = way(work, rate=Decimal(12)).made([Decimal("2.5")])
    assert found == Held((Held(Decimal("0.975")), {"again": Held(Decimal("0.975"))}), "as it was")
    assert found.what[0] is found.what[1]["again"]


def test_an_answer_that_differs_is_another_way() -> None:
    made = way(lambda values: "more" if values["a"] > values["b"] else "less", a=Decimal(2), b=Decimal(1))
    assert made.made([Decimal(20), Decimal(10)]) == "more"
    assert made.made([Decimal(10), Decimal(20)]) is None


def test_a_figure_that_is_written_serves_for_itself_only_to_the_last_zero() -> None:
    made = way(lambda values: f"at most {values['cap']}", cap=Decimal("5.00"))
    assert made.made([Decimal("5.00")]) == "at most 5.00"
    assert made.made([Decimal("5.0")]) is None


def test_days_and_texts() -> None:
    def work(values: Values) -> Held:
        return Held(values["day"] < date(2026, 7, 1), (values["name"], values["name"] == "own"))

    made = way(work, day=date(2026, 3, 1), name="Northgate")
    assert made.made([date(2026, 4, 1), "Riverside"]) == Held(True, ("Riverside", False))
    assert made.made([date(2026, 4, 1), "own"]) is None
    assert made.made([date(2026, 8, 1), "Riverside"]) is None


@lru_cache
def remembered(value: object) -> Held:
    return Held(value)


@pytest.mark.parametrize(
    "work",
    [
        lambda values: Decimal(values["rate"]),
        lambda values: "".join(["to ", values["name"]]),
        lambda values: [values["rate"]],
        lambda values: remembered(values["rate"]),
        lambda values: remembered(values["day"]),
        lambda values: date.fromordinal(date.toordinal(values["day"])),
    ],
)
def test_what_goes_round_a_followed_value_is_not_made_again(work: Callable[[Values], Any]) -> None:
    with pytest.raises(NotFollowed):
        way(work, rate=Decimal(12), name="Northgate", day=date(2026, 3, 1))


def test_sums_in_another_manner_serve_for_themselves_only() -> None:
    def work(values: Values) -> Decimal:
        with localcontext() as context:
            context.prec = 3
            return values["a"] * values["a"]  # type: ignore[no-any-return]

    made = way(work, a=Decimal("1.234"))
    assert made.made([Decimal("1.234")]) == Decimal("1.52")
    assert made.made([Decimal("2.345")]) is None


def test_functions_of_one_step() -> None:
    places = asked(lambda value: -value.as_tuple().exponent)
    named = one_step(lambda thing: f"<{thing.what}>")
    made = way(lambda values: (places(values["a"]), named(Held(values["a"]))), a=Decimal("1.25"))
    assert made.made([Decimal("3.75")]) == (2, "<3.75>")
    assert made.made([Decimal("3.7")]) is None


def test_rows_of_one_way_are_worked_out_whole_three_times() -> None:
    worked: list[object] = []

    def work(values: Values) -> Held:
        worked.append(values)
        return Held(values["rate"] + 1)

    ways = Ways(work)
    assert [ways.made({"rate": Decimal(number)}) for number in range(9)] == [Held(Decimal(number + 1)) for number in range(9)]
    assert len(worked) == 4, "two rows, the way, and the first row it served"


def test_a_way_that_came_out_differently_is_never_used_again() -> None:
    worked: list[int] = []

    def work(values: Values) -> Held:
        worked.append(1)
        return Held(values["rate"], len(worked))

    ways = Ways(work)
    found = [ways.made({"rate": Decimal(number)}).beside for number in range(6)]
    assert found == [1, 2, 4, 5, 6, 7]


def test_days_under_which_something_is_kept_are_left_as_they_are() -> None:
    kept: dict[object, int] = {}

    def work(values: Values) -> Held:
        return Held(values["rate"], kept.setdefault(values["day"], values["day"].year))

    ways = Ways(work)
    rows = [{"day": date(2025 + number % 2, 1, 1), "rate": Decimal(number)} for number in range(12)]
    assert [ways.made(row) for row in rows] == [Held(row["rate"], 2025 + number % 2) for number, row in enumerate(rows)]
    assert all(type(key) is date for key in kept)
