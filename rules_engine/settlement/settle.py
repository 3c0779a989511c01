"""Settling: target minus posted, from program, documents and posted statements to a proven settlement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from functools import partial
from threading import RLock

from rules_engine.core.program import Clause, Program
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic
from rules_engine.documents.model import Document, Documents
from rules_engine.engine.evaluator import Evaluator
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import Facts, gather
from rules_engine.record import dataclass
from rules_engine.settlement.closing.accruing import ACCRUAL, ID, SETTLED, accrual_balance, accrual_totals, accruals, both_books
from rules_engine.settlement.closing.balances import balances
from rules_engine.settlement.closing.collecting import collected
from rules_engine.settlement.closing.exceptions import exceptions
from rules_engine.settlement.closing.leftover import asked_again, leftover
from rules_engine.settlement.closing.nothing import nothing_due
from rules_engine.settlement.closing.notices import notices
from rules_engine.settlement.closing.payments import payments
from rules_engine.settlement.closing.proof import prove
from rules_engine.settlement.closing.receipt import receipt
from rules_engine.settlement.closing.shown import shown_measures
from rules_engine.settlement.closing.totals import dated, totals
from rules_engine.settlement.closing.unsettled import findings, unsettled
from rules_engine.settlement.deadlines import at_moment
from rules_engine.settlement.entitled.keys import Entitlements, clause_of, entitlements
from rules_engine.settlement.entitled.prefixes import parts_by_document
from rules_engine.settlement.entitled.results import open_view
from rules_engine.settlement.entitled.shares import PrefixParts
from rules_engine.settlement.lines.adjusting import adjustments
from rules_engine.settlement.lines.ids import base_ids
from rules_engine.settlement.lines.lifecycle import heard, spoken
from rules_engine.settlement.lines.lines import Printing, lines as printed_lines
from rules_engine.settlement.lines.misheard import misheard
from rules_engine.settlement.lines.naming import Named
from rules_engine.settlement.lines.payees import is_suppliers, payees
from rules_engine.settlement.links import without_original
from rules_engine.settlement.model import CarriedMeasure, Line, Payment, Settlement, Totals
from rules_engine.settlement.papers import invoice_plan
from rules_engine.settlement.past.control import Agreement, agreement, carried_totals, control_totals
from rules_engine.settlement.past.history import History, history, posted_units
from rules_engine.settlement.past.known import Known, known_documents, listed
from rules_engine.settlement.past.renewal import balances_held
from rules_engine.settlement.past.statements import PostedStatement
from rules_engine.settlement.pots.drawing import uncovered
from rules_engine.settlement.reasons import DUPLICATE, NO_ORIGINAL
from rules_engine.settlement.reduced import Reduced
from rules_engine.settlement.subtract import Movement, movements, units
from rules_engine.settlement.targets import Target, View
from rules_engine.settlement.windows_proven import disagreements, proven
from rules_engine.uncollected import uncollected
from rules_engine.values.calendar import CalendarUncovered
from rules_engine.values.exact import EXACT
from rules_engine.values.period import FORMS, Period, PeriodError, parse_period

COMPILED, INTERPRETER = "compiled", "interpreter"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what was asked, what it knows and what was settled before it."""

    program: Program
    period: Period
    as_of: date | None
    known: Known
    lines: tuple[Document, ...]
    past: History
    control: dict[str, str]
    found: Agreement
    view: View
    explainer: Interpreter | None
    warnings: tuple[Diagnostic, ...]
    book: str = SETTLED
    reduced: Reduced | None = None


