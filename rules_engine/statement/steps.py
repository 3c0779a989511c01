"""A trace, told: every step becomes a line of words with its numbers and units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.statement.amounts import value_text
from rules_engine.statement.clean import one_line
from rules_engine.statement.formula import beneath, formula, inline, operation
from rules_engine.statement.said import Said
from rules_engine.statement.words import Words

AGGREGATES = ("sum", "count", "count_distinct", "average", "latest", "earliest", "time_weighted_average", "min", "max")


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words of a clause's steps are: its phrases, the program's titles, the reader's language."""

    program: Program
    phrases: Mapping[str, tuple[str, str]]
    words: Words

    def name(self, step: TraceStep) -> str:
        """A step's name: the clause's phrase, the measure's title, or the word for what was done."""
        label = step.label
        if label in self.phrases:
            return one_line(self.phrases[label][self.words.language == "zh"])
        if label in self.program.measures:
            return one_line(self.program.measures[label].title or label)
        if label in self.program.clauses:
            return self.words("result_named", title=one_line(self.program.clauses[label].title or label))
        if label:
            return self.words("step." + label) if self.words.has("step." + label) else one_line(label).replace("_", " ")
        return self.words("op." + operation(step))

    def value(self, step: TraceStep) -> str:
        """A step's result in its unit."""
        return value_text(step.value, step.unit, self.words)


def tell(step: TraceStep, teller: Teller, depth: int = 0) -> Iterator[Said]:
    """The lines of a trace, what is told first is the whole, what it came from stands below it, one level in."""
    step = _opened(step)
    if step.op == "round":
        yield from tell(step.parts[0], teller, depth) if step.parts else ()
        yield rounded(teller, step, depth)
        return
    yield _TELLS.get(operation(step), _plain)(step, teller, depth)
    below = list(beneath(step))
    for part in below:
        if not _silent(part):
            yield from tell(part, teller, depth + 1)


def rounded(teller: Teller, step: TraceStep, depth: int) -> Said:
    """The rounding line: `rounded half up to 0.01: 17.00`."""
    mode = str(step.detail.get("mode", "half_up"))
    name = teller.words("rounded", mode=teller.words("mode." + mode), to=step.detail.get("to", "0.01"))
    return Said(depth, name, "", teller.value(step), "rounded")


def _opened(step: TraceStep) -> TraceStep:
    """A named step around an unnamed one is one line under the name."""
    while step.op in ("step", "measure") and len(step.parts) == 1 and not step.parts[0].label and step.parts[0].op != "round":
        inner = step.parts[0]
        step = TraceStep(
            inner.op,
            inner.value,
            inner.unit,
            step.label,
            inner.parts,
            {**step.detail, **inner.detail},
            inner.documents,
            inner.span,
        )
    return step


def _silent(step: TraceStep) -> bool:
    return inline(step)


def _plain(step: TraceStep, teller: Teller, depth: int) -> Said:
    text = formula(step, teller.words) or _facts(step)
    return Said(depth, teller.name(step), text, teller.value(step), "step", step.documents, _count(step))


def _aggregate(step: TraceStep, teller: Teller, depth: int) -> Said:
    words, count = teller.words, _count(step)
    if step.op in ("min", "max") and step.parts and not step.documents:
        return _plain(step, teller, depth)
    read = words("used_document") if count == 1 else words("used_documents", count=count)
    text = words("over_documents", what=words("op." + step.op), documents=read)
    name = teller.name(step) if step.label else text
    return Said(depth, name, text if step.label else "", teller.value(step), "step", step.documents, count)


def _count(step: TraceStep) -> int:
    told = str(step.detail.get("count", step.detail.get("documents", "")))
    return int(told) if told.isdigit() else len(step.documents)


def _facts(step: TraceStep) -> str:
    return ", ".join(one_line(f"{key.replace('_', ' ')} {value}") for key, value in step.detail.items() if value != "")


_TELLS: dict[str, Callable[[TraceStep, Teller, int], Said]] = dict.fromkeys(AGGREGATES, _aggregate)
