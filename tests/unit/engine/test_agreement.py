"""The compiled evaluator gives what the interpreter gives, on everything that can be generated."""

from __future__ import annotations

from hypothesis import given

from rules_engine.core.expressions import Expression
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import gather
from tests.unit.engine import generated
from tests.unit.engine.building import clause, no_results, program


def both(earn: Expression, documents: list[Document], asks: Asking, returns: str = "own_period", changes: str = "") -> tuple[Outcome, Outcome]:
    made = program(clause(earn, payer="platform", changes=changes), measures=generated.MEASURES, returns=returns)
    facts = gather(made, documents)
    reference = Interpreter(made, facts).evaluate(earn, asks, no_results)
    return reference, compile_program(made).bind(facts).evaluate(earn, asks, no_results)


@given(generated.priced(), generated.sales(), generated.askings())
def test_prices_agree(earn: Expression, documents: list[Document], asks: Asking) -> None:
    reference, compiled = both(earn, documents, asks)
    assert reference == compiled


@given(generated.priced(), generated.sales(), generated.askings())
def test_prices_agree_with_returns_back_to_the_sale(earn: Expression, documents: list[Document], asks: Asking) -> None:
    reference, compiled = both(earn, documents, asks, "back_to_sale")
    assert reference == compiled


@given(generated.numbers(depth=3), generated.sales(), generated.askings())
def test_numbers_agree(earn: Expression, documents: list[Document], asks: Asking) -> None:
    reference, compiled = both(earn, documents, asks)
    assert reference == compiled


@given(generated.priced(), generated.sales(), generated.askings())
def test_documents_in_any_order(earn: Expression, documents: list[Document], asks: Asking) -> None:
    one, _ = both(earn, documents, asks)
    other, _ = both(earn, documents[::-1], asks)
    assert one == other
