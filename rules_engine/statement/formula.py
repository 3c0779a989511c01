"""A step's arithmetic on one line, with the numbers in it: `70.00 × 10% − (70.00 − 80.00)`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules_engine.core.trace import TraceStep
from rules_engine.statement.amounts import value_text
from rules_engine.statement.numbers import grouped
from rules_engine.statement.words import Words

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}
_CALLS = ("min", "max", "abs")
_LOGIC = ("and", "or")
_LEAVES = ("constant", "column")
_THROUGH = ("arithmetic", "compare", "logic")


def operation(step: TraceStep) -> str:
    """What the step did: the operator of an `arithmetic`, `compare` or `logic` step stands in its detail."""
    return str(step.detail.get("op", step.op)) if step.op in _THROUGH else step.op


def inline(step: TraceStep) -> bool:
    """Whether the step is arithmetic that reads best inside the formula of the step above it."""
    op = operation(step)
    return not step.label and (op in SIGNS or op in _CALLS or op in _LOGIC or op == "at_least" or op in ("negate", "not") or op in _LEAVES)


def formula(step: TraceStep, words: Words) -> str:
    """The arithmetic of a step over the values below it; '' where there is none to tell."""
    op, parts = operation(step), step.parts
    if not parts:
        return ""
    if op in SIGNS:
        return f" {SIGNS[op]} ".join(_operand(part, op, place, words) for place, part in enumerate(parts))
    if op == "at_least":
        shown = ", ".join(_value(part, words) for part in parts)
        return words("logic.at_least", least=step.detail.get("least", "1"), parts=shown)
    if op in _LOGIC:
        return f" {words('logic.' + op)} ".join(_bracketed(part, words) for part in parts)
    if op in _CALLS:
        return f"{words('call.' + op)}({', '.join(_value(part, words) for part in parts)})"
    if op == "negate":
        return f"−{_bracketed(parts[0], words)}"
    return f"{words('logic.not')} {_bracketed(parts[0], words)}" if op == "not" else ""


def beneath(step: TraceStep) -> Iterator[TraceStep]:
    """The steps a formula names by value only, in reading order."""
    for part in step.parts:
        if inline(part):
            yield from beneath(part)
        else:
            yield part


def _value(step: TraceStep, words: Words) -> str:
    if inline(step) and step.parts:
        return formula(step, words)
    text = value_text(step.value, step.unit, words)
    lots, count = step.detail.get("step"), step.detail.get("count", "1")
    if step.op == "constant" and lots and (count != "1" or lots != "exact"):
        return words("units." + lots, value=text, count=grouped(Fraction(count)))
    return text


def _bracketed(step: TraceStep, words: Words) -> str:
    text = _value(step, words)
    return f"({text})" if inline(step) and len(step.parts) > 1 and operation(step) not in _CALLS else text


def _operand(step: TraceStep, parent: str, place: int, words: Words) -> str:
    text = _value(step, words)
    if not (inline(step) and step.parts):
        return f"({text})" if text.startswith("−") and place else text
    mine, above = _STRENGTH.get(operation(step), 0), _STRENGTH.get(parent, 0)
    if operation(step) in _CALLS:
        return text
    loose = mine < above or (place > 0 and mine == above and parent in "-/")
    return f"({text})" if loose else text
