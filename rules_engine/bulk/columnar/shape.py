"""The shape of a whole contract: what many contracts have in common, and the numbers and names that tell one from another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from rules_engine.bulk.columnar.asking import plain_asking
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.rows import by_rows
from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.core.expressions import Expression, Priced, Table
from rules_engine.core.program import Clause, Header, Program
from rules_engine.core.walk import prices
from rules_engine.engine.reading.grouping import ROOTS
from rules_engine.engine.reading.identity import program_expressions, signature
from rules_engine.engine.reading.reach import read_once
from rules_engine.followed.functions import one_step
from rules_engine.lowered.model import Refusal, Shape
from rules_engine.lowered.shape import shape_of
from rules_engine.record import replace
from rules_engine.settlement.closing.balances import KINDS
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.papers import rate_on, smallest_unit
from rules_engine.settlement.subtract import direction_of

OWN = ("id", "title", "sha256", "supplier_id", "supplier", "file", "mode", "signed")
"""What of a header is a contract's own and decides no amount."""
UNREAD = frozenset({"span", "text", "earlier", "phrases", "source"})
LOWERED = frozenset({"earn", "when", "base", "bounds"})
MOST_PLACES = 6
Parameters = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One expression of a clause over columns."""

    shape: Shape
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class ClauseParts:
    """A clause's amount, condition, base and cap."""

    earn: Part
    when: Part | None
    base: Part | None
    cap: Part | None

    @property
    def parts(self) -> tuple[Part | None, ...]:
        """All of them, in the order of their parameters."""
        return self.earn, self.when, self.base, self.cap


@dataclass(frozen=True, slots=True)
class Card:
    """A contract as columns see it: the name of its shape, its header's own fields, parameters by clause, and the names of its
    price tables."""

    shape: str
    own: tuple[object, ...]
    parameters: tuple[tuple[Parameters, ...], ...]
    tables: tuple[str, ...]

    def header(self, common: Header) -> Header:
        """The contract's header, given that of another contract of its shape."""
        own: dict[str, Any] = dict(zip(OWN, self.own, strict=True))
        return replace(common, **own)


def card_of(program: Program) -> Card:
    """The card of a contract; raises `Alone` with the reason why columns do not serve it."""
    _plain_program(program)
    parts = {name: clause_parts(program, clause) for name, clause in program.clauses.items()}
    written = "".join([_written_header(program.header), _types(program), repr(program.order), _written(program.measures)])
    for name, clause in program.clauses.items():
        found = parts[name]
        keys = [part.shape.key if part is not None else "" for part in found.parts]
        bounds = [(bound.side, bound.window, bound.proportion) for bound in clause.bounds]
        written += f"{name}{keys}{bounds}{_written(clause, LOWERED)}"
    return Card(
        sha256(written.encode()).hexdigest(),
        tuple(getattr(program.header, name) for name in OWN),
        tuple(tuple(part.parameters for part in found.parts if part is not None) for found in parts.values()),
        tuple(_name(table) for table in tables(program)),
    )


def clause_parts(program: Program, clause: Clause) -> ClauseParts:
    """The clause's expressions over columns."""
    _plain_clause(program, clause)
    bare = replace(clause, bounds=(), when=None, on_account=None, negative="turns_round", proportion="")
    earn = _part(program, replace(bare, earn=by_rows(program, clause.earn)))
    when = None if clause.when is None else _part(program, replace(bare, earn=clause.when))
    base = None if clause.base is None else _part(program, replace(bare, earn=clause.base))
    cap = _part(program, replace(bare, earn=clause.bounds[0].amount)) if clause.bounds else None
    return ClauseParts(earn, when, base, cap)


def common(program: Program, clause: Clause) -> tuple[Decimal | None, str]:
    """The VAT rate of the clause's lines, the same on all days, and their direction."""
    rate = clause.papers.vat if isinstance(clause.papers.vat, Decimal) else None
    if clause.papers.vat == "contract":
        rate = rate_on(program.header, program.header.start)
    return rate, direction_of(program, Key(clause.id, (), program.header.start, "", rate))


