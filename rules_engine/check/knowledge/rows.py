"""Rows that no document can come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from rules_engine.check.knowledge.reach import feeding, truth
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.prices.filters import Low, apart, conjuncts, interval, shown, texts, without_spans
from rules_engine.core.expressions import Expression, Priced, Row, Table
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import prices, walk

DELETE = ("delete the row, or correct it.", "删去该行，或改正。")


def tell_dead_rows(program: Program, env: Environment) -> None:
    """SN1004: the row's filter or condition leaves nothing for it, or an earlier row takes everything."""
    for clause in program.clauses.values():
        for table, types in tables(clause, program):
            for place, row in enumerate(table.rows):
                why = dead(row, table.rows[:place] if table.pick == "first" else (), program, types)
                if why is not None:
                    say("SN1004", env, row.span, why=why, fix=DELETE)


def tables(clause: Clause, program: Program) -> Iterator[tuple[Table, tuple[str, ...]]]:
    """Every table of the clause with the document types it splits."""
    for item in walk(clause.earn):
        if isinstance(item, Priced):
            types = feeding(item.base, program)
            yield from ((price, types) for price in prices(item.price) if isinstance(price, Table))


def dead(row: Row, earlier: tuple[Row, ...], program: Program, types: tuple[str, ...]) -> Both | None:
    """Why nothing comes to the row; None where something may."""
    if row.where is not None and impossible(row.where, program, types):
        filtered = shown(row.where, program.header.language)
        return f"no document can have {filtered}.", f"没有单据能满足：{filtered}。"
    if row.when is not None and truth(row.when, program) is False:
        return "its condition can never hold, by the ranges the columns declare.", "按列声明的范围，其条件永远不成立。"
    if any(hides(other, row) for other in earlier):
        return (
            "an earlier row takes every document it could have, and the first that matches counts.",
            "前面的一行已适用于它的全部单据，而只取第一个符合的行。",
        )
    return None


def impossible(where: Expression, program: Program, types: tuple[str, ...]) -> bool:
    """Whether a filter holds for no document."""
    if truth(where, program, types) is False:
        return True
    return any(apart(one, two) for one, two in combinations(conjuncts(where), 2))


def hides(earlier: Row, later: Row) -> bool:
    """Whether everything of the later row already belongs to the earlier one."""
    if earlier.when is not None or earlier.otherwise or later.otherwise:
        return False
    inside = (earlier.start or date.min) <= (later.start or date.min) and (later.end or date.max) <= (earlier.end or date.max)
    return inside and implied(later.where, earlier.where)


def implied(narrow: Expression | None, wide: Expression | None) -> bool:
    """Whether whatever meets the first filter meets the second."""
    return all(any(within(one, two) for one in conjuncts(narrow)) for two in conjuncts(wide))


def within(one: Expression, two: Expression) -> bool:
    """Whether one single condition implies another."""
    if without_spans(one) == without_spans(two):
        return True
    first, second = texts(one), texts(two)
    if first and second:
        return first[0] == second[0] and first[1] <= second[1]
    low, high = interval(one), interval(two)
    if low is None or high is None or low[0] != high[0]:
        return False
    return fits_under(low[2], high[2]) and fits_over(low[1], high[1])


def fits_under(upper: Low | None, limit: Low | None) -> bool:
    """Whether an upper bound lies at or below another."""
    if limit is None:
        return True
    return upper is not None and (upper[0] < limit[0] or (upper[0] == limit[0] and (limit[1] or not upper[1])))


def fits_over(lower: Low | None, limit: Low | None) -> bool:
    """Whether a lower bound lies at or above another."""
    if limit is None:
        return True
    return lower is not None and (lower[0] > limit[0] or (lower[0] == limit[0] and (limit[1] or not lower[1])))