def settle(
    program: Program,
    documents: Documents,
    period: Period | str,
    posted: Sequence[PostedStatement] = (),
    as_of: date | None = None,
    evaluator: str = COMPILED,
    *,
    explain: bool = True,
    book: str = SETTLED,
    reduced: Reduced | None = None,
) -> Settlement:
    """What is due for `period` after what `posted` settled. Raises `ContractError` for statements that do not belong together
    and windows that cannot be proven; lines without a value stand under `unsettled`. `evaluator`: compiled | interpreter.
    `explain` False leaves the traces out. `book`: settled | accrual. `reduced`: documents of
    which only sums are known, beside `documents`."""
    with localcontext(EXACT), uncollected():
        period = period_of(program, period)
        run = _prepared(program, documents, period, posted, as_of, evaluator, explain=explain, book=book, reduced=reduced)
        return prove(_settled(run, documents))


def period_of(program: Program, period: Period | str) -> Period:
    """The period meant; raises `ContractError` if it is none, or lies before the term."""
    header = program.header
    try:
        found = (
            period
            if isinstance(period, Period)
            else parse_period(period, header.year_start, header.ranges, header.settle.starting_day)
        )
    except PeriodError as error:
        why: Words = (f"`{error.text}` names no period.", f"“{error.text}”不是结算期。")
        raise ContractError(
            [diagnostic("SE0704", header.language, (), why, (f"write one of {FORMS}.", f"可写：{FORMS}。"))]
        ) from error
    if found.end <= header.start:
        term = f"{header.start} – {Period(header.start, header.end).last}"
        why = (f"it ends before the term {term} begins.", f"该期间早于合同期 {term}。")
        fix: Words = (f"settle a period of the term {term} or after it.", f"请结算合同期 {term} 之内或之后的期间。")
        raise ContractError([diagnostic("SE0704", header.language, (), why, fix)])
    return found


def _prepared(
    program: Program, documents: Documents, period: Period, posted: Sequence[PostedStatement], as_of: date | None,
    evaluator: str, *, explain: bool, book: str, reduced: Reduced | None,
) -> Run:  # fmt: skip
    program = at_moment(program, period.end)
    past = history(program, posted, period, book)
    if book == ACCRUAL:
        past = both_books(past)
    known = known_documents(program, documents.lines, period, as_of)
    beside = reduced.control if reduced is not None else {}
    control = {**control_totals(program, known.settled), **beside}
    last = past.last
    given = reduced.known(last.known_by, last.period.end) if reduced is not None and last is not None else None
    found = agreement(program, past, known.settled, control, given)
    if reduced is not None and found.absent:
        reduced.single()
    warnings = disagreements(program, found)
    orphans = () if found.absent else without_original(known.settled)
    left = {id(line) for line in orphans}
    lines = tuple(line for line in known.settled if id(line) not in left) if left else known.settled
    known = replace(known, left_out=(*known.left_out, *listed(orphans, NO_ORIGINAL)))
    view = _view(program, lines, past, found, period, evaluator, reduced, accruing=book == ACCRUAL)
    explainer = Interpreter(program, view.facts) if explain else None
    return Run(program, period, as_of, known, lines, past, control, found, view, explainer, warnings, book, reduced)


def _view(
    program: Program, lines: Sequence[Document], past: History, found: Agreement, period: Period, evaluator: str,
    reduced: Reduced | None, *, accruing: bool,
) -> View:  # fmt: skip
    facts = (gather if reduced is None else reduced.facts)(program, lines, _carried(past, found))
    view = open_view(program, facts, _evaluator(program, facts, evaluator), period.end, posted_units(past, program))
    view.brought = balances_held(program, past.renewed)
    view.kept = proven(view, period, found, lines)
    view.memo.clear()
    view.books.clear()
    view.shared.clear()
    view.accruing = accruing
    return view


def _carried(past: History, found: Agreement) -> Sequence[CarriedMeasure]:
    """What the last statement carries of the periods whose documents are absent."""
    if past.last is None or not found.absent:
        return ()
    absent = {(bucket.start, bucket.end) for bucket in found.absent}
    return [item for item in past.last.carried_measures if (item.start, item.end) in absent]


