"""Findings: what a person judges, counts or chooses. A document of the finding's own type says it, with who and when."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from rules_engine.check.declared.declarations import UNITS, text_of
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import first, group, items, of_block, words
from rules_engine.check.meaning.scopes import WindowScope, check_choice, demand_group
from rules_engine.check.meaning.units import expect, same
from rules_engine.check.meaning.wording import span_of_time
from rules_engine.check.prices.grouping import COLUMNS
from rules_engine.check.windows import rank
from rules_engine.core.builtin import COMMON_COLUMNS
from rules_engine.core.expressions import (
    Aggregate,
    Choice,
    ChoiceRow,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    Shift,
    Source,
)
from rules_engine.core.program import Clause, ColumnType, DocumentType, Measure, Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import walk
from rules_engine.syntax.tree import Block, DateLiteral, Field, Group, Name, Number, Window
from rules_engine.values.period import WindowSpec
from rules_engine.values.windows import tile, whole

ANSWER, BY = "answer", "by"
STATE, WHOLE = "state", "term"


def declare_finding(block: Block, env: Environment) -> None:
    """The finding's document type, and the measure that reads its latest answer."""
    fields = of_block(block, env)
    replace(fields, fields=tuple(item for item in fields.fields if item.key != "per")).allow(("answer", "otherwise", "source", "note"))
    known = env.plural(block.id)
    if known is not None:
        del env.measure_blocks[block.id]
        env.refuse(
            "SE0302",
            block.id_span,
            why=(
                f"`{block.id}` is a document type already; its documents would be read as answers.",
                f"“{block.id}”已是单据类型，其单据会被当作结论读取。",
            ),
            fix=("give the finding another name.", "请给认定另取名称。"),
        )
    named = fields.get("answer")
    assert named is not None
    answer = answer_column(named)
    windows = [field for field in fields.all("per") if group(field, "in_each")]
    splits = [field for field in fields.all("per") if not group(field, "in_each")]
    if len(windows) > 1 or len(splits) > 1:
        fields.twice(*(windows if len(windows) > 1 else splits)[:2])
    per = tuple(column for field in splits for name in items(field, Name) for column in COLUMNS.get(name.id, (name.id,)))
    own = {name: ColumnType(name, Unit.TEXT, "text") for name in per if name not in COMMON_COLUMNS}
    columns = {**COMMON_COLUMNS, **own, BY: ColumnType(BY, Unit.TEXT, "text"), ANSWER: answer}
    env.types[block.id] = DocumentType(block.id, block.id, "none", "date", columns, block.span)
    shift = Shift("answer", window_kind(windows[0]) if windows else STATE, per=per)
    env.findings_read[block.id] = shift
    plain = Measure(block.id, block.title or block.id, latest(block, answer, None), answer.unit, shown=False, span=block.span)
    env.measures[block.id] = plain
    found, deadline = default_of(fields.get("otherwise"), answer, env)
    if found is None:
        return
    every_year = group(fields.get("otherwise"), "month_day")
    if every_year is not None:
        env.measures[block.id] = replace(plain, expression=yearly(block, answer, found, every_year, shift, env))
        return
    if deadline is not None:
        env.findings_read[block.id] = replace(shift, unit=WHOLE if shift.unit == STATE else shift.unit)
    start = None if deadline is None else deadline + timedelta(days=1)
    rows = (ChoiceRow(latest(block, answer, deadline)), ChoiceRow(found, start=start, if_none=True))
    env.measures[block.id] = replace(plain, expression=Choice(rows, answer.unit, block.id_span))


def yearly(block: Block, answer: ColumnType, found: Expression, last: Group, shift: Shift, env: Environment) -> Choice:
    """One answer a year, each with the last day of its own year; the default of a year waits for that day."""
    if shift.unit != "year":
        env.refuse(
            "SE0577",
            last.span,
            why=(
                "a day without its year comes once a year, and the finding is not answered per year: an answer of 2 April 2027 would be in time for none, or for all of the term.",
                "不带年份的日期每年一次，而该认定并非每年一答：2027-04-02 的结论对整个期限是否有效无从判断。",
            ),
            fix=("per year", "按 年"),
        )
    header = env.header
    years = tile(WindowSpec("year"), env.signed_term, header.settle, header.year_start, header.ranges)
    month, day = (int(number.value) for number in items(last, Number))
    rows = []
    for cut in years:
        year = whole(WindowSpec("year"), cut, env.signed_term, header.settle, header.year_start, header.ranges)
        until = next(each for at in (year.start.year, year.end.year) if year.contains(each := month_end(at, month, day)))
        late = ChoiceRow(found, start=until + timedelta(days=1), if_none=True)
        one = Choice((ChoiceRow(latest(block, answer, until)), late), answer.unit, block.id_span)
        rows.append(ChoiceRow(one, start=year.start, end=year.end))
    return Choice(tuple(rows), answer.unit, block.id_span)


