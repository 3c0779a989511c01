"""What a bare name means: a document's column inside an aggregate, a measure or value outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.substitute import with_class
from rules_engine.check.meaning.unknown import suggestion, unknown
from rules_engine.check.meaning.wording import column, plural, word
from rules_engine.check.written.revenue_names import explain_revenue_name
from rules_engine.core.builtin import BUILTIN_COLUMNS, BUILTIN_TYPES
from rules_engine.core.expressions import (
    Arithmetic,
    Choice,
    ChoiceRow,
    Column,
    Constant,
    Expression,
    MeasureRef,
    Shift,
    Source,
    ValueNow,
)
from rules_engine.core.program import DocumentType, Measure
from rules_engine.core.units import Unit
from rules_engine.core.walk import walk
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax import tree


@dataclass(frozen=True, slots=True)
class WindowScope:
    """Measures, values and conditions: numbers of the asking group and window. `group` are the columns a clause is split by,
    `local` the names a clause brings itself (its `baseline`);
    `asked_later` says that the group is not known yet: a measure's."""

    env: Environment
    group: tuple[str, ...] = ()
    local: Mapping[str, Expression] = field(default_factory=dict)
    asked_later: bool = False

    def name(self, node: tree.Name) -> Expression:
        """A measure, a value or, where the clause is split by it, the group's own text."""
        env = self.env
        if node.id in self.local:
            return self.local[node.id]
        if node.id in env.findings_read:
            return answer(node.id, None if self.asked_later else self.group, node.span, env)
        if node.id in env.measure_blocks:
            from_measure = env.measure(node.id, node.span)
            return MeasureRef(node.id, from_measure.unit, None, node.span)
        if node.id in env.value_blocks:
            return of_its_class(unasked(node, env), lambda column: self.group_class(column, node))
        if node.id in env.counter_blocks:
            return running(node, None if self.asked_later else self.group, env)
        if node.id in self.group:
            return Column(node.id, Unit.TEXT, "group", node.span)
        explain_revenue_name(node, env)
        refuse_documents_as_number(node, env)
        known = (*env.measure_blocks, *env.value_blocks, *env.counter_blocks)
        unknown("SE0301", node.written or node.id, node.span, known, env)

    def group_class(self, column: str, node: tree.Name) -> Expression:
        """The asking group's text of the column that a value is split by."""
        if column not in self.group:
            self.env.refuse(
                "SE0257",
                node.span,
                why=(
                    f"`{node.id}` is a number for every {column}, and nothing says for which {column} it is read here.",
                    f"“{node.id}”按“{column}”各有一个数，此处没有说明取哪一个。",
                ),
                fix=(f"per {column}", f"按 {column}"),
            )
        return Column(column, Unit.TEXT, "group", node.span)


def answer(name: str, split: tuple[str, ...] | None, span: Span, env: Environment) -> MeasureRef:
    """A finding as the asking group and window read it; `split` None: a measure, whose group is that of whoever asks."""
    if split is not None:
        demand_group(name, split, span, env)
    return MeasureRef(name, env.measures[name].unit, env.findings_read[name], span)


def running(node: tree.Name, split: tuple[str, ...] | None, env: Environment) -> MeasureRef:
    """Where a counter stands at the end of the asking window so far; `split` None: a measure's group is that of whoever asks."""
    found = env.counter(node.id, node.span)
    lacking = [column for column in found.per if split is not None and column not in split]
    if lacking:
        env.refuse(
            "SE0257",
            node.span,
            why=(
                f"`{node.id}` counts every {lacking[0]} by itself, and nothing says for which {lacking[0]} it is read here.",
                f"“{node.id}”按“{lacking[0]}”分别计数，此处没有说明取哪一个。",
            ),
            fix=(f"per {lacking[0]}", f"按 {lacking[0]}"),
        )
    unit = found.amount.unit
    if node.id not in env.measures:
        begun = Arithmetic("+", (found.amount, Constant(found.start, unit, found.span)), unit, found.span)
        rows = (ChoiceRow(begun, end=found.windows[0].end), ChoiceRow(found.amount, otherwise=True))
        amount = Choice(rows, unit, found.span) if found.start else found.amount
        env.measures[node.id] = Measure(node.id, found.title, amount, unit, shown=False, span=found.span)
    return MeasureRef(node.id, unit, Shift("running", node.id, per=found.per), node.span)


