"""A trace, told: every step becomes a line of words with its numbers and units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.record import replace
from rules_engine.statement.afterwards import afterwards_name, is_afterwards, kind_of
from rules_engine.statement.amounts import value_text
from rules_engine.statement.clean import one_line
from rules_engine.statement.formula import beneath, formula, inline
from rules_engine.statement.numbers import grouped
from rules_engine.statement.said import Said
from rules_engine.statement.teller import QUOTED, Teller, bound_text
from rules_engine.statement.words import Words

AGGREGATES = ("sum", "count", "count_distinct", "average", "latest", "earliest", "time_weighted_average", "min", "max")
_WRAPPERS = ("step", "measure", "choice", "if")
_UNTOLD = ("limit", "target")
_SILENT = (
    "count",
    "documents",
    "over",
    "binds",
    "bound",
    "step",
    "op",
    "how",
    "from",
    "to",
    "each",
    "mode",
    "qualifier",
    "includes",
    "amounts",
    "counter",
)

Mark = tuple[object, ...]


def tell(step: TraceStep, teller: Teller) -> tuple[Said, ...]:
    """The lines of a trace: the whole first, what it came from below it, one level in. What was told once is not repeated."""
    told: set[Mark] = set()
    return tuple(_tell(step, teller, 0, told))


def _tell(step: TraceStep, teller: Teller, depth: int, told: set[Mark]) -> Iterator[Said]:
    step = _opened(step)
    if is_afterwards(step):
        if step.parts[0].op not in _UNTOLD:
            yield from _tell(step.parts[0], teller, depth, told)
        yield Said(depth, afterwards_name(step, teller.words), "", teller.value(step), kind_of(step))
        return
    whole, below = _split(step)
    said = _TELLS.get(whole.op, _plain)(whole, teller, depth)
    mark = (said.name, said.formula, said.result, said.documents)
    if mark in told and (whole.label or said.count):
        return
    told.add(mark)
    yield said
    for part in below:
        yield from _tell(part, teller, depth + 1, told)


def _opened(step: TraceStep) -> TraceStep:
    """A named step around an unnamed one is one line, under the name; around a measure, under the measure's."""
    while step.op in _WRAPPERS and len(step.parts) == 1 and not is_afterwards(step.parts[0]):
        inner = step.parts[0]
        if inner.label and inner.op != "measure":
            break
        step = replace(inner, label=inner.label or step.label, detail={**inner.detail, **step.detail})
    return step


def _split(step: TraceStep) -> tuple[TraceStep, list[TraceStep]]:
    """What is told in one line, and what below it: a price, row or band tells the formula of the arithmetic inside it."""
    if step.op == "priced" and len(step.parts) > 1 and not step.parts[-1].label:
        *bases, price = step.parts
        if _whole(price) and not bases[0].label and len(bases) == 1:
            return _split(replace(bases[0], label=step.label))
        whole, below = _split(_opened(price))
        return replace(whole, label=step.label, unit=whole.unit or step.unit), [*bases, *below]
    if step.op in QUOTED and step.parts:
        *conditions, price = step.parts
        price = _opened(price)
        if not price.label and (inline(price) or not price.parts):
            return replace(step, parts=(price,)), [*conditions, *beneath(price)]
    return step, list(beneath(step))


def _whole(price: TraceStep) -> bool:
    """A price of 100 %: the base itself is the amount."""
    return price.op == "*" and len(price.parts) == 2 and price.parts[1].unit is Unit.PERCENT and price.parts[1].value == 1


def _quoted(step: TraceStep, teller: Teller, depth: int) -> Said:
    price = _opened(step.parts[-1]) if step.parts else step
    text = formula(price, teller.words) if not price.label and inline(price) else ""
    if not text and not price.parts and step.value == 0:
        text = teller.words("nothing_on", base=bound_text(step.detail.get("slice", step.detail.get("base", "0"))))
    return Said(depth, teller.name(step), text + _each(price, teller.words), teller.value(step))


def _plain(step: TraceStep, teller: Teller, depth: int) -> Said:
    text = formula(step, teller.words) or _facts(step, teller.words)
    elsewhere = _elsewhere(step, teller.words) if step.op == "result_of" else ""
    return Said(
        depth,
        teller.name(step) + elsewhere,
        text + _each(step, teller.words),
        teller.value(step),
        "step",
        _documents(step, teller),
        _count(step),
    )


