"""Actions for blocks: clauses, declarations, scenarios, the header."""

# ruff: noqa: D102 - each method is one production of the grammar, which says what it is
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from rules_engine.source import Span
from rules_engine.syntax.actions.field_nodes import month_day
from rules_engine.syntax.actions.given import given_item, plain_value
from rules_engine.syntax.actions.items import fields, items, key, name
from rules_engine.syntax.keywords import built_in
from rules_engine.syntax.lexemes import Lexeme, Mark, cover
from rules_engine.syntax.parameters import Parameter
from rules_engine.syntax.tree import Band, Block, Field, Group, Item, Ladder, Name, Number, Row, Text, Window, Word


def _lexeme(parts: Sequence[Any], kind: str) -> Lexeme | None:
    return next((part for part in parts if isinstance(part, Lexeme) and part.type == kind), None)


def _title(parts: Sequence[Any]) -> str:
    found = _lexeme(parts, "STRING")
    return str(found.value) if found else ""


def _days(parts: Sequence[Any]) -> Iterator[Field]:
    """A field for every day on the line, named by the word before it."""
    for word, day in pairwise(part for part in parts if isinstance(part, Lexeme)):
        if day.type == "DATE":
            yield Field(key(word), items([day]), cover([word, day]))


class BlockNodes:
    """Blocks, each from the parts of its production."""

    def contract(self, parts: list[Any]) -> Mark:
        identity = _lexeme(parts, "ID")
        assert identity is not None
        return Mark("contract", (identity.text, _title(parts), fields(parts), ()), cover(parts))

    def amendment(self, parts: list[Any]) -> Mark:
        identity = _lexeme(parts, "ID")
        assert identity is not None
        return Mark("amendment", (identity.text, _title(parts), tuple(_days(parts)), ()), cover(parts))

    def terms(self, parts: list[Any]) -> Mark:
        return Mark("terms", ("", _title(parts), (), ()), cover(parts))

    def template(self, parts: list[Any]) -> Mark:
        named = _lexeme(parts, "NAME")
        assert named is not None
        parameters = tuple(part.value for part in parts if isinstance(part, Mark) and part.kind == "parameter")
        return Mark("template", (named.text, _title(parts), fields(parts), parameters), cover(parts))

    def parameter(self, parts: list[Any]) -> Mark:
        name, kind, *given = parts
        declared = Parameter(name.text, key(kind), None, name.span)
        default = plain_value(declared, given[1].items) if given else None
        return Mark("parameter", replace(declared, default=default), cover(parts))

    def given(self, parts: list[Any]) -> Group:
        who = Name(parts[0].text, parts[0].span)
        return Group("given", (who, *items(part.items for part in parts if isinstance(part, Group))), cover(parts))

    def given_value(self, parts: list[Any]) -> Group:
        return Group("value", (given_item(parts),), cover(parts))

    def use(self, parts: list[Any]) -> Block:
        return Block("use", "", _title(parts), (), cover(parts), parts[1].span)

    def terminated(self, parts: list[Any]) -> Block:
        day = Field("terminated", items([parts[1]]), cover(parts[:2]))
        answers = tuple(Field(key(part), (), part.span) for part in parts[2:] if key(part) in PROPORTION)
        return Block("terminated", "", "", (day, *answers), cover(parts), parts[0].span)

    def block(self, parts: list[Any]) -> Block:
        return self._block(parts, fields(parts))

    def _block(self, parts: list[Any], inside: tuple[Field, ...]) -> Block:
        named = _lexeme(parts, "NAME")
        assert named is not None
        kind = key(parts[0])
        plain = built_in().types.get(named.text, named.text) if kind == "documents" else named.text
        return Block(kind, plain, _title(parts), inside, cover(parts), named.span)

    def value_block(self, parts: list[Any]) -> Block:
        runs: list[tuple[type, list[Any]]] = []
        for part in parts:
            if isinstance(part, Row | Band | Field):
                if not runs or runs[-1][0] is not type(part):
                    runs.append((type(part), []))
                runs[-1][1].append(part)
        return self._block(parts, tuple(found for kind, run in runs for found in _run(kind, run)))

    def clock(self, parts: list[Any]) -> Field:
        return Field("clock", (name(parts[1]),), cover(parts))

    def party_id(self, parts: list[Any]) -> Field:
        return Field("party_id", (Name(parts[0].text, parts[0].span),), parts[0].span)

    def show_per(self, parts: list[Any]) -> Field:
        window = Window(key(parts[2]), parts[2].span)
        return Field("show", (Group("per", (window,), cover(parts[1:])),), cover(parts))

    def answer(self, parts: list[Any]) -> Field:
        return Field("answer", (Word(key(parts[0]), parts[0].span),), parts[0].span)

    def answer_choices(self, parts: list[Any]) -> Field:
        return Field("answer", (Group("one_of", items(parts[1:]), cover(parts)),), cover(parts))

    def answer_default(self, parts: list[Any]) -> Field:
        days = [part for part in parts[2:] if getattr(part, "type", "") in ("DATE", "MONTH_DAY")]
        last = [Group("month_day", month_day(each), each.span) if each.type == "MONTH_DAY" else each for each in days]
        return Field("otherwise", items([parts[1], *last]), cover(parts))

    def per_window(self, parts: list[Any]) -> Field:
        window = Window(key(parts[1]), parts[1].span)
        return Field("per", (Group("in_each", (window,), parts[1].span),), cover(parts))

    def formula(self, parts: list[Any]) -> Field:
        return Field("formula", (parts[0],), cover(parts))

    def computed(self, parts: list[Any]) -> Field:
        formula = Group("formula", (parts[-2],), cover(parts[-3:]))
        return Field("column", (*items(parts[1:-3]), formula), cover(parts))

    def column_type(self, parts: list[Any]) -> tuple[Item, ...]:
        return items(parts)

    def range(self, parts: list[Any]) -> Group:
        return Group("range", items(parts), cover(parts))

    def signed(self, parts: list[Any]) -> Number:
        value = parts[-1].value
        unit = {"NUMBER": "", "PERCENT": "percent", "MONEY": "money"}[parts[-1].type]
        return Number(-value if len(parts) > 1 else value, unit, cover(parts))

    def lasts(self, parts: list[Any]) -> Field:
        number = Number(parts[1].value, parts[2].type.lower(), cover(parts[1:3]))
        return Field("lasts", (number,), cover(parts))

    def scenario(self, parts: list[Any]) -> Block:
        gathered: list[Field] = []
        rows: list[Mark] = []
        for part in parts:
            if isinstance(part, Mark):
                if rows and _starts_table(part):
                    gathered.append(_table(rows))
                    rows = []
                rows.append(part)
            elif isinstance(part, Field):
                gathered.extend([_table(rows)] if rows else [])
                gathered.append(part)
                rows = []
        gathered.extend([_table(rows)] if rows else [])
        return Block("scenario", "", _title(parts), tuple(gathered), cover(parts), parts[1].span)

    def table_row(self, parts: list[Any]) -> Mark:
        return Mark("cells", parts[0].value, parts[0].span)

    def expected(self, parts: list[Any]) -> Group:
        who = Name(parts[0].text, parts[0].span)
        groups = [part for part in parts if isinstance(part, Group)]
        return Group("line", (who, *groups, parts[-2]), cover(parts))

    def due_on(self, parts: list[Any]) -> Group:
        amounts = [part for part in parts if isinstance(part, Number)]
        return Group("due", (*items(parts[1:2]), *amounts), cover(parts))

    def cells(self, parts: list[Any]) -> Group:
        texts = tuple(_cell(part) for part in parts if part.type != "COMMA")
        return Group("group", texts, cover(parts))


