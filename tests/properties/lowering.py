"""What the kernel itself says of a lowered clause: its own `earn`, `bound` and `round` over given sums, told by the interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import cast

from rules_engine.core.expressions import Aggregate
from rules_engine.core.program import Clause, Program
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.reading.facts import gather
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.scope import Scope, Told, told
from rules_engine.lowered.model import Lowered
from rules_engine.lowered.shape import shape_of
from rules_engine.settlement.earned.bounding import share_of
from rules_engine.settlement.earned.earning import cut_share
from rules_engine.settlement.entitled.entitlement import _at
from rules_engine.settlement.schedule import Stage
from rules_engine.settlement.targets import NOTHING, Target, View
from rules_engine.values.exact import as_fraction
from rules_engine.values.period import Period


class Judge(Interpreter):
    """The interpreter, whose aggregates are given."""

    given: Mapping[str, Fraction]

    def _aggregate(self, expression: Aggregate, scope: Scope) -> Told:  # noqa: ARG002 - the interpreter gives it
        return told(expression.op, Outcome(self.given[signature(expression)]), expression.unit)


@dataclass(frozen=True)
class Case:
    """A lowered clause in one of its windows."""

    program: Program
    clause: Clause
    lowered: Lowered
    window: Period
    upto: date
    group: tuple[str, ...]

    def view(self, inputs: Sequence[int]) -> View:
        """A view in which every aggregate is one of the inputs."""
        shape = self.lowered.shape
        judge = Judge(self.program, gather(self.program, ()))
        judge.given = {
            signature(item): Fraction(number, 10**scale) for item, number, scale in zip(shape.inputs, inputs, shape.input_scale, strict=True)
        }
        return View(self.program, judge.facts, judge, self.upto, _no_results)

    def target(self, inputs: Sequence[int]) -> Target:
        """What the kernel makes of the inputs."""
        stage = Stage(self.window, self.upto == self.window.end, (self.upto,))
        return _at(self.view(inputs), self.clause, stage, self.group, self.upto, ())[0]

    def parameters(self) -> tuple[int, ...]:
        """The clause's numbers, with the shares of a window that is cut."""
        found = list(self.lowered.parameters)
        view = self.view([0] * len(self.lowered.shape.inputs))
        for item in self.lowered.shape.shares:
            whole = cut_share(view, self.clause, self.window) if item.bound is None else share_of(view, item.bound, self.window, self.clause.period)
            found[item.place : item.place + 2] = whole.numerator, whole.denominator
        return tuple(found)

    def said(self, registers: Sequence[int]) -> tuple[Fraction, Fraction] | None:
        """The exact and the rounded amount of a row's registers; None where only the interpreter can answer."""
        shape = self.lowered.shape
        if shape.sure is not None and not registers[shape.sure]:
            return None
        over = 1 if shape.over is None else self.number(shape.over, registers)
        return Fraction(int(registers[shape.exact]), 10**shape.exact_scale * over), Fraction(int(registers[shape.amount]), 10**shape.amount_scale)

    def number(self, operand: object, registers: Sequence[int]) -> int:
        """An operand's whole number."""
        kind, index, factor = operand.kind, operand.index, operand.factor  # type: ignore[attr-defined]
        found = {"k": lambda: index, "p": lambda: self.parameters()[index], "r": lambda: registers[index]}[kind]()
        return int(found) * cast("int", factor)


def case_of(program: Program, clause: Clause, window: Period, upto: date, group: tuple[str, ...]) -> Case | None:
    """The clause lowered for a window up to a day; None where it is refused."""
    lowered = shape_of(program, clause, day=upto - timedelta(days=1), closed=upto == window.end)
    return Case(program, clause, lowered, window, upto, group) if isinstance(lowered, Lowered) else None


def kernel_says(case: Case, inputs: Sequence[int]) -> tuple[Fraction, Fraction] | None:
    """The kernel's exact and rounded amount; None where it has none."""
    target = case.target(inputs)
    return None if target.failure is not None else (as_fraction(target.exact), as_fraction(target.amount))


def _no_results(_clause: str, _after_limits: bool, _asking: Asking) -> Outcome:
    return Outcome(NOTHING)
