"""Fields written out: the keyword, then its items in order."""

from __future__ import annotations

from collections.abc import Sequence

from rules_engine.syntax.tree import (
    DateLiteral,
    Field,
    Group,
    Item,
    Ladder,
    Name,
    Number,
    Row,
    Rows,
    Text,
    Value,
    ValueIf,
    Window,
    Word,
)
from rules_engine.syntax.writing.expressions import expression
from rules_engine.syntax.writing.parameters import given
from rules_engine.syntax.writing.pen import Pen
from rules_engine.syntax.writing.prices import Written, bands, ladder_head, marks, price, rows
from rules_engine.syntax.writing.sets import is_nth as _is_nth, set_of_units

_EVERY = {
    "day": "daily",
    "week": "weekly",
    "ten_days": "ten_daily",
    "month": "monthly",
    "half_month": "half_monthly",
    "quarter": "quarterly",
    "half_year": "half_yearly",
    "year": "yearly",
}
_LISTED = frozenset(("entry", "share", "rest", "month_day"))
_COLUMN_TYPES = frozenset(("number", "money", "price", "percent", "quantity", "date", "moment", "text"))
_FIRST = {"reaching": "on_reaching", "per_full": "on_each_full", "per_item": "on_each_item"}
_WORKING_DAYS = {"working_day_after": "first_working_day_on_or_after", "working_day_before": "last_working_day_on_or_before"}


def keyword(pen: Pen, field: Field) -> str:
    """The word a field begins with; a reduction begins with its threshold in Chinese."""
    if field.key == "reduce" and pen.chinese:
        threshold = field.items[-1]
        assert isinstance(threshold, Word | Group)
        return pen.word(_FIRST[threshold.id if isinstance(threshold, Word) else threshold.key])
    return pen.word("nth_unit" if _is_nth(pen, field) else field.key)


def field_body(pen: Pen, field: Field) -> str:
    """What stands behind a field's word, on its line."""
    match field.key:
        case "term":
            return f" {pen.word('to')} ".join(_items(pen, field, field.items[:1]) + _items(pen, field, field.items[1:]))
        case "ranges":
            return ""
        case "from_template":
            return pen.written(field.items[0]) if isinstance(field.items[0], Name) else ""
        case "spread_by_day":
            dates = zip(("from", "to"), _items(pen, field, field.items), strict=False)
            return " ".join(f"{pen.word(word)} {day}" for word, day in dates)
        case "otherwise":
            return f" {pen.word('after')} ".join(_items(pen, field, field.items))
        case "year_starts":
            return _month_day(field.items)
        case "pay":
            return _pay(pen, field)
        case "reduce" if pen.chinese:
            return _reversed(pen, field)
        case "buy" | "any_units":
            return set_of_units(pen, field, _is_nth(pen, field), lambda found: [_item(pen, field, each) for each in found])
        case "settle" | "accrue":
            return _settle(pen, field)
        case "tiers":
            return " ".join(ladder_head(pen, ladder) for ladder in field.items if isinstance(ladder, Ladder))
        case "column":
            return _column(pen, field)
        case "rounding":
            mode, to, *place = field.items
            assert isinstance(mode, Word)
            return " ".join([pen.word(mode.id), pen.word("to"), *_items(pen, field, (to, *place))])
        case _:
            return _joined(pen, field, _on_line(field.items))


def below(pen: Pen, field: Field, depth: int) -> list[Written]:
    """The rows and bands that stand below a field's line."""
    if field.key == "ranges":
        return [_range(pen, group, depth) for group in field.items if isinstance(group, Group)]
    if field.key == "from_template":
        return given(pen, [group for group in field.items if isinstance(group, Group)], depth)
    if field.key == "tiers":
        return [line for ladder in field.items if isinstance(ladder, Ladder) for line in bands(pen, ladder.bands, depth)]
    found = [item for item in field.items if isinstance(item, Row)]
    return [] if _is_inline(field) else rows(pen, found, depth)


def _is_inline(field: Field) -> bool:
    """One row that was written on the field's own line; the place tells, and without one it goes below."""
    return (
        len(field.items) == 1
        and isinstance(row := field.items[0], Row)
        and not isinstance(row.price, Ladder)
        and row.span.line == field.span.line > 0
    )


def _on_line(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if not isinstance(item, Row)) or tuple(items if len(items) == 1 else ())


def _joined(pen: Pen, field: Field, items: Sequence[Item]) -> str:
    text = ""
    for at, item in enumerate(items):
        if isinstance(item, Row) and not _is_inline(field):
            continue
        written = _item(pen, field, item)
        if at and text:
            text += _between(pen, items[at - 1], item)
        text += written
    return text