def _part(program: Program, clause: Clause) -> Part:
    found = shape_of(program, clause)
    if isinstance(found, Refusal):
        raise Alone(Reason.LOWERED)
    return Part(found.shape, found.parameters)


def tables(program: Program) -> Iterator[Table]:
    """Every table of the program, in one order."""
    for item in program_expressions(program):
        if isinstance(item, Priced):
            yield from (price for price in prices(item.price) if isinstance(price, Table))


def _plain_program(program: Program) -> None:
    header = program.header
    if program.limits:
        raise Alone(Reason.LIMITS)
    if program.balances:
        raise Alone(Reason.BALANCES)
    if program.counters or program.values:
        raise Alone(Reason.COUNTERS)
    if len(header.vat) > 1 or any(rate.start or rate.end for rate in header.vat):
        raise Alone(Reason.VAT_RATES)
    if header.pay.by != "statement" or header.renews or header.corrections == "reversal":
        raise Alone(Reason.HEADER)


def _plain_clause(program: Program, clause: Clause) -> None:
    if len(clause.bounds) > 1 or any(bound.side != "most" or read_once(program, bound.amount) for bound in clause.bounds):
        raise Alone(Reason.BOUNDS)
    plan = clause.on_account
    if plan is not None and (plan.every == "document" or plan.taken_back != "always" or plan.provisional is not None):
        raise Alone(Reason.ON_ACCOUNT)
    if clause.negative == "carry":
        raise Alone(Reason.NEGATIVE)
    if clause.payer not in ("platform", "supplier") or clause.shares or clause.funding:
        raise Alone(Reason.PARTIES)
    special = (
        clause.draws, clause.reverses, clause.spread, clause.due, clause.recorded, clause.once_reached, clause.needs_confirmation,
        clause.goods, clause.changes, clause.collect != "in_full", clause.kind in KINDS, not ROOTS.isdisjoint(clause.per),
    )  # fmt: skip
    if any(special):
        raise Alone(Reason.CLAUSE)
    to = clause.rounding.to
    places = max(0, -int(to.normalize().as_tuple().exponent))
    if (clause.rounding_place.endswith("total") and clause.per) or places > MOST_PLACES or to.as_tuple().exponent != smallest_unit(program.header.currency).as_tuple().exponent:
        raise Alone(Reason.ROUNDING)
    for expression in (clause.earn, clause.when, clause.base):
        if expression is not None:
            _sums(program, expression)
    plain_asking(program, clause)


def _sums(program: Program, expression: Expression) -> None:
    if any(reading.shifts or reading.aggregate.op not in ("sum", "count") for reading in read_once(program, expression)):
        raise Alone(Reason.NOT_SUMS)


def _written_header(header: Header) -> str:
    return _written(header, frozenset(OWN))


def _types(program: Program) -> str:
    """The types of documents, those of the engine by name."""
    return "".join(name if kind == BUILTIN_TYPES.get(name) else _written(kind) for name, kind in program.types.items())


@one_step
def _name(table: Table) -> str:
    return signature(table)


_NAMES: dict[type, tuple[str, ...] | None] = {}


def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a kind of node that decide something; None for what is no node."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(each.name for each in fields(kind) if each.name not in UNREAD) if is_dataclass(kind) else None
    return _NAMES[kind]


def _written(node: object, left_out: frozenset[str] = frozenset()) -> str:
    """Everything of a node but its places and words."""
    names = _names(type(node))
    if names is not None:
        return f"{type(node).__name__}({','.join([_written(getattr(node, name)) for name in names if name not in left_out])})"
    if isinstance(node, tuple):
        return f"({','.join(map(_written, node))})"
    if isinstance(node, Mapping):
        return f"{{{','.join(f'{key!r}:{_written(value)}' for key, value in node.items())}}}"
    return repr(node)
