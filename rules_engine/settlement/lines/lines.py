"""Movements become the lines of a statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from hashlib import sha256
from threading import RLock
from typing import cast

from rules_engine.core.program import Clause, Limit, Papers, Program
from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.engine.evaluator import Explainer
from rules_engine.record import dataclass, replace
from rules_engine.settlement.entitled.keys import Key, clause_of
from rules_engine.settlement.later import Later
from rules_engine.settlement.lines.explaining import trace
from rules_engine.settlement.lines.ids import line_id
from rules_engine.settlement.model import Lifecycle, Line
from rules_engine.settlement.papers import line_papers, smallest_unit
from rules_engine.settlement.past.statements import ADJUSTED
from rules_engine.settlement.subtract import Movement, lines_of
from rules_engine.settlement.targets import NOTHING, Target, View
from rules_engine.source import NOWHERE, Span
from rules_engine.values.exact import Number, exact_text
from rules_engine.values.period import Period
from rules_engine.values.rounding import round_to

MOST_DECIMALS = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a line takes from its clause or limit, or from the posted line of a clause that is gone."""

    kind: str
    title: str
    papers: Papers
    source: str = ""
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Printing:
    """What every line needs: the view, who explains, the run's period, base ids, and the ids already posted. With a `lock`
    explanations are made under it when they are read."""

    view: View
    explainer: Explainer | None
    period: Period
    ids: Mapping[Key, str]
    posted_ids: Mapping[str, object]
    lock: RLock | None = None


def lines(printing: Printing, moving: Iterable[Movement]) -> tuple[Line, ...]:
    """A line for every movement that is not 0 (kernel rule 19)."""
    return tuple(line for movement in moving if movement.due for line in _printed(printing, movement))


def _printed(printing: Printing, movement: Movement) -> tuple[Line, ...]:
    """One net line; where the contract corrects by reversal, what was posted is taken back and the new amount stands by itself
    (kernel rule 9)."""
    line = _line(printing, movement)
    by_reversal = printing.view.program.header.corrections == "reversal" and line.status == "correction" and line.posted
    if not by_reversal or movement.due != movement.amount - movement.posted.amount:
        return (line,)
    nothing = at_scale(NOTHING, smallest_unit(printing.view.program.header.currency))
    papers, net = line.papers, movement.posted.net_of_vat
    posted_before = TraceStep("posted", line.posted, Unit.MONEY)
    back = replace(papers, net_of_vat=-net, vat=net - line.posted)
    anew = replace(papers, net_of_vat=papers.net_of_vat + net, vat=line.target - papers.net_of_vat - net)
    reversed_line = replace(line, id=f"{line.id}.reversed", target=nothing, amount=-line.posted, papers=back, trace=posted_before)
    again = replace(line, id=f"{line.id}.again", posted=nothing, amount=line.target, papers=anew, corrects=())
    return (reversed_line, again) if line.target else (reversed_line,)


def _line(printing: Printing, movement: Movement) -> Line:
    view, target = printing.view, movement.target
    header, origin = view.program.header, origin_of(view.program, movement)
    after = movement.posted.amount + movement.due
    papers = line_papers(header, origin.papers, movement.key.rate, after, movement.posted.net_of_vat, movement.due)
    count, digest = _documents(view, target)
    goods = goods_of(view.program, movement.key.clause)
    unit = Decimal(1) if goods == "units" else smallest_unit(header.currency)
    return Line(
        goods=goods,
        id=line_id(printing.ids[movement.key], movement, printing.period, printing.posted_ids),
        clause=movement.key.clause.removesuffix(ADJUSTED),
        kind=origin.kind,
        title=origin.title,
        group=dict(movement.group),
        window=movement.window,
        payee=movement.key.payee,
        direction=movement.direction,
        base=_base(view, target),
        unrounded=exact_text(target.exact) if target else exact_text(movement.amount),
        target=at_scale(movement.amount, unit),
        posted=at_scale(movement.posted.amount, unit),
        amount=at_scale(movement.due, unit),
        papers=papers,
        status=movement.status,
        corrects=tuple(line.id for line in lines_of(movement)),
        source=origin.source,
        span=origin.span,
        text=origin.text,
        document_count=count,
        documents_sha256=digest,
        trace=_trace(printing, movement),
        flags=tuple(dict.fromkeys(movement.flags)),
        lifecycle=_scaled(movement.lifecycle, unit),
        payer=_third(view.program, movement),
    )


def _trace(printing: Printing, movement: Movement) -> TraceStep:
    work = partial(trace, printing.view, printing.explainer, movement)
    if printing.lock is None or printing.explainer is None:
        return work()
    return cast("TraceStep", Later(work, printing.lock))


def _scaled(life: Lifecycle | None, unit: Decimal) -> Lifecycle | None:
    if life is None:
        return None
    stated = None if life.stated is None else at_scale(life.stated, unit)
    return replace(life, computed=at_scale(life.computed, unit), stated=stated)


def _third(program: Program, movement: Movement) -> str:
    """The party that pays in the place of platform or supplier."""
    clause = clause_of(program, movement.key)
    if clause is None:
        return movement.posted.lines[-1].payer if movement.posted.lines else ""
    return "" if clause.payer in ("platform", "supplier") else clause.payer


def goods_of(program: Program, clause: str) -> str:
    """Whether a clause is settled in goods: by units, by value, or '' in money."""
    found = program.clauses.get(clause)
    return found.goods if found else ""


def at_scale(amount: Decimal, unit: Decimal) -> Decimal:
    """The amount with at least the decimals of the currency."""
    return amount if amount.as_tuple().exponent <= unit.as_tuple().exponent else amount.quantize(unit)  # type: ignore[operator]


def origin_of(program: Program, movement: Movement) -> Origin:
    """Where a movement comes from."""
    name = movement.key.clause.removesuffix(ADJUSTED)
    item: Clause | Limit | None = program.clauses.get(name) or program.limits.get(name)
    if item is not None and name != movement.key.clause:
        title = f"调整：{item.title or name}" if program.header.language == "zh" else f"Adjustment: {item.title or name}"
        return Origin("adjustment", title, item.papers, item.source, item.text, item.span)
    if isinstance(item, Clause):
        return Origin(item.kind, item.title or item.id, item.papers, item.source, item.text, item.span)
    if isinstance(item, Limit):
        return Origin("limit", item.title or item.id, item.papers, item.source, item.text, item.span)
    last = movement.posted.lines[-1]
    return Origin(last.kind, last.title, Papers(last.invoice_by, last.treatment))


def _documents(view: View, target: Target | None) -> tuple[int, str]:
    """How many documents the unit read, and the hash of their identities in order."""
    if target is None or target.expression is None:
        return 0, sha256().hexdigest()
    return view.facts.evidence(target.expression, target.asking)


def _base(view: View, target: Target | None) -> Decimal | None:
    clause = view.program.clauses.get(target.clause) if target else None
    if target is None or clause is None or clause.base is None:
        return None
    value = view.evaluator.evaluate(clause.base, target.asking, view.results).value
    return plain_decimal(value) if isinstance(value, Decimal | Fraction) else None


def plain_decimal(value: Number) -> Decimal:
    """A number with the decimals it needs, at most ten, at least two."""
    rounded = round_to(value, MOST_DECIMALS, "half_up").normalize()
    return at_scale(rounded + NOTHING, Decimal("0.01"))
