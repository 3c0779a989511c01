"""Declared numbers: dated, banded, by class, or changed by documents."""

from __future__ import annotations

from dataclasses import replace

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import condition, expression
from rules_engine.check.meaning.fields import Fields, first, group, items, of_block, others
from rules_engine.check.meaning.scopes import DocumentScope, Scope, WindowScope
from rules_engine.check.meaning.units import adapted, alike, comparison_of, expect
from rules_engine.check.meaning.unknown import unknown
from rules_engine.check.meaning.wording import column, plural
from rules_engine.check.prices.coverage import check_choices, reaches
from rules_engine.check.prices.grouping import one_of, per_columns
from rules_engine.check.prices.intervals import check_bounds
from rules_engine.check.prices.lumps import proven
from rules_engine.check.prices.prices import after
from rules_engine.core.expressions import Choice, ChoiceRow, Column, Expression, ValueNow
from rules_engine.core.program import ChangingValue, DocumentType
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.record import dataclass
from rules_engine.syntax.tree import Ladder, Name, Price, Row, Value, ValueIf


def value(name: str, env: Environment) -> Expression:
    """A declared number: dated rows, rows of a class, bands asked `at` a number (the asked number is the column `asked`), or a
    number that documents change."""
    block = env.value_blocks[name]
    fields = of_block(block, env)
    fields.allow(("per", "rows", "tiers", "starts", "becomes", "source", "note"))
    per = per_columns(fields)
    if fields.has("becomes", "starts"):
        return changing(name, block.title, fields, per, env)
    rows = [row for field in fields.all("rows") for row in items(field, Row)]
    ladders = [ladder for field in fields.all("tiers") for ladder in items(field, Ladder)]
    term = env.signed_term
    made = [dated(row, per, env) for row in rows]
    in_term = tuple(item for row, one in zip(rows, made, strict=True) if reaches(item := proven(row, one), term))
    check_choices(in_term, "exactly_one", term, env)
    found = made + [row for ladder in ladders for row in bands(ladder, env)]
    if not found:
        env.refuse(
            "SE0201",
            block.id_span,
            why=(f"value `{name}` has no number.", f"数值“{name}”没有写出数字。"),
            fix=("90,000 until 2026-05-31\n140,000 from 2026-06-01", "90,000 截至 2026-05-31\n140,000 自 2026-06-01"),
        )
    amounts = alike(tuple(row.value for row in found), block.span, env)
    fitted = tuple(replace(row, value=amount) for row, amount in zip(found, amounts, strict=True))
    return Choice(fitted, unit_of(amounts[0]), block.span)


def dated(row: Row, per: tuple[str, ...], env: Environment) -> ChoiceRow:
    """One number with its days and its class."""
    tests = []
    if row.names:
        tests.append(one_of(of_class(row, per, env), row.names, row.span))
    if row.where is not None or row.when is not None:
        refuse_condition(row, env)
    when = tests[0] if tests else None
    return ChoiceRow(plain(row.price, WindowScope(env)), when=when, start=row.start, end=after(row.end), otherwise=row.otherwise)


def of_class(row: Row, per: tuple[str, ...], env: Environment) -> Column:
    """The class a row's names belong to."""
    if len(per) != 1:
        word = row.names[0].written or row.names[0].id
        env.refuse(
            "SE0301",
            row.span,
            why=(
                f"`{word}` is a bare name, and the value is not split by a column, so it is not said whose name it is.",
                f"“{word}”是不带列名的名称，而该数值没有按列拆分，无法确定它属于哪一列。",
            ),
            fix=("value target per category", "数值 目标 按 类目"),
        )
    return Column(per[0], Unit.TEXT, "class", row.span)


def refuse_condition(row: Row, env: Environment) -> None:
    """A condition in a value's row would be read in no window."""
    env.refuse(
        "SE0202",
        row.span,
        why=(
            "a value's rows are told apart by their days and by the class of its first line; a condition belongs to the clause that uses it.",
            "数值的各行只按日期和首行所写的类别区分；条件写在引用它的条款里。",
        ),
        fix=("value target per category\n  90,000 for rice", "数值 目标 按 类目\n  90,000 限 大米"),
    )


def bands(ladder: Ladder, env: Environment) -> list[ChoiceRow]:
    """The bands of a value as conditions on what it is asked at; the first that holds answers, so the highest start is asked first."""
    asked = Column("asked", Unit.NUMBER, "asked", ladder.span)
    rows = []
    check_bounds(ladder.bands, tuple(expression(band.bound, WindowScope(env)) for band in ladder.bands if band.bound), env)
    for band in ladder.bands:
        op = {"up_to": "<=", "over": ">", "below": "<", "from": ">="}[band.style]
        assert band.bound is not None
        limit = expression(band.bound, WindowScope(env))
        on = replace(asked, unit=unit_of(limit))
        when = comparison_of(op, on, limit, band.span, env)
        rows.append(ChoiceRow(plain(band.price, WindowScope(env)), when=when, start=ladder.start, end=after(ladder.end)))
    ending = sum(band.style in ("up_to", "below") for band in ladder.bands)
    return rows[:ending] + rows[ending:][::-1]


