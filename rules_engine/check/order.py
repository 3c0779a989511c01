"""The acyclic graph of references is the order of computation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules_engine.check.environment import Environment
from rules_engine.core.expressions import Expression, MeasureRef, ResultOf
from rules_engine.core.program import Clause, Limit
from rules_engine.core.walk import price_expressions, walk


def order(clauses: Mapping[str, Clause], limits: Mapping[str, Limit], env: Environment) -> tuple[str, ...]:
    """Clause and limit ids so that everything is computed before it is read; a circle is refused."""
    needs = {name: tuple(dict.fromkeys(reads(clause, limits, env))) for name, clause in clauses.items()}
    needs |= {
        name: tuple(dict.fromkeys((*item.members, *results(iter([bound.amount for bound in item.bounds]), limits, env))))
        for name, item in limits.items()
    }
    done: dict[str, None] = {}
    for name in needs:
        visit(name, needs, done, (), env)
    return tuple(done)


def visit(
    name: str, needs: Mapping[str, tuple[str, ...]], done: dict[str, None], path: tuple[str, ...], env: Environment
) -> None:
    """Place everything `name` reads before it."""
    if name in path:
        env.circle((*path[path.index(name) :], name), env.clause_blocks[name].id_span)
    if name in done or name not in needs:
        return
    for inner in needs[name]:
        visit(inner, needs, done, (*path, name), env)
    done[name] = None


def reads(clause: Clause, limits: Mapping[str, Limit], env: Environment) -> Iterator[str]:
    """The clauses and limits that a clause reads."""
    expressions = [clause.earn, *(bound.amount for bound in clause.bounds)]
    expressions += [item for item in (clause.base, clause.when) if item is not None]
    if clause.spread is not None and clause.spread.weight is not None:
        expressions.append(clause.spread.weight)
    if clause.on_account is not None and clause.on_account.provisional is not None:
        expressions.extend(price_expressions(clause.on_account.provisional))
    yield from results(iter(expressions), limits, env)


def results(expressions: Iterator[Expression], limits: Mapping[str, Limit], env: Environment) -> Iterator[str]:
    """The clauses named by `result of`, through measures; after limits also the limits over them."""
    for item in readings(expressions, env):
        yield item.clause
        if item.after_limits:
            yield from (name for name, limit in limits.items() if item.clause in limit.members)


def readings(expressions: Iterator[Expression], env: Environment) -> Iterator[ResultOf]:
    """Every `result of`, through measures."""
    for expression in expressions:
        for item in walk(expression):
            if isinstance(item, ResultOf):
                yield item
            elif isinstance(item, MeasureRef) and item.name in env.measures:
                yield from readings(iter((env.measures[item.name].expression,)), env)
