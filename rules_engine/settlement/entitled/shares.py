"""Sharing a rounded target: by due date, by weight, by document, among payees (kernel rules 11 and 12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Expression, Rounding
from rules_engine.core.program import Clause, Spread
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.record import dataclass
from rules_engine.settlement.earned.funding import is_parted, own_part
from rules_engine.settlement.reasons import NOT_DUE
from rules_engine.settlement.targets import NOTHING, Applied, Target, View
from rules_engine.values.exact import Number, as_fraction
from rules_engine.values.period import Period
from rules_engine.values.rounding import largest_remainder, round_to

UNSHARED = "unshared"
ONE_DAY = timedelta(days=1)
PrefixParts = Callable[[View, Clause, Target], "Sequence[tuple[str, Decimal]]"]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a target: what `extra` adds to its group, who is paid, and how much."""

    target: Target
    amount: Decimal
    extra: tuple[tuple[str, str], ...] = ()
    payee: str = ""
    steps: tuple[Applied, ...] = ()
    flags: tuple[str, ...] = ()


def due_share(view: View, clause: Clause, target: Target) -> Share:
    """What of the target is payable by now: all of it, unless the clause says when or spreads it over days."""
    if clause.due:
        fraction = _due_fraction(view, clause, target)
    elif clause.spread is not None and clause.spread.by == "day":
        fraction = _elapsed(clause.spread, target.window, view.moment)
    else:
        return Share(target, target.amount)
    if isinstance(fraction, Outcome):
        return Share(replace(target, failure=fraction, amount=NOTHING), NOTHING)
    if fraction == 1:
        return Share(target, target.amount)
    amount = round_to(as_fraction(target.amount) * fraction, clause.rounding.to, clause.rounding.mode)
    reason = NOT_DUE if target.amount and not amount else target.reason
    return Share(replace(target, reason=reason), amount, steps=(Applied("share", amount, {"share": str(fraction)}),))


def _due_fraction(view: View, clause: Clause, target: Target) -> Fraction | Outcome:
    total = Fraction(0)
    for share in clause.due:
        day = share.day if isinstance(share.day, date) else _day(view, share.day, target.asking)
        if isinstance(day, Outcome):
            return day
        if day < view.moment:
            total += as_fraction(share.share)
    return total


def _day(view: View, rule: Expression, asking: Asking) -> date | Outcome:
    outcome = view.evaluator.evaluate(rule, asking, view.results)
    return outcome.value if isinstance(outcome.value, date) else outcome


def _elapsed(spread: Spread, window: Period, moment: date) -> Fraction:
    """The share of the spread's days that are over."""
    start, end = spread.start or window.start, spread.end or window.end
    return Fraction(max(0, (min(moment, end) - start).days), (end - start).days)


def in_date_order(clause: Clause) -> bool:
    """Whether each document gets what it caused: such parts may come to nothing together and still move."""
    return clause.spread is not None and clause.spread.by == "document_order"


def spread_shares(view: View, clause: Clause, share: Share, prefixes: PrefixParts) -> tuple[Share, ...]:
    """The share split as `spread` says; one unshared line with a flag where there is nothing to split by."""
    spread, nothing = clause.spread, not share.amount and not share.target.amount
    if spread is None or spread.by == "day" or (nothing and spread.by != "document_order"):
        return (share,)
    if spread.by != "document_order":
        return _by_weight(view, clause, spread, share)
    parts = prefixes(view, clause, share.target)
    return (share,) if nothing and not any(part for _, part in parts) else _by_document(clause, share, parts)


def _by_document(clause: Clause, share: Share, parts: Sequence[tuple[str, Decimal]]) -> tuple[Share, ...]:
    if not parts:
        return (replace(share, extra=(("document", ""),), flags=(*share.flags, UNSHARED)),)
    amounts = [amount for _, amount in parts]
    if share.amount != sum(amounts, NOTHING):
        amounts = largest_remainder(share.amount, amounts, clause.rounding.to) if sum(amounts, NOTHING) else amounts
    return tuple(
        _part(share, ("document", document), amount, {"by": "document_order"})
        for (document, _), amount in zip(parts, amounts, strict=True)
    )


def _by_weight(view: View, clause: Clause, spread: Spread, share: Share) -> tuple[Share, ...]:
    found = _weights(view, clause, spread, share.target)
    if isinstance(found, Outcome):
        return (replace(share, target=replace(share.target, failure=found), amount=NOTHING),)
    names, weights = found
    if not sum(weights, Fraction(0)):
        return (replace(share, extra=((spread.over, ""),), flags=(*share.flags, UNSHARED)),)
    parts = largest_remainder(share.amount, weights, clause.rounding.to)
    whole = str(sum(weights, Fraction(0)))
    return tuple(
        _part(share, (spread.over, name), part, {"by": "weight", "weight": str(weight), "of": whole})
        for name, weight, part in zip(names, weights, parts, strict=True)
    )


def _weights(view: View, clause: Clause, spread: Spread, target: Target) -> tuple[list[str], list[Number]] | Outcome:
    """The values of the spread's column inside the target's group, with their weights."""
    weight = spread.weight
    if weight is None:
        raise ValueError(f"{clause.id} spreads without a weight")
    per, window, names, weights = (*clause.per, spread.over), target.window, list[str](), list[Number]()
    for group in view.facts.groups(weight, per, window.start, target.upto):
        if group[:-1] != target.group:
            continue
        asking = Asking(per, group, window.start, window.end, target.upto, target.closed)
        outcome = view.evaluator.evaluate(weight, asking, view.results)
        if outcome.value is None or isinstance(outcome.value, bool | str | date):
            return outcome
        names.append(group[-1])
        weights.append(as_fraction(outcome.value))
    return names, weights


def _part(share: Share, extra: tuple[str, str], amount: Decimal, detail: dict[str, str]) -> Share:
    step = Applied("spread", amount, {**detail, "over": extra[0], "value": extra[1]})
    return replace(share, amount=amount, extra=(extra,), steps=(*share.steps, step))


def funded_share(clause: Clause, share: Share) -> Share:
    """The payer's part of what `spread` gave one group; without a spread the target is the payer's part already."""
    if not clause.funding or not is_parted(clause) or not share.amount:
        return share
    own, step = own_part(clause, share.amount)
    return replace(share, amount=own, steps=(*share.steps, step))


def payee_shares(clause: Clause, share: Share, rounding: Rounding) -> tuple[Share, ...]:
    """The share split among the payees, the one without a figure takes the rest; the parts add up, the odd cents go to the largest
    remainders, ties to the first named."""
    if not clause.shares:
        return (share,)
    named = sum((item.share for item in clause.shares if item.share is not None), NOTHING)
    weights = [1 - named if item.share is None else item.share for item in clause.shares]
    parts = largest_remainder(share.amount, weights, rounding.to)
    return tuple(
        replace(
            share,
            amount=part,
            payee=item.party,
            steps=(*share.steps, Applied("share", part, _payee_detail(item.party, item.share))),
        )
        for item, part in zip(clause.shares, parts, strict=True)
    )


def _payee_detail(party: str, share: Decimal | None) -> dict[str, str]:
    return {"payee": party, "share": "rest" if share is None else str(share)}
