"""What a program must know of its documents: which columns tell lines apart, which products are added up, where time is cut.

Types whose every reading is a sum or count of single lines are *added up*: lines alike in all that the contract can tell apart
become one cell. Every other type is read line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta

from rules_engine.bulk.measures.linear import Product, terms_of
from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    Priced,
    ResultOf,
    Round,
    Step,
    Table,
    Time,
)
from rules_engine.core.program import Clause, Program
from rules_engine.core.remembered import once_a_program
from rules_engine.core.units import Unit
from rules_engine.core.walk import prices, walk
from rules_engine.documents.review import demanded
from rules_engine.documents.schema import schema_of
from rules_engine.engine.reading.columns import DISCOUNTS
from rules_engine.engine.reading.grouping import ROOTS
from rules_engine.engine.reading.identity import clause_roots, program_expressions
from rules_engine.engine.reading.reach import additive, carried_sum, readings
from rules_engine.engine.reading.records import NOT_INHERITED, ORIGINALS, RETURN_TYPES
from rules_engine.settlement.schedule import span, term, tiles
from rules_engine.values.period import Period, WindowSpec

SPECIAL = frozenset({"type", "doc_id", "line_no", "date", "known_on", "vat", "contract", "currency"})
KNOWN = (Constant, Column, Aggregate, MeasureRef, ResultOf, Arithmetic, Compare, Logic, Round, Time, Choice, Step, Priced)
OF_A_LINE = (Constant, Column, Arithmetic, Compare, Logic, Round, Time, Choice, Step)
ONE_DAY = timedelta(days=1)
AMOUNTS = ("amount", "quantity")
Parts = tuple[str | date | WindowSpec, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """`types` are added up by `keys` (text, number and date columns) into `sums`; of the `needed` columns none may be blank.
    `read` are all columns that are named, `demanded` those that a file must have, with the type of the lines. The `inherited` keys a return takes from what it reverses. `cuts` are the days at which windows may begin or end. Two programs with equal needs are served by one query."""

    types: tuple[str, ...]
    keys: tuple[str, ...]
    sums: tuple[Product, ...]
    needed: tuple[str, ...]
    inherited: tuple[str, ...]
    read: tuple[str, ...]
    demanded: tuple[tuple[str, str], ...]
    cuts: tuple[date, ...]
    limit: date
    by: date
    as_of: bool
    back_to_sale: bool
    strict: bool
    currency: str

    @property
    def returns(self) -> tuple[str, ...]:
        """The types whose lines take texts and price from what they reverse."""
        return tuple(name for name in self.types if name in RETURN_TYPES)

    def __bool__(self) -> bool:
        return bool(self.types)


NOTHING = Needs((), (), (), (), (), (), (), (), date.max, date.max, False, False, False, "")
"""The needs of a contract that is read line by line."""


def needs_of(program: Program, period: Period, as_of: date | None) -> Needs:
    """The needs of a program for a period."""
    header = program.header
    parts = tuple(_parts(program))
    single = _line_by_line(program, parts)
    read = {source.type for item in _aggregates(program) for source in item.sources} - single
    types = read - _families(single) if _known(program) else set[str]()
    keys, sums = _columns(program, types)
    summed = {name for product in sums for name in product}
    needed = summed - DISCOUNTS
    sums |= {(name,) for name in summable(types)}
    return Needs(
        tuple(sorted(types)), tuple(sorted(keys)), tuple(sorted(sums)), tuple(sorted(needed)), tuple(sorted(keys & _texts(program))), tuple(sorted(summed | keys)), _demanded(program, types), _cuts(program, period, parts), min(period.end, header.end),
        as_of or period.last, as_of is not None, header.returns == "back_to_sale", header.late.startswith("not"), header.currency,
    )  # fmt: skip


def _demanded(program: Program, types: set[str]) -> tuple[tuple[str, str], ...]:
    """The columns without which the strict reader refuses lines of a type."""
    schema = schema_of(program)
    return tuple(sorted((kind, name) for kind, name in schema.reads if kind in types and name in schema.columns(kind) and demanded(schema.columns(kind)[name])))


def _known(program: Program) -> bool:
    """Whether all that the program is made of is known here; what came later is settled line by line until it is."""
    plain = all(isinstance(item, KNOWN) for item in program_expressions(program))
    filters = all(isinstance(item, OF_A_LINE) for row in _filters(program) for item in walk(row))
    return plain and filters and not program.values and not program.counters


def _aggregates(program: Program) -> Iterator[Aggregate]:
    return (item for item in program_expressions(program) if isinstance(item, Aggregate))


def _line_by_line(program: Program, parts: Parts) -> set[str]:
    """The types of which single lines matter."""
    found = {name for name, kind in program.types.items() if not _ordinary(program, name)}
    for aggregate in _aggregates(program):
        if not carried_sum(aggregate) or not _readable(program, aggregate):
            found |= _types(walk(aggregate))
    found |= {each for each in parts if isinstance(each, str) and each in BUILTIN_TYPES}
    for clause in program.clauses.values():
        if _by_document(program, clause):
            found |= {source.type for root in clause_roots(clause) for item in readings(program, root) for source in item.aggregate.sources}
    return found


def _ordinary(program: Program, name: str) -> bool:
    """A type that counts on `date`, moves no balance, whose built-in columns mean what they always mean and which has no
    amounts of the contract's own."""
    kind, known = program.types[name], BUILTIN_TYPES.get(name)
    own = known.columns if known else BUILTIN_COLUMNS
    same = kind is known or all(column == own[each] if each in own else column.kind not in AMOUNTS for each, column in kind.columns.items())
    return known is not None and same and kind.side not in ("balance", "input") and kind.clock == "date"


