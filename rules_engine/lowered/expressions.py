"""Lowering window-scope expressions: measures inlined, aggregates as inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import assert_never

from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    ChoiceRow,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    OrderShare,
    Priced,
    ResultOf,
    Round,
    Step,
    Time,
    ValueNow,
)
from rules_engine.core.program import Clause, Program
from rules_engine.engine.reading.choices import in_force
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.window_days import names_days
from rules_engine.lowered.builder import Builder, Said, Value
from rules_engine.lowered.digits import Refused, constant_places, usual_places, whole_number, written_places
from rules_engine.lowered.model import Operand, Reason
from rules_engine.record import dataclass

REFUSED: dict[type, Reason] = {
    Column: Reason.GROUP_TEXT, OrderShare: Reason.NOT_A_SUM, ResultOf: Reason.RESULT_OF, Time: Reason.WINDOW_DAYS,
    ValueNow: Reason.CHANGING_VALUE,
}  # fmt: skip


Answer = tuple[Value | None, Value]
"""A row's condition, None where it always holds, and what it comes to."""


@dataclass(slots=True)
class Lowering:
    """One clause being lowered. `price` lowers a price; `scales`, where given, are the decimals of the inputs by
    place, `day` the last day that is seen."""

    program: Program
    clause: Clause
    price: Callable[[Lowering, Priced], Value]
    scales: Sequence[int] | None = None
    day: date | None = None
    build: Builder = field(default_factory=Builder)
    inputs: list[Aggregate] = field(default_factory=list)
    input_scale: list[int] = field(default_factory=list)
    _values: dict[str, Value] = field(default_factory=dict)

    def value(self, expression: Expression) -> Value:
        """The value of an expression for the asking group and window."""
        if isinstance(expression, Constant):
            return constant(expression)
        before = self.build.said
        label = getattr(expression, "label", "") or getattr(expression, "name", "") or before.label
        self.build.said = Said(label, expression.span, expression)
        found = self._value(expression)
        self.build.said = before
        return found

    def _value(self, expression: Expression) -> Value:
        match expression:
            case Constant():
                return constant(expression)
            case Aggregate():
                return self._input(expression)
            case MeasureRef():
                return self._measure(expression)
            case Step():
                return self.value(expression.operand)
            case Arithmetic():
                return self._arithmetic(expression)
            case Compare():
                return self._compare(expression)
            case Logic():
                return self.build.logic(expression.op, self.values(expression.operands), expression.count)
            case Round():
                places = written_places(expression.to)
                return self.build.rounded(self.value(expression.operand), whole_number(expression.to, places), places, expression.mode)
            case Choice():
                return self._choice(expression)
            case Priced():
                return self.price(self, expression)
            case Column() | ResultOf() | Time() | OrderShare() | ValueNow():
                raise Refused(REFUSED[type(expression)])
            case _:
                assert_never(expression)

    def values(self, expressions: Sequence[Expression]) -> list[Value]:
        """The values of several expressions."""
        return [self.value(each) for each in expressions]

    def _input(self, aggregate: Aggregate) -> Value:
        if aggregate.op not in ("sum", "count"):
            raise Refused(Reason.NOT_A_SUM)
        if aggregate.against:
            raise Refused(Reason.BALANCES)
        if names_days(aggregate):
            raise Refused(Reason.WINDOW_DAYS)
        key = signature(aggregate)
        if key not in self._values:
            usual, place = usual_places(self.program, aggregate), len(self.inputs)
            scale = usual if self.scales is None or place >= len(self.scales) else self.scales[place]
            self.inputs.append(aggregate)
            self.input_scale.append(scale)
            self._values[key] = Value(scale, Operand("i", place))
        return self._values[key]

    def _measure(self, expression: MeasureRef) -> Value:
        if expression.shift is not None:
            raise Refused(Reason.OTHER_WINDOW)
        name = f"measure {expression.name}"
        if name not in self._values:
            self._values[name] = self.value(self.program.measures[expression.name].expression)
        return self._values[name]

    def _arithmetic(self, expression: Arithmetic) -> Value:
        build, values = self.build, self.values(expression.operands)
        match expression.op:
            case "+":
                return build.sum(values)
            case "-":
                return build.sum(values, "subtract")
            case "*" | "/":
                join, found = (build.product if expression.op == "*" else build.divided), values[0]
                for value in values[1:]:
                    found = join(found, value)
                return found
            case "min" | "max":
                return build.extreme(expression.op, values)
            case "abs":
                return build.size(values[0])
            case "negate":
                return build.negated(values[0])
            case _:
                raise ValueError(f"unknown arithmetic {expression.op}")

    def _compare(self, expression: Compare) -> Value:
        left, right = self.values((expression.left, expression.right))
        return self.build.compare(expression.op, left, right)

    def _choice(self, expression: Choice) -> Value:
        if expression.exclusive:
            raise Refused(Reason.EXCEPTIONS)
        tested: list[Answer] = []
        fallback: list[Answer] = []
        into: list[Answer] | None = None
        for row in expression.rows:
            if row.if_none:
                if into is not None:
                    into[-1] = (into[-1][0], self._or_else(into[-1][1], self.value(row.value)))
                continue
            into = fallback if row.otherwise else tested if self._in_force(row) else None
            if into is not None:
                into.append((None if row.when is None else self.value(row.when), self.value(row.value)))
        return self._first(tested, fallback)

    def _in_force(self, row: ChoiceRow) -> bool:
        if row.start is None and row.end is None:
            return True
        if self.day is None:
            raise Refused(Reason.DATED)
        return in_force(row.start, row.end, self.day)

    def _or_else(self, value: Value, instead: Value) -> Value:
        """The value, or what answers for its absence; all that is lowered so far can lack one only where a divisor is zero."""
        if value.sure is None:
            return value
        found = Value(value.scale, value.at, value.known, value.fixed, value.den)
        return self.build.chosen(Value(0, value.sure), found, instead)

    def _first(self, tested: list[Answer], fallback: list[Answer]) -> Value:
        """The first whose condition holds, else the last fallback."""
        always = next((place for place, (test, _) in enumerate(tested) if test is None), None)
        if always is None and not fallback:
            raise Refused(Reason.DATED)
        found = fallback[-1][1] if always is None else tested[always][1]
        for test, value in reversed(tested[:always]):
            assert test is not None
            found = self.build.chosen(test, value, found)
        return found


def constant(expression: Constant) -> Value:
    """A parameter: a number, or a yes or no."""
    if isinstance(expression.value, bool):
        return Value(0, known=int(expression.value))
    if not isinstance(expression.value, Decimal):
        raise Refused(Reason.GROUP_TEXT)
    places = constant_places(expression.value, expression.unit)
    return Value(places, known=whole_number(expression.value, places))
