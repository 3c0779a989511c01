"""Reading documents into a series: one generated loop an aggregate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from types import FunctionType
from typing import cast

from rules_engine.core.expressions import Aggregate
from rules_engine.core.program import Program
from rules_engine.core.remembered import MOST
from rules_engine.core.walk import unit_of
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.reading.columns import SPECIAL, Reader
from rules_engine.engine.reading.grouping import ROOTS, grouped_by, root_day
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.row_functions import NUMBERS, row_printer
from rules_engine.engine.reading.series import FRACTION_ZERO, UNDECIDED, ZERO, Number, Path, Run, Series, Splitter
from rules_engine.engine.reading.source_code import NOT_ORDINARY, WIDE, Printer, Unsure, function, refuse
from rules_engine.record import dataclass
from rules_engine.values.exact import as_decimal

Slow = Callable[[Record], None]
Loop = Callable[..., object]
_loops: dict[tuple[object, ...], tuple[Program, Aggregate, Loop, Number]] = {}
"""Generated loops with the zero of what they add up, and what they were made for, kept alive because identity is the key."""
Appenders = tuple[Callable[[date], None], Callable[[Record], None], Callable[[object], None]]

LOOP = """
def read(records, runs, opened, slow, split, group):
    for r in records:
        try:
            v = r.values
{body}
        except NOT_ORDINARY:
            slow(r)
            continue
        run = runs.get(k)
        if run is None:
            run = runs[k] = opened(r, k)
        run[0]({day})
        run[1](r)
        run[2](n)
"""


@dataclass(slots=True)
class SeriesReader:
    """One aggregate, its grouping and what splits it; reads records that are in the order of their day."""

    aggregate: Aggregate
    per: tuple[str, ...]
    splitters: tuple[Splitter, ...]
    rooted: bool
    reader: Reader
    series: Series = field(init=False)
    group: Callable[[Record], tuple[str, ...]] = field(init=False)

    @property
    def signed(self) -> bool:
        """Whether the values are numbers that `less` takes off; different values are counted as they stand."""
        item = self.aggregate.item
        return item is not None and self.aggregate.op != "count_distinct" and unit_of(item) in NUMBERS

    def read(self, records: Iterable[Record]) -> Series:
        """The series of the records."""
        self.group = grouped_by(self.per, self.reader)
        loop = self._loop()
        with localcontext(WIDE):
            if loop is refuse:
                for record in records:
                    self.slow(record)
            else:
                loop(records, {}, self.opened, self.slow, self.split, self.group)
        return self.series

    def _loop(self) -> Loop:
        """The loop over records, and the series it fills. One that refers to nothing of this run is kept for the next."""
        program, aggregate = self.reader.program, self.aggregate
        key = (type(self), id(program), id(aggregate), self.per, self.rooted, bool(self.splitters))
        held = _loops.get(key)
        if held is not None:
            self.series = Series(held[3])
            return held[2]
        printer = row_printer(self.reader)
        printer.names.update(NOT_ORDINARY=NOT_ORDINARY, root_day=root_day)
        lines, self.series = self._lines(printer)
        body = "".join(f"            {line}\n" for line in lines).rstrip("\n")
        loop = function(LOOP.format(body=body, day="root_day(r)" if self.rooted else "r.date"), printer.names, "read")
        if not any(isinstance(value, FunctionType) for value in printer.names.values() if value is not root_day):
            if len(_loops) >= MOST:
                _loops.clear()
            _loops[key] = (program, aggregate, loop, self.series.zero)
        return loop

    def _lines(self, printer: Printer) -> tuple[list[str], Series]:
        aggregate = self.aggregate
        lines = []
        if aggregate.where is not None:
            lines += [f"if not {printer.code(aggregate.where).code}:", "    continue"]
        value, zero = self._value(printer)
        lines += [f"n = {value}", f"k = {self._group()}"]
        if self.splitters:
            lines.append("k = (k, split(r))")
        return lines, Series(zero)

    def _value(self, printer: Printer) -> tuple[str, Number]:
        """The signed value of a record: for counts its sign, for texts and dates the value itself."""
        aggregate = self.aggregate
        taken_off = frozenset(source.type for source in aggregate.sources if source.sign < 0)
        mixed = bool(taken_off)
        off = printer.bound(taken_off)
        if aggregate.op == "count" or aggregate.item is None:
            one, minus = printer.bound(ZERO + 1), printer.bound(-(ZERO + 1))
            return (f"{minus} if r.type in {off} else {one}" if mixed else one), ZERO
        printed = printer.code(aggregate.item)
        zero: Number = ZERO if printed.kind == "decimal" else FRACTION_ZERO
        code = printed.code
        if self.signed:
            sign = f"-({code}) if r.type in {off} else {code}" if mixed else code
            return f"({sign}) + {printer.bound(zero)}", zero
        return code, zero

    def _group(self) -> str:
        plain = (ROOTS | SPECIAL | self.reader.computed_names).isdisjoint(self.per)
        if not self.per:
            return "()"
        if plain and len(self.per) == 1:
            return f"v.get({self.per[0]!r}, '')"
        return "group(r)"

    def split(self, record: Record) -> Path:
        """Where the splitters put a record."""
        keys = tuple([splitter.key(record) for splitter in self.splitters])
        if any(isinstance(key, Outcome) for key in keys):
            raise Unsure
        return keys

    def opened(self, record: Record, key: object) -> Appenders:
        """The run of a group and path met for the first time."""
        path = cast("tuple[object, Path]", key)[1] if self.splitters else ()
        return _appenders(self.series.run(self.group(record), path))

    def slow(self, record: Record) -> None:
        """A record that the loop could not read: the reference decides, and what it cannot tell is a trouble."""
        aggregate, wrong = self.aggregate, None
        if aggregate.where is not None:
            taken = self.reader.value(aggregate.where, record)
            if taken.value is False:
                return
            wrong = taken if taken.value is None else None
        value = Outcome(ZERO)
        if wrong is None and aggregate.item is not None and aggregate.op != "count":
            value = self.reader.value(aggregate.item, record)
            wrong = value if value.value is None else None
        path = self._path(record)
        wrong = path[1] or wrong
        run = self.series.run(self.group(record), path[0])
        if wrong is not None:
            run.troubles.append((len(run.days), wrong))
        appenders = _appenders(run)
        appenders[0](root_day(record) if self.rooted else record.date)
        appenders[1](record)
        appenders[2](self.series.zero if wrong is not None else self._signed(record, value))

    def _path(self, record: Record) -> tuple[Path, Outcome | None]:
        keys = [splitter.key(record) for splitter in self.splitters]
        wrong = next((key for key in keys if isinstance(key, Outcome)), None)
        return tuple(UNDECIDED if isinstance(key, Outcome) else key for key in keys), wrong

    def _signed(self, record: Record, outcome: Outcome) -> object:
        sign = next(source.sign for source in self.aggregate.sources if source.type == record.type)
        if self.aggregate.op == "count" or self.aggregate.item is None:
            return ZERO + sign
        value = outcome.value
        if not self.signed:
            return value
        assert isinstance(value, Decimal | Fraction)
        return sign * (as_decimal(value) if isinstance(self.series.zero, Decimal) else Fraction(value))


def _appenders(run: Run) -> Appenders:
    return run.days.append, run.records.append, run.values.append