def _evaluator(program: Program, facts: Facts, name: str) -> Evaluator:
    return Interpreter(program, facts) if name == INTERPRETER else compile_program(program).bind(facts)


def _settled(run: Run, documents: Documents) -> Settlement:
    program, view, period = run.program, run.view, run.period
    found = entitlements(view, _prefixes(run))
    printed, others, pending, moved, apart, misread = _accrued(run, found) if run.book == ACCRUAL else _lines(run, found)
    sums = accrual_totals(program, printed, run.past) if run.book == ACCRUAL else totals(program.header, printed, run.past)
    falling_due, uncovered = _payments(run, moved, sums)
    sums = dated(sums, falling_due)
    released = _released(run, printed)
    held = accrual_balance(program, printed if run.book == ACCRUAL else released, run.past)
    used, left = leftover(view, run.lines, period, run.past) if run.reduced is None else asked_again(view, period)
    shown = shown_measures(view, (item for item in program.measures.values() if item.shown), period, run.found.absent)
    proven_by = receipt(program, view.facts, run.known.read, carried_totals(run.past, run.control, run.found.absent), period)
    settled = Settlement(
        program=program,
        period=period,
        as_of=run.as_of,
        lines=printed,
        totals=sums,
        papers=invoice_plan(printed),
        measures_shown=shown,
        pending=pending,
        unsettled=unsettled(found.units),
        nothing_due=nothing_due(view, found.units, [*moved, *apart], period, run.past) if run.reduced is None else (),
        documents_read=len(run.known.read) + (run.reduced.read if run.reduced is not None else 0),
        documents_used=used,
        unused=tuple(sorted((*run.known.left_out, *left), key=lambda item: (item.date, item.type, item.id, item.line))),
        duplicates=listed(documents.duplicates, DUPLICATE),
        balances=held if run.book == ACCRUAL else (*balances(view, run.past, sums, printed), *held),
        notices=notices(program, run.past, period, run.known.settled, found, (item.period for item in run.found.changed), sums, run.book, run.reduced, as_of=run.as_of),
        receipt=proven_by,
        diagnostics=(*run.warnings, *findings(program, found.units), *misread, *uncovered),
        payments=falling_due,
        payees=payees(program, printed, (line for line in others if not line.goods)),
        goods=tuple(line for line in others if line.goods),
        book=run.book,
        accrual=released,
        exceptions=exceptions(view.facts, run.known.left_out, run.past) if run.reduced is None else (),
    )
    if run.reduced is not None:
        explain_now(settled)
    return settled


def explain_now(settled: Settlement) -> None:
    """Make every explanation while the sums it reads are there; what it asks of them is no part of what the statement carries."""
    for line in (*settled.lines, *settled.pending, *settled.goods, *(line for each in settled.payees for line in each.lines)):
        _ = line.trace


Moved = tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...], list[Movement], list[Movement], tuple[Diagnostic, ...]]
"""Lines in totals, lines between others, pending lines, movements of the supplier's money, movements between others, what was said of
lines in vain."""


def _accrued(run: Run, found: Entitlements) -> Moved:
    """An accrual run moves what is earned and stands in neither book."""
    moving = _earned(run, found, run.past)
    return _of_accrual(run, moving), (), (), moving, [], ()


def _earned(run: Run, found: Entitlements, past: History) -> list[Movement]:
    """What the accrual book moves of the supplier's money."""
    moving = accruals(run.program, movements(run.program, found, units(found.units), past))
    foreign = {line.id for statement in run.past.statements for line in statement.others}
    return [item for item in moving if not _is_apart(run.program, item, foreign)]


