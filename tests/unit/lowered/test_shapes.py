"""What makes two shapes one, and what a shape says of itself."""

from __future__ import annotations

import pytest

from rules_engine.lowered.single import single
from rules_engine.lowered.together import together
from tests.unit.lowered.terms import growth

NUMBERS = {"first": "250", "second": "3,000", "low": "0", "middle": "0.25", "high": "12", "cap": "750.5"}


def test_contracts_that_differ_in_numbers_ids_titles_and_places_have_one_shape() -> None:
    plain = growth()
    other = growth(id="C-2", title="Another", measure="turnover", clause="bonus", **NUMBERS)
    assert plain.shape == other.shape
    assert hash(plain.shape) == hash(other.shape)
    assert plain.parameters != other.parameters
    assert single(plain.shape) is single(other.shape)


@pytest.mark.parametrize(
    "change", [{"reading": "whole"}, {"unit": "0.05"}, {"unit": "1"}, {"where": ' where category = "oil"'}, {"low": "0.12345"}], ids=str
)
def test_any_other_difference_is_another_shape(change: dict[str, str]) -> None:
    assert growth().shape != growth(**change).shape


def test_a_row_tells_every_step_and_ends_in_the_amount() -> None:
    lowered = growth()
    shape, row = lowered.shape, single(lowered.shape)((2_000_00,), lowered.parameters)
    assert len(row) == len(shape.steps) == len(shape.schema)
    # 100 at 1 %, 900 at 2.5 %, 1,000 at 4 %: 1.00 + 22.50 + 40.00
    assert (row[shape.amount], shape.amount_scale) == (63_50, 2)
    assert row[shape.exact] == 63_50 * 10 ** (shape.exact_scale - 2)
    assert single(shape, trace=False)((2_000_00,), lowered.parameters) == (row[shape.exact], row[shape.amount])
    assert all(type(number) is int for number in row)


def test_the_schema_says_where_a_step_was_written() -> None:
    lowered = growth()
    said = [(item.op, item.label) for item in lowered.shape.schema]
    assert said == [
        ("band", "marginal"), ("pick", "marginal"), ("multiply", "marginal"), ("pick", "marginal"), ("add", "marginal"), ("min", "most"),
        ("quotient", "round"),
    ]  # fmt: skip
    assert all(item.span.line > 0 for item in lowered.shape.schema)


@pytest.mark.bulk
def test_the_bound_of_all_steps_holds_for_the_greatest_inputs() -> None:
    from rules_engine.lowered.fitting import largest

    lowered = growth()
    least = largest(lowered.shape, [10**6], [abs(number) for number in lowered.parameters])
    rows = [single(lowered.shape)((number,), lowered.parameters) for number in (10**6, -(10**6))]
    assert max(abs(number) for row in rows for number in row) <= least < 2**63


def test_clauses_together_share_inputs_and_steps() -> None:
    one, other = growth(), growth(cap="40")
    shape, parameters = together([one, other])
    assert len(shape.inputs) == 1
    row = single(shape)((2_000_00,), parameters)
    assert [row[place] for place in shape.amounts] == [63_50, 40_00]
    assert single(shape, trace=False)((2_000_00,), parameters)[1::2] == (63_50, 40_00)
