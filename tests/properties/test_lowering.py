"""One lowering, three printers: a row in Python, columns in 64 bits and beyond, and the kernel by the interpreter, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import localcontext

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from rules_engine.core.expressions import Expression, Priced, Row, Table
from rules_engine.lowered.single import single
from rules_engine.settlement.schedule import windows
from rules_engine.values.exact import EXACT
from rules_engine.values.period import Period
from tests.properties.lowering import Case, case_of, kernel_says
from tests.properties.pipeline import Contract, contract
from tests.strategies.contracts import contracts
from tests.unit.engine import building, generated

SMALL = st.integers(-3_000_00, 90_000_00)
AMOUNTS = st.one_of(SMALL, st.sampled_from((0, 1, -1, 5, 50, 149, 150, 1_000, 10_000, 100_000)), st.integers(0, 2_000_00))
HUGE = st.integers(10**19, 10**24)
ROWS = 6


def cases(made: Contract, data: st.DataObject) -> Iterator[Case]:
    for clause in made.program.clauses.values():
        over = windows(made.program, clause)
        if over:
            window = data.draw(st.sampled_from(over))
            upto = window.end if data.draw(st.booleans()) else window.start + timedelta(days=data.draw(st.integers(1, window.days)))
            case = case_of(made.program, clause, window, upto, tuple("oil" for _ in clause.per))
            if case is not None:
                yield case


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(written=contracts(), data=st.data())
def test_a_row_comes_to_what_the_kernel_says(written: object, data: st.DataObject) -> None:
    with localcontext(EXACT):
        for case in cases(contract(written), data):  # type: ignore[arg-type]
            inputs = data.draw(st.tuples(*(AMOUNTS | HUGE for _ in case.lowered.shape.inputs)))
            said = case.said(single(case.lowered.shape)(inputs, case.parameters()))
            assert said is None or said == kernel_says(case, inputs), case.clause.text


@pytest.mark.bulk
@settings(max_examples=max(10, settings().max_examples // 3), deadline=None, suppress_health_check=list(HealthCheck))
@given(written=contracts(), data=st.data(), huge=st.booleans())
def test_columns_come_to_what_the_row_does(written: object, data: st.DataObject, huge: bool) -> None:
    import numpy as np

    from rules_engine.lowered.columns import columns
    from rules_engine.lowered.fitting import fits

    for case in cases(contract(written), data):  # type: ignore[arg-type]
        shape, parameters = case.lowered.shape, case.parameters()
        rows = [data.draw(st.tuples(*(AMOUNTS for _ in shape.inputs))) for _ in range(ROWS)]
        if huge and shape.inputs:
            rows.append(tuple(data.draw(HUGE) for _ in shape.inputs))
        inputs = [np.array(column, dtype=object if huge else np.int64) for column in zip(*rows, strict=True)]
        wide = [np.array([number], dtype=object if abs(number) >= 2**63 else np.int64) for number in parameters]
        assert fits(shape, inputs, wide) is not (huge and bool(shape.inputs))
        found = columns(shape)(inputs, wide)
        by_row = [single(shape)(row, parameters) for row in rows]
        for place, column in enumerate(found):
            assert [int(item) for item in np.broadcast_to(column, (len(rows),))] == [int(row[place]) for row in by_row]


@st.composite
def conditional(draw: st.DrawFn) -> Table:
    """Rows told apart by conditions alone."""
    inner = st.one_of(generated.parts(), generated.ladders())
    rows = [Row(draw(inner), when=draw(generated.conditions(0))) for _ in range(draw(st.integers(1, 3)))]
    ending = draw(st.sampled_from(("always", "otherwise", "none")))
    last = () if ending == "none" else (Row(draw(inner), otherwise=ending == "otherwise"),)
    at_zero = draw(generated.parts()) if draw(st.integers(0, 4)) == 0 else None
    return Table((*rows, *last), draw(st.sampled_from(("exactly_one", "all", "first", "best_for_supplier"))), at_zero)


SUMS = st.sampled_from((generated.PAID, generated.GMV, generated.COST, generated.UNITS))
PRICES = st.one_of(generated.parts(), generated.ladders(), generated.ladders(st.one_of(generated.parts(), generated.ladders())), conditional())
PRICED = st.builds(Priced, st.one_of(SUMS, generated.bases), PRICES, st.none() | SUMS)
EDGES = st.sampled_from([number * 10**scale + more for number in (0, 5, 20, 60, 100) for scale in (0, 2, 3) for more in (-1, 0, 1)])
ANY = st.one_of(EDGES, st.integers(-20_000, 20_000), st.integers(-(10**24), 10**24))


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(earn=st.one_of(PRICED, PRICED, generated.numbers(depth=3)), data=st.data())
def test_any_price_comes_to_what_the_interpreter_says(earn: Expression, data: st.DataObject) -> None:
    made = building.program(building.clause(earn), measures=generated.MEASURES)
    window = Period(date(2026, 3, 1), date(2026, 4, 1))
    case = case_of(made, made.clauses["c"], window, window.end, ())
    if case is None:
        return
    with localcontext(EXACT):
        for inputs in data.draw(st.lists(st.tuples(*(ANY for _ in case.lowered.shape.inputs)), min_size=4, max_size=4)):
            row = single(case.lowered.shape)(inputs, case.parameters())
            said = case.said(row)
            assert said is None or said == kernel_says(case, inputs), inputs
            assert single(case.lowered.shape, trace=False)(inputs, case.parameters()) == tuple(row[place] for place in case.lowered.shape.ends)
