"""Actions for formulas."""

# ruff: noqa: D102 - each method is one production of the grammar, which says what it is
from __future__ import annotations

from decimal import Decimal
from typing import Any

from rules_engine.syntax.actions.items import items, key, name
from rules_engine.syntax.lexemes import Lexeme, Mark, Refusal, cover
from rules_engine.syntax.parameters import count
from rules_engine.syntax.tree import (
    Aggregate,
    Binary,
    Call,
    Comparison,
    Conditional,
    DateLiteral,
    DateShift,
    Expression,
    Field,
    Gathered,
    IfNone,
    Logical,
    Membership,
    Moved,
    Name,
    Negate,
    Number,
    ResultOf,
    Rounded,
    ShareOf,
    Text,
    TimeBetween,
    ValueAt,
    WorkingDayOn,
    YesNo,
)

_OPERATORS = {"PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/"}
_COMPARISONS = {"EQ": "=", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
_UNITS = {"NUMBER": "", "PERCENT": "percent", "MONEY": "money"}
_SHIFTING = frozenset(("minutes", "hours", "months", "years", "weeks", "working_days"))
_BEFORE = {"DAYS": "day", "WEEKS": "week", "MONTHS": "month", "YEARS": "year"}
_AGGREGATES = {"SUM_OF": "sum", "COUNT_OF_DISTINCT": "count_distinct", "COUNT_OVER": "count"}
_BASES = {"YEARS_ACTUAL_365_FROM": "actual/365", "YEARS_ACTUAL_360_FROM": "actual/360", "YEARS_30_360_FROM": "30/360"}


def unit_of(lexeme: Lexeme) -> str:
    """The unit a word after a number stands for: a built-in one or an own word."""
    return str(lexeme.value) if lexeme.type == "NAME" else lexeme.type.lower()


def own_unit_of(lexeme: Lexeme) -> str:
    """The unit of a literal: a built-in one, or an own word exactly as it is written."""
    return lexeme.text if lexeme.type == "NAME" else lexeme.type.lower()


def whole(lexeme: Lexeme) -> int:
    """A whole count; anything else is refused."""
    value: Decimal = lexeme.value
    if value != value.to_integral_value() or not 0 < value < 100_000:
        raise Refusal("SE0117", lexeme.span, written=lexeme.text)
    return count(value)


class ExpressionNodes:
    """Expressions, each from the parts of its production."""

    def items(self, parts: list[Any]) -> tuple[Any, ...]:
        return items(parts)

    def raw(self, parts: list[Any]) -> list[Any]:
        return parts

    def number(self, parts: list[Lexeme]) -> Number:
        first = parts[0]
        unit = own_unit_of(parts[1]) if len(parts) > 1 else _UNITS[first.type]
        return Number(first.value, unit, cover(parts))

    def price_literal(self, parts: list[Lexeme]) -> Number:
        value = next(part.value for part in parts if part.type in ("NUMBER", "MONEY"))
        return Number(value, "per_unit", cover(parts))

    def text(self, parts: list[Lexeme]) -> Text:
        return Text(parts[0].value, parts[0].span)

    def day(self, parts: list[Lexeme]) -> DateLiteral:
        return DateLiteral(parts[0].value, parts[0].span)

    def yes_no(self, parts: list[Lexeme]) -> YesNo:
        return YesNo(parts[0].type == "YES", parts[0].span)

    def name(self, parts: list[Lexeme]) -> Name:
        return name(parts[0])

    def name_of_original(self, parts: list[Lexeme]) -> Name:
        plain = name(parts[0])
        return Name(plain.id, cover(parts), "original", plain.written)

    def window_day(self, parts: list[Lexeme]) -> Name:
        return Name(key(parts[0]), parts[0].span, "window")

    def name_of_balance(self, parts: list[Lexeme]) -> Name:
        plain = name(parts[1])
        return Name(plain.id, cover(parts), key(parts[0]), plain.written)

    def name_of_this(self, parts: list[Lexeme]) -> Name:
        plain = name(parts[1])
        return Name(plain.id, cover(parts), "this", plain.written)

    def bracketed(self, parts: list[Any]) -> Expression:
        inner: Expression = parts[1]
        return inner

    def bracketed_aggregate(self, parts: list[Any]) -> Aggregate:
        plain: Aggregate = parts[1]
        return Aggregate(plain.op, plain.item, plain.over, plain.less, plain.where, True, cover(parts))

    def negate(self, parts: list[Any]) -> Negate:
        return Negate(parts[1], cover(parts))

    def product(self, parts: list[Any]) -> Binary:
        return Binary(_OPERATORS[parts[1].type], parts[0], parts[2], cover(parts))

    def sum(self, parts: list[Any]) -> Binary | DateShift:
        left, operator, right = parts
        if isinstance(right, Number) and (right.unit in _SHIFTING or isinstance(left, DateLiteral)):
            return self._shifted(parts, right, "")
        return Binary(_OPERATORS[operator.type], left, right, cover(parts))

    def _shifted(self, parts: list[Any], by: Number, overflow: str) -> DateShift:
        if by.value != by.value.to_integral_value() or by.unit not in _SHIFTING | {"days"}:
            raise Refusal("SE0117", by.span, written=str(by.value))
        steps = count(by.value) if parts[1].type == "PLUS" else -int(by.value)
        return DateShift(parts[0], steps, by.unit, overflow, cover(parts))

    def shift(self, parts: list[Any]) -> DateShift:
        by = self.number(parts[2:4])
        return self._shifted(parts, by, key(parts[4]).removeprefix("or_"))

    def comparison(self, parts: list[Any]) -> Comparison:
        return Comparison(_COMPARISONS[parts[1].type], parts[0], parts[2], cover(parts))

    def membership(self, parts: list[Any]) -> Membership:
        return Membership(parts[0], parts[3], parts[1].type == "NOT_IN", cover(parts))

    def negation(self, parts: list[Any]) -> Logical:
        return Logical("not", (parts[1],), cover(parts))

    def logical(self, parts: list[Any]) -> Logical:
        left, operator, right = parts
        op = operator.type.lower()
        before = left.operands if isinstance(left, Logical) and left.op == op else (left,)
        return Logical(op, (*before, right), cover(parts))

    def conditional(self, parts: list[Any]) -> Conditional:
        return Conditional(parts[1], parts[3], parts[5], cover(parts))

    def if_none(self, parts: list[Any]) -> IfNone:
        return IfNone(parts[0], parts[2], cover(parts))

    def share_of(self, parts: list[Any]) -> ShareOf:
        return ShareOf(self.number(parts[:1]), parts[2], cover(parts))

    def share_of_reversed(self, parts: list[Any]) -> ShareOf:
        return ShareOf(self.number(parts[2:3]), parts[0], cover(parts))

    def share_of_name(self, parts: list[Any]) -> ShareOf:
        return ShareOf(self.number(parts[:1]), name(parts[2]), cover(parts))

    def share_of_name_reversed(self, parts: list[Any]) -> ShareOf:
        return ShareOf(self.number(parts[2:3]), name(parts[0]), cover(parts))

    def times(self, parts: list[Any]) -> Binary:
        return Binary("*", self.number(parts[:1]), parts[2], cover(parts))

    def times_name(self, parts: list[Any]) -> Binary:
        return Binary("*", self.number(parts[:1]), name(parts[2]), cover(parts))

    def moved(self, parts: list[Any]) -> Moved:
        return Moved(name(parts[0]), *_shift(parts[1]), cover(parts))

    def result_of(self, parts: list[Any]) -> ResultOf:
        shift = _shift(parts[-1]) if isinstance(parts[-1], list) else None
        return ResultOf(name(parts[1]), len(parts) - (shift is not None) > 2, shift, cover(parts))

    def value_at(self, parts: list[Any]) -> ValueAt:
        return ValueAt(name(parts[0]), parts[2], cover(parts))

    def call(self, parts: list[Any]) -> Call:
        function = parts[0].type.lower()
        arguments = parts[2]
        if (function == "abs") != (len(arguments) == 1):
            raise Refusal("SE0116", cover(parts), function=parts[0].text, arguments=arguments)
        return Call(function, arguments, cover(parts))

    def gathered(self, parts: list[Any]) -> Gathered:
        return _gathered(parts[0], parts, parts[-2])

    def gate_line(self, parts: list[Any]) -> Expression:
        found: Expression = parts[0]
        return found

    def gate_field(self, parts: list[Any]) -> Field:
        inside = [part for part in parts if not isinstance(part, Lexeme)]
        stays = [part for part in parts if isinstance(part, Lexeme) and part.type == "ONCE_REACHED_STAYS"]
        return Field("when", (_gathered(parts[1], parts[1:], tuple(inside)), *items(stays)), cover(parts))

    def rounded(self, parts: list[Any]) -> Rounded:
        mode = key(parts[4]) if len(parts) > 4 else ""
        to = parts[3].value / 100 if parts[3].type == "PERCENT" else parts[3].value
        return Rounded(parts[1], to, mode, cover(parts))

    def time_between(self, parts: list[Any]) -> TimeBetween:
        start, end = parts[-3], parts[-1]
        word: Lexeme = parts[-4]
        mode = parts[0].type.lower() if parts[0] is not word else "exact"
        count = whole(parts[1]) if len(parts) == 6 else 1
        basis = _BASES.get(word.type, "")
        unit = "years" if basis else word.type.lower().removesuffix("_from")
        return TimeBetween(unit, mode, count, basis, start, end, cover(parts))

    def working_day_on(self, parts: list[Any]) -> WorkingDayOn:
        side = "after" if parts[0].type.startswith("FIRST") else "before"
        return WorkingDayOn(side, parts[1], cover(parts))

    def less(self, parts: list[Any]) -> Mark:
        return Mark("less", parts[1], cover(parts))

    def where(self, parts: list[Any]) -> Mark:
        return Mark("where", parts[1], cover(parts))

    def aggregate(self, parts: list[Any]) -> Aggregate:
        word: Lexeme = parts[0]
        op = _AGGREGATES.get(word.type, word.type.lower().removesuffix("_of"))
        asked = None if op == "count" else parts[1]
        over = parts[1] if op == "count" else parts[3]
        marks = {part.kind: part.value for part in parts if isinstance(part, Mark)}
        return Aggregate(op, asked, over, marks.get("less", ()), marks.get("where"), False, cover(parts))


def _shift(words: list[Lexeme]) -> tuple[str, str, int]:
    """How, unit and count of another window."""
    if len(words) > 1:
        return "before", _BEFORE[words[2].type], whole(words[1])
    return (*_window_move(words[0].type.lower()), 1)


def _gathered(head: Lexeme, parts: list[Any], operands: tuple[Expression, ...]) -> Gathered:
    count = whole(parts[1]) if head.type == "AT_LEAST" else 0
    if count > len(operands):
        raise Refusal("SE0117", parts[1].span, written=parts[1].text, most=len(operands))
    return Gathered(head.type.lower(), count, operands, cover(parts))


def _window_move(word: str) -> tuple[str, str]:
    if word.startswith("previous_"):
        return "previous", word.removeprefix("previous_")
    if word.endswith("_so_far"):
        return "so_far", word.removesuffix("_so_far")
    if word.startswith("same_"):
        return "same_of_last_year", word.removeprefix("same_").removesuffix("_of_last_year")
    return "all_earlier", "year"
