"""Formulas of any shape are written with the brackets they need, and read back as they were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings, strategies as st

from rules_engine.source import NOWHERE, SourceFile
from rules_engine.syntax import tree as t
from rules_engine.syntax.equal import plain
from rules_engine.syntax.keywords import keywords
from rules_engine.syntax.parse import parse_contract
from rules_engine.syntax.writing.expressions import expression
from rules_engine.syntax.writing.pen import Pen

names = st.sampled_from(["gmv", "目标", "paid", "category"]).map(lambda word: t.Name(word, NOWHERE))
numbers = st.builds(
    t.Number, st.decimals(0, 99_999, places=2), st.sampled_from(["", "percent", "days", "units", "cartons"]), st.just(NOWHERE)
)
plain_numbers = st.decimals(0, 9_999, places=1).map(lambda value: t.Number(value, "", NOWHERE))
days = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(lambda day: t.DateLiteral(day, NOWHERE))
leaves = st.one_of(
    names, numbers, plain_numbers, days,
    st.booleans().map(lambda value: t.YesNo(value, NOWHERE)),
    st.just(t.ResultOf(t.Name("royalty", NOWHERE), True, None, NOWHERE)),
    st.just(t.ResultOf(t.Name("royalty", NOWHERE), False, ("previous", "quarter", 1), NOWHERE)),
    st.sampled_from(["previous", "so_far"]).map(lambda how: t.Moved(t.Name("gmv", NOWHERE), how, "quarter", 1, NOWHERE)),
    st.just(t.Aggregate("sum", t.Name("paid", NOWHERE), (t.Name("sales", NOWHERE),), (), None, True, NOWHERE)),
)  # fmt: skip


def shifts(left: t.Expression, right: t.Expression) -> bool:
    """Whether a sum of the two is a shifted date."""
    return isinstance(left, t.DateLiteral) and isinstance(right, t.Number)


def binary(op: str, left: t.Expression, right: t.Expression) -> t.Expression:
    return t.Binary("*" if shifts(left, right) else op, left, right, NOWHERE)


def logical(op: str, operands: list[t.Expression]) -> t.Expression:
    first, *rest = operands
    before = first.operands if isinstance(first, t.Logical) and first.op == op else (first,)
    return t.Logical(op, (*before, *rest), NOWHERE)


def around(inner: st.SearchStrategy[t.Expression]) -> st.SearchStrategy[t.Expression]:
    where = st.just(NOWHERE)
    percent = st.decimals(1, 99, places=1).map(lambda value: t.Number(value, "percent", NOWHERE))
    return st.one_of(
        st.builds(binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(t.Negate, inner, where),
        st.builds(t.Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner, where),
        st.builds(logical, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda each: t.Logical("not", (each,), NOWHERE)),
        st.builds(t.Membership, inner, st.lists(inner, min_size=1, max_size=3).map(tuple), st.booleans(), where),
        st.builds(t.Call, st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=3).map(tuple), where),
        st.builds(t.Conditional, inner, inner, inner, where),
        st.builds(t.IfNone, inner, inner, where),
        st.builds(t.Rounded, inner, st.just(Decimal("0.01")), st.sampled_from(["", "half_up", "ceiling"]), where),
        st.builds(t.ShareOf, percent, inner, where),
        st.builds(t.ValueAt, names, inner, where),
        st.builds(
            t.TimeBetween,
            st.just("months"),
            st.sampled_from(["exact", "started"]),
            st.just(1),
            st.just(""),
            inner,
            inner,
            where,
        ),
        st.builds(t.DateShift, inner, st.integers(1, 30), st.just("months"), st.sampled_from(["", "last_day"]), where),
        st.builds(t.WorkingDayOn, st.sampled_from(["after", "before"]), inner, where),
    )


@settings(max_examples=settings().max_examples * 5)
@given(st.recursive(leaves, around, max_leaves=12), st.sampled_from(["en", "zh"]))
def test_a_formula_reads_back_as_it_was(formula: t.Expression, language: str) -> None:
    words = keywords(language)
    written = expression(Pen(words), formula)
    text = f"{words.spelling('CONTRACT')} X\n{words.spelling('MEASURE')} m\n  ({written})\n"
    tree, findings = parse_contract(SourceFile("x", text))
    assert tree is not None, (text, [(found.title, found.why) for found in findings])
    assert plain(tree.blocks[0].fields[0].items[0]) == plain(formula), text
