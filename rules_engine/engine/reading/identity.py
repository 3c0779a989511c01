"""What a program's expressions are, regardless of where they stand in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from hashlib import sha256

from rules_engine.core.expressions import Expression, Price
from rules_engine.core.program import Balance, Bound, Clause, Program
from rules_engine.core.remembered import once_a_program
from rules_engine.core.walk import price_expressions, walk

LATER = frozenset({"against", "along", "count", "exclusive"})
"""Parts that nodes got later: left out where they are empty, so that what earlier statements carry is still found."""
MOST_SIGNATURES = 20_000
_signatures: dict[int, tuple[object, str]] = {}


def roots(program: Program) -> Iterator[Expression]:
    """Every whole expression of measures, counters, clauses, limits and computed columns."""
    yield from (measure.expression for measure in program.measures.values())
    yield from (counter.amount for counter in program.counters.values())
    for value in program.values.values():
        yield from (value.starts, value.becomes)
    for clause in program.clauses.values():
        yield from clause_roots(clause)
    for balance in program.balances.values():
        yield from balance_roots(balance)
    for limit in program.limits.values():
        yield from (bound.amount for bound in limit.bounds)
    for kind in program.types.values():
        yield from (column.formula for column in kind.columns.values() if column.formula is not None)


def clause_roots(clause: Clause) -> Iterator[Expression]:
    """Every whole expression of one clause."""
    yield clause.earn
    yield from (item for item in (clause.base, clause.when, clause.recorded) if item is not None)
    yield from _bounds(clause.bounds)
    for draw in clause.draws:
        yield from _bounds(draw.bounds)
        yield from () if draw.wanted is None else (draw.wanted,)
    if clause.spread is not None and clause.spread.weight is not None:
        yield clause.spread.weight
    if clause.on_account is not None and clause.on_account.provisional is not None:
        yield from price_expressions(clause.on_account.provisional)


def balance_roots(balance: Balance) -> Iterator[Expression]:
    """Every whole expression of one balance."""
    yield from (adding.amount for adding in balance.adds)
    yield from (item for item in (balance.starts, balance.most) if item is not None)


def _bounds(bounds: tuple[Bound, ...]) -> Iterator[Expression]:
    yield from (bound.amount for bound in bounds)


def program_expressions(program: Program) -> Iterator[Expression]:
    """Every expression of the program, inner ones included."""
    return iter(_every(program))


@once_a_program
def _every(program: Program) -> tuple[Expression, ...]:
    return tuple([item for root in roots(program) for item in walk(root)])


def signature(node: Expression | Price) -> str:
    """A stable hash of what the node computes; where it stands in the text plays no part."""
    held = _signatures.get(id(node))
    if held is None or held[0] is not node:
        if len(_signatures) >= MOST_SIGNATURES:
            _signatures.clear()
        held = _signatures[id(node)] = (node, sha256(_written(node).encode()).hexdigest()[:24])
    return held[1]


_FIELDS: dict[type, tuple[str, ...] | None] = {}


def _fields(kind: type) -> tuple[str, ...] | None:
    """The fields of a node but its place; None for what is no node."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(kind) if field.name != "span") if is_dataclass(kind) else None
    return _FIELDS[kind]


class _Mark(str):
    """Punctuation between nodes."""

    __slots__ = ()


def _written(node: object) -> str:
    """The node without its spans; a loop, since a sum may be long."""
    found: list[str] = []
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Mark):
            found.append(item)
        elif isinstance(item, tuple):
            waiting += _listed("(", [("", inner) for inner in item])
        elif (known := _fields(type(item))) is not None:
            names = [name for name in known if name not in LATER or getattr(item, name)]
            waiting += _listed(f"{type(item).__name__}(", [(f"{name}=", getattr(item, name)) for name in names])
        else:
            found.append(repr(item))
    return "".join(found)


def _listed(opening: str, inner: list[tuple[str, object]]) -> list[object]:
    """What is still to be written, last first."""
    written: list[object] = [_Mark(opening)]
    for place, (name, value) in enumerate(inner):
        written += [_Mark(f",{name}" if place else name), value]
    return [_Mark(")"), *reversed(written)]