def month_end(year: int, month: int, day: int) -> date:
    """The day of that year; 29 February is the 28th where there is none."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def answer_column(field: Field) -> ColumnType:
    """The column of the answer."""
    listed = group(field, "one_of")
    if listed is not None:
        return ColumnType(ANSWER, Unit.TEXT, "text", choices=tuple(text_of(item) for item in listed.items))
    unit, kind = UNITS[next(iter(words(field)))]
    return ColumnType(ANSWER, unit, kind)


def window_kind(field: Field) -> str:
    """The calendar window that one answer is for."""
    holder = group(field, "in_each")
    window = first(holder, Window) if holder else None
    assert window is not None
    return WHOLE if window.kind == "term" else window.kind


def latest(block: Block, answer: ColumnType, deadline: date | None) -> Aggregate:
    """The last answer that somebody signed, in time where there is a deadline."""
    span = block.id_span
    tests: list[Expression] = [Compare("!=", Column(BY, Unit.TEXT, span=span), Constant("", Unit.TEXT, span), span)]
    if answer.unit is Unit.TEXT:
        tests.append(Compare("!=", Column(ANSWER, Unit.TEXT, span=span), Constant("", Unit.TEXT, span), span))
    if deadline is not None:
        tests.append(Compare("<=", Column("date", Unit.DATE, span=span), Constant(deadline, Unit.DATE, span), span))
    where = tests[0] if len(tests) == 1 else Logic("and", tuple(tests), span)
    return Aggregate("latest", Column(ANSWER, answer.unit, span=span), (Source(block.id, 1),), where, answer.unit, span)


def default_of(field: Field | None, answer: ColumnType, env: Environment) -> tuple[Expression | None, date | None]:
    """What holds where nobody answered, and the last day of answering."""
    if field is None:
        return None, None
    deadline = first(field, DateLiteral) if len(field.items) > 1 else None
    written = field.items[0]
    if isinstance(written, Name) and answer.unit is Unit.TEXT:
        found: Expression = Constant(written.written or written.id, Unit.TEXT, written.span)
    else:
        found = expression(written, WindowScope(env))  # type: ignore[arg-type]
    pair = same(found, Constant(0, answer.unit)) if answer.unit not in (Unit.TEXT, Unit.YES_NO, Unit.DATE) else None  # type: ignore[arg-type]
    found = pair[0] if pair else expect(found, answer.unit, "SE0402", field.span, env)
    if isinstance(found, Constant):
        check_choice(found, answer.choices, env)
    return found, deadline.value if deadline else None


def demand_windows(program: Program, env: Environment) -> None:
    """Refuse whoever reads, over one of its windows or groups, a finding with several answers in it."""
    for clause in program.clauses.values():
        expressions = [item for item in (clause.earn, clause.base, clause.when, *(bound.amount for bound in clause.bounds)) if item]
        read = {item.name: item for part in expressions for item in named(part, program)}
        check_groups(read, clause.per, env)
        for name in read:
            shift = env.findings_read[name]
            if shift.unit not in (STATE, WHOLE):
                check_window(clause, name, shift, env)
    for balance in program.balances.values():
        check_groups({item.name: item for adding in balance.adds for item in named(adding.amount, program)}, balance.per, env)
    whole = [bound.amount for limit in program.limits.values() for bound in limit.bounds]
    whole += [measure.expression for measure in program.measures.values() if measure.shown]
    check_groups({item.name: item for part in whole for item in named(part, program)}, (), env)


def check_groups(read: Mapping[str, MeasureRef], per: tuple[str, ...], env: Environment) -> None:
    """Findings answered for each X are read for one X."""
    for name, item in read.items():
        with env.field_of():
            demand_group(name, per, item.span, env)


def named(expression_: Expression, program: Program) -> list[MeasureRef]:
    """The findings that an expression reads, through measures."""
    found: list[MeasureRef] = []
    for item in walk(expression_):
        if isinstance(item, MeasureRef):
            if item.shift is not None and item.shift.how == "answer":
                found.append(item)
            else:
                found += named(program.measures[item.name].expression, program)
    return found


def check_window(clause: Clause, name: str, shift: Shift, env: Environment) -> None:
    """One clause and one finding."""
    settle = env.header.settle
    wide, narrow = rank(WindowSpec(shift.unit), settle), rank(clause.period, settle)
    if wide is None or narrow is None or narrow <= wide:
        return
    one, two = (tuple(span_of_time(spec, language) for language in ("en", "zh")) for spec in (clause.period, WindowSpec(shift.unit)))
    env.note(
        "SE0573",
        (clause.span, (f"looks at a whole {one[0]}", f"按{one[1]}计算")),
        (env.names[name], (f"answered for each {two[0]}", f"每{two[1]}认定一次")),
        why=(
            f"a {one[0]} has several answers of `{name}`, and nothing says which of them counts: 100.00 is due under one and not under another.",
            f"一个{one[1]}内“{name}”有多个结论，没有写明以哪个为准：按其一应付 100.00，按另一则不付。",
        ),
        fix=(f"period {two[0]}", f"周期 {two[1]}"),
    )