def _aggregate(step: TraceStep, teller: Teller, depth: int) -> Said:
    if step.parts:
        return _plain(step, teller, depth)
    words, count = teller.words, _count(step)
    read = words("used_document") if count == 1 else words("used_documents", count=count)
    text = (
        words("over_documents", what=words("op." + step.op), documents=read) + _sources(step, teller) + _elsewhere(step, words)
    )
    name = teller.name(step) if step.label else text
    return Said(depth, name, text if step.label else "", teller.value(step), "step", _documents(step, teller), count)


def _documents(step: TraceStep, teller: Teller) -> tuple[str, ...]:
    """The documents read, each type named where it begins; with their amounts where `amounts` gives one for each."""
    found, before = [], ""
    clean = str if "".join(step.documents).isprintable() else one_line
    for document in step.documents:
        kind, _, name = document.partition(":")
        found.append(clean(name or document) if kind == before else f"{teller.type_name(kind)} {clean(name)}".rstrip())
        before = kind
    amounts = step.detail.get("amounts", "").split()
    if not amounts or len(amounts) != len(found):
        return tuple(found)
    told = [_grouped(amount) if step.unit is Unit.MONEY else value_text(_amount(amount), step.unit, teller.words) for amount in amounts]
    return tuple([f"{text} = {amount}" for text, amount in zip(found, told, strict=True)])


@lru_cache(maxsize=8192)
def _grouped(amount: str) -> str:
    """Money as people read it, once a document however many lines read it."""
    return grouped(_amount(amount), 2)


def _amount(text: str) -> Decimal | Fraction:
    return Fraction(text) if "/" in text else Decimal(text)


def _sources(step: TraceStep, teller: Teller) -> str:
    over = [source for source in step.detail.get("over", "").split(", ") if source]
    names = [("− " if name.startswith("-") else "+ ") + teller.type_name(name.removeprefix("-")) for name in over]
    return teller.words("in_brackets", text=" ".join(names).removeprefix("+ ")) if names else ""


def _elsewhere(step: TraceStep, words: Words) -> str:
    """The days of another window than the asking one."""
    detail = step.detail
    if "how" not in detail or "from" not in detail:
        return ""
    return words("in_brackets", text=words("window_days", start=detail["from"], end=detail.get("to", "")))


def _each(step: TraceStep, words: Words) -> str:
    """The rounding of every document's part, where the contract rounds there."""
    if "each" not in step.detail:
        return ""
    mode = words("mode." + step.detail.get("mode", "half_up"))
    return words("rounded_each", mode=mode, to=step.detail["each"], count=step.detail.get("documents", ""))


def _count(step: TraceStep) -> int:
    told = str(step.detail.get("count", ""))
    return int(told) if told.isdigit() and step.op != "constant" else len(step.documents)


def _facts(step: TraceStep, words: Words) -> str:
    if step.op == "priced" and step.detail.get("base") == "0":
        return words("zero_base")
    facts = ((key, value) for key, value in step.detail.items() if value != "" and key not in _SILENT)
    return words.comma.join(f"{words('detail.' + key)} {one_line(str(value))}" for key, value in facts)


def _stretch(step: TraceStep, teller: Teller, depth: int) -> Said:
    """A document on a counter: from where to where it moved it."""
    words, detail = teller.words, step.detail
    kind, _, name = detail.get("document", "").partition(":")
    counter = teller.program.counters.get(detail.get("counter", ""))
    text = words(
        "stretch",
        document=f"{teller.type_name(kind)} {one_line(name)}",
        counter=one_line(counter.title if counter else detail.get("counter", "")),
        low=bound_text(detail.get("low", "")),
        high=bound_text(detail.get("high", "")),
    )
    return Said(depth, text, _each(step, words), teller.value(step))


def _change(step: TraceStep, teller: Teller, depth: int) -> Said:
    """A document that changed a value, and what it became."""
    kind, _, name = step.detail.get("document", "").partition(":")
    text = teller.words("change", document=f"{teller.type_name(kind)} {one_line(name)}", date=step.detail.get("date", ""))
    return Said(depth, text, "", teller.value(step))


def _more(step: TraceStep, teller: Teller, depth: int) -> Said:
    return Said(depth, teller.words("more_documents", count=step.detail.get("count", "")), "", teller.value(step))


_TELLS: dict[str, Callable[[TraceStep, Teller, int], Said]] = {
    **dict.fromkeys(AGGREGATES, _aggregate),
    **dict.fromkeys(QUOTED, _quoted),
    "stretch": _stretch,
    "more_documents": _more,
    "change": _change,
}
