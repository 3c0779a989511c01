"""Keys: clause, group, window, payee and VAT rate, and what is entitled under each (kernel rules 2 and 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Clause, Limit, Papers, Program
from rules_engine.record import dataclass, replace
from rules_engine.settlement.entitled.entitlement import targets
from rules_engine.settlement.entitled.limits import limit_targets, member_of
from rules_engine.settlement.entitled.shares import (
    PrefixParts,
    Share,
    due_share,
    funded_share,
    in_date_order,
    payee_shares,
    spread_shares,
)
from rules_engine.settlement.papers import grossed, rate_on
from rules_engine.settlement.targets import NOTHING, Applied, Target, View
from rules_engine.values.exact import as_fraction
from rules_engine.values.period import Period
from rules_engine.values.rounding import largest_remainder, round_to

ONE_DAY = timedelta(days=1)
Group = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What posted amounts are subtracted under. `group` is (column, value), by column; `start` is the window's first day."""

    clause: str
    group: Group
    start: date
    payee: str
    rate: Decimal | None


def clause_of(program: Program, key: Key) -> Clause | None:
    """The clause between whose parties a key's money moves: for a limit the member it reduces, or the first it completes."""
    limit = program.limits.get(key.clause)
    return program.clauses.get(key.clause if limit is None else dict(key.group).get("member", limit.members[0]))


@dataclass(frozen=True, slots=True)
class Entitled:
    """The cumulative amount of a key, VAT included where the line bears it, in the clause's direction."""

    key: Key
    group: Group
    window: Period
    amount: Decimal
    target: Target
    steps: tuple[Applied, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class Entitlements:
    """All keys in the order of the program, all units looked at, amounts by clause, window and VAT rate, and by how much what
    documents record differs from what was worked out."""

    keys: dict[Key, Entitled] = field(default_factory=dict)
    units: list[Target] = field(default_factory=list)
    rates: dict[str, list[tuple[Period, Decimal | None, Decimal]]] = field(default_factory=dict)
    differences: list[tuple[str, Period, Decimal]] = field(default_factory=list)


def entitlements(view: View, prefixes: PrefixParts) -> Entitlements:
    """What everything known entitles to, key by key."""
    found = Entitlements()
    for name in view.program.order:
        clause = view.program.clauses.get(name)
        if clause is not None:
            _clause(view, clause, found, prefixes)
        elif name in view.program.limits:
            _limit(view, view.program.limits[name], found)
    return found


def _clause(view: View, clause: Clause, found: Entitlements, prefixes: PrefixParts) -> None:
    for target in targets(view, clause, view.moment):
        _compare(view, clause, target, found)
        if target.failure or target.kept or not (target.amount or in_date_order(clause)):
            found.units.append(target)
            continue
        due = due_share(view, clause, target)
        shares = [
            part
            for spread in spread_shares(view, clause, due, prefixes)
            for part in payee_shares(clause, funded_share(clause, spread), clause.rounding)
        ]
        found.units.append(shares[0].target)
        for share in () if shares[0].target.failure else shares:
            _add(view, clause.id, clause.papers, share, _weights(view, clause, target), found)


def _compare(view: View, clause: Clause, target: Target, found: Entitlements) -> None:
    """Note what the documents record more or less than was worked out."""
    if clause.recorded is None or target.failure or target.kept:
        return
    outcome = view.evaluator.evaluate(clause.recorded, target.asking, view.results)
    if isinstance(outcome.value, Decimal | Fraction) and outcome.value:
        found.differences.append((clause.id, target.window, round_to(outcome.value, clause.rounding.to, clause.rounding.mode)))


def _limit(view: View, limit: Limit, found: Entitlements) -> None:
    for target in limit_targets(view, limit, view.moment):
        found.units.append(target)
        if target.amount:
            member = view.program.clauses[member_of(target) or limit.members[0]]
            for share in payee_shares(member, Share(target, target.amount), limit.rounding):
                _add(view, limit.id, limit.papers, share, _member_rates(limit, target, found), found)


def _member_rates(limit: Limit, target: Target, found: Entitlements) -> Mapping[Decimal | None, Decimal]:
    """A limit's line bears the VAT rates of what it reduces or completes."""
    weights: dict[Decimal | None, Decimal] = {}
    for name in (member_of(target),) if target.per else limit.members:
        for window, rate, amount in found.rates.get(name, ()):
            if target.window.contains(window.start):
                weights[rate] = weights.get(rate, NOTHING) + amount
    return {rate: amount for rate, amount in weights.items() if amount > 0}


def _weights(view: View, clause: Clause, target: Target) -> Mapping[Decimal | None, Decimal]:
    if clause.papers.vat != "contract" or clause.base is None or not view.program.header.vat:
        return {}
    return view.facts.weights_by_vat(clause.base, target.asking)


def _add(
    view: View, name: str, papers: Papers, share: Share, weights: Mapping[Decimal | None, Decimal], found: Entitlements
) -> None:
    target, to = share.target, _step(view, name)
    for rate, amount in _by_rate(view, papers, share, weights, to):
        found.rates.setdefault(name, []).append((target.window, rate, amount))
        gross = grossed(view.program.header, papers, rate, amount)
        steps = share.steps if amount == share.amount else (*share.steps, _vat_step(rate, amount))
        group = (*zip(target.per, target.group, strict=True), *share.extra)
        key = Key(name, tuple(sorted(group)), target.window.start, share.payee, rate)
        entitled = Entitled(
            key, group, target.window, gross, target, _with_gross(steps, amount, gross), (*target.flags, *share.flags)
        )
        known = found.keys.get(key)
        found.keys[key] = entitled if known is None else replace(known, amount=known.amount + gross)


def _step(view: View, name: str) -> Decimal:
    return (view.program.clauses.get(name) or view.program.limits[name]).rounding.to


def _by_rate(
    view: View, papers: Papers, share: Share, weights: Mapping[Decimal | None, Decimal], to: Decimal
) -> Iterable[tuple[Decimal | None, Decimal]]:
    """The share split among the VAT rates of its base; one rate where the base has one, or none."""
    header = view.program.header
    if papers.vat != "contract":
        return [(papers.vat if isinstance(papers.vat, Decimal) else None, share.amount)]
    if len(weights) > 1 and sum(weights.values(), NOTHING):
        rates = sorted(weights, key=lambda rate: (rate is None, rate or NOTHING))
        parts = largest_remainder(share.amount, [weights[rate] for rate in rates], to)
        return [(rate, part) for rate, part in zip(rates, parts, strict=True) if part]
    only = next(iter(weights)) if len(weights) == 1 else rate_on(header, share.target.upto - ONE_DAY)
    return [(only, share.amount)]


def _vat_step(rate: Decimal | None, amount: Decimal) -> Applied:
    return Applied("share", amount, {"vat_rate": "" if rate is None else str(as_fraction(rate) * 100)})


def _with_gross(steps: tuple[Applied, ...], amount: Decimal, gross: Decimal) -> tuple[Applied, ...]:
    return steps if amount == gross else (*steps, Applied("vat", gross, {"net": str(amount), "vat": str(gross - amount)}))
