"""Reasoning about `for` filters: when two cannot both hold, and how to name a document that meets one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from rules_engine.check.meaning.wording import column
from rules_engine.core.expressions import Column, Compare, Constant, Expression, Logic, MeasureRef
from rules_engine.source import NOWHERE

Low = tuple[Decimal, bool]


def without_spans(node: Any) -> Any:
    """The same core node with every span forgotten, to compare meanings."""
    if isinstance(node, tuple):
        return tuple(without_spans(item) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes = {item.name: without_spans(getattr(node, item.name)) for item in fields(node) if item.name != "span"}
    if any(item.name == "span" for item in fields(node)):
        changes["span"] = NOWHERE
    return replace(node, **changes)


def same_filter(one: Expression | None, two: Expression | None) -> bool:
    """Whether two filters are written alike."""
    return bool(without_spans(one) == without_spans(two))


def conjuncts(where: Expression | None) -> list[Expression]:
    """The conditions that all have to hold."""
    match where:
        case None:
            return []
        case Logic(op="and", operands=operands):
            return [inner for item in operands for inner in conjuncts(item)]
        case _:
            return [where]


def texts(where: Expression) -> tuple[str, frozenset[str]] | None:
    """(column, allowed texts) of `column = text` or an alternative of such."""
    match where:
        case Compare(op="=", left=Column(name=name, of="" | "group" | "class") | MeasureRef(name=name), right=Constant(value=str() as text)):
            return name, frozenset({text})
        case Logic(op="or", operands=operands):
            parts = [texts(item) for item in operands]
            known = [part for part in parts if part is not None]
            if len(known) == len(parts) and len({name for name, _ in known}) == 1:
                return known[0][0], frozenset().union(*(allowed for _, allowed in known))
        case _:
            pass
    return None


def disjoint(one: Expression | None, two: Expression | None) -> bool:
    """Whether no document can meet both filters; True also where this cannot be decided (the run decides then)."""
    left, right = conjuncts(one), conjuncts(two)
    for first in left:
        for second in right:
            if apart(first, second):
                return True
    decidable = all(texts(item) is not None or interval(item) is not None for item in (*left, *right))
    return not decidable


def apart(one: Expression, two: Expression) -> bool:
    """Whether two single conditions exclude each other: one denies the other, or both are on the same column."""
    if denies(one, two) or denies(two, one):
        return True
    first, second = texts(one), texts(two)
    if first and second:
        return first[0] == second[0] and not first[1] & second[1]
    low, high = interval(one), interval(two)
    if low and high and low[0] == high[0]:
        return below(low[2], high[1]) or below(high[2], low[1])
    return False


def denies(one: Expression, two: Expression) -> bool:
    """Whether the first is `not` the second."""
    return isinstance(one, Logic) and one.op == "not" and same_filter(one.operands[0], two)


def interval(where: Expression) -> tuple[str, Low | None, Low | None] | None:
    """(column, lower, upper) of `column < 30`; each bound is (number, included)."""
    match where:
        case Compare(
            op=op,
            left=Column(name=name, of="" | "group") | MeasureRef(name=name, shift=None),
            right=Constant(value=Decimal() as value),
        ):
            match op:
                case "<" | "<=":
                    return name, None, (value, op == "<=")
                case ">" | ">=":
                    return name, (value, op == ">="), None
                case "=":
                    return name, (value, True), (value, True)
                case _:
                    return None
        case _:
            return None


def below(upper: Low | None, lower: Low | None) -> bool:
    """Whether everything up to `upper` lies under everything from `lower`."""
    if upper is None or lower is None:
        return False
    return upper[0] < lower[0] or (upper[0] == lower[0] and not (upper[1] and lower[1]))


def shown(where: Expression | None, language: str) -> str:
    """A filter in words, for an example document."""
    joint = " 且 " if language == "zh" else " and "
    return joint.join(_one(item, language) for item in conjuncts(where))


def _one(where: Expression, language: str) -> str:
    match where:
        case Compare(op=op, left=Column(name=name) | MeasureRef(name=name), right=Constant(value=value)):
            return f"{column(name, language)} {op} {value}"
        case Logic(op="or", operands=operands):
            return " / ".join(_one(item, language) for item in operands)
        case Logic(op="not", operands=(operand,)):
            return f"{'非' if language == 'zh' else 'not'} {_one(operand, language)}"
        case Column(name=name) | MeasureRef(name=name):
            return column(name, language)
        case _:
            return "…"
