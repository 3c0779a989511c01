"""The trace of a line, flat: what its steps are is one text that all lines settled alike share, their amounts stand in one list.

`steps` is JSON, a step an object, from the earned amount to what is due: `op` says what was done, `facts` what is the same for all lines
with that text, `values` the names of the step's further amounts. The list has, step by step, its result and then its further amounts. Where ten
decimals do not say a value, or it is no amount, `rest` has its text by its place in the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.trace import TraceStep, Value
from rules_engine.values.exact import exact_text
from rules_engine.values.rounding import round_to

PLACES = Decimal("0.0000000001")
AMOUNTS = frozenset({"posted", "target", "net", "vat", "limit", "members", "used", "taken", "carried", "now", "share"})
TEXTS = frozenset({"lines", "layers"})
"""Details that are the line's own: amounts, and texts kept in `rest`. All others are facts."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a line's trace: what was done, its result, and what it tells, as texts."""

    op: str
    value: str
    detail: Mapping[str, str]


def flat(step: TraceStep | None) -> tuple[str, list[Decimal | None], str | None]:
    """The steps, values and rest of a trace."""
    said: list[tuple[str, Mapping[str, str], Sequence[str]]] = []
    values: list[Decimal | None] = []
    rest: dict[int, str] = {}
    for found in reversed(list(_inwards(step))):
        own = [name for name, text in found.detail.items() if name in TEXTS or (name in AMOUNTS and _number(text) is not None)]
        said.append((found.op, {name: text for name, text in found.detail.items() if name not in own}, own))
        for shown, odd in (_result(found.value), *(at_ten(found.detail[name]) if name in AMOUNTS else (None, found.detail[name]) for name in own)):
            if odd:
                rest[len(values)] = odd
            values.append(shown)
    return steps_text(said), values, rest_text(rest)


def steps_text(steps: Iterable[tuple[str, Mapping[str, str], Sequence[str]]]) -> str:
    """What steps are, as JSON: (op, facts, names of further amounts) of each."""
    said = [{"op": op, **({"facts": dict(facts)} if facts else {}), **({"values": list(names)} if names else {})} for op, facts, names in steps]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def rest_text(rest: Mapping[int, str]) -> str | None:
    """The texts of values that the list does not say, as JSON by their place; None where there are none."""
    return json.dumps({str(place): text for place, text in rest.items()}, ensure_ascii=False, separators=(",", ":")) if rest else None


def steps_of(steps: str, values: Sequence[Decimal | None], rest: str | None) -> list[Step]:
    """The steps of a line again, from its row."""
    texts = json.loads(rest) if rest else {}
    told = iter([texts.get(str(place), "" if value is None else exact_text(value)) for place, value in enumerate(values)])
    return [Step(each["op"], next(told), {**each.get("facts", {}), **{name: next(told) for name in each.get("values", ())}}) for each in json.loads(steps)]


def at_ten(text: str) -> tuple[Decimal | None, str | None]:
    """A value at ten places, half up, and its text where that is not all of it."""
    exact = _number(text)
    if exact is None:
        return None, text or None
    shown = round_to(exact, PLACES, "half_up")
    return shown, None if Fraction(shown) == exact else text


def _inwards(step: TraceStep | None) -> Iterator[TraceStep]:
    while step is not None:
        yield step
        step = step.parts[0] if step.parts else None


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def _result(value: Value) -> tuple[Decimal | None, str | None]:
    if isinstance(value, Decimal | Fraction):
        return at_ten(exact_text(value))
    return None, None if value is None else str(value)
