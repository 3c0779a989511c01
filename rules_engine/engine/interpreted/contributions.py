"""What every document gives to a base."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Aggregate
from rules_engine.engine.reading.reach import linear, paying
from rules_engine.engine.reading.records import Record
from rules_engine.engine.scope import Slice, Teller

ZERO = Fraction(0)
Terms = tuple[tuple[Fraction, Aggregate], ...]


def base_terms(teller: Teller, part: Slice) -> Terms:
    """The base as factors times sums; if it is no such sum, the first sum or count it reads."""
    found = linear(teller.program, part.expression)
    if found is not None:
        return found
    sums = (item for item in paying(teller.program, part.expression) if item.op in ("sum", "count"))
    first = next(sums, None)
    return () if first is None else ((Fraction(1), first),)


def contributions(teller: Teller, part: Slice, *, rooted: bool = False) -> list[tuple[Record, Fraction]]:
    """Every document of the slice's scope with its part of the base, in date order."""
    found: dict[int, tuple[Record, Fraction]] = {}
    for factor, aggregate in base_terms(teller, part):
        for record, value in teller.facts.contributions(aggregate, part.scope.asking, part.scope.restrictions, rooted):
            amount = factor * Fraction(value) if isinstance(value, Decimal | Fraction) else ZERO
            found[id(record)] = (record, found.get(id(record), (record, ZERO))[1] + amount)
    return sorted(found.values(), key=lambda item: item[0].place)


def shares(teller: Teller, part: Slice) -> list[Fraction]:
    """Each document's part of the slice, in date order; together the slice. What no document explains stands last."""
    found = [amount * part.factor for _, amount in contributions(teller, part)]
    rest = part.base - sum(found, ZERO)
    return [*found, rest] if rest else found


def document_count(teller: Teller, part: Slice) -> int:
    """How many documents are in the base. Linked returns join their document; wholly returned ones do not count."""
    net: dict[str, Fraction] = {}
    for record, amount in contributions(teller, part, rooted=True):
        name = record.root.document.id
        net[name] = net.get(name, ZERO) + amount
    return sum(amount > 0 for amount in net.values())
