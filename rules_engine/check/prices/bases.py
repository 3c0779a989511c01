"""What feeds a base: its aggregates, its document types, and whether it can go below zero."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition
from rules_engine.check.meaning.scopes import DocumentScope
from rules_engine.core.expressions import Aggregate, Arithmetic, Constant, Expression, MeasureRef, Priced, Step
from rules_engine.core.program import DocumentType
from rules_engine.core.walk import walk
from rules_engine.syntax import tree


def aggregates(base: Expression, env: Environment) -> Iterator[Aggregate]:
    """Every aggregate the base reads, through measures too."""
    for item in walk(base):
        if isinstance(item, Aggregate):
            yield item
        elif isinstance(item, MeasureRef) and item.name in env.measures:
            yield from aggregates(env.measures[item.name].expression, env)


def feeding_types(base: Expression, env: Environment) -> tuple[DocumentType, ...]:
    """The document types that feed the base, each once."""
    names = dict.fromkeys(source.type for item in aggregates(base, env) for source in item.sources)
    return tuple(env.types[name] for name in names)


def filter_of(node: tree.Expression, base: Expression, env: Environment) -> Expression:
    """A `for` filter, read on the documents that feed `base`."""
    return condition(node, DocumentScope(env, feeding_types(base, env)))


def can_be_negative(base: Expression, env: Environment) -> bool:
    """Whether returns or a subtraction can take the base below zero."""
    if isinstance(base, Priced):
        return can_be_negative(base.base, env)
    if isinstance(base, Arithmetic) and base.op == "max":
        return all(can_be_negative(item, env) for item in base.operands)
    subtracts = any(isinstance(item, Arithmetic) and item.op in ("-", "negate") for item in walk(base))
    return subtracts or any(source.sign < 0 for item in aggregates(base, env) for source in item.sources)


def adds_up(base: Expression, env: Environment) -> bool:
    """Whether the base is a plain sum over documents, each with a part of its own."""
    match base:
        case Aggregate():
            return base.op in ("sum", "count")
        case MeasureRef():
            return base.shift is None and adds_up(env.measures[base.name].expression, env)
        case Step():
            return adds_up(base.operand, env)
        case Arithmetic(op="+" | "-" | "negate"):
            return all(adds_up(item, env) for item in base.operands)
        case _:
            return False


def scaled(amount: Expression, env: Environment) -> bool:
    """Whether an amount is a sum over documents, or a fixed multiple of one."""
    if isinstance(amount, Arithmetic) and amount.op in ("*", "+", "-", "negate"):
        fixed = [item for item in amount.operands if isinstance(item, Constant) and isinstance(item.value, Decimal)]
        rest = [item for item in amount.operands if not any(item is other for other in fixed)]
        return (not fixed or (amount.op == "*" and len(rest) == 1)) and all(scaled(item, env) for item in rest)
    if isinstance(amount, MeasureRef) and amount.shift is None:
        return scaled(env.measures[amount.name].expression, env)
    return adds_up(amount, env)
