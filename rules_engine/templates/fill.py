"""A template's tree with its stand-ins replaced by values: nothing is read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from rules_engine.source import Span
from rules_engine.syntax.parameters import Plain, StandIn, StandInCount, StandInText
from rules_engine.syntax.tree import Band, Name, Text, Window, YesNo
from rules_engine.templates.bands import bands_of, placed

FIRST_COUNTS = 100_000


class NoCount(Exception):
    """A value stands where whole steps are counted and is none; `name` is the parameter's."""

    def __init__(self, name: str, span: Span) -> None:
        super().__init__(name)
        self.name = name
        self.span = span


def filled(node: Any, values: Mapping[str, Plain]) -> Any:
    """The node with every stand-in replaced; what holds none is the same object as before."""
    if isinstance(node, StandIn):
        return _value(node, values)
    if isinstance(node, tuple):
        return _each(node, values)
    if isinstance(node, Span | type) or not is_dataclass(node):
        return node
    whole = _as_a_whole(node, values)
    if whole is not None:
        return whole
    kind: type = type(node)
    before = {name: getattr(node, name) for name in _parts(kind)}
    changed = {name: now for name, was in before.items() if (now := filled(was, values)) is not was}
    return replace(cast("Any", node), **changed) if changed else node


@lru_cache(maxsize=256)
def _parts(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind) if part.type != "Span")


def _each(node: tuple[Any, ...], values: Mapping[str, Plain]) -> tuple[Any, ...]:
    made = tuple(part for each in node for part in _one_or_more(each, values))
    same = len(made) == len(node) and all(now is was for now, was in zip(made, node, strict=True))
    return node if same else made


def _one_or_more(node: Any, values: Mapping[str, Plain]) -> Iterator[Any]:
    """The node filled; one that stands for several texts becomes as many."""
    if isinstance(node, Band) and node.style == "bands":
        yield from _bands(node, values)
        return
    marked = listed(node)
    if marked is None:
        yield filled(node, values)
        return
    several = values[marked.parameter]
    assert isinstance(several, tuple)
    for text in several:
        yield Name(text, node.span) if isinstance(node, Name) else Text(text, node.span)


def _bands(node: Band, values: Mapping[str, Plain]) -> Iterator[Any]:
    """The bands that a text stands for; the text was read when it was given."""
    marked = node.bound.id if isinstance(node.bound, Name) else ""
    if not isinstance(marked, StandInText):
        yield node
        return
    found = bands_of(str(values[marked.parameter]))
    assert found is not None
    yield from placed(found, node.span)


def listed(node: Any) -> StandInText | None:
    """The stand-in for several texts that a name or text is."""
    value = node.id if isinstance(node, Name) else node.value if isinstance(node, Text) else None
    return value if isinstance(value, StandInText) and value.type == "texts" else None


def _as_a_whole(node: Any, values: Mapping[str, Plain]) -> Any:
    """A node whose kind depends on the value: a yes or no, a period."""
    if isinstance(node, Name) and isinstance(node.id, StandInText) and node.id.type == "yes_no":
        return YesNo(bool(values[node.id.parameter]), node.span)
    if isinstance(node, Window) and isinstance(node.name, StandInText):
        return Window(str(values[node.name.parameter]), node.span)
    return None


def _value(mark: StandIn, values: Mapping[str, Plain]) -> Plain | int:
    value = values[mark.parameter]
    if not isinstance(mark, StandInCount):
        return value
    assert isinstance(value, Decimal)
    if value != value.to_integral_value() or not 0 < value < FIRST_COUNTS:
        raise NoCount(mark.parameter, mark.span)
    return int(value)
