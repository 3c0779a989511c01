"""Compiled programs: kept, shared, and on their own in ordinary cases."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from rules_engine.core.expressions import Expression, Price, Priced, ResultOf, Row, Table
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import CompiledEvaluator, compile_program
from rules_engine.engine.reading.facts import gather
from rules_engine.engine.reading.identity import signature
from rules_engine.source import Span
from tests.unit.engine.building import (
    CENT,
    NONE,
    asking,
    biggest,
    clause,
    column,
    document,
    is_text,
    ladder,
    lump,
    measure,
    minus,
    money,
    no_results,
    over,
    per_unit,
    percent,
    plus,
    program,
    rate,
    ref,
    times,
    total,
)  # fmt: skip

PAID = total("paid", "sale", "customer_return")
COST = total("supply_amount", "sale", "customer_return")
SALES = [
    document("sale", str(n), "2026-03-05", paid=f"{n}.005", supply_amount="3", category="rice" if n % 2 else "oil")
    for n in range(1, 40)
]  # fmt: skip
ROWS = Table((Row(rate("12"), is_text("category", "rice")), Row(ladder("whole", ("50", NONE), ("", rate("3"))), otherwise=True)))


class Alone(CompiledEvaluator):
    """Must not ask the reference."""

    @property
    def reference(self) -> Interpreter:
        raise AssertionError("the reference was asked")


@pytest.mark.parametrize(
    "price",
    [
        rate("12"), lump("3"), per_unit("0.05", "12", "started"), ROWS,
        *(ladder(reading, ("50", NONE), ("500", rate("1")), ("", rate("2.5"))) for reading in ("marginal", "whole", "stacked", "climbing")),
    ],
)  # fmt: skip
def test_ordinary_prices_need_no_reference(price: Price) -> None:
    alone(Priced(PAID, price))


@pytest.mark.parametrize(
    "earn",
    [
        Priced(ref("gmv"), rate("7"), each=CENT),
        Priced(ref("gmv"), ROWS, qualify=COST),
        biggest(money("0"), minus(times(percent("10"), ref("gmv")), minus(ref("gmv"), COST))),
        over(minus(PAID, COST), PAID),
    ],
)
def test_ordinary_clauses_need_no_reference(earn: Expression) -> None:
    alone(earn)


def alone(earn: Expression) -> None:
    made = program(clause(earn), measures=[measure("gmv", PAID)])
    facts = gather(made, SALES)
    found = Alone(compile_program(made), facts).evaluate(earn, asking(), no_results)
    assert found == Interpreter(made, facts).evaluate(earn, asking(), no_results)


def test_a_program_is_compiled_once() -> None:
    earn = Priced(PAID, rate("12"))
    assert compile_program(program(clause(earn))) is compile_program(program(clause(earn)))
    assert compile_program(program(clause(Priced(PAID, rate("13"))))).program.clauses["c"].earn != earn


def test_an_expression_made_on_the_way_is_compiled_too() -> None:
    earn = Priced(PAID, rate("12"))
    made = program(clause(earn))
    evaluator = compile_program(made).bind(gather(made, SALES[:1]))
    assert evaluator.evaluate(replace(earn, price=rate("50")), asking(), no_results).value == Fraction("1.005") / 2


def test_a_sum_too_long_for_the_parser_is_left_to_the_reference() -> None:
    long = added(PAID)
    made = program(clause(long))
    evaluator = compile_program(made).bind(gather(made, SALES[:1]))
    assert evaluator.evaluate(long, asking(), no_results).value == 230 * Fraction("1.005")
    wide = replace(PAID, item=added(column("paid")))
    assert evaluator.evaluate(wide, asking(), no_results).value == 230 * Fraction("1.005")


def added(one: Expression) -> Expression:
    found = one
    for _ in range(229):
        found = plus(found, one)
    return found


def test_results_of_other_clauses_are_asked_for_the_same_window() -> None:
    earn = times(ResultOf("other"), money("4"))
    made = program(clause(earn))
    seen: list[Asking] = []

    def results(clause_id: str, after: bool, asks: Asking) -> Outcome:
        seen.append(asks)
        return Outcome(Fraction("0.67")) if (clause_id, after) == ("other", False) else Outcome(None)

    evaluator = compile_program(made).bind(gather(made, []))
    assert evaluator.evaluate(earn, asking(), results).value == Fraction("2.68")
    assert seen == [asking()]


def test_signatures_look_past_places() -> None:
    moved = replace(PAID, span=Span("x", 1, 1, 1, 2))
    assert signature(moved) == signature(PAID) != signature(COST)
