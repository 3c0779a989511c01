"""What the checker knows while it turns a contract text into a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import field
from typing import NoReturn

from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.core.expressions import Expression, Shift
from rules_engine.core.program import Balance, ChangingValue, Counter, DocumentType, Header, Measure
from rules_engine.core.units import Unit
from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Findings, Place, Severity
from rules_engine.record import dataclass
from rules_engine.source import NOWHERE, SourceFile, Span
from rules_engine.syntax.tree import Block
from rules_engine.values.period import Period

Both = tuple[str, str]
"""A text in English and Chinese."""


class Refusal(Exception):
    """Leaves the field being read after its diagnostic was noted; caught where the next field begins."""


@dataclass(slots=True)
class Environment:
    """Declarations seen so far, and the findings. Measures and values are elaborated when first asked for."""

    language: str
    source: SourceFile
    findings: Findings = field(default_factory=Findings)
    types: dict[str, DocumentType] = field(default_factory=lambda: dict(BUILTIN_TYPES))
    measure_blocks: dict[str, Block] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    findings_read: dict[str, Shift] = field(default_factory=dict)
    value_blocks: dict[str, Block] = field(default_factory=dict)
    values: dict[str, Expression] = field(default_factory=dict)
    changing: dict[str, ChangingValue] = field(default_factory=dict)
    counter_blocks: dict[str, Block] = field(default_factory=dict)
    counters: dict[str, Counter] = field(default_factory=dict)
    resolve_counter: Callable[[str, Environment], Counter] | None = None
    resolve_measure: Callable[[str, Environment], Measure] | None = None
    resolve_value: Callable[[str, Environment], Expression] | None = None
    balance_blocks: dict[str, Block] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)
    resolve_balance: Callable[[str, Environment], Balance] | None = None
    clause_blocks: dict[str, Block] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    under_way: list[str] = field(default_factory=list)
    names: dict[str, Span] = field(default_factory=dict)
    circles: set[frozenset[str]] = field(default_factory=set)
    refused_columns: set[str] = field(default_factory=set)
    frame: Header | None = None
    header_span: Span = NOWHERE
    cut_answer: str = ""
    terminated_at: Span = NOWHERE
    sources: dict[str, SourceFile] = field(default_factory=dict)
    each_document: bool = False
    parted: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def header(self) -> Header:
        """The header, known before any clause is read."""
        if self.frame is None:
            raise Refusal
        return self.frame

    @property
    def signed_term(self) -> Period:
        """The term as it was signed; the header's own ends where the contract was terminated."""
        return Period(self.header.start, self.header.written_end or self.header.end)

    def lines(self, span: Span) -> list[str]:
        """The lines at a span as their file has them; a contract may be more than one file."""
        return self.sources.get(span.file, self.source).text.splitlines()[max(span.line - 1, 0) : span.end_line]

    def measure(self, name: str, span: Span) -> Measure:
        """The measure, elaborated when first asked for; a measure that reads itself is refused."""
        if name not in self.measures:
            assert self.resolve_measure is not None
            with self.reading(name, span):
                self.measures[name] = self.resolve_measure(name, self)
        return self.measures[name]

    def value(self, name: str, span: Span) -> Expression:
        """The declared value, elaborated when first asked for."""
        if name not in self.values:
            assert self.resolve_value is not None
            with self.reading(name, span):
                self.values[name] = self.resolve_value(name, self)
        return self.values[name]

    def counter(self, name: str, span: Span) -> Counter:
        """The declared counter, elaborated when first asked for."""
        if name not in self.counters:
            assert self.resolve_counter is not None
            with self.reading(name, span):
                self.counters[name] = self.resolve_counter(name, self)
        return self.counters[name]

    def balance(self, name: str, span: Span) -> Balance:
        """The balance, elaborated when first asked for."""
        if name not in self.balances:
            assert self.resolve_balance is not None
            with self.reading(name, span):
                self.balances[name] = self.resolve_balance(name, self)
        return self.balances[name]

    @contextmanager
    def reading(self, name: str, span: Span) -> Iterator[None]:
        """Refuse a declaration that is needed for its own reading."""
        if name in self.under_way:
            self.circle((*self.under_way[self.under_way.index(name) :], name), span)
        self.under_way.append(name)
        try:
            yield
        finally:
            self.under_way.remove(name)

    def circle(self, path: tuple[str, ...], span: Span) -> NoReturn:
        """Refuse names that need each other, once a circle."""
        if frozenset(path) in self.circles:
            raise Refusal
        self.circles.add(frozenset(path))
        shown = " → ".join(path)
        places = [(self.names[name], ("part of the circle", "循环的一环")) for name in path[:-1] if name in self.names]
        self.refuse(
            "SE0303",
            (span, (f"`{path[-1]}` is read here", f"此处读取“{path[-1]}”")),
            *places,
            why=(f"{shown}: each needs the other first, so no amount can be computed.", f"{shown}：互相依赖，无法算出金额。"),
            fix=("take one of them from documents or write it as a number.", "让其中一个取自单据，或写成数字。"),
        )

    def plural(self, name: str) -> DocumentType | None:
        """The document type a contract calls by its plural."""
        return next((kind for kind in self.types.values() if name in (kind.plural, kind.name)), None)

    def note(
        self,
        code: str,
        *places: Span | tuple[Span, Both],
        why: Both = ("", ""),
        fix: Both = ("", ""),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a finding; places are spans, or spans with what is to be seen there."""
        chinese = self.language == "zh"
        shown = tuple(Place(place[0], place[1][chinese]) if isinstance(place, tuple) else Place(place) for place in places)
        self.findings.add(diagnostic(code, self.language, shown, why=why, fix=fix, severity=severity))

    def refuse(self, code: str, *places: Span | tuple[Span, Both], why: Both = ("", ""), fix: Both = ("", "")) -> NoReturn:
        """Add an error and leave the field."""
        self.note(code, *places, why=why, fix=fix)
        raise Refusal

    @contextmanager
    def field_of(self) -> Iterator[None]:
        """Reading one field: a refusal inside ends it, the next field is still read."""
        with suppress(Refusal):
            yield


def number_unit(word: str) -> Unit:
    """The core unit of a literal's unit word."""
    match word:
        case "percent":
            return Unit.PERCENT
        case "money":
            return Unit.MONEY
        case "per_unit":
            return Unit.PRICE
        case "days" | "working_days" | "weeks" | "months" | "years":
            return Unit.DAYS
        case "" | "minutes" | "hours":
            return Unit.NUMBER
        case _:
            return Unit.QUANTITY
