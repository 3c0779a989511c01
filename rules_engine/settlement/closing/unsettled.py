"""What could not be settled: the line, the reason, and the findings that word it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rules_engine.core.program import Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.engine.evaluator import Fault, Outcome
from rules_engine.settlement.model import Unsettled
from rules_engine.settlement.reasons import DIVIDED, FAULTY, UNREADABLE
from rules_engine.settlement.targets import Target
from rules_engine.source import NOWHERE, Span
from rules_engine.values.period import period_text

SHOWN_DOCUMENTS = 5


def unsettled(found: Iterable[Target]) -> tuple[Unsettled, ...]:
    """The units without a value, and the inputs or documents that are to blame."""
    return tuple(
        Unsettled(
            item.clause,
            dict(zip(item.per, item.group, strict=True)),
            item.window,
            reason_of(item.failure),
            blamed(item.failure),
        )
        for item in found
        if item.failure is not None
    )


def reason_of(outcome: Outcome) -> str:
    """The machine word of a failure; a fault's own code where there is one."""
    if outcome.faults:
        return f"{FAULTY}:{outcome.faults[0].code}"
    return UNREADABLE if outcome.missing else DIVIDED


def blamed(outcome: Outcome) -> tuple[str, ...]:
    """The missing inputs, or the documents at fault."""
    documents = (document for fault in outcome.faults for document in fault.documents)
    return tuple(dict.fromkeys((*outcome.missing, *documents)))


def findings(program: Program, found: Iterable[Target]) -> tuple[Diagnostic, ...]:
    """One finding a cause, naming the clause, its window and group."""
    worded: dict[Diagnostic, None] = {}
    for target in found:
        if target.failure is not None:
            worded.update(dict.fromkeys(_findings(program, target, target.failure)))
    return tuple(worded)


def _findings(program: Program, target: Target, outcome: Outcome) -> Iterable[Diagnostic]:
    language, span = program.header.language, _span(program, target)
    line = " ".join([target.clause, *target.group, period_text(target.window)])
    for fault in outcome.faults:
        code, why, fix = _WORDS.get(fault.code, _other)(fault, line)
        yield diagnostic(code, language, span, why, fix)
    if outcome.missing and not outcome.faults:
        names = ", ".join(outcome.missing)
        why = (
            f"{line} needs {names}, which is missing; the line is not settled.",
            f"{line} 需要 {names}，但数据缺失；该行未结算。",
        )
        fix = (
            "give the documents it is taken from, or write `if there is none` and what holds then.",
            "请提供其所需的单据，或用“若无则”写明缺失时的值。",
        )
        yield diagnostic("SE0715", language, span, why, fix, severity=Severity.WARNING)
    if not outcome.faults and not outcome.missing:
        why = (f"{line} divides by zero; the line is not settled.", f"{line} 的除数为零；该行未结算。")
        fix = ("write `if there is none` and what holds then.", "用“若无则”写明此时的值。")
        yield diagnostic("SE0716", language, span, why, fix, severity=Severity.WARNING)


def _span(program: Program, target: Target) -> Span:
    item = program.clauses.get(target.clause) or program.limits.get(target.clause)
    return item.span if item else NOWHERE


Worded = tuple[str, Words, Words]


def _documents(fault: Fault) -> str:
    shown = ", ".join(fault.documents[:SHOWN_DOCUMENTS])
    more = len(fault.documents) - SHOWN_DOCUMENTS
    return f"{shown} (+{more})" if more > 0 else shown


def _detail(fault: Fault) -> str:
    return ", ".join(f"{name} {value}" for name, value in fault.detail)


def _no_row(fault: Fault, line: str) -> Worded:
    read, values = _documents(fault), _detail(fault)
    why = (
        f"{line} is not settled: no row takes {read}{f' ({values})' if values else ''}.",
        f"{line} 未结算：没有条件行适用于 {read}{f'（{values}）' if values else ''}。",
    )
    return "SE0701", why, ("add a row for it, or an `otherwise` row.", "请增加一行，或增加“其他”行。")


def _two_rows(fault: Fault, line: str) -> Worded:
    read = _documents(fault)
    values = ", ".join(f"{name} gives {value}" for name, value in fault.detail)
    why = (
        f"{line} is not settled: two rows take {read}: {values}.",
        f"{line} 未结算：两行同时适用于 {read}：{_detail(fault)}。",
    )
    fix = (
        "narrow one row, or say `best for supplier`, `first that matches` or `all that match`.",
        "请缩小其中一行的范围，或写明取舍方式。",
    )
    return "SE0702", why, fix


def _two_exceptions(fault: Fault, line: str) -> Worded:
    amounts = ", ".join(f"`{name}` gives {value}" for name, value in fault.detail)
    first = [name for name, _ in fault.detail]
    why = (
        f"{line} is not settled: two exceptions hold at once and none outranks the other: {amounts}.",
        f"{line} 未结算：两项例外同时成立而未写明先后：{_detail(fault)}。",
    )
    return "SE0771", why, (f"outranks {first[1]}\n(in `{first[0]}`, or the other way round)", f"优先于 {first[1]}\n（写在“{first[0]}”中，或反之）")


def _no_band(fault: Fault, line: str) -> Worded:
    why = (f"{line} is not settled: no band holds {_detail(fault)}.", f"{line} 未结算：没有阶梯档包含 {_detail(fault)}。")
    return "SE0717", why, ("close the gap between the bands.", "请补上阶梯之间的空缺。")


def _no_place(fault: Fault, line: str) -> Worded:
    counter = dict(fault.detail).get("counter", "")
    why = (
        f"{line} is not settled: {_documents(fault)} is dated where the counter `{counter}` does not run.",
        f"{line} 未结算：{_documents(fault)} 的日期不在计数“{counter}”的范围内。",
    )
    return "SE0718", why, ("correct its date, or let the counter run on that day.", "请更正其日期，或让计数包含该日。")


def _calendar(fault: Fault, line: str) -> Worded:
    why = (
        f"{line} counts working days of a year that is not announced ({_detail(fault)}); none is guessed.",
        f"{line} 需要尚未公布年度的工作日（{_detail(fault)}），不作推测。",
    )
    return "SE0703", why, ("settle again once the calendar of that year is in a new version.", "请在日历更新后重新结算。")


def _cut(fault: Fault, line: str) -> Worded:
    why = (
        f"{line} cuts through a period of which only the sum was given ({_detail(fault)}).",
        f"{line} 的周期切开了只有合计数的期间（{_detail(fault)}）。",
    )
    return "SE0713", why, ("give the documents of that period.", "请提供该期间的单据。")


def _no_day(fault: Fault, line: str) -> Worded:
    why = (
        f"{line} is not settled: from {_detail(fault)} it comes to a day that no calendar has.",
        f"{line} 未结算：由 {_detail(fault)} 推算的日期不存在。",
    )
    return "SE0718", why, ("correct the dates or the number of days in the formula.", "请更正算式中的日期或天数。")


def _other(fault: Fault, line: str) -> Worded:
    why = (f"{line} is not settled: {fault.code} {_documents(fault)} {_detail(fault)}.",) * 2
    return "SE0718", (why[0], why[1]), ("", "")


_WORDS: Mapping[str, Callable[[Fault, str], Worded]] = {
    "no_row": _no_row,
    "two_rows": _two_rows,
    "two_exceptions": _two_exceptions,
    "no_band": _no_band,
    "no_place": _no_place,
    "calendar": _calendar,
    "no_such_day": _no_day,
    "cut_carried": _cut,
}
