"""The statements given as posted: that they belong together, and what they leave under each key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from rules_engine.core.program import Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.model import Document
from rules_engine.record import dataclass
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.past.chain import gaps
from rules_engine.settlement.past.renewal import deposits_held, prepaid, renewed
from rules_engine.settlement.past.statements import PostedLine, PostedStatement
from rules_engine.settlement.targets import NOTHING, Group, Unit
from rules_engine.values.period import Period, period_text


@dataclass(frozen=True, slots=True)
class History:
    """Posted statements in order, and their lines by key; `accrued` is everything posted in the accrual book, `accrues`
    whether there is one."""

    statements: tuple[PostedStatement, ...] = ()
    lines: Mapping[Key, tuple[PostedLine, ...]] = field(default_factory=dict)
    accrued: tuple[PostedLine, ...] = ()
    accrues: bool = False
    renewed: PostedStatement | None = None

    @property
    def last(self) -> PostedStatement | None:
        """The latest statement."""
        return self.statements[-1] if self.statements else None

    @property
    def carried_in(self) -> Decimal:
        """What the latest statement carried out, and what the contract renewed carries out beyond what was taken over so far."""
        before = (NOTHING, *(statement.carried_out for statement in self.statements))
        taken = sum((each.carried_in - out for each, out in zip(self.statements, before, strict=False)), NOTHING)
        return before[-1] + (self.renewed.carried_out - taken if self.renewed else NOTHING)

    @property
    def settled_until(self) -> date:
        """The first day after everything posted."""
        return self.statements[-1].period.end if self.statements else date.min

    def is_new(self, line: Document) -> bool:
        """Whether no statement has seen the document yet."""
        last = self.last
        return last is None or line.date >= last.period.end or (line.known_on is not None and line.known_on > last.known_by)


def history(program: Program, posted: Sequence[PostedStatement], period: Period, book: str = "settled") -> History:
    """The statements in order. Raises `ContractError` if one is foreign, doubled, overlapping or later than the period. For the
    accrual book the accruals made since the last settlement stand behind the settlements."""
    old, posted = renewed(program, posted)
    held = (*deposits_held(program, old), *prepaid(program, old))
    ordered = tuple(sorted((item for item in posted if item.book == "settled"), key=_by_period))
    accruals = tuple(sorted((item for item in posted if item.book != "settled"), key=_by_period))
    wrong = [*_foreign(program, posted), *_overlaps(ordered, program.header.language), *_later(ordered, period, program)]
    wrong += [*_overlaps(accruals, program.header.language), *(_later(accruals, period, program) if book != "settled" else ())]
    wrong = wrong or list(gaps(program, ordered, held))
    if wrong:
        raise ContractError(wrong)
    accrued = (line for item in (*accruals, *ordered) for line in (item.accrual if item.book == "settled" else item.lines))
    kept = replace(_by_key(ordered, tuple(accrued), held), renewed=old[-1] if old else None)
    until = ordered[-1].period.end if ordered else date.min
    since = tuple(item for item in accruals if item.period.end > until) if book != "settled" else ()
    return replace(kept, statements=(*ordered, *since), accrues=bool(accruals) or any(item.accrual for item in ordered))


def _by_period(statement: PostedStatement) -> tuple[date, date]:
    return statement.period.start, statement.period.end


def _by_key(ordered: tuple[PostedStatement, ...], accrued: tuple[PostedLine, ...], held: Iterable[PostedLine]) -> History:
    lines: dict[Key, list[PostedLine]] = {}
    for line in held:
        lines.setdefault(line.key, []).append(line)
    for statement in ordered:
        for line in (*statement.lines, *statement.others):
            lines.setdefault(line.key, []).append(line)
    return History(ordered, {key: tuple(found) for key, found in lines.items()}, accrued)


def posted_units(past: History, program: Program) -> dict[Unit, dict[Group, Decimal]]:
    """What is posted by unit and the clause's own groups (what a spread added to a group is left out)."""
    found: dict[Unit, dict[Group, Decimal]] = {}
    for key, lines in past.lines.items():
        clause = program.clauses.get(key.clause)
        if clause is None:
            continue
        columns = dict(key.group)
        group = tuple(columns.get(column, "") for column in clause.per)
        groups = found.setdefault(Unit(key.clause, key.start), {})
        amounts = (line.amount if program.header.prices_include_vat else line.net_of_vat for line in lines)
        groups[group] = groups.get(group, NOTHING) + sum(amounts, NOTHING)
    return found


def _foreign(program: Program, ordered: Iterable[PostedStatement]) -> Iterable[Diagnostic]:
    header = program.header
    for statement in ordered:
        if statement.contract != header.id:
            why: Words = (
                f"the statement for {period_text(statement.period)} settles {statement.contract}, this contract is {header.id}.",
                f"{period_text(statement.period)} 的结算单属于合同 {statement.contract}，本合同为 {header.id}。",
            )
            fix: Words = ("give the statements of this contract only.", "请只提供本合同的结算单。")
            yield diagnostic("SE0706", header.language, (), why, fix)
        elif statement.currency != header.currency:
            why = (
                f"the statement for {period_text(statement.period)} is in {statement.currency}, the contract in {header.currency}.",
                f"{period_text(statement.period)} 的结算单币种为 {statement.currency}，合同币种为 {header.currency}。",
            )
            yield diagnostic("SE0706", header.language, (), why)


def _overlaps(ordered: Sequence[PostedStatement], language: str) -> Iterable[Diagnostic]:
    for earlier, later in pairwise(ordered):
        if not earlier.period.meets(later.period):
            continue
        first, second = period_text(earlier.period), period_text(later.period)
        doubled = earlier.period == later.period
        why: Words = (
            f"two statements for {first} were given; their lines would count twice." if doubled
            else f"{first} and {second} share days; lines of both would count twice.",
            f"{first} 有两份结算单，明细会重复计算。" if doubled else f"{first} 与 {second} 的期间重叠，明细会重复计算。",
        )  # fmt: skip
        fix: Words = ("give each posted statement once.", "每份已入账结算单只提供一次。")
        yield diagnostic("SE0710", language, (), why, fix)


def _later(ordered: Sequence[PostedStatement], period: Period, program: Program) -> Iterable[Diagnostic]:
    for statement in ordered:
        if statement.period.end > period.end:
            later, now = period_text(statement.period), period_text(period)
            why: Words = (
                f"{later} is posted already; what arrived since then is settled in the next open period, not in {now}.",
                f"{later} 已入账；其后到达的单据应在下一个未结期间结算，而不是 {now}。",
            )
            fix: Words = (f"settle a period after {later}.", f"请结算 {later} 之后的期间。")
            yield diagnostic("SE0711", program.header.language, (), why, fix)
