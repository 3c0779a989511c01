"""Sets of units written out: `buy 2 get 1 free`, 第 2 件 半价, `any 3 units for 99`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rules_engine.syntax.tree import Field, Group, Item, Number, Word
from rules_engine.syntax.writing.pen import Pen


def is_nth(pen: Pen, field: Field) -> bool:
    """Whether Chinese names the one unit that is cheaper: 第 2 件 半价."""
    if not pen.chinese or field.key != "buy":
        return False
    _, got, *rest = field.items
    return isinstance(got, Number) and got.value == 1 and any(_is_price(each) for each in rest)


def _is_price(item: Item) -> bool:
    return (isinstance(item, Word) and item.id == "half_price") or (isinstance(item, Group) and item.key == "charged_at")


def set_of_units(pen: Pen, field: Field, nth: bool, write: Callable[[Sequence[Item]], list[str]]) -> str:
    """What stands behind the word: the figures, the price, and after commas what makes a set."""
    first, second, *rest = field.items
    assert isinstance(first, Number)
    assert isinstance(second, Number)
    if field.key == "any_units":
        head = f"{pen.number(Number(first.value, 'units', first.span))} {pen.word('priced_at')} {pen.number(second)}"
    elif nth:
        head = f"{pen.number(Number(first.value + 1, 'units', first.span))}"
    else:
        head = f"{pen.number(first)} {pen.word('get')} {pen.number(second)}"
    for item, text in zip(rest, write(rest), strict=True):
        price = _is_price(item) or (isinstance(item, Word) and item.id == "given_free")
        head += f" {text}" if price else f", {text}"
    return head
