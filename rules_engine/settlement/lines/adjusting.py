"""Adjustments by hand: lines of their own beside the computed ones, which they never alter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from rules_engine.core.program import Clause, Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.model import Document
from rules_engine.record import dataclass
from rules_engine.settlement.entitled.keys import Group, Key
from rules_engine.settlement.lines.naming import Named
from rules_engine.settlement.model import Lifecycle
from rules_engine.settlement.papers import rate_on
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.known import ADJUSTMENT
from rules_engine.settlement.past.statements import ADJUSTED, standing
from rules_engine.settlement.schedule import windows
from rules_engine.settlement.subtract import Movement, direction_of
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period

DOCUMENT = "adjustment"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One adjustment: the key of its own line, the key it adjusts, what it says."""

    key: Key
    of: Key
    group: Group
    window: Period
    amount: Decimal
    document: Document


def adjustments(
    program: Program, documents: Iterable[Document], moving: Sequence[Movement], named: Named, past: History
) -> list[Movement]:
    """A movement for every adjustment known and every one posted: the union, so that a rerun posts nothing and one that is
    withdrawn is taken back. Raises `ContractError` for adjustments without amount, who or why, or of no line and no clause."""
    given = [document for document in documents if document.type == ADJUSTMENT]
    faults = [fault for document in given for fault in _lacking(program, document)]
    if faults:
        raise ContractError(faults)
    made = [_adjusted(program, document, named) for document in given]
    totals: dict[Key, Decimal] = {}
    for item in made:
        totals[item.of] = totals.get(item.of, NOTHING) + item.amount
    computed = {movement.key: movement.amount for movement in moving}
    found = [_movement(program, item, computed.get(item.of, NOTHING), totals[item.of], past) for item in made]
    gone = (key for key in past.lines if key.clause.endswith(ADJUSTED) and key not in {item.key for item in made})
    return [*found, *(_withdrawn(program, key, past) for key in gone)]


def _movement(program: Program, item: Adjusted, computed: Decimal, total: Decimal, past: History) -> Movement:
    direction = direction_of(program, item.of)
    stands = standing(past.lines.get(item.key, ()), direction)
    text = {name: str(item.document.values.get(name) or "") for name in ("by", "reason")}
    life = Lifecycle(computed, computed + total, text["by"], item.document.date, text["reason"])
    status = "correction" if stands.lines else "due"
    due = item.amount - stands.amount
    return Movement(item.key, item.group, item.window, direction, item.amount, stands, due, status, lifecycle=life)


def _withdrawn(program: Program, key: Key, past: History) -> Movement:
    last = past.lines[key][-1]
    direction = direction_of(program, replace(key, clause=key.clause.removesuffix(ADJUSTED))) or last.direction
    stands = standing(past.lines[key], direction)
    return Movement(key, last.group, last.window, direction, NOTHING, stands, -stands.amount, "correction")


def _adjusted(program: Program, document: Document, named: Named) -> Adjusted:
    of = named.key(document)
    if of is not None:
        group, window = named.place(of)
    else:
        of, group, window = _place(program, document, named)
    own = (*group, (DOCUMENT, f"{document.id}/{document.line}" if document.line else document.id))
    key = Key(f"{of.clause}{ADJUSTED}", tuple(sorted(own)), window.start, of.payee, of.rate)
    amount = document.values["amount"]
    assert isinstance(amount, Decimal)
    return Adjusted(key, of, own, window, amount, document)


def _place(program: Program, document: Document, named: Named) -> tuple[Key, Group, Period]:
    """The key of a clause, group and window that computed nothing."""
    clause = program.clauses.get(str(document.values.get("clause") or ""))
    window = _window(program, clause, document, named) if clause else None
    if clause is None or window is None:
        raise ContractError([_nameless(program, document)])
    group = tuple((column, str(document.values.get(column) or "")) for column in clause.per)
    payee = str(document.values.get("party") or "")
    return Key(clause.id, tuple(sorted(group)), window.start, payee, _rate(program, clause, window)), group, window


def _window(program: Program, clause: Clause, document: Document, named: Named) -> Period | None:
    wanted = named.window(document)
    for window in windows(program, clause):
        if window == wanted or (wanted is None and window.contains(document.date)):
            return window
    return None


def _rate(program: Program, clause: Clause, window: Period) -> Decimal | None:
    vat = clause.papers.vat
    if vat == "contract":
        return rate_on(program.header, window.end - ONE_DAY)
    return vat if isinstance(vat, Decimal) else None


LACKING: Mapping[str, Words] = {"amount": ("its amount", "金额"), "by": ("who made it", "调整人"), "reason": ("why", "原因")}


def _lacking(program: Program, document: Document) -> Iterator[Diagnostic]:
    lacks = [words for name, words in LACKING.items() if document.values.get(name) in (None, "")]
    if lacks:
        english, chinese = ", ".join(item[0] for item in lacks), "、".join(item[1] for item in lacks)
        why: Words = (
            f"adjustment {document.id} ({document.place}) does not say {english}; money moved by hand must answer for itself.",
            f"调整单 {document.id}（{document.place}）缺少{chinese}；手工调整必须写明。",
        )
        fix: Words = ("fill in `amount`, `by` and `reason`.", "请填写 金额、确认人、原因。")
        yield diagnostic("SE0781", program.header.language, (), why, fix)


def _nameless(program: Program, document: Document) -> Diagnostic:
    line, clause = (str(document.values.get(name) or "") for name in ("line", "clause"))
    told = line or clause
    why: Words = (
        f"adjustment {document.id} ({document.place}) names `{told}`, which is no line or clause here, or more than one.",
        f"调整单 {document.id}（{document.place}）所指的“{told}”不是本合同的结算行或条款，或不唯一。",
    )
    fix: Words = (
        "write the line's id in `line`, or the clause's id in `clause` with the columns of its group and, for another period, `window`.",
        "请在 结算行 写明明细编号，或在 条款 写明条款编号，并写明分组列；如属其他期间，写明 所属期间。",
    )
    return diagnostic("SE0782", program.header.language, (), why, fix)
