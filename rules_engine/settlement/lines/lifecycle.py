"""What people said of lines: confirmations, refusals and disputes with who, when and why (kernel rule 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal

from rules_engine.documents.model import Document
from rules_engine.record import dataclass
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.lines.naming import Named
from rules_engine.settlement.model import Lifecycle
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.known import CONFIRMATION, DISPUTE
from rules_engine.settlement.subtract import ACCEPTED, CONFIRMED, DISPUTED, Movement
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period


@dataclass(frozen=True, slots=True)
class Word:
    """What was said of a line so far: the amount newly confirmed, the dispute that stands (its corrected amount, None: no amount
    named), and the last one to speak."""

    amount: Decimal = NOTHING
    confirmed: bool = False
    disputed: bool = False
    claimed: Decimal | None = None
    by: str = ""
    on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said by key, and the documents that name no line which waits."""

    words: Mapping[Key, Word] = field(default_factory=dict)
    lost: tuple[Document, ...] = ()


def heard(documents: Iterable[Document], moving: Sequence[Movement], named: Named, past: History) -> Heard:
    """Words in the order of their days. Confirmations count once, in the first statement after them; a dispute stands until a
    later confirmation."""
    waiting = {item.key for item in moving if item.status == "pending" and item.due}
    found: dict[Key, Word] = {key: _stood(past, named.ids[key]) for key in waiting}
    lost: list[Document] = []
    for document in sorted(documents, key=lambda item: (item.date, item.id, item.line)):
        if document.type not in (CONFIRMATION, DISPUTE):
            continue
        key, new = named.key(document, waiting), past.is_new(document)
        if key is None:
            lost += [document] if new else []
        elif new:
            found[key] = _said(found[key], document)
    return Heard({key: word for key, word in found.items() if word != Word()}, tuple(lost))


def _stood(past: History, line: str) -> Word:
    """The dispute that the last statement shows for a line."""
    known = next((item for item in (past.last.pending if past.last else ()) if item.id == line), None)
    if known is None or DISPUTED not in known.flags or known.lifecycle is None:
        return Word()
    life = known.lifecycle
    return Word(NOTHING, False, True, life.stated, life.by, life.on, life.reason)


def _said(known: Word, document: Document) -> Word:
    amount = document.values.get("amount")
    stated = amount if isinstance(amount, Decimal) else None
    teller = (str(document.values.get("by") or ""), document.date, str(document.values.get("reason") or ""))
    if document.type == CONFIRMATION and stated is not None:
        return Word(known.amount + stated, True, known.disputed, known.claimed, *teller)
    return Word(known.amount, known.confirmed, True, stated, *teller)


def spoken(moving: Iterable[Movement], said: Heard, named: Named, past: History, period: Period) -> list[Movement]:
    """Pending movements split into what was confirmed, which moves, and the rest, which waits. Where a dispute's corrected amount
    is confirmed the matter is settled: what is between the two figures waits for nothing any more."""
    found: list[Movement] = []
    for movement in moving:
        if movement.status != "pending":
            found.append(movement)
            continue
        word = said.words.get(movement.key, Word())
        if word.confirmed:
            found.append(_confirmed(movement, word))
            if settles(word):
                continue
        found.append(_waiting(movement, word, _since(past, named.ids[movement.key], period)))
    return found


def settles(word: Word) -> bool:
    """Whether the corrected amount of a dispute was confirmed."""
    return word.disputed and word.confirmed and word.claimed is not None and word.claimed == word.amount


def _confirmed(movement: Movement, word: Word) -> Movement:
    flags = (CONFIRMED, ACCEPTED) if settles(word) else (CONFIRMED,)
    life = Lifecycle(movement.due, word.amount, word.by, word.on, word.reason)
    return replace(movement, due=word.amount, status="due", flags=(*movement.flags, *flags), lifecycle=life)


def _waiting(movement: Movement, word: Word, since: date) -> Movement:
    disputed = word.disputed and not (word.confirmed and word.claimed is None)
    life = Lifecycle(movement.due - word.amount, None, since=since)
    if disputed:
        life = Lifecycle(movement.due - word.amount, word.claimed, word.by, word.on, word.reason, since)
    flags = (*movement.flags, DISPUTED) if disputed else movement.flags
    return replace(movement, due=movement.due - word.amount, flags=flags, lifecycle=life)


def _since(past: History, line: str, period: Period) -> date:
    """The last day of the first statement since which the line waits without a break."""
    since = period.last
    for statement in reversed(past.statements):
        if all(item.id != line for item in statement.pending):
            break
        since = statement.period.last
    return since