def _between(pen: Pen, before: Item, item: Item) -> str:
    """A comma where items are a list or the word is set off by one, else a blank."""
    if isinstance(item, Name | Text) and isinstance(before, Name | Text) and type(before) is type(item):
        return ", "
    if isinstance(item, Name | Text) and isinstance(before, Name | Text):
        return " " if isinstance(item, Text) and isinstance(before, Name) else ", "
    if (
        isinstance(item, DateLiteral | Group)
        and isinstance(before, DateLiteral | Group)
        and _is_listed(item)
        and _is_listed(before)
    ):
        return ", "
    return ", " if _terminal(item) in pen.words.after_comma else " "


def _is_listed(item: Item) -> bool:
    return isinstance(item, DateLiteral) or (isinstance(item, Group) and item.key in _LISTED)


def _terminal(item: Item) -> str:
    match item:
        case Group(key="on_account"):
            return "ON_ACCOUNT_ON"
        case Group() as group:
            return group.key.upper()
        case Word() as word:
            return word.id.upper()
        case _:
            return ""


def _items(pen: Pen, field: Field, items: Sequence[Item]) -> list[str]:
    return [_item(pen, field, item) for item in items]


def _item(pen: Pen, field: Field, item: Item) -> str:
    match item:
        case Value() | ValueIf():
            return price(pen, item)
        case Row():
            assert not isinstance(item.price, Ladder | Rows)
            return f"{price(pen, item.price)} {marks(pen, item)}".rstrip()
        case Window():
            return pen.window(item)
        case Word():
            return _word(pen, field, item)
        case Group():
            return _group(pen, field, item)
        case Name():
            return _name(pen, field, item)
        case Ladder():
            return ladder_head(pen, item)
        case _:
            return expression(pen, item)


def _name(pen: Pen, field: Field, item: Name) -> str:
    if item.of:
        return expression(pen, item)
    match field.key:
        case "per" | "spread_over":
            return pen.group_name(item)
        case "over":
            return pen.type_name(item)
        case "for":
            return pen.label(item)
        case "of" | "one_of" | "outranks" | "against" | "bundle" | "after_promotions" | "supplier" | "currency" | "party_id":
            return pen.written(item)
        case _:
            return pen.name(item)


def _word(pen: Pen, field: Field, item: Word) -> str:
    if field.key == "mode":
        return pen.words.names.get(item.id, item.id)
    if field.key == "side" and item.id == "credit":
        return pen.word("credit_side")
    if field.key in ("column", "answer") and item.id in _COLUMN_TYPES:
        return pen.word(f"{item.id}_word")
    if field.key == "column" and item.id == "days":
        return pen.word("days")
    return pen.word(item.id)


def _group(pen: Pen, field: Field, group: Group) -> str:
    match group.key:
        case "in_each":
            return _in_each(pen, field, group)
        case "on_account":
            return _on_account(pen, field, group)
        case "after":
            return _after(pen, group.items)
        case "pay_day":
            return _pay_day(pen, group)
        case "deferrals":
            return f"{pen.word('at_most')} {_joined(pen, field, group.items)} {pen.word('deferrals')}"
        case "written_off":
            return f"{pen.word('written_off_after')} {_joined(pen, field, group.items)} {pen.word('settlements')}"
        case "month_day":
            return _month_day(group.items)
        case "entry" | "share":
            return " ".join(_items(pen, field, group.items))
        case "working_day_after" | "working_day_before":
            return f"{pen.word(_WORKING_DAYS[group.key])} {_item(pen, field, group.items[0])}"
        case _:
            inner = Field(group.key, group.items, group.span)
            return f"{pen.word(group.key)} {_joined(pen, inner, group.items)}"


def _in_each(pen: Pen, field: Field, group: Group) -> str:
    window = group.items[0]
    assert isinstance(window, Window)
    if field.key == "per":
        return pen.window(window)
    if window.kind == "rolling":
        return f"{pen.word('in_any')} {pen.count(window)}"
    if window.kind == "named":
        return f"{pen.word('in_each')} {window.name}"
    return pen.word(f"in_each_{window.kind}")


def _on_account(pen: Pen, field: Field, group: Group) -> str:
    points = [item for item in group.items if not isinstance(item, Word) or item.id == "each_document"]
    first = points[0]
    tail = [item for item in group.items if isinstance(item, Group) and item.key == "at"]
    back = [item for item in group.items if isinstance(item, Word) and item.id != "each_document"]
    match first:
        case Word():
            text = pen.word("on_account_each_document")
        case Window(kind="settlement"):
            text = pen.word("on_account_each_settlement")
        case Window():
            text = pen.word(f"on_account_{_EVERY[first.kind]}")
        case _:
            days = [item for item in points if item not in tail]
            text = f"{pen.word('on_account_on')} {', '.join(_items(pen, field, days))}"
    text += "".join(f" {pen.word('at')} {_item(pen, field, item.items[0])}" for item in tail)
    return text + "".join(f", {pen.word(item.id)}" for item in back)


