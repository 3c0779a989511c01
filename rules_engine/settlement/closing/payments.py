"""The payment schedule: which part of the payout falls due on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Header, PayTerm
from rules_engine.documents.model import Document
from rules_engine.engine.reading.records import RETURN_TYPES, Record
from rules_engine.record import dataclass
from rules_engine.settlement.closing.collecting import signed
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.lines.naming import named_period
from rules_engine.settlement.model import Payment
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.history import History
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import NOTHING, View
from rules_engine.values.calendar import first_working_day_on_or_after, last_working_day_on_or_before
from rules_engine.values.dates import add, add_months
from rules_engine.values.period import Period
from rules_engine.values.rounding import largest_remainder

ONE_DAY = timedelta(days=1)
LAST_DAY = 31


@dataclass(slots=True)
class _Claims:
    """What is owed by anchor day and document; what belongs to no document stands under the statement's own day."""

    amounts: dict[tuple[date, str], Decimal] = field(default_factory=dict)

    def add(self, day: date, name: str, amount: Decimal) -> None:
        self.amounts[day, name] = self.amounts.get((day, name), NOTHING) + amount


def payments(
    view: View, moving: Iterable[Movement], payout: Decimal, period: Period, past: History, invoices: Sequence[Document]
) -> tuple[Payment, ...]:
    """What is paid on which day; together the payout. A payment whose invoice has not come has no day yet. Working days of a
    year the calendar lacks raise `CalendarUncovered`."""
    pay, unit = view.program.header.pay, smallest_unit(view.program.header.currency)
    if payout <= 0:
        return ()
    match pay.by:
        case "receipt":
            found = _by_receipt(view, moving, payout, period, past)
        case "invoice":
            found = _by_invoice(pay, payout, [item for item in invoices if _is_of(view.program.header, item, period)])
        case _:
            found = [Payment(due_day(pay, period.last), payout)]
    return tuple(Payment(item.due, at_scale(item.amount, unit), item.documents) for item in found)


def due_day(pay: PayTerm, anchor: date) -> date:
    """The day payment falls due, counted from an anchor: the end of its month or the next month's first day where the contract
    says so, then the fixed day of the month, then the working day."""
    start = anchor
    if pay.anchor.endswith("month_end"):
        start = _last_of_month(anchor)
    elif pay.anchor.endswith("next_month"):
        start = _last_of_month(anchor) + ONE_DAY
    day = add(start, pay.count, pay.unit, pay.overflow or "last_day")
    if pay.day:
        first = add_months(day.replace(day=1), pay.months)
        day = _last_of_month(first) if pay.day == LAST_DAY else first.replace(day=pay.day)
    match pay.roll:
        case "following":
            return first_working_day_on_or_after(day)
        case "preceding":
            return last_working_day_on_or_before(day)
        case _:
            return day


def _last_of_month(day: date) -> date:
    return add_months(day.replace(day=1), 1) - ONE_DAY


def _is_of(header: Header, invoice: Document, period: Period) -> bool:
    """Whether an invoice is for the period: it names it, or names none and is dated in it."""
    text = str(invoice.values.get("window") or "")
    return named_period(header, text) == period if text else period.contains(invoice.date)


def _by_invoice(pay: PayTerm, payout: Decimal, invoices: Sequence[Document]) -> list[Payment]:
    """Each invoice of the period makes its amount due; what is not invoiced has no day yet."""
    found, left = list[Payment](), payout
    for document in sorted(invoices, key=lambda item: (item.date, item.id, item.line)):
        amount = document.values.get("amount")
        part = min(left, amount) if isinstance(amount, Decimal) else left
        if part > 0:
            found.append(Payment(due_day(pay, document.date), part, (document.id,)))
            left -= part
    return [*found, Payment(None, left)] if left else found


def _by_receipt(view: View, moving: Iterable[Movement], payout: Decimal, period: Period, past: History) -> list[Payment]:
    """Every goods document is due by its own day; what reduces the payout reduces what is due first."""
    claims = _claims(view, moving, period, past)
    pay = view.program.header.pay
    by_day: dict[date, Payment] = {}
    for (anchor, name), amount in sorted(claims.amounts.items()):
        if amount > 0:
            day = due_day(pay, anchor)
            known = by_day.get(day, Payment(day, NOTHING))
            by_day[day] = Payment(day, known.amount + amount, (*known.documents, *((name,) if name else ())))
    owed = [by_day[day] for day in sorted(by_day)]
    over = sum((item.amount for item in owed), NOTHING) - payout
    if over < 0:
        day = due_day(pay, period.last)
        return _joined([*owed, Payment(day, -over)])
    return list(_reduced(owed, over))


def _reduced(owed: Iterable[Payment], over: Decimal) -> Iterator[Payment]:
    for item in owed:
        taken = min(item.amount, over)
        over -= taken
        if item.amount > taken:
            yield Payment(item.due, item.amount - taken, item.documents)


def _joined(found: Iterable[Payment]) -> list[Payment]:
    by_day: dict[date, Payment] = {}
    for item in found:
        assert item.due is not None
        known = by_day.get(item.due)
        by_day[item.due] = (
            item if known is None else Payment(item.due, known.amount + item.amount, known.documents + item.documents)
        )
    return [by_day[day] for day in sorted(by_day)]


def _claims(view: View, moving: Iterable[Movement], period: Period, past: History) -> _Claims:
    claims = _Claims()
    returned: list[tuple[Record, Decimal]] = []
    for movement in moving:
        if movement.status == "pending" or not movement.due:
            continue
        parts = _parts(view, movement, past)
        if movement.direction == "payable" and not parts:
            claims.add(period.last, "", movement.due)
        for record, amount in parts:
            if record.type in RETURN_TYPES:
                returned.append((record, amount))
            elif movement.direction == "payable":
                claims.add(_received(record), record.document.id, amount)
    for record, amount in returned:
        place = (_received(record.root), record.root.document.id)
        if record.original is not None and place in claims.amounts:
            claims.add(*place, amount)
    return claims


def _received(record: Record) -> date:
    own = record.values.get("received_on")
    return own if isinstance(own, date) else record.document.date


def _parts(view: View, movement: Movement, past: History) -> list[tuple[Record, Decimal]]:
    """The amount that moves now, over the documents that came since the last statement."""
    clause = view.program.clauses.get(movement.key.clause)
    if clause is None or movement.target is None:
        return []
    base = clause.base or clause.earn
    found = [
        (record, value)
        for record, value in view.facts.base_parts(base, movement.target.asking)
        if value and past.is_new(record.document) and _fits(view, record)
    ]
    whole = sum((value for _, value in found), Fraction(0))
    if not whole:
        return []
    unit = smallest_unit(view.program.header.currency)
    amounts = largest_remainder(signed(movement), [value for _, value in found], unit)
    return [(record, amount) for (record, _), amount in zip(found, amounts, strict=True)]


def _fits(view: View, record: Record) -> bool:
    side = view.program.types[record.type].side
    return side in ("payable", "receivable")
