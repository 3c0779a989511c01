"""What the steps of a trace are called: by the clause's phrase, the measure's title, the row as written, or what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.statement.amounts import value_text
from rules_engine.statement.clean import one_line
from rules_engine.statement.formula import operation
from rules_engine.statement.naming import type_name
from rules_engine.statement.numbers import grouped
from rules_engine.statement.words import Words

QUOTED = ("row", "band")
_BOUNDS = {"max": "bound.least", "min": "bound.most"}


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words of a clause's steps are: its phrases, the program's titles, the reader's language. `written` is the
    clause's text by file and line."""

    program: Program
    phrases: Mapping[str, tuple[str, str]]
    words: Words
    written: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def name(self, step: TraceStep) -> str:
        """A step's name: the clause's phrase, the measure's title, or the word for what was done."""
        label, words = step.label, self.words
        if not label:
            return self.unlabelled(step)
        if label in self.phrases:
            return one_line(self.phrases[label][words.language == "zh"])
        if label in self.program.measures:
            return one_line(self.program.measures[label].title or label)
        if label in self.program.values:
            return one_line(self.program.values[label].title or label)
        balance = self.program.balances.get(label)
        if balance is not None:
            return f"{words('op.' + step.op)} {one_line(balance.title or label)}"
        owner = self.program.clauses.get(label) or self.program.limits.get(label)
        if owner is not None:
            return words("result_named", title=one_line(owner.title or label))
        return words("step." + label) if words.has("step." + label) else one_line(label).replace("_", " ")

    def unlabelled(self, step: TraceStep) -> str:
        """The word for what was done; a row or band is quoted as the contract writes it."""
        words, op = self.words, operation(step)
        if op in _BOUNDS and "bound" in step.detail:
            return words(_BOUNDS[op], bound=bound_text(step.detail["bound"], 2 if step.unit is Unit.MONEY else 0))
        if op not in QUOTED:
            return words("op." + op)
        text = self.written.get((step.span.file, step.span.line), "")
        return words("quoted", what=words("op." + op), text=text) if text else words("op." + op) + _edges(step, words)

    def value(self, step: TraceStep) -> str:
        """A step's result in its unit."""
        return value_text(step.value, step.unit, self.words)

    def type_name(self, name: str) -> str:
        """A document type as people call it."""
        return type_name(name, self.program, self.words)


def _edges(step: TraceStep, words: Words) -> str:
    lower, upper = step.detail.get("lower", ""), step.detail.get("upper", "")
    if lower and lower == upper:
        return " " + words("band.at", point=bound_text(lower))
    key = "band.between" if lower and upper else "band.from" if lower else "band.to" if upper else ""
    return " " + words(key, lower=bound_text(lower), upper=bound_text(upper)) if key else ""


def bound_text(text: str, least: int = 0) -> str:
    """A bound in a trace's small print, grouped; what is no number is printed as it is."""
    try:
        return grouped(Fraction(text), least)
    except (ValueError, ZeroDivisionError):
        return one_line(text)
