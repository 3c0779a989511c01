"""Ladders along a counter: every document is cut at the bounds by where it stands, and priced with its own day's prices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rules_engine.core.expressions import Ladder, Parts, Price, Table
from rules_engine.core.trace import TraceStep
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.interpreted.contributions import contributions
from rules_engine.engine.interpreted.edges import Edge, edges
from rules_engine.engine.interpreted.parts import rate
from rules_engine.engine.interpreted.straight import overlap_of, stands, straight_amounts
from rules_engine.engine.interpreted.tables import Cell, Held, chosen_rows
from rules_engine.engine.outcomes import NO_BAND, NO_PLACE, failure, faulty, number
from rules_engine.engine.reading.counters import Place, Stretch
from rules_engine.engine.reading.masks import rows_of
from rules_engine.engine.reading.records import Record
from rules_engine.engine.scope import Slice, Teller, Told, text, told
from rules_engine.record import replace
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_to

ZERO = Fraction(0)
MOST_TOLD = 50
ONCE = ("lump", "formula")
Priced = list[tuple[Outcome, TraceStep]]


def along_amount(teller: Teller, ladder: Ladder, part: Slice) -> Told:
    """The sum of what every document earns on its own stretches."""
    every = [(record, amount * part.factor) for record, amount in contributions(teller, part)]
    quick = straight_amounts(teller, ladder, part, every)
    if quick is not None and (part.scope.silent or len(quick) > MOST_TOLD):
        first = [] if part.scope.silent else [_document(teller, ladder, part, *every[at])[1] for at, _ in quick[: MOST_TOLD - 1]]
        whole = sum((amount for _, amount in quick), ZERO)
        rest = TraceStep("more_documents", whole - sum((amount for _, amount in quick[: len(first)]), ZERO), part.unit, detail={"count": str(len(quick) - len(first))})
        return told(ladder.reading, Outcome(whole), part.unit, [*first, rest], span=ladder.span, detail={"counter": ladder.along})
    found = [_document(teller, ladder, part, record, base) for record, base in every]
    steps = [step for _, step in found if step.parts or step.value is None]
    failed = failure([outcome for outcome, _ in found])
    total = failed or Outcome(sum((number(outcome) for outcome, _ in found), ZERO))
    shown = steps if len(steps) <= MOST_TOLD else [*steps[: MOST_TOLD - 1], _rest(steps[MOST_TOLD - 1 :], part)]
    return told(ladder.reading, total, part.unit, shown, span=ladder.span, detail={"counter": ladder.along})


def _rest(steps: Sequence[TraceStep], part: Slice) -> TraceStep:
    whole = sum((number(Outcome(step.value)) for step in steps if step.value is not None), ZERO)
    return TraceStep("more_documents", whole, part.unit, detail={"count": str(len(steps))})


def _document(teller: Teller, ladder: Ladder, part: Slice, record: Record, base: Fraction) -> tuple[Outcome, TraceStep]:
    place = teller.facts.place(ladder.along, record)
    if not base and not isinstance(place, Place):
        return Outcome(ZERO), TraceStep("stretch", ZERO)
    if place is None or isinstance(place, Outcome):
        return told("stretch", place or faulty(NO_PLACE, (record.label,), {"counter": ladder.along}), part.unit)
    mine = replace(part, base=base, qualifier=base, day=record.priced.date, each=None)
    bands = edges(teller, ladder, mine)
    if isinstance(bands, Outcome):
        return told("stretch", bands, part.unit)
    moved = sum((stretch.length for stretch in place.stretches), ZERO)
    pieces: Priced = []
    for stretch in place.stretches if base else ():
        share = stretch.length / moved if moved else Fraction(1)
        pieces += _stretch(teller, ladder, bands, stretch, replace(mine, base=base * share), record)
    pieces += _entered(teller, ladder, bands, place, mine, record)
    if not pieces:
        return Outcome(ZERO), TraceStep("stretch", ZERO)
    return _added(ladder, part, pieces, place, record)


def _added(ladder: Ladder, part: Slice, pieces: Priced, place: Place, record: Record) -> tuple[Outcome, TraceStep]:
    failed = failure([outcome for outcome, _ in pieces])
    total = failed or Outcome(sum((number(outcome) for outcome, _ in pieces), ZERO))
    first, last = place.stretches[0], place.stretches[-1]
    detail = {
        "document": record.label,
        "counter": ladder.along,
        "low": text(first.low if first.sign >= 0 else first.high),
        "high": text(last.high if last.sign >= 0 else last.low),
    }
    if part.each is not None and failed is None:
        total = Outcome(as_fraction(round_to(number(total), part.each.to, part.each.mode)))
        detail |= {"each": str(part.each.to), "mode": part.each.mode, "documents": "1"}
    return told("stretch", total, part.unit, [step for _, step in pieces], detail=detail)


def _stretch(teller: Teller, ladder: Ladder, bands: Sequence[Edge], stretch: Stretch, part: Slice, record: Record) -> Priced:
    if ladder.reading == "whole" or not stretch.sign:
        cut = [(edge, part) for edge in bands if stands(edge, stretch.reached, ladder.includes, bands)][:1]
        whole = bool(cut)
    else:
        cut = list(_cut(bands, stretch, part))
        whole = sum((overlap_of(edge, stretch, bands) for edge in bands), ZERO) == stretch.length
    if not whole:
        return [told("band", faulty(NO_BAND, (record.label,), {"value": text(stretch.reached)}), part.unit)]
    return [_band(teller, ladder, edge, piece, record, 0) for edge, piece in cut]


def _band(teller: Teller, ladder: Ladder, edge: Edge, part: Slice, record: Record, entered: int) -> Told:
    band = ladder.bands[edge.index]
    outcome, step = _priced(teller, band.price, part, record, entered)
    detail = {"lower": text(edge.lower), "upper": text(edge.upper), "slice": text(part.base), "band": str(edge.index + 1)}
    return told("band", outcome, part.unit, (step,), span=band.span, detail=detail)


def _entered(teller: Teller, ladder: Ladder, bands: Sequence[Edge], place: Place, part: Slice, record: Record) -> Priced:
    """What is due once for the bands the document took the counter into, or back for those it took it out of."""
    found: Priced = []
    for edge in bands:
        crossed = _reaches(edge, place.after, ladder.includes) - _reaches(edge, place.before, ladder.includes)
        if crossed and _pays_once(ladder.bands[edge.index].price):
            found.append(_band(teller, ladder, edge, replace(part, base=ZERO), record, crossed))
    return found


def _reaches(edge: Edge, at: Fraction, includes: str) -> bool:
    return edge.entered(at, includes) if edge.lower else at > 0


def _pays_once(price: Price) -> bool:
    match price:
        case Parts():
            return any(part.kind in ONCE for part in price.parts)
        case Table():
            return any(_pays_once(row.price) for row in price.rows)
        case Ladder():
            return False


def _cut(bands: Sequence[Edge], stretch: Stretch, part: Slice) -> Iterator[tuple[Edge, Slice]]:
    for edge in bands:
        overlap = overlap_of(edge, stretch, bands)
        if overlap:
            yield edge, replace(part, base=part.base * overlap / stretch.length, qualifier=overlap)


def _priced(teller: Teller, price: Price, part: Slice, record: Record, entered: int) -> Told:
    """A band's price on one document's share, or what it pays once, as often as the band was `entered`."""
    if isinstance(price, Table):
        return _table(teller, price, part, record, entered)
    if not isinstance(price, Parts):
        return teller.price(price, part)
    if not entered:
        return teller.price(replace(price, parts=tuple(item for item in price.parts if item.kind not in ONCE)), part)
    lumps = rate(teller, replace(price, parts=tuple(item for item in price.parts if item.kind in ONCE)), part)
    if isinstance(lumps, Outcome):
        return told("parts", lumps, part.unit, span=price.span)
    steps = [replace(item.told, value=item.amount * entered, op=item.kind) for item in lumps]
    total = Outcome(sum((item.amount for item in lumps), ZERO) * entered)
    return (total, steps[0]) if len(steps) == 1 else told("+", total, part.unit, steps, span=price.span)


def _table(teller: Teller, table: Table, part: Slice, record: Record, entered: int) -> Told:
    """The rows that take the document, each on its share."""
    splitter = teller.facts.indexes.splitter(table, teller.reading(table).changes != "last")
    key = splitter.key(record)
    if isinstance(key, Outcome):
        return told("table", key, part.unit, span=table.span)
    rows = chosen_rows(teller, table, Cell(key, part, rows_of(key)), Held(teller, part, {}, {}))
    if isinstance(rows, Outcome):
        return told("table", rows, part.unit, span=table.span)
    found = [_priced(teller, table.rows[index].price, part, record, entered) for index in rows]
    failed = failure([outcome for outcome, _ in found])
    total = failed or Outcome(sum((number(outcome) for outcome, _ in found), ZERO))
    steps = [
        told(
            "row",
            outcome,
            part.unit,
            (step,),
            span=table.rows[index].span,
            detail={"row": str(index + 1), "base": text(part.base)},
        )[1]
        for index, (outcome, step) in zip(rows, found, strict=True)
    ]
    return (total, steps[0]) if len(steps) == 1 else told("table", total, part.unit, steps, span=table.span)
