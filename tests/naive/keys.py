"""From targets to keys: what is due by now, shared among documents, groups and payees, split by VAT rate; and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.expressions import formula_of, is_priced, of_window, read_by
from tests.naive.kernel import ZERO, Kernel
from tests.naive.numbers import rounded, shared
from tests.naive.terms import ClauseTerms, LimitTerms
from tests.naive.windows import Span
from tests.naive.world import Ask, MissingError

CENT = Fraction(1, 100)
Extra = tuple[tuple[str, str], ...]
"""What a share adds to the group."""
Key = tuple[str, Extra, date, Fraction | None, str]
"""Clause, group, the window's first day, VAT rate, payee."""


@dataclass(frozen=True)
class Part:
    """A part of a target: what it adds to the group, its VAT rate, who is paid, its amount."""

    extra: Extra
    rate: Fraction | None
    payee: str
    amount: Fraction


@dataclass(frozen=True)
class Line:
    """What moves for one key. `amount` is signed in its direction and includes VAT; `net` is without."""

    clause: str
    group: Extra
    window: Span
    vat: Fraction | None
    payee: str
    direction: str
    amount: Fraction
    net: Fraction = ZERO

    @property
    def key(self) -> Key:
        """What target and posted are compared by."""
        return (self.clause, self.group, self.window[0], self.vat, self.payee)


