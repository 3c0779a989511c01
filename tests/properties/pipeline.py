"""From a generated tree to settlements, the long way: text, parser, checker, documents, kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rules_engine.api import diagnose
from rules_engine.core.program import Program
from rules_engine.documents.model import Documents
from rules_engine.documents.read import from_rows
from rules_engine.language import build_program
from rules_engine.settlement.model import Line, Settlement
from rules_engine.settlement.past.posted import PostedStatement, as_posted
from rules_engine.settlement.settle import settle
from rules_engine.source import SourceFile
from rules_engine.syntax import tree
from rules_engine.syntax.parse import parse_contract
from rules_engine.values.period import Period
from tests.naive.amending import Amendment, days_of
from tests.naive.keys import Key
from tests.naive.reading import contract_terms
from tests.naive.run import Mark, Result
from tests.naive.terms import ContractTerms
from tests.naive.windows import Span, windows
from tests.strategies import printer
from tests.strategies.documents import texts

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Contract:
    """A generated contract: its text, the tree read back from the text, its program, and its settlement periods."""

    text: str
    read: tree.ContractText
    program: Program
    periods: tuple[Span, ...]
    amendments: tuple[SourceFile, ...] = ()
    later: tuple[Amendment, ...] = ()

    def known(self, last: date) -> Program:
        """The program under the amendments known on a day."""
        count = sum(1 for each in self.later if each.known <= last)
        return under(self.text, self.amendments[:count]) if count else self.program


def contract(written: tree.ContractText) -> Contract:
    """Print, parse and check; a generated contract has no error. One text is checked once."""
    return checked(printer.contract(written))


@lru_cache(maxsize=512)
def checked(text: str) -> Contract:
    """The contract of a text."""
    read, program = built(text)
    terms = contract_terms(read)
    return Contract(text, read, program, settlements(terms))


def amended_contract(text: str, amendment: str) -> Contract:
    """A contract with one amendment."""
    source = SourceFile("generated.amendment", amendment)
    read, findings = parse_contract(source)
    assert read is not None, (amendment, findings)
    return replace(checked(text), amendments=(source,), later=(days_of(read),))


@lru_cache(maxsize=64)
def under(text: str, amendments: tuple[SourceFile, ...]) -> Program:
    """The program of a text with amendments."""
    program, findings = diagnose(SourceFile("generated.contract", text), amendments)
    assert program is not None, (text, [each.text for each in amendments], findings)
    return program


def settlements(terms: ContractTerms) -> tuple[Span, ...]:
    """The periods a contract is settled in."""
    return windows(terms.settle.kind, terms.start, terms.end, terms.settle.starting_day, terms.year_start)


def built(text: str) -> tuple[tree.ContractText, Program]:
    """Tree and program of a text, made anew."""
    source = SourceFile("generated.contract", text)
    read, findings = parse_contract(source)
    assert read is not None, (text, findings)
    program, more = build_program(read, source)
    assert program is not None, (text, more)
    return read, program


def documents(rows: Sequence[Row], program: Program) -> Documents:
    """Rows through the strict reader."""
    return from_rows([texts(row) for row in rows], program)


def run(given: Contract, rows: Sequence[Row], periods: Sequence[Span], evaluator: str = "compiled") -> list[Settlement]:
    """Consecutive settlements, each with the earlier ones posted."""
    read, done, posted = documents(rows, given.program), list[Settlement](), list[PostedStatement]()
    for start, end in periods:
        program = given.known(end - timedelta(days=1))
        done.append(settle(program, read, Period(start, end), tuple(posted), None, evaluator, explain=False))
        posted.append(as_posted(done[-1]))
    return done


def amounts(settlement: Settlement) -> dict[Mark, Fraction]:
    """Amount by clause, group and window, over all VAT rates and payees; what came to nothing is left out."""
    found: dict[Mark, Fraction] = {}
    for line in settlement.lines:
        mark = (line.clause, tuple(line.group.items()), (line.window.start, line.window.end))
        found[mark] = found.get(mark, Fraction(0)) + Fraction(line.amount)
    return {mark: amount for mark, amount in found.items() if amount}


def by_key(settlement: Settlement) -> dict[Key, tuple[Fraction, Fraction]]:
    """Amount and net by clause, group, window, VAT rate and payee; a correction by reversal is what its two lines come to."""
    found: dict[Key, tuple[Fraction, Fraction]] = {}
    for line in settlement.lines:
        key = key_of(line)
        amount, net = found.get(key, (Fraction(0), Fraction(0)))
        found[key] = (amount + Fraction(line.amount), net + Fraction(line.papers.net_of_vat))
    return found


def key_of(line: Line) -> Key:
    """The key of a line."""
    rate = None if line.papers.vat_rate is None else Fraction(line.papers.vat_rate)
    return (line.clause, tuple(line.group.items()), line.window.start, rate, line.payee)


def waiting(settlement: Settlement) -> dict[Key, Fraction]:
    """Amount of every line that waits for somebody's word."""
    return {key_of(line): Fraction(line.amount) for line in settlement.pending if line.amount}


def summed(settlements: Sequence[Settlement]) -> dict[Mark, Fraction]:
    """Amounts over several settlements."""
    total: dict[Mark, Fraction] = {}
    for settlement in settlements:
        for mark, amount in amounts(settlement).items():
            total[mark] = total.get(mark, Fraction(0)) + amount
    return {mark: amount for mark, amount in total.items() if amount}


def told(given: Contract, rows: Sequence[Row], period: Span) -> str:
    """What a failing case prints."""
    lines = "\n".join(str(texts(row)) for row in rows)
    later = "".join(f"\n{each.text}" for each in given.amendments)
    return f"{given.text}{later}\n{lines}\nperiod {period[0]} to {period[1] - timedelta(days=1)}"


def enough(given: Contract, rows: Sequence[Row]) -> tuple[Span, ...]:
    """The settlements up to two after the last document, so that everything late has arrived."""
    last = max((row.get("known_on") or row["date"] for row in rows), default=date.min)
    after = [period for period in given.periods if period[0] <= last]
    return given.periods[: len(after) + 2]


def other_totals(settlement: Settlement, result: Result) -> list[tuple[str, Fraction, Fraction]]:
    """The totals that differ: their names, the engine's, the second opinion's."""
    names = ("payable", "receivable", "net", "carried_in", "payout", "carried_out", "written_off")
    pairs = ((name, Fraction(getattr(settlement.totals, name)), getattr(result, name)) for name in names)
    return [(name, mine, theirs) for name, mine, theirs in pairs if mine != theirs]