def _readable(program: Program, aggregate: Aggregate) -> bool:
    """Whether every column it reads of a line is a plain cell of the line."""
    inner = [item for part in (aggregate.item, aggregate.where) if part is not None for item in walk(part)]
    if not all(isinstance(item, OF_A_LINE) for item in inner):
        return False
    names = {item.name for item in inner if isinstance(item, Column)}
    return names.isdisjoint(_computed(program) | SPECIAL)


@once_a_program
def _computed(program: Program) -> frozenset[str]:
    return frozenset(column.name for kind in program.types.values() for column in kind.columns.values() if column.formula is not None)


def _types(found: Iterable[Expression]) -> set[str]:
    return {source.type for item in found if isinstance(item, Aggregate) for source in item.sources}


def _by_document(program: Program, clause: Clause) -> bool:
    """Whether the clause looks at documents one by one."""
    rooted = not ROOTS.isdisjoint(clause.per) or (clause.spread is not None and (clause.spread.by == "document_order" or clause.spread.over in ROOTS))
    watched = clause.once_reached or (clause.on_account is not None and clause.on_account.every == "document")
    counted = any(not additive(program, root) for root in clause_roots(clause))
    return rooted or watched or counted or clause.recorded is not None or bool(clause.funding)


def _families(single: set[str]) -> set[str]:
    """Types that lines of the single types may refer to, or that may refer to them, are single too."""
    found = set(single)
    for name, originals in ORIGINALS.items():
        if name in single or not single.isdisjoint(originals):
            found |= {name, *originals}
    return found


def _columns(program: Program, types: set[str]) -> tuple[set[str], set[Product]]:
    keys = {name for clause in program.clauses.values() for name in _groupings(clause)} - ROOTS
    sums: set[Product] = set()
    plain = summable(types)
    for aggregate in _aggregates(program):
        if types.isdisjoint(source.type for source in aggregate.sources):
            continue
        keys |= {item.name for item in walk(aggregate.where) if isinstance(item, Column)} if aggregate.where else set()
        if aggregate.item is not None and aggregate.op == "sum":
            terms = terms_of(aggregate.item, plain)
            if terms is None:
                keys |= {item.name for item in walk(aggregate.item) if isinstance(item, Column)}
            else:
                sums |= {product for product in terms if product}
    keys |= {item.name for row in _filters(program) for item in walk(row) if isinstance(item, Column)}
    return keys - SPECIAL - _computed(program), sums


def summable(types: Iterable[str]) -> frozenset[str]:
    """The amounts and quantities that lines of some types have."""
    return frozenset(name for kind in types for name, column in BUILTIN_TYPES[kind].columns.items() if column.kind in AMOUNTS)


def _texts(program: Program) -> set[str]:
    columns = (column for kind in program.types.values() for column in kind.columns.values())
    return {column.name for column in columns if column.unit is Unit.TEXT and column.formula is None} - NOT_INHERITED


def _groupings(clause: Clause) -> Iterator[str]:
    yield from clause.per
    if clause.spread is not None and clause.spread.over:
        yield clause.spread.over


def _filters(program: Program) -> Iterator[Expression]:
    """The filters of all price rows."""
    for item in program_expressions(program):
        if isinstance(item, Priced):
            for price in prices(item.price):
                if isinstance(price, Table):
                    yield from (row.where for row in price.rows if row.where is not None)


def _cuts(program: Program, period: Period, parts: Parts) -> tuple[date, ...]:
    """Every day at which something may begin or end, and every first of a month."""
    header = program.header
    written = {day for day in parts if isinstance(day, date) and day < date.max}
    found = {*written, *(day + ONE_DAY for day in written), period.start, period.end, header.start, header.end}
    specs: set[WindowSpec] = {header.settle, WindowSpec("month"), *(each for each in parts if isinstance(each, WindowSpec))}
    for clause in program.clauses.values():
        over = span(program, clause)
        found |= {day for item in tiles(header, clause.period, over) for day in (item.start, item.end)} if over else set()
        if clause.on_account is not None:
            found |= {day + ONE_DAY for day in clause.on_account.dates}
            specs |= {WindowSpec(clause.on_account.every)} if clause.on_account.every not in ("dates", "document") else set()
    over = Period(header.start, max(header.end, period.end))
    for spec in specs:
        if spec.kind != "rolling":
            found |= {day for item in tiles(header, spec, over) for day in (item.start, item.end)}
    return tuple(sorted({*found, *_months(min(found), max(found))}))


def _months(first: date, last: date) -> Iterator[date]:
    year, month = first.year - 1, 1
    while date(year, month, 1) <= last:
        yield date(year, month, 1)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


UNREAD = frozenset({"span", "earlier", "text", "title", "kind", "id", "sha256", "supplier", "supplier_id", "phrases", "sources", "op", "label"})


_FIELDS: dict[type, tuple[str, ...]] = {}


def _read_fields(kind: type) -> tuple[str, ...]:
    """The fields of a node that may hold days, windows or names of types; none for what is no node."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(each.name for each in fields(kind) if each.name not in UNREAD) if is_dataclass(kind) else ()
    return _FIELDS[kind]


def _parts(program: Program) -> Iterator[str | date | WindowSpec]:
    """Every text, day and window that stands anywhere in the program but in its types and the sources of its aggregates."""
    waiting: list[object] = [getattr(program, each.name) for each in fields(program) if each.name not in ("types", "order")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str | date):
            yield item
        elif isinstance(item, tuple | frozenset):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            waiting.extend(item.values())
        else:
            if isinstance(item, WindowSpec):
                yield item
            waiting.extend(getattr(item, name) for name in _read_fields(type(item)))


def control_tiles(program: Program) -> tuple[Period, ...]:
    """The settlements of the term, by which control totals are added up."""
    return tiles(program.header, program.header.settle, term(program.header))
