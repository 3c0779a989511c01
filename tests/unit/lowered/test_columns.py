"""Columns: the same registers as row by row, in 64 bits where they fit and beyond where they do not."""

from __future__ import annotations

from itertools import product

import pytest

np = pytest.importorskip("numpy")
pytestmark = pytest.mark.bulk

from rules_engine.lowered import arrays  # noqa: E402 - numpy is asked for first
from rules_engine.lowered.columns import columns  # noqa: E402
from rules_engine.lowered.fitting import fits, small_rows, whole  # noqa: E402
from rules_engine.lowered.model import Operand, Step  # noqa: E402
from rules_engine.lowered.single import print_step, single  # noqa: E402
from rules_engine.lowered.source import Names  # noqa: E402
from rules_engine.values.rounding import MODES, round_to  # noqa: E402
from tests.unit.lowered.terms import growth  # noqa: E402

NUMBERS = [*range(-41, 42), 10**17 + 5, -(10**17) - 5]


@pytest.mark.parametrize(("mode", "below"), list(product(MODES, (1, 2, 3, 4, 5, 7, 10, 20))))
def test_a_quotient_is_rounded_as_round_to_rounds(mode: str, below: int) -> None:
    from decimal import Decimal
    from fractions import Fraction

    expected = [int(round_to(Fraction(number, below), Decimal(1), mode)) for number in NUMBERS]
    code = print_step(Names(), Step("quotient", (Operand("r", 0), Operand("k", below)), mode))
    assert [eval(code, {"r0": number}) for number in NUMBERS] == expected
    divisor = print_step(Names(), Step("quotient", (Operand("r", 0), Operand("r", 1)), mode))
    assert [eval(divisor, {"r0": number, "r1": below}) for number in NUMBERS] == expected
    narrow = np.array(NUMBERS, dtype=np.int64)
    out = np.empty(len(NUMBERS), dtype=np.int64)
    for given in (below, np.array([below]), np.full(len(NUMBERS), below)):
        assert arrays.quotient(out, narrow, given, mode).tolist() == expected
        assert arrays.quotient(None, narrow.astype(object), given, mode).tolist() == expected


@pytest.mark.parametrize("sums", [[], [0], [12_345, -12_345, 2_000_00, 100_00, 100_01, 10**9]], ids=len)
def test_columns_are_rows(sums: list[int]) -> None:
    lowered = growth()
    inputs, parameters = [np.array(sums, dtype=np.int64)], [np.array([number]) for number in lowered.parameters]
    by_row = [single(lowered.shape)((number,), lowered.parameters) for number in sums]
    assert fits(lowered.shape, inputs, parameters)
    assert [column.tolist() for column in columns(lowered.shape)(inputs, parameters)] == [[row[place] for row in by_row] for place in range(len(lowered.shape.steps))]
    bare = columns(lowered.shape, trace=False)(inputs, parameters)
    assert [column.tolist() for column in bare] == [[row[place] for row in by_row] for place in lowered.shape.ends]


def test_each_row_may_have_parameters_of_its_own() -> None:
    one, other = growth(), growth(first="250", middle="3", cap="70.5")
    assert one.shape == other.shape
    sums = np.array([2_000_00, 2_000_00], dtype=np.int64)
    parameters = [np.array(pair, dtype=np.int64) for pair in zip(one.parameters, other.parameters, strict=True)]
    found = columns(one.shape)([sums], parameters)
    by_row = [single(one.shape)((2_000_00,), each.parameters) for each in (one, other)]
    assert [column.tolist() for column in found] == [list(pair) for pair in zip(*by_row, strict=True)]


@pytest.mark.parametrize("huge", [10**15, 2**62, 10**30])
def test_what_could_leave_64_bits_is_worked_out_in_numbers_of_any_length(huge: int) -> None:
    lowered = growth(cap="99,999,999,999,999,999,999")
    kind = object if huge >= 2**63 else np.int64
    inputs = [np.array([5_00, huge, -huge], dtype=kind)]
    parameters = [np.array([number], dtype=object if number >= 2**63 else np.int64) for number in lowered.parameters]
    assert not fits(lowered.shape, inputs, parameters)
    found = columns(lowered.shape)(inputs, parameters)
    by_row = [single(lowered.shape)((number,), lowered.parameters) for number in (5_00, huge, -huge)]
    assert [[int(item) for item in np.broadcast_to(column, 3)] for column in found] == [list(column) for column in zip(*by_row, strict=True)]


def test_one_huge_row_does_not_slow_the_others() -> None:
    lowered = growth()
    sums = [*range(0, 90_000, 700), 2**61, -(2**62), 10**30]
    inputs, parameters = [np.array(sums, dtype=object)], [np.array([number]) for number in lowered.parameters]
    small = small_rows(lowered.shape, inputs, parameters)
    assert small is not None
    assert small.tolist() == [number < 2**61 and number > -(2**61) for number in sums]
    by_row = [single(lowered.shape)((number,), lowered.parameters) for number in sums]
    for trace, places in ((True, range(len(lowered.shape.steps))), (False, lowered.shape.ends)):
        found = columns(lowered.shape, trace=trace)(inputs, parameters)
        assert [column.tolist() for column in found] == [[row[place] for row in by_row] for place in places]
        assert found[-1].dtype == np.int64, "the amount is capped, so that it fits again"


def test_whole_numbers_of_any_width_are_taken_and_nothing_else() -> None:
    lowered = growth()
    parameters = [np.array([number]) for number in lowered.parameters]
    expected = [column.tolist() for column in columns(lowered.shape)([np.array([200_00, 30_000])], parameters)]
    for kind in (np.int32, np.uint16, np.uint64, object):
        assert [column.tolist() for column in columns(lowered.shape)([np.array([200_00, 30_000], dtype=kind)], parameters)] == expected
    assert whole(np.array([2**63], dtype=np.uint64)).dtype == object
    with pytest.raises(TypeError, match="float64 holds no whole numbers"):
        columns(lowered.shape)([np.array([1.5])], parameters)