def demand_group(name: str, split: tuple[str, ...], span: Span, env: Environment) -> None:
    """Refuse a finding with an answer for each X where there is no single X."""
    lacking = [column for column in env.findings_read[name].per or () if column not in split]
    if lacking:
        refuse_group(name, lacking[0], span, env)


def refuse_group(name: str, column: str, span: Span, env: Environment) -> NoReturn:
    """A finding with an answer for each X, read where there are many X."""
    env.refuse(
        "SE0572",
        (span, (f"read for every `{column}` at once", f"在此不区分“{column}”")),
        (env.names[name], (f"answered for each `{column}`", f"逐“{column}”认定")),
        why=(
            f"`{name}` has one answer for each `{column}`: with yes for one and no for another, 100.00 would be paid and not paid.",
            f"“{name}”逐“{column}”各有一个结论：若一个为是、另一个为否，则 100.00 既应付又不应付。",
        ),
        fix=(f"per {column}", f"按 {column}"),
    )


def of_its_class(found: Expression, column: Callable[[str], Expression]) -> Expression:
    """A value with the class it is read for put in; every column it is split by has to be known here."""
    split = {item.name for item in walk(found) if isinstance(item, Column) and item.of == "class"}
    split |= {name for item in walk(found) if isinstance(item, ValueNow) for name in item.per}
    columns = {name: column(name) for name in sorted(split)}
    return with_class(found, columns) if columns else found


def refuse_measure_in_document(node: tree.Name, env: Environment) -> None:
    """A measure adds up many documents, and here one document is looked at."""
    if node.id not in env.measure_blocks:
        return
    env.refuse(
        "SE0304",
        (node.span, ("this is a measure", "这是口径")),
        why=(
            f"one document is looked at here, and `{node.id}` is a measure over many: no single document has it.",
            f"此处逐张看单据，而“{node.id}”是多张单据的合计，单张单据没有这一项。",
        ),
        fix=(
            "test measures behind `when`, columns behind `for` and `where`.",
            "口径的条件写在“当”之后，列的条件写在“限”和“其中”之后。",
        ),
    )


def refuse_documents_as_number(node: tree.Name, env: Environment) -> None:
    """A document type is no number: it has to be added up or counted."""
    kind = env.plural(node.id)
    if kind is None:
        return
    name = plural(kind, env.language)
    summed = column("supply_amount" if "supply_amount" in kind.columns else "amount", env.language)
    env.refuse(
        "SE0301",
        node.span,
        why=(
            f"`{name}` are documents, not a number; nothing says what of them is added up.",
            f"“{name}”是单据，不是数值；没有写明合计哪一列。",
        ),
        fix=(
            f"measure {name}_total\n  sum of {summed} over {name}\n(and read `{name}_total`)",
            f"口径 {name}合计\n  合计 {summed} 取自 {name}\n（并引用“{name}合计”）",
        ),
    )


@dataclass(frozen=True, slots=True)
class DocumentScope:
    """Columns of the documents being read; `outer` is the document that asks in a bracketed look-up. `asked` says that a window
    asks for them, so that its days have a meaning."""

    env: Environment
    types: tuple[DocumentType, ...]
    outer: DocumentScope | None = None
    asked: bool = False

    def name(self, node: tree.Name) -> Expression:
        """A column of every document type in reach, or a value in force on the document's day."""
        env = self.env
        if node.of == "this":
            return self.column(node, self.outer.types if self.outer else self.types, "this" if self.outer else "")
        if node.of == "original":
            return self.column(node, tuple(env.types.values()), "original")
        if node.id in env.value_blocks:
            return of_its_class(unasked(node, env), lambda column: self.column(replace(node, id=column, written=""), self.types, ""))
        return self.column(node, self.types, "")

    def column(self, node: tree.Name, types: tuple[DocumentType, ...], of: str) -> Expression:
        """The column of that name, which every one of `types` must have (the original: any)."""
        having = [kind for kind in types if node.id in kind.columns]
        if not having and node.id in self.env.refused_columns:
            raise Refusal
        if not having or (of != "original" and len(having) < len(types)):
            lacking = next((kind for kind in types if node.id not in kind.columns), None)
            refuse_measure_in_document(node, self.env)
            language = self.env.language
            known = [column(name, language) for kind in types for name in kind.columns]
            missing = plural(lacking, language) if lacking and having else ""
            if lacking is not None:
                refuse_undeclared(node, lacking, having, self.env)
            unknown("SE0304", node.written or node.id, node.span, [] if having else known, self.env, missing)
        return Column(node.id, having[0].columns[node.id].unit, of, node.span)


