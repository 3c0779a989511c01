"""Actions for fields: windows, dates, payees, and the general field and group."""

# ruff: noqa: D102 - each method is one production of the grammar, which says what it is
from __future__ import annotations

from typing import Any

from rules_engine.syntax.actions.expression_nodes import unit_of, whole
from rules_engine.syntax.actions.items import items, key, name
from rules_engine.syntax.lexemes import Lexeme, cover
from rules_engine.syntax.tree import DateLiteral, Field, Group, Item, Number, Window, Word

_WINDOWS = {
    "days": "day",
    "daily": "day",
    "weekly": "week",
    "ten_daily": "ten_days",
    "half_monthly": "half_month",
    "monthly": "month",
    "quarterly": "quarter",
    "half_yearly": "half_year",
    "yearly": "year",
    "named_ranges": "named",
}
_SINGULAR = {"DAYS": "day", "MONTHS": "month", "YEARS": "year"}


def _rolling(parts: list[Lexeme]) -> Window:
    return Window("rolling", cover(parts), count=whole(parts[1]), unit=_SINGULAR[parts[2].type])


def month_day(lexeme: Lexeme) -> tuple[Item, ...]:
    """The month and the day of `03-31`."""
    month, day = lexeme.value
    return (Number(month, "", lexeme.span), Number(day, "", lexeme.span))


class FieldNodes:
    """Fields and their groups, each from the parts of its production."""

    def field(self, parts: list[Any]) -> Field:
        return Field(key(parts[0]), items(parts[1:]), cover(parts))

    def group(self, parts: list[Any]) -> Group:
        head, *rest = parts[1:] if isinstance(parts[0], Lexeme) and parts[0].type == "COMMA" else parts
        return Group(key(head), items(rest), cover(parts))

    def word(self, parts: list[Any]) -> Word:
        return Word(key(parts[0]), parts[0].span)

    def paid_by(self, parts: list[Any]) -> tuple[Field, ...]:
        payer = Field("paid_by", (name(parts[1]),), cover(parts[:2]))
        return (payer, Field("to", items(parts[3:]), cover(parts[2:]))) if len(parts) > 3 else (payer,)

    def window(self, parts: list[Lexeme]) -> Window:
        first = parts[0]
        if first.type == "ROLLING":
            return _rolling(parts)
        if first.type == "NAME":
            return Window("named", first.span, name=first.text)
        kind = _WINDOWS.get(key(first), key(first))
        return Window(kind, cover(parts), starting_day=whole(parts[2]) if len(parts) > 2 else 1)

    def cut_off(self, parts: list[Lexeme]) -> Window:
        last = whole(parts[-1])
        return Window("month", cover(parts), starting_day=last % 31 + 1)

    def every_days(self, parts: list[Lexeme]) -> Window:
        return Window("days", cover(parts), count=whole(parts[1]), unit="day")

    def in_each(self, parts: list[Lexeme]) -> Group:
        first = parts[0]
        if first.type == "IN_ANY":
            return Group("in_each", (_rolling(parts),), cover(parts))
        if first.type == "IN_EACH":
            return Group("in_each", (Window("named", parts[1].span, name=parts[1].text),), cover(parts))
        kind = first.type.removeprefix("IN_EACH_").lower()
        return Group("in_each", (Window(kind, first.span),), first.span)

    def reversed_bound(self, parts: list[Any]) -> tuple[Any, ...]:
        return items([parts[1], parts[0], *parts[2:]])

    def on_account(self, parts: list[Any]) -> Group:
        word: Lexeme = parts[0]
        points = self._points(word)
        marks: list[Any] = []
        rest = [part for part in parts[1:] if not (isinstance(part, Lexeme) and part.type == "COMMA")]
        while rest:
            part = rest.pop(0)
            if isinstance(part, Lexeme) and part.type == "AT":
                marks.append(Group("at", (rest.pop(0),), part.span))
            else:
                marks.append(part)
        return Group("on_account", items([*points, *marks]), cover(parts))

    def _points(self, word: Lexeme) -> list[Item]:
        every = word.type.removeprefix("ON_ACCOUNT_").lower()
        if every == "on":
            return []
        if every == "each_document":
            return [Word(every, word.span)]
        kind = {"each_settlement": "settlement"}.get(every) or _WINDOWS[every]
        return [Window(kind, word.span)]

    def month_day(self, parts: list[Lexeme]) -> Group:
        return Group("month_day", month_day(parts[0]), parts[0].span)

    def year_starts(self, parts: list[Lexeme]) -> Field:
        return Field("year_starts", month_day(parts[1]), cover(parts))

    def share(self, parts: list[Any]) -> Group:
        return Group("share", items(parts), cover(parts))

    def entry(self, parts: list[Any]) -> Group:
        return Group("entry", items(parts), cover(parts))

    def offset(self, parts: list[Lexeme]) -> Group:
        return self._after(parts[0], parts[1], parts[2], parts)

    def offset_reversed(self, parts: list[Lexeme]) -> Group:
        return self._after(parts[1], parts[2], parts[0], parts)

    def _after(self, count: Lexeme, unit: Lexeme, after: Lexeme, parts: list[Lexeme]) -> Group:
        number = Number(count.value, unit_of(unit), count.span.to(unit.span))
        anchor = Word(after.type.removeprefix("AFTER_").lower(), after.span)
        return Group("after", (number, anchor), cover(parts))

    def pay(self, parts: list[Any]) -> Field:
        found: list[Item] = []
        for item in items(parts[1:]):
            if isinstance(item, Group) and item.key == "after":
                number, anchor = item.items
                assert isinstance(anchor, Word)
                found += [number, Word(f"after_{anchor.id}", anchor.span)]
            else:
                found.append(item)
        return Field("pay", tuple(found), cover(parts))

    def pay_day(self, parts: list[Any]) -> Group:
        day = next((Number(part.value, "", part.span) for part in parts if part.type == "NUMBER"), None)
        month = next(Word(key(part), part.span) for part in parts if key(part).startswith("of_"))
        return Group("pay_day", (*((day,) if day else ()), month), cover(parts))

    def counted(self, parts: list[Any]) -> Group:
        name = {"AT_MOST": "deferrals"}.get(parts[0].type, "written_off")
        return Group(name, (Number(parts[1].value, "", parts[1].span),), cover(parts))

    def due_working_day(self, parts: list[Any]) -> Group:
        side = "after" if parts[0].type.startswith("FIRST") else "before"
        return Group(f"working_day_{side}", items(parts[1:]), cover(parts))

    def named_range(self, parts: list[Any]) -> Group:
        start, end = (DateLiteral(part.value, part.span) for part in (parts[1], parts[3]))
        return Group("range", (name(parts[0]), start, end), cover(parts))

    def mode(self, parts: list[Lexeme]) -> Field:
        return Field("mode", (Word(str(parts[1].value), parts[1].span),), cover(parts))
