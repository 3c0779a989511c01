"""Compare the engine with the second opinion, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.naive.run import Result, settle_all
from tests.naive.windows import Span
from tests.properties.pipeline import Contract, amended_contract, by_key, checked, contract, enough, run, same_totals, told
from tests.strategies.amending import amended
from tests.strategies.contracts import contracts
from tests.strategies.documents import FAMILIES, MORE, Row, families as families_of, rows
from tests.strategies.memory import SECONDED, remembered
from tests.strategies.terms import written

SETS = 5
"""Document sets a contract."""

CI = settings().max_examples >= 200
PER_TEST = min(4_000, max(6, settings().max_examples * 17 // 20))
"""Contracts a test, five document sets each: 170 in CI, in each of eight tests."""

LEAST = 1_200 if CI else 0
"""Cases a test must have compared, where a case is one contract with documents and one period, settled by both, in which at
least one line moved: nine of them make more than 10,000."""

FEWER = min(PER_TEST, max(6, settings().max_examples // 2))
"""Contracts of the slowest two tests: those with an amendment, and those that remember."""


@dataclass
class Cases:
    """How many cases a test has compared."""

    compared: int = 0


def differences(
    given_contract: Contract, found: tuple[Row, ...], periods: tuple[Span, ...], evaluator: str, cases: Cases
) -> list[str]:
    """Where the engine and the naive evaluator settle differently, in words."""
    settled = run(given_contract, found, periods, evaluator)
    expected = settle_all(given_contract.read, found, periods, given_contract.later)
    cases.compared += sum(1 for result in expected if result.lines)
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


def agreeing(
    drawn: st.SearchStrategy[Contract], families: Sequence[str] = MORE, least: int = LEAST, tried: int = PER_TEST
) -> Callable[[], None]:
    """A test that both settle what a strategy draws alike, by the compiled program and by the interpreter in turn."""
    cases = Cases()

    @settings(max_examples=tried, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        made = data.draw(drawn)
        for turn in range(SETS):
            named = families_of(made.text) if families is MORE else families
            found = data.draw(rows(made.periods[0][0], made.periods[-1][1], families=named))
            periods = enough(made, found)
            wrong = differences(made, found, periods, ("compiled", "interpreter")[turn % 2], cases)
            assert not wrong, "\n".join([told(made, found, periods[-1]), *wrong])

    def test() -> None:
        cases.compared = 0
        compare()
        assert cases.compared >= least, cases.compared

    return test


def by_tree(*only: str) -> Callable[[], None]:
    """Over contracts made as trees, with clauses of some kinds."""
    return agreeing(contracts(only).map(contract), FAMILIES)


def by_text(*only: str) -> Callable[[], None]:
    """Over contracts written as text, with some terms."""
    return agreeing(written(only).map(checked))


def by_memory(*only: str) -> Callable[[], None]:
    """Over written contracts with terms that remember; many of their lines wait for somebody's word or for a window to close."""
    return agreeing(remembered(only or SECONDED).map(checked), least=LEAST // 6, tried=FEWER)


def by_amendment(*only: str) -> Callable[[], None]:
    """Over written contracts with an amendment."""
    return agreeing(amended(only).map(lambda texts: amended_contract(*texts)), tried=FEWER)
