"""Values given to the parameters of a template, and what they are by the parameter's type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rules_engine.diagnostics.build import Words
from rules_engine.syntax.actions.items import item
from rules_engine.syntax.lexemes import Lexeme, Refusal, cover
from rules_engine.syntax.parameters import PERIODS, TYPES, Parameter, Plain
from rules_engine.syntax.tree import DateLiteral, Item, Name, Number, Text, Window, YesNo

EXPECTED: dict[str, Words] = {
    "percent": ("a percentage such as `12%`", "百分比，如 `12%`"),
    "money": ("an amount such as `200,000`", "金额，如 `20万`"),
    "number": ("a number such as `1.5`", "数字，如 `1.5`"),
    "quantity": ("a quantity such as `1,000 units`", "数量，如 `1,000 件`"),
    "days": ("whole days such as `30 days`", "整数天数，如 `30 天`"),
    "date": ("a day such as `2026-03-31`", "日期，如 `2026-03-31`"),
    "text": ('a text such as `"Golden Grain"`', '文字，如 `"金谷"`'),
    "texts": ("texts such as `rice, oil`", "若干文字，如 `大米, 食用油`"),
    "yes_no": ("`yes` or `no`", "`是` 或 `否`"),
    "period": ("`month`, `quarter`, `year` or another period", "`月`、`季度`、`年` 等期间"),
    "bands": ('bands such as `"up to 1,000 none; over 1,000 2%"`', '档位，如 `"不超过 1,000 无; 超过 1,000 2%"`'),
}
"""What each type asks for, in both languages."""

UNITS = {"percent": ("percent",), "money": ("money", ""), "number": ("",), "quantity": ("units", ""), "days": ("days", "")}
"""The units a figure of each type may be written with."""

assert set(EXPECTED) == set(TYPES)


def given_item(parts: Sequence[Lexeme]) -> Item:
    """The item of one literal."""
    first = parts[0]
    if len(parts) > 1:
        return Number(first.value, parts[1].type.lower(), cover(parts))
    if first.type in ("YES", "NO"):
        return YesNo(first.type == "YES", first.span)
    if first.type.lower() in PERIODS:
        return Window(first.type.lower(), first.span)
    if first.type == "NAME":
        return Name(first.text, first.span)
    found = item(first)
    assert found is not None
    return found


def plain_value(parameter: Parameter, items: Sequence[Item]) -> Plain:
    """The value of the items; raises a refusal where they are not of the parameter's type."""
    value = _several(items) if parameter.type == "texts" else _single(parameter.type, items)
    if value is None:
        raise Refusal("SE0291", cover(items), parameter=parameter)
    return value


def _several(items: Sequence[Item]) -> Plain | None:
    found = [_text(each) for each in items]
    return tuple(each for each in found if each is not None) if None not in found else None


def _single(kind: str, items: Sequence[Item]) -> Plain | None:
    if len(items) != 1:
        return None
    match items[0]:
        case Number() as number:
            return _figure(kind, number)
        case DateLiteral(value=date() as day) if kind == "date":
            return day
        case YesNo(value=bool() as flag) if kind == "yes_no":
            return flag
        case Window(kind=str() as window) if kind == "period":
            return window
        case Text() if kind == "bands":
            return items[0].value
        case Text() | Name() if kind == "text":
            return _text(items[0])
        case _:
            return None


def _figure(kind: str, number: Number) -> Decimal | None:
    whole = kind != "days" or number.value == number.value.to_integral_value()
    return number.value if whole and number.unit in UNITS.get(kind, ()) else None


def _text(item: Any) -> str | None:
    match item:
        case Text():
            return item.value
        case Name():
            return item.id
        case _:
            return None
