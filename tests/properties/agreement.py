"""Compare the engine with the second opinion, line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.naive.run import Result, settle_all
from tests.naive.windows import Span
from tests.properties.pipeline import Contract, by_key, checked, contract, enough, run, same_totals, told
from tests.strategies.contracts import contracts
from tests.strategies.documents import MORE, Row, rows
from tests.strategies.terms import written

SETS = 5
"""Document sets a contract."""

PER_TEST = min(4_000, max(8, settings().max_examples * 5 // 4))
"""Contracts a test: 250 in CI, four tests of them, five document sets each: 5,000 cases; nightly 80,000."""

generated = settings(max_examples=PER_TEST, deadline=None, suppress_health_check=list(HealthCheck))


def differences(given_contract: Contract, found: tuple[Row, ...], periods: tuple[Span, ...], evaluator: str) -> list[str]:
    """Where the engine and the naive evaluator settle differently, in words."""
    settled = run(given_contract, found, periods, evaluator)
    expected = settle_all(given_contract.read, found, periods)
    wrong = []
    for mine, theirs, period in zip(settled, expected, periods, strict=True):
        left, right = by_key(mine), theirs.by_key()
        wrong += [
            f"{period[0]} {mark}: engine {left.get(mark)}, naive {right.get(mark)}"
            for mark in dict.fromkeys((*left, *right))
            if left.get(mark) != right.get(mark)
        ]
        if not same_totals(mine, theirs) or stuck(mine) != naively_stuck(theirs):
            wrong.append(f"{period[0]}: {mine.totals} {mine.unsettled}, naive {theirs}")
    return wrong


def stuck(settlement: Any) -> set[tuple[str, tuple[str, ...], Any]]:
    """The keys that could not be settled."""
    return {(each.clause, tuple(each.group.values()), each.window.start) for each in settlement.unsettled}


def naively_stuck(result: Result) -> set[tuple[str, tuple[str, ...], Any]]:
    """The same of the naive run."""
    return {(clause, group, window[0]) for clause, group, window in result.unsettled}


def agreeing(only: tuple[str, ...], evaluators: tuple[str, ...] = ("compiled", "interpreter")) -> Callable[[], None]:
    """A test over contracts with clauses of some kinds."""

    @generated
    @given(st.data())
    def test(data: st.DataObject) -> None:
        written = contract(data.draw(contracts(only)))
        start, end = written.periods[0][0], written.periods[-1][1]
        for turn in range(SETS):
            found = data.draw(rows(start, end))
            periods = enough(written, found)
            wrong = differences(written, found, periods, evaluators[turn % len(evaluators)])
            assert not wrong, "\n".join([told(written, found, periods[-1]), *wrong])

    return test


def written_agreeing(
    only: tuple[str, ...] = (), evaluators: tuple[str, ...] = ("compiled", "interpreter")
) -> Callable[[], None]:
    """A test over written contracts with some terms."""

    @generated
    @given(st.data())
    def test(data: st.DataObject) -> None:
        given_contract = checked(data.draw(written(only)))
        start, end = given_contract.periods[0][0], given_contract.periods[-1][1]
        for turn in range(SETS):
            found = data.draw(rows(start, end, families=MORE))
            periods = enough(given_contract, found)
            wrong = differences(given_contract, found, periods, evaluators[turn % len(evaluators)])
            assert not wrong, "\n".join([told(given_contract, found, periods[-1]), *wrong])

    return test
