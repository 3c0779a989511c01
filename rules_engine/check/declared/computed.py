"""In which order computed columns are read: what one needs of another comes first, wherever the two stand in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from rules_engine.check.declared.declarations import declare_columns
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import first, group, of_block
from rules_engine.record import dataclass
from rules_engine.syntax.tree import Block, Field, Name


@dataclass(frozen=True, slots=True)
class Waiting:
    """A computed column that is not there yet, and the names its formula reads."""

    block: Block
    field: Field
    name: str
    reads: frozenset[str]


def compute_columns(blocks: list[Block], env: Environment) -> None:
    """The computed columns of all types, once every type has the columns that files give."""
    waiting = [
        Waiting(block, field, named(field), frozenset(read_names(group(field, "formula"))))
        for block in blocks
        for field in of_block(block, env).all("column")
        if group(field, "formula") is not None
    ]
    while waiting:
        pending = Counter(item.name for item in waiting)
        ready = [item for item in waiting if not any(pending[name] > (name == item.name) for name in item.reads)]
        for item in ready or waiting[:1]:
            declare_columns(item.block, [item.field], {}, env)
            waiting.remove(item)


def named(field: Field) -> str:
    """The column's name."""
    name = first(field, Name)
    return name.id if name is not None else ""


def read_names(node: Any) -> Iterator[str]:
    """Every name a formula writes."""
    if isinstance(node, Name):
        yield node.id
    elif isinstance(node, tuple):
        for each in node:
            yield from read_names(each)
    elif is_dataclass(node):
        for part in fields(node):
            yield from read_names(getattr(node, part.name))
