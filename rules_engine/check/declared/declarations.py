"""Declarations: document types and columns, parties, values, measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from rules_engine.check.declared.balances import balance
from rules_engine.check.declared.counters import counter
from rules_engine.check.declared.values import value
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, first, group, items, of_block, others, words
from rules_engine.check.meaning.scopes import DocumentScope, WindowScope
from rules_engine.check.meaning.units import expect
from rules_engine.check.meaning.wording import plural
from rules_engine.check.prices.earning import earning
from rules_engine.core.builtin import BUILTIN_TYPES, GENERAL_NAMES, OWN_TYPE_COLUMNS
from rules_engine.core.program import ColumnType, DocumentType, Measure
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax.tree import Block, Expression as Written, Field, Name, Number, Text, Window, Word
from rules_engine.values.period import WindowSpec

UNITS = {
    "number": (Unit.NUMBER, "number"),
    "money": (Unit.MONEY, "amount"),
    "price": (Unit.PRICE, "amount"),
    "percent": (Unit.PERCENT, "percent"),
    "quantity": (Unit.QUANTITY, "quantity"),
    "days": (Unit.DAYS, "days"),
    "date": (Unit.DATE, "date"),
    "moment": (Unit.MOMENT, "moment"),
    "text": (Unit.TEXT, "text"),
    "yes_no": (Unit.YES_NO, "yes_no"),
}
KINDS = dict(UNITS.values()) | {Unit.PRICE: "amount"}


def declare_names(blocks: tuple[Block, ...], env: Environment) -> None:
    """Every declared id, once; measures and values are elaborated when first read."""
    for block in blocks:
        if not block.id or block.kind == "documents":
            continue
        if block.id in env.names:
            env.note(
                "SE0302",
                (block.id_span, ("given again here", "此处再次命名")),
                (env.names[block.id], ("first given here", "首次命名在这里")),
                why=("a name that stands for two things has no single meaning.", "同一名称代表两样东西，没有唯一含义。"),
                fix=("give one of them another name.", "给其中一个改名。"),
            )
            continue
        env.names[block.id] = block.id_span
        match block.kind:
            case "measure" | "finding":
                env.measure_blocks[block.id] = block
            case "value":
                env.value_blocks[block.id] = block
            case "counter":
                env.counter_blocks[block.id] = block
            case "balance":
                env.balance_blocks[block.id] = block
            case "party":
                env.parties[block.id] = block.title
            case "scenario" | "except":
                pass
            case _:
                env.clause_blocks[block.id] = block
    env.resolve_measure, env.resolve_value, env.resolve_counter = measure, value, counter
    env.resolve_balance = balance


def declare_documents(block: Block, env: Environment) -> None:
    """Own document types, and own columns on built-in ones."""
    fields = of_block(block, env)
    fields.allow(("clock", "side", "column", "source", "note"))
    known = env.plural(block.id)
    if known is not None and known is BUILTIN_TYPES.get(known.name) and known.name in GENERAL_NAMES:
        del env.types[known.name]
        known = None
    clock = fields.get("clock")
    clock_name = first(clock, Name) if clock else None
    columns = dict(known.columns if known else OWN_TYPE_COLUMNS)
    if clock_name is not None and clock_name.id not in columns:
        columns[clock_name.id] = ColumnType(clock_name.id, Unit.DATE, "date")
    side = next(iter(words(fields.get("side"))), known.side if known else "none")
    kind = DocumentType(
        known.name if known else block.id,
        known.plural if known else block.id,
        side,
        clock_name.id if clock_name else (known.clock if known else "date"),
        columns,
        block.span,
    )
    env.types[kind.name] = kind
    declare_columns(block, [field for field in fields.all("column") if not group(field, "formula")], columns, env)


def declare_columns(block: Block, fields: list[Field], given: Mapping[str, ColumnType], env: Environment) -> None:
    """Add columns to the block's type, in written order; `given` are those it has without the contract."""
    kind = env.plural(block.id)
    assert kind is not None
    for field in fields:
        name = first(field, Name)
        assert name is not None
        env.refused_columns.add(name.id)
        with env.field_of():
            column = own_column(field, env.types[kind.name], env)
            demand_new(column, given, field, env.types[kind.name], env)
            env.types[kind.name] = replace(kind, columns={**env.types[kind.name].columns, column.name: column})
            env.refused_columns.discard(name.id)


def own_column(field: Field, kind: DocumentType, env: Environment) -> ColumnType:
    """One column: typed in the file, or computed by a formula over the document."""
    name = first(field, Name)
    assert name is not None
    formula = group(field, "formula")
    if formula is not None:
        found = expression(formula.items[0], DocumentScope(env, (kind,)))  # type: ignore[arg-type]
        return ColumnType(name.id, unit_of(found), KINDS[unit_of(found)], formula=found)
    word = next((item.id for item in items(field, Word) if item.id in UNITS), "text")
    unit, parsed = UNITS[word]
    limits = group(field, "range")
    low, high = (item.value for item in items(limits, Number)) if limits else (None, None)
    listed = group(field, "one_of")
    choices = tuple(text_of(item) for item in listed.items) if listed else ()
    scale = Decimal(100) if unit is Unit.PERCENT else Decimal(1)
    lowest, highest = (None if bound is None else bound / scale for bound in (low, high))
    return ColumnType(name.id, unit, parsed, lowest, highest, choices, given="must_be_given" in words(field))


def demand_new(column: ColumnType, given: Mapping[str, ColumnType], field: Field, kind: DocumentType, env: Environment) -> None:
    """Refuse a second column of a name; one that was there before the contract may be named again for what it is."""
    known = kind.columns.get(column.name)
    if known is None or (known is given.get(column.name) and known.unit is column.unit and column.formula is None):
        return
    name = first(field, Name)
    assert name is not None
    env.refuse(
        "SE0302",
        name.span,
        why=(
            f"`{plural(kind, 'en')}` have a column `{name.id}` already; a second one would leave it open which is read.",
            f"“{plural(kind, 'zh')}”已有“{name.written or name.id}”列，再声明一次就不明确读取哪一列。",
        ),
        fix=("delete the line, or choose another name.", "删去该行，或改用其他名称。"),
    )


def text_of(item: object) -> str:
    """A choice as written."""
    match item:
        case Name():
            return item.written or item.id
        case Text():
            return item.value
        case _:
            raise AssertionError(item)


def measure(name: str, env: Environment) -> Measure:
    """A measure: one formula or aggregate, or priced like a clause."""
    block = env.measure_blocks[name]
    fields = of_block(block, env)
    formula = fields.get("formula")
    if formula is not None:
        fields.allow(("formula", "show", "source", "note"))
        found = expression(_written(formula), WindowScope(env, asked_later=True))
    else:
        fields.allow(("show", "source", "note", "on", "for", "qualify_on", "rate", "amount", "tiers", "baseline", "when"))
        found = earning(fields, (), env, pays=None).earn
    unit = unit_of(found)
    if unit in (Unit.TEXT, Unit.YES_NO):
        found = expect(found, Unit.NUMBER, "SE0402", block.id_span, env)
    return Measure(name, block.title or name, found, unit, fields.has("show"), block.span, shown_window(fields))


def shown_window(fields: Fields) -> WindowSpec | None:
    """The window a shown measure is printed for, where it is not the settlement."""
    field = fields.get("show")
    window = next(items(holder, Window), None) if field and (holder := group(field, "per")) else None
    return WindowSpec(window.kind) if window else None


def _written(field: Field) -> Written:
    return others(field, Word)[0]  # type: ignore[return-value]