def _after(pen: Pen, items: Sequence[Item]) -> str:
    number, anchor = items
    assert isinstance(number, Number)
    assert isinstance(anchor, Word)
    after = pen.word(f"after_{anchor.id.removeprefix('after_')}")
    return f"{after} {pen.number(number)}" if pen.chinese else f"{pen.number(number)} {after}"


def _month_day(items: Sequence[Item]) -> str:
    month, day = (item.value for item in items if isinstance(item, Number))
    return f"{int(month):02d}-{int(day):02d}"


def _settle(pen: Pen, field: Field) -> str:
    first = field.items[0]
    match first:
        case Window(kind="named"):
            return pen.word("named_ranges")
        case Window(kind="days"):
            return f"{pen.word('every')} {pen.count(first)}"
        case Window():
            return pen.word(_EVERY[first.kind]) + pen.starting(first)
        case Text():
            posted = any(isinstance(item, Word) and item.id == "posted" for item in field.items[:2])
            return first.value + (f", {pen.word('posted')}" if posted else "")
        case _:
            return _item(pen, field, first)


def _column(pen: Pen, field: Field) -> str:
    name, *rest = field.items
    assert isinstance(name, Name)
    parts = [pen.words.columns.get(name.id, name.id)]
    for item in rest:
        match item:
            case Group(key="range", items=(Number() as low, Number() as high)):
                parts.append(f"{pen.number(low)} {pen.word('to')} {pen.number(high)}")
            case Group(key="one_of"):
                texts = [pen.written(each) if isinstance(each, Name) else _item(pen, field, each) for each in item.items]
                parts.append(f"{pen.word('one_of')} {', '.join(texts)}")
            case Group(key="formula"):
                documents = Pen(pen.words, pen.declared, pen.currency, in_documents=True)
                parts.append(f"= {_item(documents, field, item.items[0])}")
            case _:
                parts.append(_item(pen, field, item))
    return " ".join(parts)


def _range(pen: Pen, group: Group, depth: int) -> Written:
    name, start, end = group.items
    assert isinstance(name, Name)
    dates = [item.value.isoformat() for item in (start, end) if isinstance(item, DateLiteral)]
    between = f" {pen.word('to')} "
    return Written(depth, f"{pen.written(name)} {between.join(dates)}", group.span.line)


def _pay(pen: Pen, field: Field) -> str:
    """`60 days after statement`, then what happens on holidays."""
    first, *rest = field.items
    if isinstance(first, Number):
        text = _after(pen, (first, rest.pop(0)))
    elif rest and _is_turned(pen, first, rest[0]):
        text = f"{_item(pen, field, rest.pop(0))} {_item(pen, field, first)}"
    else:
        text = _item(pen, field, first)
    for item in rest:
        comma = isinstance(item, Group) or _terminal(item) in pen.words.after_comma
        text += (", " if comma else " ") + _item(pen, field, item)
    return text


def _is_turned(pen: Pen, first: Item, second: Item) -> bool:
    """English says the day before what it counts from, Chinese after it."""
    after, day = (second, first) if pen.chinese else (first, second)
    return isinstance(day, Group) and isinstance(after, Word) and after.id.startswith("after_")


def _pay_day(pen: Pen, group: Group) -> str:
    """`on day 25 of the next month`, 次月 25 日."""
    month = next(item for item in group.items if isinstance(item, Word))
    day = next((item for item in group.items if isinstance(item, Number)), None)
    if day is None:
        parts = [pen.word("on_last_day"), pen.word(month.id)]
        return " ".join(reversed(parts) if pen.chinese else parts)
    parts = [pen.word("on_day"), pen.number(day), pen.word(month.id)]
    return " ".join(reversed(parts) if pen.chinese else parts)


def _reversed(pen: Pen, field: Field) -> str:
    """`199 减 100, 最多 50`: the threshold, then what is taken off, then its bounds."""
    amount, threshold = field.items
    bounds = threshold.items if isinstance(threshold, Group) else ()
    named = 0 if isinstance(threshold, Group) and threshold.key == "per_item" else 1
    before, most = "".join(f"{_item(pen, field, bound)} " for bound in bounds[:named]), bounds[named:]
    return f"{before}{pen.word('reduce')} {_item(pen, field, amount)}" + "".join(f", {_item(pen, field, item)}" for item in most)
