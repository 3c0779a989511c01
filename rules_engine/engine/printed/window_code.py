"""Window scope as source: one function an expression, measures and prices included.

Every function takes `e` (the bound evaluator), `a` (the asking), `r` (results) and `x` (restrictions); see `source_code`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import (
    Aggregate,
    Column,
    Constant,
    Expression,
    MeasureRef,
    Priced,
    ResultOf,
    Table,
    ValueNow,
)
from rules_engine.core.program import Program
from rules_engine.core.walk import unit_of
from rules_engine.engine.evaluator import Asking, Outcome, Results
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.row_functions import NUMBERS, row_function
from rules_engine.engine.reading.source_code import Printed, Printer, Unsure, function
from rules_engine.engine.scope import Reading
from rules_engine.engine.shifts import scope_day
from rules_engine.engine.window_days import day_of, names_days
from rules_engine.record import dataclass

PARAMETERS = "e, a, r, x"


def no_look_up(_aggregate: Aggregate, _record: Record, _reader: Reader) -> Outcome:
    """Look-ups are not evaluated while code is printed."""
    raise Unsure


def group_text(asking: Asking, name: str) -> str:
    """The asking group's text of a column."""
    return asking.group[asking.per.index(name)] if name in asking.per else _unsure()


def _unsure() -> str:
    raise Unsure


def result(results: Results, clause: str, after_limits: bool, asking: Asking) -> Fraction:
    """Another clause's result as a fraction."""
    value = results(clause, after_limits, asking).value
    if isinstance(value, Decimal | Fraction):
        return Fraction(value)
    raise Unsure


@dataclass(slots=True)
class Module:
    """The functions that one root expression needs: their sources, the objects these refer to, and what each gives."""

    program: Program
    readings: Mapping[int, tuple[Table, Reading]]
    reader: Reader
    printer: Printer = field(init=False)
    sources: list[str] = field(default_factory=list)
    kinds: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)
    kept: list[object] = field(default_factory=list)
    price: Callable[[Module, Priced], Printed] = field(init=False)

    def __post_init__(self) -> None:
        self.printer = Printer(self.leaf, "day(a)")
        self.printer.names.update(
            day=scope_day, day_of=day_of, group_text=group_text, result=result, ZERO=Decimal(0), FZERO=Fraction(0), Unsure=Unsure, min=min, max=max
        )

    def leaf(self, expression: Expression) -> Printed:
        """What only window scope has."""
        match expression:
            case Column(of="window"):
                return Printed(f"day_of({expression.name!r}, a)", "other")
            case Aggregate() | Priced() if names_days(expression):
                return Printed("unsure()", "fraction")
            case Column():
                return Printed(f"group_text(a, {expression.name!r})", "other")
            case Aggregate():
                return self._aggregate(expression)
            case MeasureRef():
                return self._measure(expression)
            case ResultOf():
                asking = f"e.moved({self.printer.bound(expression.shift)}, a)" if expression.shift else "a"
                return Printed(f"result(r, {expression.clause!r}, {expression.after_limits}, {asking})", "fraction")
            case Priced():
                return self.price(self, expression)
            case ValueNow():
                return Printed(f"e.state({self.printer.bound(expression)}, a)", "fraction")
            case _:
                raise TypeError(f"{type(expression).__name__} is shared between the scopes")

    def _aggregate(self, aggregate: Aggregate) -> Printed:
        name = self.printer.bound(aggregate, "g")
        if aggregate.op not in ("sum", "count"):
            return Printed(f"e.value({name}, a, x)", "fraction" if aggregate.unit in NUMBERS else "other")
        return Printed(f"e.total({name}, a, x)", self.aggregate_kind(aggregate))

    def aggregate_kind(self, aggregate: Aggregate) -> str:
        """Whether the sums of an aggregate are decimals or fractions."""
        if aggregate.op == "count" or aggregate.item is None:
            return "decimal"
        return "decimal" if row_function(aggregate.item, self.reader)[1] == "decimal" else "fraction"

    def _measure(self, expression: MeasureRef) -> Printed:
        name, kind = self.function(("measure", expression.name), self.program.measures[expression.name].expression)
        if expression.shift is None:
            return Printed(f"{name}({PARAMETERS})", kind)
        return Printed(f"{name}(e, e.moved({self.printer.bound(expression.shift)}, a), r, x)", kind)

    def function(self, key: tuple[object, ...], expression: Expression) -> tuple[str, str]:
        """The name of a function that gives the expression, printed once, and the kind it gives."""
        if key not in self.kinds:
            printed = self.printer.code(expression)
            self.add(key, "f", PARAMETERS, f"    return {printed.code}\n", printed.kind)
        return self.kinds[key]

    def add(self, key: tuple[object, ...], stem: str, parameters: str, body: str, kind: str) -> tuple[str, str]:
        """Put a function's source into the module."""
        name = f"{stem}{len(self.sources)}_"
        self.sources.append(f"def {name}({parameters}):\n{body}")
        self.kinds[key] = (name, kind)
        return self.kinds[key]

    def listed(self, names: Sequence[str]) -> str:
        """The name of a tuple of functions, put together once."""
        name = f"s{len(self.sources)}_"
        self.sources.append(f"{name} = ({', '.join(names)},)\n")
        return name

    def unrestricted(self, expression: Expression) -> Printed:
        """An expression read for the whole asking group, whatever documents a price is being applied to."""
        if isinstance(expression, Constant):
            return self.printer.code(expression)
        name, kind = self.function(("whole", id(expression)), expression)
        self.kept.append(expression)
        return Printed(f"{name}(e, a, r, ())", kind)

    def finished(self, root: str) -> Callable[..., object]:
        """The compiled root function."""
        return function("\n".join(self.sources), self.printer.names, root)


def is_number(expression: Expression) -> bool:
    """Whether the expression gives a number."""
    return unit_of(expression) in NUMBERS