def _released(run: Run, printed: Iterable[Line]) -> tuple[Line, ...]:
    """The lines by which a settlement brings the accrual book to what is earned and not settled; none where it was never used."""
    if run.book == ACCRUAL or not run.past.accrues:
        return ()
    past = both_books(run.past, printed)
    uncovered_before = run.view.facts.indexes.uncovered
    view = open_view(
        run.program, run.view.facts, run.view.evaluator, run.view.moment, posted_units(past, run.program), run.view.kept
    )
    view.accruing, view.brought = True, run.view.brought
    whole = replace(run, view=view, past=past)
    found = entitlements(view, _prefixes(whole))
    lines = _of_accrual(whole, _earned(whole, found, past))
    run.view.facts.indexes.uncovered = uncovered_before
    return lines


def _of_accrual(run: Run, moving: Sequence[Movement]) -> tuple[Line, ...]:
    ids = {key: f"{name}{ID}" for key, name in base_ids(moving).items()}
    taken = {line.id: line for line in run.past.accrued}
    return printed_lines(Printing(run.view, run.explainer, run.period, ids, taken), moving)


def _lines(run: Run, found: Entitlements) -> Moved:
    """A settlement moves what is entitled and not posted, and what people said of it."""
    moving = movements(run.program, found, units(found.units), run.past)
    posted = {line.id: line for statement in run.past.statements for line in (*statement.lines, *statement.others)}
    named = Named(run.program.header, base_ids(moving), {item.key: item for item in moving}, posted)
    said = heard(run.known.confirmations, moving, named, run.past)
    misunderstood = tuple(misheard(run.program, said, moving, named))
    added = adjustments(run.program, run.known.confirmations, moving, named, run.past)
    ids = base_ids((*moving, *added))
    moving = [*spoken(moving, said, named, run.past, run.period), *added]
    foreign = {line.id for statement in run.past.statements for line in statement.others}
    apart = [item for item in moving if _is_apart(run.program, item, foreign)]
    gone = {id(item) for item in apart}
    moving = collected(run.program, [item for item in moving if id(item) not in gone], _carried_in(run.past))
    printing = Printing(run.view, run.explainer, run.period, ids, posted, RLock())
    waiting = [item for item in (*moving, *apart) if item.status == "pending"]
    return (
        printed_lines(printing, (item for item in moving if item.status != "pending")),
        printed_lines(printing, (item for item in apart if item.status != "pending")),
        printed_lines(printing, waiting),
        moving,
        apart,
        misunderstood,
    )


def _is_apart(program: Program, movement: Movement, foreign: Collection[str]) -> bool:
    """Whether the movement is between others than the supplier; a clause that is gone stays where it was posted."""
    clause = clause_of(program, movement.key)
    if clause is not None:
        return bool(clause.goods) or not is_suppliers(clause.payer, movement.key.payee)
    return any(line.id in foreign for line in movement.posted.lines)


def _carried_in(past: History) -> Decimal:
    return past.carried_in


def _payments(run: Run, moved: Iterable[Movement], sums: Totals) -> tuple[tuple[Payment, ...], tuple[Diagnostic, ...]]:
    try:
        return payments(run.view, moved, sums.payout, run.period, run.past, run.known.invoices), ()
    except CalendarUncovered as error:
        why: Words = (
            f"payment falls due by working days of {error.year}, which are not announced; no date is guessed.",
            f"付款日取决于 {error.year} 年的工作日，该年日历尚未公布，不作推测。",
        )
        return (), (diagnostic("SE0703", run.program.header.language, (), why),)


def _prefixes(run: Run) -> PrefixParts:
    """How documents share an amount in date order: the same run without the documents after each."""

    def view_of(left_out: Sequence[Document]) -> View:
        if run.reduced is not None:
            run.reduced.single()
        without = {id(line) for line in left_out}
        rest = [line for line in run.lines if id(line) not in without]
        facts = gather(run.program, rest)
        view = replace(run.view, facts=facts, evaluator=Interpreter(run.program, facts), memo={}, shared={}, books={})
        facts.indexes.uncovered = partial(uncovered, view)
        return view

    def parts(view: View, clause: Clause, target: Target) -> list[tuple[str, Decimal]]:
        return parts_by_document(view, clause, target, view_of)

    return parts
