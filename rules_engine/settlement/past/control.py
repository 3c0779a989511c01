"""Control totals: documents and sums of amounts by settlement and type, and whether posted ones still agree."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.core.remembered import once_a_program
from rules_engine.documents.model import Document
from rules_engine.record import dataclass
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.statements import PostedStatement
from rules_engine.settlement.schedule import term, tiles
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.exact import exact_text
from rules_engine.values.period import Period, period_text

COUNT = "documents"
Totals = dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A type whose documents in a settled period are not those that were settled: number and, if equal, sums."""

    period: str
    type: str
    settled: int
    given: int
    sums: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the posted control totals say of the documents given: periods without any, and those that differ."""

    absent: tuple[Period, ...] = ()
    fewer: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()


def control_totals(program: Program, documents: Iterable[Document]) -> Totals:
    """`2026-03 sale documents` → number, `2026-03 sale paid` → sum, for every settlement of the term."""
    buckets = tiles(program.header, program.header.settle, term(program.header))
    starts = [bucket.start for bucket in buckets]
    sorted_in: dict[tuple[int, str], list[Document]] = {}
    for document in documents:
        index = bisect_right(starts, document.date) - 1
        if index >= 0 and document.date < buckets[index].end:
            sorted_in.setdefault((index, document.type), []).append(document)
    found: Totals = {}
    for (index, kind), lines in sorted(sorted_in.items()):
        name = f"{period_text(buckets[index])} {kind}"
        found[f"{name} {COUNT}"] = str(len(lines))
        values = [line.values for line in lines]
        for column in _amounts(program).get(kind, ()):
            total = sum([cell for row in values if isinstance(cell := row.get(column), Decimal)], NOTHING)
            if total:
                found[f"{name} {column}"] = exact_text(total)
    return found


@once_a_program
def _amounts(program: Program) -> Mapping[str, Sequence[str]]:
    """The columns of each type that are added up, by name."""
    return {
        kind: sorted(
            name for name, column in known.columns.items() if column.kind in ("amount", "quantity") and column.formula is None
        )
        for kind, known in program.types.items()
    }


def agreement(
    program: Program, past: History, documents: Iterable[Document], totals: Totals, beside: Mapping[str, str] | None = None
) -> Agreement:
    """The documents known when the last statement was made, compared with its control totals. `totals`: those of all;
    `beside`: those of known documents of which there are only sums."""
    last = past.last
    if last is None or not last.control_totals:
        return Agreement()
    buckets = [
        item for item in tiles(program.header, program.header.settle, term(program.header)) if item.start < last.period.end
    ]
    lines = [line for line in documents if buckets and line.date < buckets[-1].end]
    known = [line for line in lines if _was_known(line, last)]
    given = totals if beside is None and len(known) == len(lines) else {**control_totals(program, known), **(beside or {})}
    found = _compared([item for item in buckets if item != _cut(program)], last.control_totals, given)
    return _with_cut(found, program, buckets, last.control_totals, given)


def _cut(program: Program) -> Period | None:
    """The settlement that a termination cuts short."""
    header = program.header
    if header.written_end is None:
        return None
    last = tiles(header, header.settle, term(header))[-1]
    return last if last not in tiles(header, header.settle, Period(header.start, header.written_end)) else None


def _with_cut(
    found: Agreement, program: Program, buckets: Sequence[Period], posted: Mapping[str, str], given: Mapping[str, str]
) -> Agreement:
    """A settlement cut short is compared if it was settled as such; settled whole, only documents that are all absent count."""
    header, cut = program.header, _cut(program)
    if cut is None or cut not in buckets or header.written_end is None:
        return found
    signed = tiles(header, header.settle, Period(header.start, header.written_end))
    whole = f"{period_text(next(item for item in signed if item.start == cut.start))} "
    if not any(key.startswith(whole) for key in posted):
        also = _compared([cut], posted, given)
        return Agreement(found.absent + also.absent, found.fewer + also.fewer, found.changed + also.changed)
    here = any(key.startswith(f"{period_text(cut)} ") for key in given)
    return found if here else Agreement((*found.absent, cut), found.fewer, found.changed)


def _compared(buckets: Iterable[Period], posted: Mapping[str, str], given: Mapping[str, str]) -> Agreement:
    absent, fewer, changed = list[Period](), list[Difference](), list[Difference]()
    for bucket in buckets:
        name = period_text(bucket)
        kinds = sorted({key.split(" ")[1] for key in (*given, *posted) if key.startswith(f"{name} ")})
        found = [
            Difference(
                name, kind, _count(posted, name, kind), _count(given, name, kind), _sums(posted, given, f"{name} {kind} ")
            )
            for kind in kinds
        ]
        if any(item.settled for item in found) and not any(item.given for item in found):
            absent.append(bucket)
            continue
        fewer += [item for item in found if item.given < item.settled]
        changed += [item for item in found if item.given > item.settled or (item.given == item.settled and item.sums)]
    return Agreement(tuple(absent), tuple(fewer), tuple(changed))


def _was_known(line: Document, last: PostedStatement) -> bool:
    return line.date < last.period.end and (line.known_on is None or line.known_on <= last.known_by)


def _count(totals: Mapping[str, str], period: str, kind: str) -> int:
    text = totals.get(f"{period} {kind} {COUNT}", "0")
    return int(text) if text.isdigit() else 0


def _sums(posted: Mapping[str, str], given: Mapping[str, str], start: str) -> tuple[tuple[str, str, str], ...]:
    """(column, settled, given) where a sum differs."""
    columns = sorted({key.removeprefix(start) for key in (*posted, *given) if key.startswith(start)} - {COUNT})
    pairs = ((column, posted.get(start + column, "0"), given.get(start + column, "0")) for column in columns)
    return tuple(item for item in pairs if item[1] != item[2])


def carried_totals(past: History, given: Totals, absent: Iterable[Period]) -> Totals:
    """The control totals of this run: of the documents given, and as posted where none were."""
    found = dict(given)
    names = tuple(f"{period_text(bucket)} " for bucket in absent)
    if past.last is not None and names:
        found.update({key: value for key, value in past.last.control_totals.items() if key.startswith(names)})
    return found
