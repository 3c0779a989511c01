"""Printing expressions as Python source: straight-line decimals, fractions after a division.

A printed expression answers only the ordinary case, in which every input is there. Anything else raises (a blank cell, a
zero divisor, a lost digit, `Unsure`), and whoever called evaluates the same expression with the reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import date
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import lru_cache
from itertools import count
from types import CodeType
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
from rules_engine.core.units import Unit
from rules_engine.engine import operations
from rules_engine.engine.evaluator import Outcome
from rules_engine.record import dataclass
from rules_engine.values.rounding import round_to

WIDE = Context(prec=999, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
"""Decimals wide enough for products of many long amounts; a digit that would be lost raises `Inexact`."""

OPERATORS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Unsure(Exception):
    """Generated code met a case that only the reference answers."""


NOT_ORDINARY = (Unsure, LookupError, TypeError, AttributeError, ArithmeticError)
"""What generated code raises where the ordinary case does not hold."""


@dataclass(frozen=True, slots=True)
class Printed:
    """Source and what it gives: decimal, fraction, or other (text, day, yes/no)."""

    code: str
    kind: str


def as_fraction_code(printed: Printed) -> str:
    """The same value as a fraction."""
    return f"F({printed.code})" if printed.kind == "decimal" else printed.code


def unsure() -> object:
    """Leave the answer to the reference."""
    raise Unsure


def timed(expression: Time, *days: date) -> object:
    """Date arithmetic of present days."""
    outcome = operations.time(expression, [Outcome(day) for day in days])
    if outcome.value is None:
        raise Unsure
    return outcome.value


@dataclass(slots=True)
class Printer:
    """Prints expressions of one scope. `leaf` prints what the scopes do not share; `day` is the source of the scope's day.
    `names` collects the objects that the source refers to."""

    leaf: Callable[[Expression], Printed]
    day: str
    names: dict[str, object] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def bound(self, value: object, stem: str = "k") -> str:
        """A name for an object used by the source."""
        name = f"{stem}{next(self._numbers)}"
        self.names[name] = value
        return name

    def code(self, expression: Expression) -> Printed:
        """The source of an expression."""
        match expression:
            case Constant():
                kind = "decimal" if isinstance(expression.value, Decimal) else "other"
                return Printed(self.bound(expression.value), kind)
            case Column() | Aggregate() | MeasureRef() | ResultOf() | Priced() | OrderShare() | ValueNow():
                return self.leaf(expression)
            case Arithmetic():
                return self._arithmetic(expression)
            case Compare():
                left, right = self.code(expression.left), self.code(expression.right)
                return Printed(f"({left.code} {OPERATORS[expression.op]} {right.code})", "other")
            case Logic():
                return self._logic(expression)
            case Round():
                operand = self.code(expression.operand)
                return Printed(f"round_to({operand.code}, {self.bound(expression.to)}, {expression.mode!r})", "decimal")
            case Time():
                days = ", ".join(self.code(operand).code for operand in expression.operands)
                kind = "fraction" if expression.op == "between" else "other"
                return Printed(f"timed({self.bound(expression)}, {days})", kind)
            case Choice():
                return self._choice(expression)
            case Step():
                return self.code(expression.operand)
            case _:
                assert_never(expression)

    def _arithmetic(self, expression: Arithmetic) -> Printed:
        operands = [self.code(operand) for operand in expression.operands]
        if expression.op in ("+", "-") and any(operand.kind == "other" for operand in operands):
            return Printed("unsure()", "other" if expression.unit is Unit.DATE else "fraction")
        divides = expression.op == "/"
        fractions = divides or any(operand.kind == "fraction" for operand in operands)
        codes = [as_fraction_code(operand) if fractions else operand.code for operand in operands]
        kind = "fraction" if fractions else operands[0].kind
        match expression.op:
            case "+" | "-" | "*" | "/":
                return Printed(f"({f' {expression.op} '.join(codes)})", kind)
            case "min" | "max":
                return Printed(f"{expression.op}({', '.join(codes)})" if len(codes) > 1 else codes[0], kind)
            case "abs":
                return Printed(f"abs({codes[0]})", kind)
            case "negate":
                return Printed(f"(-{codes[0]})", kind)
            case _:
                raise ValueError(f"unknown arithmetic {expression.op}")

    def _logic(self, expression: Logic) -> Printed:
        codes = [self.code(operand).code for operand in expression.operands]
        if expression.op == "at_least":
            return Printed(f"({' + '.join(f'bool({code})' for code in codes)} >= {expression.count})", "other")
        joined = f"(not {codes[0]})" if expression.op == "not" else f"({f' {expression.op} '.join(codes)})"
        return Printed(joined, "other")

    def _choice(self, expression: Choice) -> Printed:
        rows = [row for row in expression.rows if not row.if_none]
        tested = [row for row in rows if not row.otherwise]
        values = {id(row): self.code(row.value) for row in rows}
        fractions = any(value.kind == "fraction" for value in values.values())
        last = [row for row in rows if row.otherwise][-1:]

        def shown(row: ChoiceRow) -> str:
            return as_fraction_code(values[id(row)]) if fractions else values[id(row)].code

        tail = shown(last[0]) if last else "unsure()"
        for row in reversed(tested):
            tail = f"({shown(row)} if {self._test(row)} else {tail})"
        if expression.exclusive and len(tested) > 1:
            holding = " + ".join(f"bool({self._test(row)})" for row in tested)
            tail = f"({tail} if {holding} <= 1 else unsure())"
        kind = "fraction" if fractions else next(iter(values.values())).kind
        return Printed(tail, kind)

    def _test(self, row: ChoiceRow) -> str:
        tests = [f"{self.bound(row.start)} <= {self.day}"] if row.start is not None else []
        tests += [f"{self.day} < {self.bound(row.end)}"] if row.end is not None else []
        tests += [self.code(row.when).code] if row.when is not None else []
        return " and ".join(tests) or "True"


def refuse(*_: object) -> object:
    """Stands for source too deeply nested for Python's own parser."""
    raise Unsure


@lru_cache(maxsize=4096)
def _code(source: str, name: str) -> CodeType:
    return compile(source, f"<compiled {name}>", "exec")


def function(source: str, names: dict[str, object], name: str) -> Callable[..., object]:
    """The function `name` of generated source."""
    scope: dict[str, object] = {"F": Fraction, "round_to": round_to, "timed": timed, "unsure": unsure, **names}
    try:
        code = _code(source, name)
    except (SyntaxError, RecursionError, MemoryError):
        return refuse
    exec(code, scope)  # noqa: S102 - our own source, printed from checked core
    made = scope[name]
    assert callable(made)
    return made