def _cell(lexeme: Lexeme) -> Text:
    return Text(str(lexeme.value) if lexeme.type == "STRING" else lexeme.text, lexeme.span)


def _run(kind: type, run: list[Any]) -> list[Field]:
    if kind is Field:
        return run
    span = cover(run)
    if kind is Row:
        return [Field("rows", tuple(run), span)]
    return [Field("tiers", (Ladder("", tuple(run), None, None, "", span),), span)]


PROPORTION = ("proportionally_by_days", "proportionally_by_thirtieths", "proportionally_by_months", "in_full")
Cells = list[tuple[str, Span]]


def _column(text: str) -> str:
    return built_in().columns.get(text, text)


def _starts_table(row: Mark) -> bool:
    return any(_column(text) == "type" for text, _ in row.value)


def _table(rows: list[Mark]) -> Field:
    head, *body = rows
    columns = [_column(text) for text, _ in head.value]
    names = tuple(Name(column, span) for column, (_, span) in zip(columns, head.value, strict=True))
    groups = [Group("columns", names, head.span), *(_row(columns, row) for row in body)]
    return Field("table", tuple(groups), head.span.to(rows[-1].span))


def _row(columns: list[str], row: Mark) -> Group:
    cells: Cells = row.value
    texts = [Text(_cell_text(columns[at] if at < len(columns) else "", text), span) for at, (text, span) in enumerate(cells)]
    return Group("row", tuple(texts), row.span)


def _cell_text(column: str, text: str) -> str:
    return built_in().singular.get(text, text) if column == "type" else text
