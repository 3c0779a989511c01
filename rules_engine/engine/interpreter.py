"""The reference: evaluates window-scope expressions with fractions and tells how."""

from __future__ import annotations

from rules_engine.core.expressions import Expression
from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.engine.evaluator import Asking, Outcome, Results
from rules_engine.engine.facts import Facts


class Interpreter:
    """An `Explainer` over one program and its facts. `best for …` rows follow the payer of the clause they stand in."""

    def __init__(self, program: Program, facts: Facts) -> None:
        self.program = program
        self.facts = facts

    def evaluate(self, expression: Expression, asking: Asking, results: Results) -> Outcome:
        """The exact value; numbers are Fractions."""
        raise NotImplementedError

    def explain(self, expression: Expression, asking: Asking, results: Results) -> tuple[Outcome, TraceStep]:
        """The exact value and its trace."""
        raise NotImplementedError
