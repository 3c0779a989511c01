"""The compiled evaluator: the same answers as the interpreter, from generated code.

Every expression of a program becomes Python source: straight-line decimals, fractions after a division. The code answers the
ordinary case; where an input is missing, a divisor is zero, rows contradict each other or a base is negative beyond its rows,
the interpreter answers the same question. It also answers a few rare prices: ladders rounded on each document, tables inside
a band, tables with `changes continue` or `last day's`, sliding points that are not percentages, per-document rounding of bases
that are no plain sum.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from decimal import Decimal, localcontext
from fractions import Fraction
from threading import Lock
from typing import cast

from rules_engine.core.expressions import Aggregate, Expression, Priced, Shift, Table, ValueNow
from rules_engine.core.program import Program
from rules_engine.engine.evaluator import Asking, Evaluator, Outcome, Results
from rules_engine.engine.interpreted.contributions import document_count
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.price_code import print_priced
from rules_engine.engine.printed.window_code import Module, no_look_up
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.facts import Facts
from rules_engine.engine.reading.identity import roots
from rules_engine.engine.reading.reach import linear, paying
from rules_engine.engine.reading.rounded_each import rounded_total
from rules_engine.engine.reading.series import Number, Restrictions
from rules_engine.engine.reading.source_code import NOT_ORDINARY, WIDE, Unsure
from rules_engine.engine.reading.splitters import RowSplitter
from rules_engine.engine.readings import table_readings
from rules_engine.engine.scope import Reading, Scope, Slice
from rules_engine.engine.shifts import moved
from rules_engine.record import dataclass

Code = Callable[["CompiledEvaluator", Asking, Results, Restrictions], object]
MOST_PROGRAMS = 256


@dataclass(slots=True)
class CompiledProgram:
    """A program whose expressions are functions; it may be shared between threads."""

    program: Program
    readings: Mapping[int, tuple[Table, Reading]]
    reader: Reader
    _own: dict[int, Code | None] = field(default_factory=dict)
    _foreign: dict[Expression, Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own = dict.fromkeys((id(root) for root in roots(self.program)), None)

    def bind(self, facts: Facts) -> Evaluator:
        """An evaluator over `facts`."""
        return CompiledEvaluator(self, facts)

    def code(self, expression: Expression) -> Code:
        """The function of an expression, made when it is first asked for."""
        key = id(expression)
        if key in self._own:
            found = self._own[key]
            if found is None:
                found = self._own[key] = self._made(expression)
            return found
        foreign = self._foreign.get(expression)
        if foreign is None:
            foreign = self._foreign[expression] = self._made(expression)
        return foreign

    def _made(self, expression: Expression) -> Code:
        module = Module(self.program, self.readings, self.reader)
        module.price = print_priced
        root, _ = module.function(("root",), expression)
        return cast("Code", module.finished(root))


class CompiledEvaluator:
    """A compiled program over the documents of one run."""

    def __init__(self, compiled: CompiledProgram, facts: Facts) -> None:
        self.program = compiled.program
        self.facts = facts
        self._compiled = compiled
        self._reference: Interpreter | None = None

    @property
    def reference(self) -> Interpreter:
        """The interpreter over the same facts."""
        if self._reference is None:
            self._reference = Interpreter(self.program, self.facts)
        return self._reference

    def evaluate(self, expression: Expression, asking: Asking, results: Results) -> Outcome:
        """The exact value; numbers are Fractions."""
        code = self._compiled.code(expression)
        try:
            with localcontext(WIDE):
                value = code(self, asking, results, ())
        except NOT_ORDINARY:
            return self.reference.evaluate(expression, asking, results)
        return Outcome(Fraction(value)) if isinstance(value, Decimal) else Outcome(value)  # type: ignore[arg-type]

    def total(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions) -> Number:
        """A sum or count of the asking window."""
        series = self.facts.series(aggregate, asking.per, restrictions)
        runs = series.select(asking.group, [keys for _, keys in restrictions])
        stop = min(asking.end, asking.upto)
        amount = series.zero
        for run in runs:
            if run.troubles or run.carried:
                self._refuse_troubles(run.trouble(asking.start, stop))
            amount = amount + run.total(asking.start, stop, series.zero)  # type: ignore[operator]
        return amount

    @staticmethod
    def _refuse_troubles(troubles: object) -> None:
        for _ in troubles:  # type: ignore[attr-defined]
            raise Unsure

    def value(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions) -> object:
        """Any other aggregate of the asking window."""
        value = self.facts.read(aggregate, asking, restrictions).value
        if value is None:
            raise Unsure
        return value

    def moved(self, shift: Shift, asking: Asking) -> Asking:
        """The shifted window."""
        return moved(self.program, shift, asking)

    def state(self, value: ValueNow, asking: Asking) -> object:
        """A changing value on the last day seen."""
        found = self.facts.state(value, asking)[0].value
        if found is None:
            raise Unsure
        return Fraction(found) if isinstance(found, Decimal) else found

    def splitter(self, table: Table) -> RowSplitter:
        """How a table tells documents apart."""
        return self.facts.indexes.splitter(table)

    def keys(self, base: Expression, asking: Asking, restrictions: Restrictions, splitter: RowSplitter) -> frozenset[Hashable]:
        """The row masks among the documents of a base."""
        return self.facts.keys(paying(self.program, base), asking, restrictions, splitter)

    def document_count(self, base: Expression, asking: Asking, restrictions: Restrictions) -> Decimal:
        """How many documents are in a base."""
        unused = Fraction(0)
        scope = Scope(asking, _no_results, restrictions)
        part = Slice(unused, unused, base, scope, base.unit, base.unit)  # type: ignore[union-attr]
        return Decimal(document_count(self.reference, part))

    def each(self, priced: Priced, ratio: Decimal, asking: Asking, restrictions: Restrictions) -> Decimal:
        """Every document's part of the base times the ratio, rounded, added."""
        terms = linear(self.program, priced.base)
        if terms is None or len(terms) != 1 or priced.each is None:
            raise Unsure
        factor, aggregate = terms[0]
        runs = self.facts.indexes.runs(aggregate, asking, restrictions)
        return rounded_total(runs, asking, factor * Fraction(ratio), priced.each)


def _no_results(_clause: str, _after_limits: bool, _asking: Asking) -> Outcome:
    raise Unsure


_programs: OrderedDict[str, CompiledProgram] = OrderedDict()
_lock = Lock()


def compile_program(program: Program) -> CompiledProgram:
    """Compile `program`, or give the compiled one of the same content; one with tables is known by identity, as its tables are."""
    with _lock:
        held = _programs.get(program.header.sha256)
        if held is not None and (held.program is program or (not held.readings and held.program == program)):
            _programs.move_to_end(program.header.sha256)
            return held
        made = CompiledProgram(program, table_readings(program), Reader(program, no_look_up))
        _programs[program.header.sha256] = made
        while len(_programs) > MOST_PROGRAMS:
            _programs.popitem(last=False)
        return made