Scope = WindowScope | DocumentScope

COLUMN_WORDS = {Unit.DAYS: "days", Unit.YES_NO: "yes_no"}
"""Keywords of column types that are not the unit's own word."""


def refuse_undeclared(node: tree.Name, lacking: DocumentType, having: list[DocumentType], env: Environment) -> None:
    """A column that other documents have: how these get it too."""
    own = lacking.name not in BUILTIN_TYPES
    known = having[0].columns[node.id] if having else BUILTIN_COLUMNS.get(node.id) if own else None
    if known is None:
        return
    name, kind = node.written or node.id, {language: plural(lacking, language) for language in ("en", "zh")}
    line = [
        f"{word('column', language)} {name} = {name} {word('of_original', language)}"
        if known.formula is not None
        else f"{word('column', language)} {name} {word(COLUMN_WORDS.get(known.unit, f'{known.unit}_word'), language)}"
        for language in ("en", "zh")
    ]
    others = plural(having[0], env.language) if having else ""
    elsewhere = (f"; `{others}` have it", f"，“{others}”有") if others else ("", "")
    env.refuse(
        "SE0304",
        node.span,
        why=(f"`{kind['en']}` have no column `{name}`{elsewhere[0]}.", f"“{kind['zh']}”没有“{name}”列{elsewhere[1]}。"),
        fix=(f"documents {kind['en']}\n  {line[0]}", f"单据 {kind['zh']}\n  {line[1]}"),
    )


def unasked(node: tree.Name, env: Environment) -> Expression:
    """A declared value; a banded one has no number until it is asked `at` one."""
    found = env.value(node.id, node.span)
    if any(isinstance(item, Column) and item.of == "asked" for item in walk(found)):
        env.refuse(
            "SE0201",
            node.span,
            why=(
                f"`{node.id}` has bands, and nothing says at which number it is read.",
                f"“{node.id}”分档，但没有写按哪个数取值。",
            ),
            fix=(f"{node.id} at units_sold", f"{node.id} 在 销售件数"),
        )
    return found


def sources(names: tuple[tree.Name, ...], sign: int, env: Environment) -> tuple[Source, ...]:
    """The document types named after `over` or `less`."""
    found = []
    for name in names:
        kind = env.plural(name.id)
        if kind is None:
            known = (plural(item, env.language) for item in env.types.values())
            unknown("SE0305", name.written or name.id, name.span, known, env)
        found.append(Source(kind.name, sign))
    return tuple(found)


def is_text(expression: Expression) -> bool:
    """Whether a bare word beside it is a text."""
    return isinstance(expression, Column | MeasureRef) and expression.unit is Unit.TEXT


def word_as_text(node: tree.Expression, beside: Expression) -> Expression | None:
    """The right side of `=` with a text column: a bare word or number there is its text."""
    if not is_text(beside):
        return None
    match node:
        case tree.Name() if not node.of:
            return Constant(node.written or node.id, Unit.TEXT, node.span)
        case tree.Number() if not node.unit:
            return Constant(format(node.value, "f"), Unit.TEXT, node.span)
        case _:
            return None


def check_choice(text: Constant, choices: tuple[str, ...], env: Environment) -> None:
    """A text that no answer can be."""
    if choices and text.value not in choices:
        given, known = str(text.value), list(choices)
        listed = ", ".join(f"`{item}`" for item in choices)
        env.refuse(
            "SE0571",
            text.span,
            why=(f"the answers are {listed}; `{given}` is none of them.", f"结论只有 {listed.replace(', ', '、')}，没有 `{given}`。"),
            fix=(suggestion("SE0571", given, known, "en"), suggestion("SE0571", given, known, "zh")),
        )


def check_answer(left: Expression, right: Expression, env: Environment) -> None:
    """A comparison with an answer that the finding does not allow can never hold."""
    if isinstance(left, MeasureRef) and left.name in env.findings_read and isinstance(right, Constant):
        kind = env.types[left.name].columns["answer"]
        check_choice(right, kind.choices, env)


def aggregate_scope(scope: Scope, found: tuple[Source, ...]) -> DocumentScope:
    """The scope inside an aggregate: its own documents, with the asking document, if any, as `this`."""
    env = scope.env
    types = tuple(env.types[source.type] for source in found)
    if isinstance(scope, DocumentScope):
        return DocumentScope(env, types, scope, scope.asked)
    return DocumentScope(env, types, asked=True)
