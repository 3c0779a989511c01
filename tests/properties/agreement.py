"""Compare the engine with the second opinion, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from tests.naive.keys import Key
from tests.naive.numbers import money
from tests.naive.run import Result, settle_all
from tests.properties.pipeline import Contract, amended_contract, by_key, checked, contract, enough, other_totals, run, waiting
from tests.properties.smaller import Case, smallest
from tests.strategies.amending import amended
from tests.strategies.contracts import contracts
from tests.strategies.documents import FAMILIES, MORE, families as families_of, rows
from tests.strategies.memory import remembered
from tests.strategies.terms import written

SETS = 5
"""Document sets a contract."""

EVALUATORS = ("compiled", "interpreter")
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
Stuck = tuple[str, tuple[str, ...], date]
"""A key that could not be settled: clause, group, first day of its window."""

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


def differences(case: Case) -> list[str]:
    """Where the engine and the naive evaluator settle differently, in words."""
    return compared(case)[1]


def compared(case: Case) -> tuple[int, list[str]]:
    """In how many periods a line moved, and where the two differ."""
    settled = run(case.made, case.rows, case.periods, case.evaluator)
    expected = settle_all(case.made.read, case.rows, case.periods, case.made.later)
    wrong = []
    for mine, theirs, period in zip(settled, expected, case.periods, strict=True):
        left, right = by_key(mine), theirs.by_key()
        wrong += [
            f"{period[0]} {shown(mark)}: engine {figures(left.get(mark))}, naive {figures(right.get(mark))}"
            for mark in dict.fromkeys((*left, *right))
            if left.get(mark) != right.get(mark)
        ]
        left_waiting, right_waiting = waiting(mine), theirs.waiting()
        wrong += [
            f"{period[0]} {shown(mark)} waits: engine {left_waiting.get(mark)}, naive {right_waiting.get(mark)}"
            for mark in dict.fromkeys((*left_waiting, *right_waiting))
            if left_waiting.get(mark) != right_waiting.get(mark)
        ]
        wrong += [f"{period[0]} only the {who} cannot settle {keys}" for who, keys in apart(stuck(mine), naively_stuck(theirs))]
        wrong += [f"{period[0]} {name}: engine {left}, naive {right}" for name, left, right in other_totals(mine, theirs)]
    return sum(1 for result in expected if result.lines), wrong


def shown(key: Key) -> str:
    """A key in one line: clause, group, first day, VAT rate, payee."""
    clause, group, day, rate, payee = key
    said = (clause, ", ".join(f"{column} {value}" for column, value in group), day, "" if rate is None else money(rate), payee)
    return " / ".join(str(each) for each in said if each)


def figures(found: tuple[Fraction, Fraction] | None) -> str:
    """Amount and net of a key, exact enough to see what is wrong."""
    return "nothing" if found is None else f"{money(found[0], 4)} (net {money(found[1], 4)})"


def apart(mine: set[Stuck], theirs: set[Stuck]) -> list[tuple[str, list[Stuck]]]:
    """What only one of the two could not settle."""
    found = [("engine", sorted(mine - theirs)), ("second opinion", sorted(theirs - mine))]
    return [(who, keys) for who, keys in found if keys]


def stuck(settlement: Any) -> set[Stuck]:
    """The keys that could not be settled."""
    return {(each.clause, tuple(each.group.values()), each.window.start) for each in settlement.unsettled}


def naively_stuck(result: Result) -> set[Stuck]:
    """The same of the naive run."""
    return {(clause, group, window[0]) for clause, group, window in result.unsettled}


@st.composite
def cases(draw: Callable[..., Any], drawn: st.SearchStrategy[Contract], families: Sequence[str]) -> tuple[Case, ...]:
    """A contract with several document sets, by the compiled program and by the interpreter in turn."""
    made = draw(drawn)
    named = families_of(made.text) if families is MORE else families
    sets = [draw(rows(made.periods[0][0], made.periods[-1][1], families=named)) for _ in range(SETS)]
    return tuple(Case(made, found, enough(made, found), EVALUATORS[turn % 2]) for turn, found in enumerate(sets))


def agreeing(
    drawn: st.SearchStrategy[Contract], families: Sequence[str] = MORE, least: int = LEAST, tried: int = PER_TEST
) -> Callable[[], None]:
    """A test that both settle what a strategy draws alike. A case in which they do not is made small and told in full, in
    seconds; Hypothesis would spend minutes on it."""
    counted = Cases()

    @settings(
        max_examples=tried, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES,
        report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip
    @given(cases(drawn, families))
    def compare(drawn_cases: tuple[Case, ...]) -> None:
        for case in drawn_cases:
            moved, wrong = compared(case)
            counted.compared += moved
            assert not wrong, told_small(case)

    def test() -> None:
        counted.compared = 0
        compare()
        assert counted.compared >= least, counted.compared

    return test


def told_small(case: Case) -> str:
    """A case in which they differ, and how, with nothing in it that can be left out."""
    small = smallest(case, differences)
    return "\n".join([repr(small), f"by the {small.evaluator} program", *differences(small)])


def by_tree(*only: str) -> Callable[[], None]:
    """Over contracts made as trees, with clauses of some kinds."""
    return agreeing(contracts(only).map(contract), FAMILIES)


def by_text(*only: str) -> Callable[[], None]:
    """Over contracts written as text, with some terms."""
    return agreeing(written(only).map(checked))


def by_memory(*only: str) -> Callable[[], None]:
    """Over written contracts with terms that remember; many of their lines wait for somebody's word or for a window to close."""
    return agreeing(remembered(only).map(checked), least=LEAST // 6, tried=FEWER)


def by_amendment(*only: str) -> Callable[[], None]:
    """Over written contracts with an amendment."""
    return agreeing(amended(only).map(lambda texts: amended_contract(*texts)), tried=FEWER)
