"""Balances: what is carried to the next statement, deposits held and prepayments not yet applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from rules_engine.core.program import Clause
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from rules_engine.settlement.closing.accounts import kept
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.model import Balance, Line, Totals
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.history import History
from rules_engine.settlement.targets import NOTHING, View

KINDS = ("deposit", "prepayment")


def balances(view: View, past: History, sums: Totals, lines: Sequence[Line]) -> tuple[Balance, ...]:
    """The balances that are not empty, the carried amount first."""
    return tuple(_balances(view, past, sums, lines))


def carried_balance(sums: Totals) -> tuple[Balance, ...]:
    """What is carried from statement to statement, if anything is."""
    if not (sums.carried_in or sums.carried_out or sums.written_off):
        return ()
    return (Balance("carried", "", sums.carried_in, sums.net, sums.payout + sums.written_off, sums.carried_out),)


def _balances(view: View, past: History, sums: Totals, lines: Sequence[Line]) -> Iterator[Balance]:
    yield from carried_balance(sums)
    for clause in view.program.clauses.values():
        if clause.kind in KINDS:
            found = _balance(view, clause, past, [line.amount for line in lines if line.clause == clause.id])
            if found.opening or found.added or found.used:
                yield found
    for declared in (item for item in view.program.balances.values() if item.kind not in KINDS):
        yield from kept(view, declared, past)


def _balance(view: View, clause: Clause, past: History, moved: Iterable[Decimal]) -> Balance:
    """A deposit grows by what is paid in or deducted; a prepayment by what is paid in, and is used by what is applied."""
    amounts = list(moved)
    taken, given = sum((item for item in amounts if item > 0), NOTHING), -sum((item for item in amounts if item < 0), NOTHING)
    paid = _paid_in(view, clause, past)
    added, used = (paid + taken, given) if clause.kind == "deposit" else (paid + given, taken)
    last = past.last or past.renewed
    known = last.balances if last else ()
    opening = next((item.closing for item in known if (item.kind, item.name) == (clause.kind, clause.id)), NOTHING)
    unit = smallest_unit(view.program.header.currency)
    amounts = [at_scale(item, unit) for item in (opening, added, used, opening + added - used)]
    return Balance(clause.kind, clause.id, *amounts)  # type: ignore[arg-type]


def _paid_in(view: View, clause: Clause, past: History) -> Decimal:
    """Payments that arrived since the last statement."""
    header = view.program.header
    read = view.facts.documents(clause.base or clause.earn, Asking((), (), header.start, header.end, view.moment))
    amounts = (line.values.get("amount") for line in read if _is_payment(view, line) and past.is_new(line))
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), NOTHING)


def _is_payment(view: View, line: Document) -> bool:
    kind = view.program.types.get(line.type)
    return kind is not None and kind.side == "balance"
