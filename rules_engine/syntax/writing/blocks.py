"""Blocks written out: the first line, then fields with their values below each other."""

from __future__ import annotations

from collections.abc import Sequence

from rules_engine.syntax.keywords import built_in
from rules_engine.syntax.tree import Block, DateLiteral, Field, Group, Item, Name, Number, Row, Text, Word
from rules_engine.syntax.writing.fields import below, field_body, keyword
from rules_engine.syntax.writing.pen import Pen
from rules_engine.syntax.writing.prices import Written, rows
from rules_engine.syntax.writing.widths import pad, width

WIDEST = 11
_FIRST_LINE = {
    "documents": ("clock",),
    "party": ("party_id",),
    "measure": ("show",),
    "value": ("per",),
    "finding": ("answer", "per"),
    "except": ("over",),
    "terminated": ("terminated",),
}
_BEFORE_TITLE = ("party_id",)
_ANYWHERE = ("paid_by", "to")


def block(pen: Pen, node: Block) -> list[Written]:
    """All lines of a block."""
    lead = _lead(node)
    first = " ".join(part for part in _first_line(pen, node, lead) if part)
    return [Written(0, first, node.span.line), *fields(pen, node.fields[len(lead) :], node.kind)]


def _lead(node: Block) -> tuple[Field, ...]:
    """The fields on the first line."""
    always = _FIRST_LINE.get(node.kind, ())
    count = 0
    for field in node.fields:
        beside = field.key in _ANYWHERE and field.span.line == node.span.line
        if field.key not in always and not beside:
            break
        count += 1
    return node.fields[:count]


def _first_line(pen: Pen, node: Block, lead: Sequence[Field]) -> list[str]:
    name = pen.words.types.get(node.id, node.id) if node.kind == "documents" else node.id
    title = pen.text(node.title) if node.title else ""
    early = [field for field in lead if field.key in _BEFORE_TITLE or node.kind == "except"]
    late = [field for field in lead if field not in early]
    parts = [pen.word(node.kind), name, *(_head_field(pen, field) for field in early), title]
    return [*parts, *(_head_field(pen, field) for field in late)]


def _head_field(pen: Pen, field: Field) -> str:
    match field.key:
        case "clock":
            return f"{pen.word('dated_on')} {field_body(pen, field)}"
        case "party_id" | "answer" | "terminated":
            return field_body(pen, field)
        case _:
            return f"{keyword(pen, field)} {field_body(pen, field)}".rstrip()


def fields(pen: Pen, found: Sequence[Field], kind: str) -> list[Written]:
    """Fields a line each, with what stands below them."""
    words = [width(keyword(pen, field)) for field in found if field.key not in ("formula", "rows", "table")]
    most = max((each for each in words if each <= WIDEST), default=0)
    return [line for field in found for line in _field(pen, field, kind, most)]


def _field(pen: Pen, field: Field, kind: str, most: int) -> list[Written]:
    if field.key == "formula":
        return [Written(1, field_body(pen, field), field.span.line)]
    if field.key == "rows":
        return rows(pen, [item for item in field.items if isinstance(item, Row)], 1)
    if field.key == "table":
        return _table(pen, field)
    if kind == "scenario":
        return _settle(pen, field)
    if kind == "value" and field.key == "tiers" and not _headed(field):
        return below(pen, field, 1)
    gap = " " if field.key == "column" else "  "
    lead = keyword(pen, field) if field.key == "column" else pad(keyword(pen, field), most)
    line = Written(1, f"{lead}{gap}{field_body(pen, field)}".rstrip(), field.span.line)
    return [line, *below(pen, field, 2)]


def _headed(field: Field) -> bool:
    """Whether a value's ladder has a line of its own."""
    ladder = field.items[0]
    return bool(getattr(ladder, "reading", "") or getattr(ladder, "start", None) or getattr(ladder, "end", None))


def _table(pen: Pen, field: Field) -> list[Written]:
    groups = [group for group in field.items if isinstance(group, Group)]
    columns = [item.id for item in groups[0].items if isinstance(item, Name)]
    cells = [[pen.words.columns.get(column, column) for column in columns]]
    cells += [[_cell(pen, columns, at, item) for at, item in enumerate(group.items)] for group in groups[1:]]
    count = max(len(row) for row in cells)
    most = [max((width(row[at]) for row in cells if at < len(row)), default=0) for at in range(count)]
    return [
        Written(1, f"| {' | '.join(pad(cell, most[at]) for at, cell in enumerate(row))} |", group.span.line)
        for row, group in zip(cells, groups, strict=True)
    ]


def _cell(pen: Pen, columns: Sequence[str], at: int, item: Item) -> str:
    value = item.value if isinstance(item, Text) else ""
    plural = built_in().types.get(value)
    if at < len(columns) and columns[at] == "type" and plural and built_in().singular.get(value) == value and pen.chinese:
        return pen.words.types[plural]
    return value


def _settle(pen: Pen, field: Field) -> list[Written]:
    lines = [
        item for item in field.items if isinstance(item, Group) or (isinstance(item, Word) and item.id == "no_other_lines")
    ]
    heads = [_expected(pen, item) for item in lines]
    most = max((width(head) for head in heads), default=0)
    texts = [f"{pad(head, most)}  {_amount(pen, item)}".rstrip() for head, item in zip(heads, lines, strict=True)]
    first = Written(1, f"{keyword(pen, field)} {field_body(pen, field)}", field.span.line)
    return [first, *(Written(2, text, item.span.line) for text, item in zip(texts, lines, strict=True))]


def _expected(pen: Pen, item: Group | Word) -> str:
    if isinstance(item, Word):
        return pen.word(item.id)
    if item.key == "due":
        days = [each.value.isoformat() for each in item.items if isinstance(each, DateLiteral)]
        return f"{pen.word('due_on')} {' '.join(days)}"
    if item.key != "line":
        return pen.word(item.key)
    name, *rest = item.items
    assert isinstance(name, Name)
    groups = [group for group in rest if isinstance(group, Group)]
    cells = ", ".join(
        pen.label(Name(cell.value, cell.span)) for group in groups for cell in group.items if isinstance(cell, Text)
    )
    return f"{pen.written(name)} {{{cells}}}" if groups else pen.written(name)


def _amount(pen: Pen, item: Group | Word) -> str:
    last = item.items[-1] if isinstance(item, Group) else None
    return pen.number(last) if isinstance(last, Number) else ""
