"""The acyclic graph of references is the order of computation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules_engine.check.meaning.environment import Environment
from rules_engine.core.expressions import Expression, MeasureRef, ResultOf
from rules_engine.core.program import Balance, Clause, Limit
from rules_engine.core.walk import price_expressions, walk
from rules_engine.source import NOWHERE


def order(clauses: Mapping[str, Clause], limits: Mapping[str, Limit], env: Environment) -> tuple[str, ...]:
    """Clause and limit ids so that everything is computed before it is read; a circle is refused."""
    needs = {name: tuple(dict.fromkeys(reads(clause, limits, env))) for name, clause in clauses.items()}
    needs |= {
        name: tuple(dict.fromkeys((*item.members, *results(iter([bound.amount for bound in item.bounds]), limits, env))))
        for name, item in limits.items()
    }
    needs |= {name: tuple(dict.fromkeys(results(balance_reads(item), limits, env))) for name, item in env.balances.items()}
    needs |= {closing(name): (name, *takers(name, clauses)) for name in env.balances}
    refuse_shared_readers(clauses, needs, env)
    done: dict[str, None] = {}
    for name in needs:
        visit(name, needs, done, (), env)
    return tuple(name for name in done if name not in map(closing, env.balances))


def closing(balance: str) -> str:
    """What a balance holds once everybody took: a step of its own in the order."""
    return f"closing of {balance}"


def takers(balance: str, clauses: Mapping[str, Clause]) -> Iterator[str]:
    """The clauses that take from a balance."""
    return (clause.id for clause in clauses.values() if any(draw.balance == balance for draw in clause.draws))


def visit(
    name: str, needs: Mapping[str, tuple[str, ...]], done: dict[str, None], path: tuple[str, ...], env: Environment
) -> None:
    """Place everything `name` reads before it."""
    if name in path:
        env.circle((*path[path.index(name) :], name), env.names.get(name, NOWHERE))
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
    itself = (clause.id,) if not clause.draws and reads_itself_earlier(clause.id, expressions, env) else ()
    yield from (name for name in results(iter(expressions), limits, env) if name not in itself)
    if clause.reverses is not None:
        yield clause.reverses.clause
    for draw in clause.draws:
        yield draw.balance
        amounts = results(iter([bound.amount for bound in draw.bounds]), limits, env)
        yield from (name for name in amounts if name != clause.id)


def reads_itself_earlier(name: str, expressions: Iterable[Expression], env: Environment) -> bool:
    """Whether a clause reads what it came to itself, each time in windows that are over before its own begins."""
    own = [item for item in readings(iter(expressions), env) if item.clause == name]
    return bool(own) and all(item.shift is not None and item.shift.how != "so_far" for item in own)


def balance_reads(balance: Balance) -> Iterator[Expression]:
    """What a balance is worked out from."""
    yield from (adding.amount for adding in balance.adds)
    yield from (item for item in (balance.starts, balance.most) if item is not None)


def refuse_shared_readers(clauses: Mapping[str, Clause], needs: Mapping[str, tuple[str, ...]], env: Environment) -> None:
    """Clauses that take from one balance take turns; none of them can need another's amount first."""
    for clause in clauses.values():
        for draw in clause.draws:
            shared = {other.id for other in clauses.values() if any(item.balance == draw.balance for item in other.draws)}
            direct = [name for name in needs[clause.id] if name != draw.balance]
            for other in sorted((shared - {clause.id}) & reachable(direct, needs)):
                env.refuse(
                    "SE0552",
                    (clause.span, (f"reads `{other}`, and takes from `{draw.balance}`", f"读取“{other}”，又抵用“{draw.balance}”")),
                    (clauses[other].span, (f"takes from `{draw.balance}` as well", f"也抵用“{draw.balance}”")),
                    why=(
                        f"`{clause.id}` needs the amount of `{other}`, which depends on what is left of `{draw.balance}`, which depends on `{clause.id}`.",
                        f"“{clause.id}”先要有“{other}”的金额，而它取决于“{draw.balance}”的余额，余额又取决于“{clause.id}”。",
                    ),
                    fix=("let only one of them take from the balance.", "只让其中一个条款抵用该余额。"),
                )


def reachable(names: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Everything that these names need, themselves included."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(needs.get(name, ()))
    return found


def results(expressions: Iterator[Expression], limits: Mapping[str, Limit], env: Environment) -> Iterator[str]:
    """The clauses named by `result of`, through measures; after limits also the limits over them. What a balance held as the
    window began was settled in windows before and waits for nobody."""
    for item in readings(expressions, env):
        if item.clause in env.balance_blocks:
            yield from (closing(item.clause),) if item.after_limits else ()
            continue
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