class Keys(Kernel):
    """A run's entitlement, key by key: lines whose amount is the whole target, nothing posted yet."""

    def entitled(self, upto: date) -> list[Line]:
        """Every key's cumulative amount."""
        found: list[Line] = []
        for clause in self.terms.clauses.values():
            for group in self.groups(clause, upto):
                for window in self.windows(clause, upto):
                    found.extend(self.of_key(clause, group, window, upto))
        for limit in self.terms.limits.values():
            found.extend(self.of_limit(limit, upto))
        return found

    def of_key(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> list[Line]:
        """What a group and window are entitled to, by key; nothing where an input is missing."""
        try:
            parts = self.parts(clause, group, window, upto)
        except MissingError:
            self.unsettled.append((clause.id, group, window))
            return []
        named = tuple(zip(clause.per, group, strict=True))
        direction = "payable" if clause.payer == "platform" else "receivable"
        return [
            self.with_tax(Line(clause.id, named + part.extra, window, part.rate, part.payee, direction, part.amount))
            for part in parts
        ]

    def with_tax(self, line: Line) -> Line:
        """Prices that exclude VAT get it on top."""
        if line.vat is None or self.terms.inclusive:
            return line
        return replace(line, amount=line.amount + rounded(line.amount * line.vat, CENT, "half_up"))

    def parts(self, clause: ClauseTerms, group: tuple[str, ...], window: Span, upto: date) -> list[Part]:
        """A target, as far as it is due by now, shared over documents or groups, then among payees, then by VAT rate."""
        total = self.due(clause, self.target(clause, group, window, upto), upto)
        return [
            Part(extra, rate, payee, amount)
            for extra, share in self.spread(clause, group, window, total, upto)
            for payee, part in self.paid_to(clause, share)
            for rate, amount in self.by_vat(clause, group, window, part, upto)
        ]

    def due(self, clause: ClauseTerms, total: Fraction, upto: date) -> Fraction:
        """The part of a target that is payable by now, rounded as the clause rounds."""
        if clause.due:
            fraction = sum((share for share, day in clause.due if day < upto), ZERO)
        elif clause.by_day:
            start, end = clause.by_day
            fraction = Fraction(max(0, (min(upto, end) - start).days), (end - start).days)
        else:
            return total
        return total if fraction == 1 else rounded(total * fraction, *clause.rounding)

    def spread(
        self, clause: ClauseTerms, group: tuple[str, ...], window: Span, total: Fraction, upto: date
    ) -> list[tuple[Extra, Fraction]]:
        """One amount shared over the values of a column, or over documents in date order."""
        point = self.point(clause, group, window, upto)
        if total == 0 and (not clause.date_order or point is None):
            return [((), total)]
        seen = point or upto
        if clause.date_order:
            return self.in_date_order(clause, group, window, total, seen)
        if clause.spread is None:
            return [((), total)]
        column, weight = clause.spread
        ask = Ask((*clause.per, column), (), window[0], window[1], seen)
        named = self.values_of(column, weight, Ask(clause.per, group, ask.start, ask.end, ask.upto))
        weights = [Fraction(of_window(weight, replace(ask, group=(*group, name)), self.world)) for name in named]
        if sum(weights, ZERO) == 0:
            return [(((column, ""),), total)]
        return [(((column, name),), part) for name, part in zip(named, shared(total, weights, clause.rounding[0]), strict=True)]

    def in_date_order(
        self, clause: ClauseTerms, group: tuple[str, ...], window: Span, total: Fraction, seen: date
    ) -> list[tuple[Extra, Fraction]]:
        """Each document gets what the amount with it is more than without it and all later ones; the last gets the rest."""
        ask = Ask(clause.per, group, window[0], window[1], seen)
        rows = [row for _, row in read_by(clause.bases[0], ask, self.world)]
        rows.sort(key=lambda row: (self.world.clock(row, clause.per), row["doc_id"], row["line_no"]))
        parts: dict[str, Fraction] = {}
        before = ZERO
        for index, row in enumerate(rows):
            later = [id(other) for other in rows[index + 1 :]]
            world = replace(self.world, rows=[other for other in self.world.rows if id(other) not in later])
            caps = tuple(bound for bound in clause.bounds if bound.side == "most")
            amount = Kernel(self.terms, world, self.now).value(replace(clause, bounds=caps), group, window, seen)
            amount = total if index + 1 == len(rows) else rounded(amount, *clause.rounding)
            parts[row["doc_id"]] = parts.get(row["doc_id"], ZERO) + amount - before
            before = amount
        return [((("document", name),), part) for name, part in parts.items()] or [((("document", ""),), total)]

    def values_of(self, column: str, weight: tree.Expression, ask: Ask) -> list[str]:
        """The values of a column among the documents of the weight, by text."""
        return sorted({self.world.group_value(row, column) for _, row in read_by(weight, ask, self.world)})

    def paid_to(self, clause: ClauseTerms, amount: Fraction) -> list[tuple[str, Fraction]]:
        """The payees' parts by largest remainder; the one without a figure takes the rest of the whole."""
        if not clause.payees:
            return [("", amount)]
        rest = 1 - sum((share for _, share in clause.payees if share is not None), ZERO)
        weights = [rest if share is None else share for _, share in clause.payees]
        return list(zip([name for name, _ in clause.payees], shared(amount, weights, clause.rounding[0]), strict=True))

    def by_vat(
        self, clause: ClauseTerms, group: tuple[str, ...], window: Span, total: Fraction, upto: date
    ) -> list[tuple[Fraction | None, Fraction]]:
        """Parts of a target by VAT rate, weighed by the paying base."""
        if clause.vat != "contract":
            return [(clause.vat, total)]  # type: ignore[list-item]
        seen = self.point(clause, group, window, upto) or upto
        weights = self.weights(clause, Ask(clause.per, group, window[0], window[1], seen))
        if len(weights) == 1:
            return [(next(iter(weights)), total)]
        if not weights or sum(weights.values(), ZERO) == 0:
            return [(self.rate_on(seen), total)]
        rates = sorted(weights, key=lambda rate: (rate is None, rate or ZERO))
        parts = shared(total, [weights[rate] for rate in rates], clause.rounding[0])
        return list(zip(rates, parts, strict=True))

    def weights(self, clause: ClauseTerms, ask: Ask) -> dict[Fraction | None, Fraction]:
        """The paying base by VAT rate; of a priced measure, what it is priced on."""
        if not clause.bases or clause.kind == "reversal":
            return {}
        base, rates = clause.bases[0], dict[Fraction | None, Fraction]()
        while isinstance(base, tree.Name) and base.id in self.world.measures and is_priced(self.world.measures[base.id]):
            base = formula_of(self.world.measures[base.id])
        for _, row in read_by(base, ask, self.world):
            rates.setdefault(self.world.vat_rate(row), ZERO)
        for rate in rates:
            only = ask.masked(lambda row, rate=rate: self.world.vat_rate(row) == rate)  # type: ignore[misc]
            rates[rate] = Fraction(of_window(base, only, self.world))
        return {rate: weight for rate, weight in rates.items() if weight != 0}

    def rate_on(self, end: date) -> Fraction | None:
        """The contract's rate on the last day before `end`."""
        day = end - timedelta(days=1)
        rates = (
            rate for rate, start, until in self.terms.vat if (start is None or start <= day) and (until is None or day < until)
        )
        return next(rates, None)

    def of_limit(self, limit: LimitTerms, upto: date) -> list[Line]:
        """One reduction a member where a cap is passed, narrow windows first; the missing rest where a floor is not reached at
        the close."""
        found: list[Line] = []
        for bound, wide, reductions, missing in self.limit_windows(limit, upto):
            members = [self.terms.clauses[name] for name in limit.members]
            same = "payable" if members[0].payer == "platform" else "receivable"
            against = "receivable" if same == "payable" else "payable"
            for member, part in zip(members, reductions, strict=True) if part_of(reductions) else ():
                group = (("member", member.id), *((("bound", bound.window.kind),) if several(limit) and bound.window else ()))
                for rate, amount in self.at_rates(limit, part, [member], wide, upto):
                    found.append(self.with_tax(Line(limit.id, group, wide, rate, "", against, amount)))
            for rate, amount in self.at_rates(limit, missing, members, wide, upto) if missing else ():
                found.append(self.with_tax(Line(limit.id, (), wide, rate, "", same, amount)))
        return found

    def at_rates(
        self, limit: LimitTerms, part: Fraction, members: list[ClauseTerms], wide: Span, upto: date
    ) -> list[tuple[Fraction | None, Fraction]]:
        """A limit's amount at the VAT rates of what it reduces; its papers are its first member's."""
        vat = self.terms.clauses[limit.members[0]].vat
        if vat != "contract":
            return [(vat, part)]  # type: ignore[list-item]
        weights: dict[Fraction | None, Fraction] = {}
        for member in members:
            for group in self.groups(member, upto):
                for window in self.windows(member, upto):
                    for each in self.parts(member, group, window, upto) if wide[0] <= window[0] < wide[1] else ():
                        weights[each.rate] = weights.get(each.rate, ZERO) + each.amount
        rates = sorted((rate for rate in weights if weights[rate] > 0), key=lambda rate: (rate is None, rate or ZERO))
        if not rates:
            return [(self.rate_on(min(upto, wide[1])), part)]
        if len(rates) == 1:
            return [(rates[0], part)]
        return list(zip(rates, shared(part, [weights[rate] for rate in rates], limit.rounding[0]), strict=True))


def part_of(parts: Sequence[Fraction]) -> bool:
    """Whether there is anything to take off."""
    return any(parts)


def several(limit: LimitTerms) -> bool:
    """Whether a limit has more than one cap, so that lines must say which."""
    return sum(1 for bound in limit.bounds if bound.side == "most") > 1
