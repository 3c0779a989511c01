"""Declared balances on a statement: what moved since the last one, and the layers that are left or moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Balance as Declared
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.model import Balance, BalanceLayer
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.history import History
from rules_engine.settlement.pots.book import Book
from rules_engine.settlement.pots.drawing import book_of
from rules_engine.settlement.pots.layers import Account
from rules_engine.settlement.targets import NOTHING, Group, View
from rules_engine.values.exact import as_decimal, decimals_of
from rules_engine.values.rounding import round_to

SHOWN = Decimal("0.0000000001")
ZERO = Fraction(0)


def kept(view: View, declared: Declared, past: History) -> Iterator[Balance]:
    """One balance a group that ever moved: totals to now, less what earlier statements showed."""
    book = book_of(view, declared.id, view.moment)
    if book.failure is not None:
        return
    for group, account in sorted(book.accounts.items()):
        found = _balance(view, book, group, account, past)
        if found.opening or found.added or found.used or found.expired or found.closing:
            yield found


def _balance(view: View, book: Book, group: Group, account: Account, past: History) -> Balance:
    declared, columns = book.balance, dict(zip(book.balance.per, group, strict=True))
    unit = smallest_unit(view.program.header.currency)
    shown = [
        item
        for statement in past.statements
        for item in statement.balances
        if (item.kind, item.name, dict(item.group)) == (declared.kind, declared.id, columns)
    ]
    totals = (account.added, account.used(), account.expired(view.moment))
    before = [sum((getattr(item, name) for item in shown), NOTHING) for name in ("added", "used", "expired")]
    added, used, expired = (_number(total) - earlier for total, earlier in zip(totals, before, strict=True))
    opening = shown[-1].closing if shown else _number(account.opening)
    added += _number(account.opening) - shown[0].opening if shown else NOTHING
    closing = opening + added - used - expired
    first, more, gone, last, ended = (
        at_scale(item, unit) if declared.rounding else _number(Fraction(item)) for item in (opening, added, used, closing, expired)
    )
    layers = tuple(_layers(view, account, past.settled_until, unit if declared.rounding else None))
    return Balance(declared.kind, declared.id, first, more, gone, last, ended, columns, str(declared.unit), layers)


def _number(value: Fraction) -> Decimal:
    """The figure in full; a quotient without an end is cut far behind any unit that is counted."""
    return as_decimal(value) if decimals_of(value) is not None else round_to(value, SHOWN, "half_up")


def _layers(view: View, account: Account, settled: date, unit: Decimal | None) -> Iterator[BalanceLayer]:
    """Layers that hold something, or ended or were added since the last statement; money with the currency's decimals."""

    def shown(value: Fraction) -> Decimal:
        return _number(value) if unit is None else at_scale(_number(value), unit)

    for layer in account.layers:
        gone = layer.until is not None and layer.until <= view.moment
        recent = layer.since >= settled or (layer.until is not None and settled < layer.until <= view.moment)
        if recent or (layer.left and not gone):
            yield BalanceLayer(
                layer.since, layer.until, shown(layer.added), shown(layer.used), shown(layer.left), gone and layer.left > 0
            )
