"""Documents that do not fit the trade they belong to: settled or left out as the contract says, and named for people to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rules_engine.engine.reading.facts import Facts
from rules_engine.engine.reading.records import RETURN_TYPES, Record
from rules_engine.settlement.model import Exceptional, UnusedDocument
from rules_engine.settlement.past.history import History
from rules_engine.settlement.reasons import AFTER_TERM, NO_ORIGINAL
from rules_engine.settlement.targets import NOTHING

LARGER, LONELY, ENDED, ORPHAN = "return_larger_than_sale", "unlinked_return", "return_after_end", "unknown_original"
COLUMNS = ("quantity", "paid", "supply_amount")
LEFT_OUT = {AFTER_TERM: ENDED, NO_ORIGINAL: ORPHAN}


def exceptions(facts: Facts, left_out: Iterable[UnusedDocument], past: History) -> tuple[Exceptional, ...]:
    """What came since the last statement: returns larger than their sale, returns that name no sale where others do, returns after the
    contract's end, and documents whose original is not there."""
    found = [*_larger(facts, past), *_lonely(facts, past), *_left_out(left_out, past)]
    return tuple(sorted(found, key=lambda item: (item.date, item.id, item.line, item.code)))


def _returns(facts: Facts) -> Iterator[Record]:
    return (record for record in facts.records if record.type in RETURN_TYPES)


def _larger(facts: Facts, past: History) -> Iterator[Exceptional]:
    """In date order: the return that takes more than is left of its sale, and those after it."""
    taken: dict[tuple[int, str], Decimal] = {}
    for record in sorted(_returns(facts), key=lambda item: item.order):
        if record.original is None:
            continue
        root, over = record.root, list[tuple[str, Decimal, Decimal]]()
        for column in COLUMNS:
            sold, back = root.document.values.get(column), record.document.values.get(column)
            if isinstance(sold, Decimal) and isinstance(back, Decimal):
                place = (id(root), column)
                taken[place] = taken.get(place, NOTHING) + back
                if taken[place] > sold:
                    over.append((column, sold, taken[place]))
        if over and past.is_new(record.document):
            yield _named(LARGER, record, over[0])


def _lonely(facts: Facts, past: History) -> Iterator[Exceptional]:
    """Returns that name no sale, where others of their type do."""
    linking = {record.type for record in _returns(facts) if record.document.values.get("ref_doc_id")}
    for record in _returns(facts):
        if record.type in linking and not record.document.values.get("ref_doc_id") and past.is_new(record.document):
            yield _named(LONELY, record)


def _named(code: str, record: Record, over: tuple[str, Decimal, Decimal] | None = None) -> Exceptional:
    document = record.document
    column, sold, taken = over or ("", NOTHING, NOTHING)
    return Exceptional(
        code, document.type, document.id, document.line, document.date, document.place, column, sold, taken, record.root.document.id
    )


def _left_out(left_out: Iterable[UnusedDocument], past: History) -> Iterator[Exceptional]:
    until = past.settled_until
    for item in left_out:
        code = LEFT_OUT.get(item.reason, "")
        if code and item.date >= until and (code == ORPHAN or item.type in RETURN_TYPES):
            yield Exceptional(code, item.type, item.id, item.line, item.date, item.place)
