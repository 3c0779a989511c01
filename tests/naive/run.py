"""Settle consecutive periods: what is entitled less what was posted, key by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.amending import Amendment, as_amended
from tests.naive.confirming import WORDS, Answer, answered
from tests.naive.earning import measured
from tests.naive.keys import Key, Keys, Line
from tests.naive.numbers import rounded
from tests.naive.reading import contract_terms
from tests.naive.terms import ContractTerms
from tests.naive.windows import Span, windows
from tests.naive.world import Row, World

ZERO = Fraction(0)
Mark = tuple[str, tuple[tuple[str, str], ...], Span]


@dataclass(frozen=True)
class Result:
    """One settlement: lines, totals, and the keys that could not be settled."""

    period: Span
    lines: tuple[Line, ...]
    payable: Fraction
    receivable: Fraction
    net: Fraction
    carried_in: Fraction
    payout: Fraction
    carried_out: Fraction
    unsettled: tuple[tuple[str, tuple[str, ...], Span], ...]
    written_off: Fraction = ZERO
    said: Answer = field(default_factory=Answer)

    def waiting(self) -> dict[Key, Fraction]:
        """Amount of every key that waits for somebody's word."""
        return {line.key: line.amount for line in self.said.waiting if line.amount}

    def by_key(self) -> dict[Key, tuple[Fraction, Fraction]]:
        """Amount and net of every key that moves."""
        return {line.key: (line.amount, line.net) for line in self.lines}

    def amounts(self) -> dict[Mark, Fraction]:
        """Amount by clause, group and window, over all VAT rates; what came to nothing is left out."""
        found: dict[Mark, Fraction] = {}
        for line in self.lines:
            mark = (line.clause, line.group, line.window)
            found[mark] = found.get(mark, ZERO) + line.amount
        return {mark: amount for mark, amount in found.items() if amount}


def known(rows: Sequence[Row], terms: ContractTerms, period: Span) -> list[Row]:
    """What the run may look at: not after the period or the term, known by the period's last day."""
    ends = dict.fromkeys(WORDS, date.max)
    in_time = [row for row in rows if row["date"] < min(period[1], ends.get(row["type"], terms.end)) and heard(row) < period[1]]
    if terms.late == "not_settled":
        in_time = [row for row in in_time if not missed(row, terms)]
    return [row for row in in_time if not row.get("ref_doc_id") or any(names(row, other) for other in in_time)]


def missed(row: Row, terms: ContractTerms) -> bool:
    """Whether a row became known only after the settlement of its own day."""
    tiles = windows(terms.settle.kind, terms.start, terms.end, terms.settle.starting_day, terms.year_start)
    own = next((end for start, end in tiles if start <= row["date"] < end), None)
    return own is not None and heard(row) >= own


def heard(row: Row) -> date:
    """The day a row became known."""
    day: date = row.get("known_on") or row["date"]
    return day


def names(row: Row, other: Row) -> bool:
    """Whether `other` is the line that a return says it reverses; a return of an unknown line waits."""
    same_line = not row.get("ref_line_no") or other["line_no"] == row["ref_line_no"]
    return other is not row and other["doc_id"] == row["ref_doc_id"] and bool(same_line)


def settle(text: tree.ContractText, rows: Sequence[Row], period: Span, earlier: Sequence[Result] = ()) -> Result:
    """One run over everything known by the end of the period, less what `earlier` runs posted."""
    terms = contract_terms(text)
    world = World(
        known(rows, terms, period), terms.measures, terms.values, terms.own_types, (terms.start, terms.end),
        terms.returns, terms.year_start, terms.vat, terms.findings, mode=terms.rounding[1], counters=terms.counters,
        marked={id(each.bases[0]): each.draw[0] for each in terms.clauses.values() if each.draw and each.draw[1] == "documents"},
        settlements=[start for start, _ in windows(terms.settle.kind, terms.start, terms.end, terms.settle.starting_day, terms.year_start)],
    )  # fmt: skip
    world.priced = lambda block, ask: measured(block, ask, world)
    kernel = Keys(terms, world, period[1])
    entitled = kernel.entitled(period[1])
    frozen = {(clause, group, window) for clause, group, window in kernel.unsettled}
    disputes = (earlier[-1].said.disputes or {}) if earlier else {}
    pending = [clause.id for clause in terms.clauses.values() if clause.confirmed]
    said = answered(difference(entitled, earlier, frozen), pending, world.rows, disputes, earlier[-1].period if earlier else None)
    moved = collected(said.posted, earlier[-1].carried_out if earlier else ZERO, terms)
    return replace(totalled(period, moved, earlier, tuple(kernel.unsettled), terms), said=said)


