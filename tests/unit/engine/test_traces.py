"""What an explanation says is what was computed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from hypothesis import given

from rules_engine.core.expressions import Expression, Priced
from rules_engine.core.trace import TraceStep
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.reading.facts import gather
from tests.unit.engine import generated
from tests.unit.engine.building import NONE, asking, clause, document, ladder, measure, no_results, program, rate, ref, total

PAID = total("paid", "sale")


def steps(step: TraceStep) -> Iterator[TraceStep]:
    yield step
    for part in step.parts:
        yield from steps(part)


def test_a_marginal_ladder_tells_its_base_bands_and_products() -> None:
    earn = Priced(ref("gmv"), ladder("marginal", ("100", NONE), ("", rate("3"))))
    made = program(clause(earn), measures=[measure("gmv", PAID)])
    facts = gather(made, [document("sale", str(n), "2026-03-05", paid="60") for n in range(3)])
    outcome, trace = Interpreter(made, facts).explain(earn, asking(), no_results)
    assert outcome.value == trace.value == Fraction("2.4")
    told = list(steps(trace))
    assert [step.op for step in told[:3]] == ["priced", "measure", "sum"]
    assert told[1].label == "gmv"
    assert told[2].documents == ("sale:0", "sale:1", "sale:2")
    bands = [step for step in told if step.op == "band"]
    assert [(step.detail["slice"], step.value) for step in bands] == [("100", 0), ("80", Fraction("2.4"))]
    product = bands[1].parts[0]
    assert (product.op, [part.value for part in product.parts]) == ("*", [80, Fraction("0.03")])


@given(generated.priced(), generated.sales(), generated.askings())
def test_every_sum_and_product_adds_up(earn: Expression, documents: list[Document], asks: Asking) -> None:
    made = program(clause(earn, payer="platform"), measures=generated.MEASURES)
    outcome, trace = Interpreter(made, gather(made, documents)).explain(earn, asks, no_results)
    assert trace.value == outcome.value
    for step in steps(trace):
        values = [part.value for part in step.parts]
        if isinstance(step.value, Fraction) and "each" not in step.detail and all(isinstance(value, Fraction) for value in values):
            numbers = [value for value in values if isinstance(value, Fraction)]
            if step.op == "+" and numbers:
                assert step.value == sum(numbers)
            if step.op == "*" and numbers:
                assert step.value == reduce(lambda left, right: left * right, numbers)
            if step.op == "band" and numbers:
                assert step.value == numbers[-1]