def plain(price: Price, scope: Scope) -> Expression:
    """A price that is one number or formula, or money per unit."""
    env = scope.env
    if isinstance(price, Value) and len(price.parts) == 1 and not price.at_least and not price.at_most:
        part = price.parts[0]
        if part.amount is not None and part.kind in ("rate", "lump", "formula"):
            return expression(part.amount, scope)
        if part.amount is not None and part.kind == "per" and part.count == 1 and part.unit == "units" and not part.step:
            return adapted(expression(part.amount, scope), Unit.PRICE)
    if isinstance(price, ValueIf):
        branches = (plain(price.then, scope), plain(price.otherwise, scope))
        one, two = alike(branches, price.span, env)
        rows = (ChoiceRow(one, when=condition(price.condition, scope)), ChoiceRow(two, otherwise=True))
        return Choice(rows, unit_of(one), price.span)
    env.refuse(
        "SE0402",
        price.span,
        why=(
            "a value is one number on each line; parts, floors, prices per lot and `none` belong to the clause that uses it.",
            "数值每行只写一个数；相加的部分、上下限、按批的价格和“无”写在引用它的条款里。",
        ),
        fix=("write a number: `1.80`, `5%`.", "写一个数：“1.80”、“5%”。"),
    )


@dataclass(frozen=True, slots=True)
class StateScope(DocumentScope):
    """A document that changes a value: its columns, and under the value's own name the number so far."""

    own: str = ""
    unit: Unit = Unit.NUMBER

    def name(self, node: Name) -> Expression:
        """The number so far, a column, or another value."""
        if node.id == self.own and not node.of:
            return Column(node.id, self.unit, "this", node.span)
        return DocumentScope.name(self, node)


def changing(name: str, title: str, fields: Fields, per: tuple[str, ...], env: Environment) -> Expression:
    """`starts` and `becomes … at each …`."""
    field, begins = fields.get("becomes"), fields.get("starts")
    if field is None or begins is None or fields.has("rows", "tiers"):
        env.refuse(
            "SE0256",
            fields.span,
            why=(
                f"`{name}` needs where it starts, what it becomes and at which documents; without one of them it has no number on any day.",
                f"“{name}”要写明起始值、变为何数以及由哪类单据变更，缺一则任何一天都没有数值。",
            ),
            fix=(
                f"value {name}\n  starts   1.80 per unit\n  becomes  round ({name} * (1 + change)) to 0.01 at each index_notice",
                f"数值 {name}\n  起始为  每件 1.80\n  变为  舍入 {name} * (1 + 涨幅) 至 0.01 于每次 调价通知",
            ),
        )
    kind = changer(group(field, "at_each"), env)
    demand_class(kind, per, fields, env)
    starts = plain(others(begins)[0], DocumentScope(env, (only_class(kind, per),)))  # type: ignore[arg-type]
    scope = StateScope(env, (kind,), own=name, unit=unit_of(starts))
    becomes = expect(expression(others(field)[0], scope), unit_of(starts), "SE0402", field.span, env)  # type: ignore[arg-type]
    env.changing[name] = ChangingValue(name, title or name, starts, becomes, kind.name, per, unit_of(starts), fields.span)
    return ValueNow(name, unit_of(starts), per, fields.span)


def changer(at_each: object, env: Environment) -> DocumentType:
    """The document type that changes the value."""
    named = first(at_each, Name)  # type: ignore[arg-type]
    assert named is not None
    kind = env.plural(named.id)
    if kind is None:
        unknown("SE0305", named.written or named.id, named.span, (plural(item, env.language) for item in env.types.values()), env)
    return kind


def only_class(kind: DocumentType, per: tuple[str, ...]) -> DocumentType:
    """What can be read before any document: the class alone."""
    return replace(kind, columns={name: kind.columns[name] for name in per})


def demand_class(kind: DocumentType, per: tuple[str, ...], fields: Fields, env: Environment) -> None:
    """Refuse a class that the changing documents do not have."""
    for name in per:
        if name not in kind.columns:
            env.refuse(
                "SE0309",
                fields.span_of("per"),
                why=(
                    f"`{plural(kind, 'en')}` have no column `{column(name, 'en')}`, so they change no class of it.",
                    f"“{plural(kind, 'zh')}”没有“{column(name, 'zh')}”列，无法变更任何一类。",
                ),
                fix=(f"documents {plural(kind, 'en')}\n  column {name}", f"单据 {plural(kind, 'zh')}\n  列 {name}"),
            )
