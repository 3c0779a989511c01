"""The reference: evaluates window-scope expressions with fractions and tells how."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Column,
    Compare,
    Constant,
    Expression,
    Ladder,
    Logic,
    MeasureRef,
    OrderShare,
    Parts,
    Price,
    Priced,
    ResultOf,
    Round,
    Shift,
    Step,
    Table,
    Time,
    ValueNow,
)
from rules_engine.core.program import Balance, Program
from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.engine import operations
from rules_engine.engine.evaluator import Asking, Outcome, Results
from rules_engine.engine.interpreted.ladders import ladder_amount
from rules_engine.engine.interpreted.parts import parts_amount
from rules_engine.engine.interpreted.priced import priced_amount
from rules_engine.engine.interpreted.tables import table_amount
from rules_engine.engine.outcomes import exact, missing
from rules_engine.engine.reading.choices import chosen
from rules_engine.engine.reading.facts import Facts
from rules_engine.engine.readings import table_readings
from rules_engine.engine.scope import Reading, Scope, Slice, Told, told
from rules_engine.engine.shifts import moved, scope_day
from rules_engine.engine.window_days import WindowDays, day_of
from rules_engine.record import replace
from rules_engine.values.exact import exact_text

MOST_DOCUMENTS = 50
PLAIN = Reading()


class Interpreter:
    """An `Explainer` over one program and its facts. `best for …` rows follow the payer of the clause they stand in."""

    def __init__(self, program: Program, facts: Facts) -> None:
        self.program = program
        self.facts = facts
        self._readings = table_readings(program)
        self._days = WindowDays()

    def evaluate(self, expression: Expression, asking: Asking, results: Results) -> Outcome:
        """The exact value; numbers are Fractions."""
        return self.tell(expression, Scope(asking, results, silent=True))[0]

    def explain(self, expression: Expression, asking: Asking, results: Results) -> tuple[Outcome, TraceStep]:
        """The exact value and its trace."""
        return self.tell(expression, Scope(asking, results))

    def reading(self, table: Table) -> Reading:
        """How the clause that the table stands in reads it."""
        held = self._readings.get(id(table))
        return PLAIN if held is None else held[1]

    def price(self, price: Price, part: Slice) -> Told:
        """A price applied to a slice of its base."""
        match price:
            case Parts():
                return parts_amount(self, price, part)
            case Ladder():
                return ladder_amount(self, price, part)
            case Table():
                return table_amount(self, price, part)
            case _:
                assert_never(price)

    def tell(self, expression: Expression, scope: Scope) -> Told:
        """The value and the step that tells of it."""
        match expression:
            case Constant():
                return told("constant", exact(expression.value), expression.unit, span=expression.span)
            case Column():
                return _group_column(expression, scope)
            case Aggregate():
                return self._aggregate(self._days.dated(expression, scope.asking), scope)
            case MeasureRef() | ValueNow():
                return self._measure(expression, scope) if isinstance(expression, MeasureRef) else self._state(expression, scope)
            case ResultOf():
                asking, detail = self._moved(expression.shift, scope.asking)
                outcome = scope.results(expression.clause, expression.after_limits, asking)
                if expression.clause in self.program.balances:
                    return _of_balance(self.program.balances[expression.clause], expression, outcome)
                return told("result_of", outcome, Unit.MONEY, label=expression.clause, span=expression.span, detail=detail)
            case Arithmetic() | Compare() | Logic() | Time():
                return self._operation(expression, scope)
            case Round():
                inner, step = self.tell(expression.operand, scope)
                outcome = operations.rounded(expression, inner)
                detail = {"mode": expression.mode, "to": str(expression.to)}
                return told("round", outcome, expression.unit, (step,), span=expression.span, detail=detail)
            case Choice():
                return self._choice(expression, scope)
            case Step():
                outcome, step = self.tell(expression.operand, scope)
                if step.label:
                    return told("step", outcome, step.unit, (step,), expression.label, expression.span)
                return outcome, replace(step, label=expression.label)
            case Priced():
                return priced_amount(self, self._days.dated(expression, scope.asking), scope)
            case OrderShare():
                raise TypeError("OrderShare is read for one document")
            case _:
                assert_never(expression)

    def _operation(self, expression: Arithmetic | Compare | Logic | Time, scope: Scope) -> Told:
        nodes = (expression.left, expression.right) if isinstance(expression, Compare) else expression.operands
        operands, steps = [], []
        for node in nodes:
            outcome, step = self.tell(node, scope)
            operands.append(outcome)
            steps.append(step)
        match expression:
            case Arithmetic():
                outcome = operations.arithmetic(expression.op, operands)
            case Compare():
                outcome = operations.compare(expression.op, operands[0], operands[1])
            case Logic():
                outcome = operations.logic(expression.op, operands, expression.count)
            case Time():
                outcome = operations.time(expression, operands)
            case _:
                assert_never(expression)
        least = {"least": str(expression.count)} if isinstance(expression, Logic) and expression.count else {}
        return told(expression.op, outcome, unit_of(expression), steps, span=expression.span, detail=least)

    def _choice(self, expression: Choice, scope: Scope) -> Told:
        steps: list[TraceStep] = []

        def value(inner: Expression) -> Outcome:
            outcome, step = self.tell(inner, scope)
            steps.append(step)
            return outcome

        outcome = chosen(expression, scope_day(scope.asking), value)
        return told("choice", outcome, expression.unit, steps, span=expression.span)

    def _measure(self, expression: MeasureRef, scope: Scope) -> Told:
        measure = self.program.measures[expression.name]
        asking, detail = self._moved(expression.shift, scope.asking)
        outcome, step = self.tell(measure.expression, replace(scope, asking=asking))
        return told("measure", outcome, expression.unit, (step,), expression.name, expression.span, detail=detail)

    def _moved(self, shift: Shift | None, asking: Asking) -> tuple[Asking, dict[str, str]]:
        """The window a reading asks, and what the explanation says of it when it is another."""
        if shift is None:
            return asking, {}
        asking = moved(self.program, shift, asking)
        if shift.how == "answer":
            return asking, {}
        return asking, {"how": shift.how, "from": str(asking.start), "to": str(scope_day(asking))}

    def _state(self, expression: ValueNow, scope: Scope) -> Told:
        outcome, changes = self.facts.state(expression, scope.asking)
        steps = [
            TraceStep("change", change.outcome.value, expression.unit, detail={"document": change.record.label, "date": str(change.record.date)})
            for change in changes[-MOST_DOCUMENTS:]
        ]
        return told("value_now", outcome, expression.unit, steps, label=expression.name, span=expression.span)

    def _aggregate(self, expression: Aggregate, scope: Scope) -> Told:
        outcome = self.facts.read(expression, scope.asking, scope.restrictions)
        count, firsts = self.facts.sample(expression, scope.asking, scope.restrictions, MOST_DOCUMENTS)
        labels = tuple([record.label for record, _ in firsts])
        over = ", ".join(f"{'-' if source.sign < 0 else ''}{source.type}" for source in expression.sources)
        detail = {"count": str(count), "over": over}
        if expression.op == "sum":
            detail["amounts"] = " ".join([exact_text(value) for _, value in firsts if isinstance(value, Decimal | Fraction)])
        return told(expression.op, outcome, expression.unit, span=expression.span, documents=labels, detail=detail)


def _of_balance(balance: Balance, expression: ResultOf, outcome: Outcome) -> Told:
    if balance.kind == "balance":
        op = "closing" if expression.after_limits else "opening"
        return told(op, outcome, Unit.MONEY, label=balance.id, span=expression.span)
    return told("drawn", outcome, Unit.MONEY, span=expression.span, detail={"balance": balance.title})


def _group_column(column: Column, scope: Scope) -> Told:
    """In window scope the only columns are those of the asking group, and the window's days."""
    if column.of == "window":
        return told("constant", Outcome(day_of(column.name, scope.asking)), column.unit, span=column.span)
    group = dict(zip(scope.asking.per, scope.asking.group, strict=True))
    value = group.get(column.name)
    return told("column", missing(column.name) if value is None else Outcome(value), column.unit, span=column.span)
