"""Putting steps together: values with a scale known beforehand, what depends on parameters alone worked out at once.

A value is a whole number over ten to its scale, and over `den` where it was divided. Nothing here may decide by the number of a
parameter: contracts that differ in numbers get the same steps.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import field
from typing import NamedTuple

from rules_engine.core.expressions import Expression
from rules_engine.core.walk import unit_of
from rules_engine.lowered.model import Operand, Step, Traced
from rules_engine.record import dataclass
from rules_engine.source import NOWHERE, Span

SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A number of the lowering. `known` is its whole number where only parameters are in it; `fixed` says that it is the same
    in every contract. `sure` is an operand that is 0 where the value is none."""

    scale: int
    at: Operand | None = None
    known: int | None = None
    fixed: bool = False
    den: Operand | None = None
    sure: Operand | None = None


NOTHING = Value(0, known=0, fixed=True)
ONE = Value(0, known=1, fixed=True)


class Said(NamedTuple):
    """How the registers made now are told of: `of` is the expression, if it is one."""

    label: str = ""
    span: Span = NOWHERE
    of: Expression | None = None


@dataclass(slots=True)
class Builder:
    """The steps so far, the parameters they read, and what the trace says of each register."""

    steps: list[Step] = field(default_factory=list)
    schema: list[Traced] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    said: Said = field(default_factory=Said)
    _made: dict[Step, int] = field(default_factory=dict)
    _placed: dict[tuple[int, int], Operand] = field(default_factory=dict)
    _kept: list[Value] = field(default_factory=list)

    def emit(self, op: str, args: Sequence[Operand], scale: int, detail: str = "", den: Operand | None = None) -> Operand:
        """The register of a step; the same step is made once."""
        step = Step(op, tuple(args), detail)
        held = self._made.get(step)
        if held is None:
            held = self._made[step] = len(self.steps)
            self.steps.append(step)
            label, span, of = self.said
            self.schema.append(Traced(op, label, span, None if of is None else unit_of(of), scale, den))
        return Operand("r", held)

    def parameter(self, number: int) -> Operand:
        """A new parameter."""
        self.parameters.append(number)
        return Operand("p", len(self.parameters) - 1)

    def operand(self, value: Value, scale: int | None = None) -> Operand:
        """The value as a whole number of a scale at least its own."""
        factor = 1 if scale is None else 10 ** (scale - value.scale)
        if value.known is None:
            assert value.at is not None
            return value.at if factor == 1 else Operand(value.at.kind, value.at.index, value.at.factor * factor)
        if value.fixed:
            return Operand("k", value.known * factor)
        key = (id(value), factor)
        if key not in self._placed:
            self._kept.append(value)
            self._placed[key] = self.parameter(value.known * factor)
        return self._placed[key]

    def made(self, op: str, args: Sequence[Operand], scale: int, den: Operand | None, sure: Operand | None, detail: str = "") -> Value:
        """A step's value."""
        return Value(scale, self.emit(op, args, scale, detail, den), den=den, sure=sure)

    # the operations

    def surely(self, values: Sequence[Value]) -> Operand | None:
        """Holds where every value is one."""
        found = list(dict.fromkeys(value.sure for value in values if value.sure is not None))
        if len(found) < 2:
            return found[0] if found else None
        return self.emit("and", found, 0)

    def sum(self, values: Sequence[Value], op: str = "add") -> Value:
        """The values added, or all but the first taken from it."""
        if len(values) == 1:
            return values[0]
        known, fixed = [value.known for value in values], all(value.fixed for value in values)
        values = self.over_one(values)
        scale = max(value.scale for value in values)
        if None not in known:
            numbers = [self.number(value, scale) for value in values]
            return Value(scale, known=numbers[0] + sum(numbers[1:]) * (1 if op == "add" else -1), fixed=fixed)
        args = [self.operand(value, scale) for value in values]
        return self.made(op, args, scale, values[0].den, self.surely(values))

    def number(self, value: Value, scale: int) -> int:
        """A known value as a whole number of a scale."""
        assert value.known is not None
        return value.known * int(10 ** (scale - value.scale))

    def over_one(self, values: Sequence[Value]) -> list[Value]:
        """The values over one denominator."""
        dens = list(dict.fromkeys(value.den for value in values if value.den is not None))
        if not dens or (len(dens) == 1 and all(value.den is not None for value in values)):
            return list(values)
        whole = dens[0]
        for den in dens[1:]:
            whole = self.emit("multiply", (whole, den), 0)
        return [self._widened(value, dens, whole) for value in values]

    def _widened(self, value: Value, dens: Sequence[Operand], whole: Operand) -> Value:
        at = self.operand(value)
        for den in dens:
            if den != value.den:
                at = self.emit("multiply", (at, den), value.scale, den=whole)
        return Value(value.scale, at, den=whole, sure=value.sure)

    def product(self, left: Value, right: Value) -> Value:
        """The product."""
        scale = left.scale + right.scale
        if left.known is not None and right.known is not None:
            return Value(scale, known=left.known * right.known, fixed=left.fixed and right.fixed)
        if left is ONE or right is ONE:
            return right if left is ONE else left
        den = left.den or right.den
        if left.den is not None and right.den is not None:
            den = self.emit("multiply", (left.den, right.den), 0)
        return self.made("multiply", (self.operand(left), self.operand(right)), scale, den, self.surely((left, right)))

    def divided(self, left: Value, right: Value) -> Value:
        """The quotient, not yet worked out; a divisor of zero has none."""
        if right.known is not None and not right.fixed:
            return self._divided_by_parameter(left, right)
        shift = max(0, right.scale - left.scale)
        above, scale = left.scale + shift, left.scale + shift - right.scale
        den = self.operand(right)
        zero = self.compare("!=", right, NOTHING)
        size = self.emit("abs", (den,), 0)
        at = self.emit("choose", (self.operand(self.compare("<", right, NOTHING)), *self._both_signs(left, above)), scale)
        numerator = at if right.den is None else self.emit("multiply", (at, right.den), scale)
        below = self.emit("max", (size, Operand("k", 1)), 0)
        if left.den is not None:
            below = self.emit("multiply", (below, left.den), 0)
        sure = self.operand(zero)
        return Value(scale, numerator, den=below, sure=self.surely((left, right, Value(0, sure=sure))))

    def _both_signs(self, value: Value, scale: int) -> tuple[Operand, Operand]:
        at = self.operand(value, scale)
        if at.kind == "k":
            return Operand("k", -at.index), at
        return self.emit("negate", (at,), scale), at

    def _divided_by_parameter(self, left: Value, right: Value) -> Value:
        """A divisor that every contract gives by itself: its sign goes into a parameter of the numerator."""
        assert right.known is not None
        shift = max(0, right.scale - left.scale)
        scale = left.scale + shift - right.scale
        size = Value(0, known=max(abs(right.known), 1))
        sign = Value(0, known=-1 if right.known < 0 else 1)
        den = self.operand(size)
        at = self.emit("multiply", (self.operand(left, left.scale + shift), self.operand(sign)), scale)
        if left.den is not None:
            den = self.emit("multiply", (den, left.den), 0)
        sure = self.operand(Value(0, known=int(right.known != 0)))
        return Value(scale, at, den=den, sure=self.surely((left, right, Value(0, sure=sure))))

    def negated(self, value: Value) -> Value:
        """Minus the value."""
        if value.known is not None:
            return Value(value.scale, known=-value.known, fixed=value.fixed)
        return self.made("negate", (self.operand(value),), value.scale, value.den, value.sure)

    def size(self, value: Value) -> Value:
        """The value without its sign."""
        if value.known is not None:
            return Value(value.scale, known=abs(value.known), fixed=value.fixed)
        return self.made("abs", (self.operand(value),), value.scale, value.den, value.sure)

    def extreme(self, op: str, values: Sequence[Value]) -> Value:
        """The least (`min`) or greatest (`max`) of the values."""
        if len(values) == 1:
            return values[0]
        known, fixed = [value.known for value in values], all(value.fixed for value in values)
        values = self.over_one(values)
        scale = max(value.scale for value in values)
        if None not in known:
            numbers = [self.number(value, scale) for value in values]
            return Value(scale, known=min(numbers) if op == "min" else max(numbers), fixed=fixed)
        return self.made(op, [self.operand(value, scale) for value in values], scale, values[0].den, self.surely(values))

    def compare(self, sign: str, left: Value, right: Value) -> Value:
        """1 where it holds, else 0."""
        both = (left, right)
        if left.known is not None and right.known is not None:
            scale = max(left.scale, right.scale)
            numbers = (self.number(left, scale), self.number(right, scale))
            return Value(0, known=int(HOLDS[sign](*numbers)), fixed=left.fixed and right.fixed)
        one, other = self.over_one(both)
        scale = max(one.scale, other.scale)
        return self.made("compare", (self.operand(one, scale), self.operand(other, scale)), 0, None, self.surely(both), sign)

    def logic(self, op: str, values: Sequence[Value], count: int = 0) -> Value:
        """`and`, `or`, `not`, or at least `count` of the values."""
        if op == "not":
            return self.made("not", (self.operand(values[0]),), 0, None, values[0].sure)
        if len(values) == 1 and op != "at_least":
            return values[0]
        args, sure = [self.operand(value) for value in values], self.surely(values)
        if op != "at_least":
            return self.made(op, args, 0, None, sure)
        return self.compare(">=", self.made("tally", args, 0, None, sure), Value(0, known=count))

    def chosen(self, when: Value, then: Value, otherwise: Value) -> Value:
        """`then` where the condition holds, else `otherwise`; what is not chosen need be no value."""
        if when.known is not None and when.fixed:
            return then if when.known else otherwise
        scale, test = max(then.scale, otherwise.scale), self.operand(when)
        den = then.den
        if then.den != otherwise.den:
            den = self.emit("choose", (test, then.den or Operand("k", 1), otherwise.den or Operand("k", 1)), 0)
        at = self.emit("choose", (test, self.operand(then, scale), self.operand(otherwise, scale)), scale, den=den)
        sure = self._sure_of(test, then, otherwise)
        return Value(scale, at, den=den, sure=self.surely((when, Value(0, sure=sure))))

    def _sure_of(self, test: Operand, then: Value, otherwise: Value) -> Operand | None:
        if then.sure == otherwise.sure:
            return then.sure
        yes = Operand("k", 1)
        return self.emit("choose", (test, then.sure or yes, otherwise.sure or yes), 0)

    def only_if(self, holds: Value, value: Value) -> Value:
        """The value, which is none where the condition does not hold."""
        sure = self.surely((holds, value, Value(0, sure=self.operand(holds))))
        return Value(value.scale, self.operand(value), den=value.den, sure=sure)

    def over(self, value: Value, divisor: Value) -> Value:
        """The value over one known to be above zero: ten to its scale goes above."""
        shift, below = max(0, divisor.scale - value.scale), self.operand(divisor)
        den = below if value.den is None else self.emit("multiply", (below, value.den), 0)
        at = self.operand(value, value.scale + shift)
        return Value(value.scale + shift - divisor.scale, at, den=den, sure=self.surely((value, divisor)))

    def rounded(self, value: Value, units: int, places: int, mode: str) -> Value:
        """The multiple of `units` of the last of `places` decimals that the mode picks, with that many decimals."""
        if value.den is None and units == 1 and value.scale <= places:
            return value if value.known is None else Value(places, known=self.number(value, places), fixed=value.fixed)
        shift = max(0, places - value.scale)
        divisor = units * 10 ** max(0, value.scale - places)
        den = Operand("k", divisor)
        if value.den is not None:
            den = value.den if divisor == 1 else Operand(value.den.kind, value.den.index, value.den.factor * divisor)
        found = self.emit("quotient", (self.operand(value, value.scale + shift), den), places, mode)
        at = found if units == 1 else self.emit("multiply", (found, Operand("k", units)), places)
        return Value(places, at, sure=value.sure)

    def band(self, value: Value, edges: Sequence[Value], includes: str) -> Value:
        """How many edges lie below the value; an edge itself lies below it only with `includes` lower."""
        scale = max(item.scale for item in (value, *edges))
        if value.den is not None:
            edges = [self._times(edge, value.den) for edge in edges]
        args = [self.operand(item, scale) for item in (value, *edges)]
        return self.made("band", args, 0, None, value.sure, includes)

    def _times(self, value: Value, den: Operand) -> Value:
        return Value(value.scale, self.emit("multiply", (self.operand(value), den), value.scale))

    def picked(self, number: Value, choices: Sequence[Value]) -> Value:
        """The choice at a place, of known values."""
        scale = max(item.scale for item in choices)
        if len(choices) == 1:
            return choices[0]
        return self.made("pick", [self.operand(number), *(self.operand(item, scale) for item in choices)], scale, None, number.sure)


HOLDS = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
