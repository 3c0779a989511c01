"""Flags on a statement, worded in the contract's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.settlement.closing.payout import deferrals
from rules_engine.settlement.entitled.keys import Entitlements
from rules_engine.settlement.entitled.shares import UNSHARED
from rules_engine.settlement.model import Totals
from rules_engine.settlement.past.chain import EARLIER
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.renewal import PREPAYMENT, is_prepayment
from rules_engine.settlement.past.statements import ADJUSTED
from rules_engine.settlement.reduced import Reduced
from rules_engine.values.period import Period, period_text

AGREED = "amount_to_be_agreed"
DIFFERS = "differs_from_recorded"
WORDS: dict[str, tuple[str, str]] = {
    "renewed_absent": (
        "no statement of {contract}, which this contract renews, was given; nothing is taken over from it.",
        "未提供本合同所续签的 {contract} 的结算单，未承接其余额。",
    ),
    "renewed_by_order": (
        "`{name}` keeps prepayments order by order: what {contract} still held is not taken over; give its prepayments again, dated in this term.",
        "“{name}”按单号冲抵预付款：{contract} 尚存的余额未承接，请在本合同期内重新提供这些预付款单据。",
    ),
    AGREED: ("`{name}`: the amount is still to be agreed; nothing is settled for it.", "“{name}”：金额尚待约定，本期不结算。"),
    EARLIER: (
        "No statement was posted for {count} documents dated before {period}; they are settled now.",
        "{period} 之前有 {count} 张单据尚无已入账结算单，一并在本期结算。",
    ),
    "contract_changed": (
        "The contract's text differs from the one that {period} was settled under; differences are settled now.",
        "合同文本与结算 {period} 时不同，差额计入本期。",
    ),
    DIFFERS: (
        "`{name}`, {window}: the documents record {amount} against what the orders come to.",
        "“{name}”，{window}：单据记录的优惠与按订单计算的结果相差 {amount}。",
    ),
    UNSHARED: ("`{name}`: the weights add up to 0; the amount stands unshared.", "“{name}”：分摊权重合计为 0，金额未分摊。"),
    "changed_documents": ("Documents of {period} changed after they were settled.", "{period} 的单据在结算后有变动。"),
    "payout_deferred": (
        "{amount} is less than {least}: the payout waits, deferral {count} of {most}.",
        "{amount} 低于起付金额 {least}，本期不付，第 {count} 次延期（最多 {most} 次）。",
    ),
    "written_off": (
        "{amount} could not be taken back within {most} settlements and is written off.",
        "{amount} 连续 {most} 次结算未能扣回，予以核销。",
    ),
    "known_later": (
        "An amendment that reaches back before the end of {period} was known on {known} only and is settled here; as of {last} it was not.",
        "一份追溯至 {period} 期末之前的补充协议在 {known} 才获知，本结算单已按其计算；截至 {last} 尚不知晓。",
    ),
    "clause_gone": (
        "`{name}` is no longer in the contract; what was posted under it is taken back.",
        "合同中已无“{name}”，其已入账金额予以冲回。",
    ),
}


def notices(
    program: Program, past: History, period: Period, settled: Iterable[Document], found: Entitlements, changed: Iterable[str],
    sums: Totals, book: str = "settled", reduced: Reduced | None = None, as_of: date | None = None,
) -> tuple[tuple[str, str], ...]:
    """(code, text) of everything a reader should know before signing."""
    language = program.header.language
    raised = [*_of_clauses(program), *_of_history(program, past, period, settled, reduced), *_unshared(found), *_of_payout(program, past, sums, book)]
    raised += [(DIFFERS, {"name": name, "window": period_text(window), "amount": f"{amount:+,}"}) for name, window, amount in found.differences]
    raised += _of_amendments(program, period, as_of)
    raised += [("changed_documents", {"period": name}) for name in sorted(set(changed))]
    return tuple(dict.fromkeys((code, _text(code, language, facts)) for code, facts in raised))


def _text(code: str, language: str, facts: dict[str, str]) -> str:
    if code not in WORDS:
        return f"{facts['name']}: {code.replace('_', ' ')}"
    return WORDS[code][language == "zh"].format(**facts)


def _of_clauses(program: Program) -> Iterator[tuple[str, dict[str, str]]]:
    for clause in program.clauses.values():
        yield from ((notice, {"name": clause.id}) for notice in clause.notices)


def _of_history(
    program: Program, past: History, period: Period, settled: Iterable[Document], reduced: Reduced | None
) -> Iterator[tuple[str, dict[str, str]]]:
    last, start = past.last, max(program.header.start, past.settled_until)
    earlier = sum(1 for line in settled if start <= line.date < period.start)
    earlier += reduced.earlier(start, period.start) if reduced is not None else 0
    if earlier:
        yield EARLIER, {"count": str(earlier), "period": period_text(period)}
    if program.header.renews and past.renewed is None:
        yield "renewed_absent", {"contract": program.header.renews}
    for clause in program.clauses.values() if past.renewed is not None else ():
        if clause.kind == PREPAYMENT and not (is_prepayment(clause) and not clause.per):
            yield "renewed_by_order", {"name": clause.id, "contract": program.header.renews}
    if last is not None and last.contract_sha256 != program.header.sha256:
        yield "contract_changed", {"period": period_text(last.period)}
    for key in past.lines:
        name = key.clause.removesuffix(ADJUSTED)
        if name not in program.clauses and name not in program.limits:
            yield "clause_gone", {"name": name}


def _of_amendments(program: Program, period: Period, as_of: date | None) -> list[tuple[str, dict[str, str]]]:
    """A day given knows its amendments; without one the caller may have read later ones too."""
    later = [known for effective, known in program.header.amended if effective < period.end <= known]
    if as_of is not None or not later:
        return []
    return [("known_later", {"period": period_text(period), "known": str(max(later)), "last": str(period.last)})]


def _of_payout(program: Program, past: History, sums: Totals, book: str) -> Iterator[tuple[str, dict[str, str]]]:
    header = program.header
    if header.deferrals and sums.carried_out > 0 and not sums.payout and book == "settled":
        count = deferrals(past.statements) + 1
        facts = {"amount": f"{sums.carried_out:,}", "least": f"{header.minimum_payout:,}", "count": str(count)}
        yield "payout_deferred", {**facts, "most": str(header.deferrals)}
    if sums.written_off:
        yield "written_off", {"amount": f"{sums.written_off:,}", "most": str(header.write_off_after)}


def _unshared(found: Entitlements) -> Iterator[tuple[str, dict[str, str]]]:
    return ((UNSHARED, {"name": item.key.clause}) for item in found.keys.values() if UNSHARED in item.flags)
