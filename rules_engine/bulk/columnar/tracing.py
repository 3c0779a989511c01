"""The traces of lines as columns: what the steps are is worked out once for all lines that have the same, their amounts are put together
from columns, without an object per line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.printing import Kind, Printed
from rules_engine.bulk.columnar.standing import GATED
from rules_engine.bulk.columnar.texts import Exacts, money
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.tables.columns import TRACE, schema
from rules_engine.bulk.tables.traces import rest_text, steps_text

ZEROED, CAPPED, USED, ON_TOP, CORRECTS = range(5)
"""What decides which steps a line has, beside its kind: counted as nothing, capped, with some of the cap used up before, VAT on top, lines posted."""


def trace_table(found: Printed, lines: Any, ids: Sequence[str]) -> Any:
    """The table of traces: what was earned, why it counts as nothing if it does, what it is rounded to, what is due."""
    arrow, numpy, count = pyarrow(), library("numpy"), len(found.contract)
    corrects = numpy.zeros(count, dtype=bool)
    corrects[list(found.ids)] = True
    bits = numpy.stack([found.zeroed, found.over, found.over & found.used, found.target != found.amount, corrects], axis=1).astype(numpy.int64)
    slots = _slots(found, lines, bits)
    shown = numpy.stack([mask for mask, _ in slots], axis=1)
    line, at = numpy.nonzero(shown)
    values = arrow.concat_arrays([column[0] for _, column in slots]).take(arrow.array(at * count + line))
    ends = numpy.concatenate([[0], numpy.cumsum(shown.sum(axis=1))]).astype(numpy.int32)
    columns = {
        "contract": arrow.array(ids, arrow.string()).take(arrow.array(found.contract)), "line_id": lines.column("line_id").combine_chunks(),
        "steps": _steps(found, bits), "values": arrow.ListArray.from_arrays(arrow.array(ends), values, type=schema(TRACE).field("values").type),
        "rest": _rest(found, shown, slots),
    }  # fmt: skip
    return arrow.table([columns[field.name] for field in schema(TRACE)], schema=schema(TRACE))


def _slots(found: Printed, lines: Any, bits: Ints) -> list[tuple[Ints, Exacts]]:
    """Which lines have each value, and the value of all, in the order of the steps; values that no line has are left out."""
    arrow, numpy, count = pyarrow(), library("numpy"), len(found.contract)
    every, texts = numpy.ones(count, dtype=bool), arrow.nulls(count, arrow.string())
    zeroed, over, used, on_top, corrects = (bits[:, place] != 0 for place in (ZEROED, CAPPED, USED, ON_TOP, CORRECTS))
    left, limit, of_cap = found.cap

    def of_lines(name: str) -> Exacts:
        return lines.column(name).combine_chunks(), texts

    def units(column: Ints) -> Exacts:
        return money(column, found.places), texts

    def names() -> Exacts:
        ids = numpy.full(count, None, dtype=object)
        ids[list(found.ids)] = [", ".join(own) for own in found.ids.values()]
        return arrow.nulls(count, arrow.decimal128(38, 10)), arrow.array(ids, arrow.string())

    slots: list[tuple[Ints, Callable[[], Exacts]]] = [
        (every, lambda: (found.unrounded, found.odd)), (zeroed, lambda: units(found.due * 0)),
        (over, lambda: left), (over, lambda: limit), (used, lambda: of_cap), (every, lambda: units(found.amount)),
        (on_top, lambda: of_lines("target")), (on_top, lambda: units(found.amount)), (on_top, lambda: units(found.target - found.amount)),
        (every, lambda: of_lines("amount")), (every, lambda: of_lines("posted")), (every, lambda: of_lines("target")), (corrects, names),
    ]  # fmt: skip
    return [(mask, column()) for mask, column in slots if mask is every or mask.any()]


def _steps(found: Printed, bits: Ints) -> Any:
    """What the steps of each line are."""
    arrow, numpy = pyarrow(), library("numpy")
    facts = [_facts(kind) for kind in found.kinds]
    alike = {item: place for place, item in enumerate(dict.fromkeys(facts))}
    code = numpy.array([alike[item] for item in facts] or [0], dtype=numpy.int64)[found.kind]
    for place in range(bits.shape[1]):
        code = code * 3 + bits[:, place]
    _, first, at = numpy.unique(code, return_index=True, return_inverse=True)
    texts = [_said(dict(facts[found.kind[place]][0]), facts[found.kind[place]][1], bits[place].tolist()) for place in first.tolist()]
    return arrow.array(texts, arrow.string()).take(arrow.array(at))


def _facts(kind: Kind) -> tuple[tuple[tuple[str, str], ...], str]:
    """How a kind's amounts are rounded, and over which window they are capped."""
    rounding, capped = kind.stood.clause.rounding, kind.stood.capped
    return (("to", str(rounding.to)), ("mode", rounding.mode)), "" if capped is None else capped.cap.window


def _said(rounding: Mapping[str, str], window: str, bits: Sequence[int]) -> str:
    zeroed, over, used, on_top, corrects = bits
    steps: list[tuple[str, Mapping[str, str], Sequence[str]]] = [("target", {}, ())]
    if zeroed:
        steps.append(("when", {"held": "no"}, ()) if zeroed == GATED else ("negative", {"policy": "zero"}, ()))
    if over:
        steps.append(("most", {"window": window}, ("limit", "used") if used else ("limit",)))
    steps.append(("round", rounding, ()))
    if on_top:
        steps.append(("vat", {}, ("net", "vat")))
    steps.append(("subtract", {}, ("posted", "target", "lines") if corrects else ("posted", "target")))
    return steps_text(steps)


def _rest(found: Printed, shown: Ints, slots: Sequence[tuple[Ints, Exacts]]) -> Any:
    """The texts of values that ten places do not hold, and of the lines posted, line by line for those that have any."""
    arrow, numpy, count = pyarrow(), library("numpy"), len(found.contract)
    place, texts = numpy.cumsum(shown, axis=1) - 1, dict[int, dict[int, str]]()
    for slot, (mask, (_, odd)) in enumerate(slots):
        if odd.null_count < count:
            own = numpy.flatnonzero(mask & odd.is_valid().to_numpy(zero_copy_only=False))
            for line, text in zip(own.tolist(), odd.take(arrow.array(own)).to_pylist(), strict=True):
                texts.setdefault(line, {})[int(place[line, slot])] = text
    if not texts:
        return arrow.nulls(count, arrow.string())
    return arrow.array([rest_text(texts.get(line, {})) for line in range(count)], arrow.string())