def difference(
    entitled: Sequence[Line], earlier: Sequence[Result], frozen: set[tuple[str, tuple[str, ...], Span]]
) -> tuple[Line, ...]:
    """Target less posted over the union of keys; what could not be judged stands."""
    posted: dict[Key, Line] = {}
    for result in earlier:
        for line in result.lines:
            before = posted[line.key].amount if line.key in posted else ZERO
            net = posted[line.key].net if line.key in posted else ZERO
            settled = (result.said.accepted or {}).get(line.key, ZERO)
            posted[line.key] = replace(line, amount=before + line.amount + settled, net=net + line.net + settled)
    lines = []
    for each in added(entitled):
        stood = posted.pop(each.key, replace(each, amount=ZERO))
        net = without_vat(each.amount, each.vat) - stood.net
        lines.append(replace(each, amount=each.amount - stood.amount, net=net))
    lines.extend(replace(line, amount=-line.amount, net=-line.net) for line in posted.values() if not stands(line, frozen))
    return tuple(line for line in lines if line.amount)


def added(entitled: Sequence[Line]) -> list[Line]:
    """One line a key."""
    found: dict[Key, Line] = {}
    for line in entitled:
        before = found[line.key].amount if line.key in found else ZERO
        found[line.key] = replace(line, amount=before + line.amount)
    return list(found.values())


def without_vat(amount: Fraction, rate: Fraction | None) -> Fraction:
    """The net of a cumulative amount, to the cent; VAT is the rest."""
    return amount if rate is None else rounded(amount / (1 + rate), Fraction(1, 100), "half_up")


def collected(lines: tuple[Line, ...], carried: Fraction, terms: ContractTerms) -> tuple[Line, ...]:
    """Deposits and prepayments take no more than the others leave, clause by clause, oldest window first; the rest stays unposted."""
    order = list(terms.clauses)
    lines = tuple(sorted(lines, key=lambda line: (order.index(line.clause) if line.clause in order else len(order), line.window[0])))
    waiting = {name for name, clause in terms.clauses.items() if clause.collect == "within_net"}
    left = carried + sum((signed(line) for line in lines if line.clause not in waiting), ZERO)
    found = []
    for line in lines:
        cut = line
        if line.clause in waiting:
            if line.amount > 0:
                amount = min(line.amount, max(left, ZERO))
                cut = replace(line, amount=amount, net=amount)
            left += signed(cut)
        found.append(cut)
    return tuple(line for line in found if line.amount)


def signed(line: Line) -> Fraction:
    """What a line adds to the net."""
    return line.amount if line.direction == "payable" else -line.amount


def stands(line: Line, frozen: set[tuple[str, tuple[str, ...], Span]]) -> bool:
    """Whether what was posted is left alone because its key could not be judged."""
    return (line.clause, tuple(value for _, value in line.group), line.window) in frozen


def totalled(
    period: Span, lines: tuple[Line, ...], earlier: Sequence[Result], unsettled: tuple[tuple[str, tuple[str, ...], Span], ...],
    terms: ContractTerms,
) -> Result:  # fmt: skip
    """Totals: net, what was carried in, what is paid out, what is carried on."""
    payable = sum((line.amount for line in lines if line.direction == "payable"), ZERO)
    receivable = sum((line.amount for line in lines if line.direction == "receivable"), ZERO)
    net = payable - receivable
    carried = earlier[-1].carried_out if earlier else ZERO
    available = net + carried
    impatient = terms.deferrals is not None and waited(earlier) >= terms.deferrals
    paid = available if available > 0 and (available >= terms.minimum_payout or impatient) else ZERO
    if available < 0 and terms.negative_net == "invoiced":
        paid = available
    known = [*((each.carried_in, each.net, each.written_off) for each in earlier), (carried, net, ZERO)]
    lost = -given_up(known, terms) if available < 0 else ZERO
    return Result(period, lines, payable, receivable, net, carried, paid, available - paid - lost, unsettled, lost)


def waited(earlier: Sequence[Result]) -> int:
    """How many of the last statements in a row put a payout off."""
    count = 0
    for each in earlier:
        count = count + 1 if each.carried_out > 0 and not each.payout else 0
    return count


def given_up(history: Sequence[tuple[Fraction, Fraction, Fraction]], terms: ContractTerms) -> Fraction:
    """What so many later settlements could not take back of a negative net that no money put off covers; what is taken back or
    given up is the oldest's. The history is carried in, net, written off."""
    owed: list[Fraction] = []
    for carried, net, written_off in history:
        owed.append(max(ZERO, -net - max(ZERO, carried)))
        back = max(ZERO, net) - written_off
        for place, each in enumerate(owed):
            owed[place] = each - min(each, back)
            back -= min(each, back)
    old = owed[: max(0, len(owed) - terms.write_off)] if terms.write_off else []
    return sum(old, ZERO)


def settle_all(
    text: tree.ContractText, rows: Sequence[Row], periods: Sequence[Span], amendments: Sequence[Amendment] = ()
) -> list[Result]:
    """Consecutive runs, each with all earlier ones posted, under the amendments known by its last day."""
    results: list[Result] = []
    for period in periods:
        results.append(settle(as_amended(text, amendments, period[1] - timedelta(days=1)), rows, period, results))
    return results


def months(start: date, end: date) -> list[Span]:
    """Calendar months that cover start to before end."""
    found, day = [], start.replace(day=1)
    while day < end:
        after = (day + timedelta(days=32)).replace(day=1)
        found.append((day, after))
        day = after
    return found
