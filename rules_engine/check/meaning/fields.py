"""Reading the generic fields of a block: which are there, once, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.wording import word
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.tree import Block, Field, Group, Item, Word

T = TypeVar("T")
SEVERAL = frozenset(
    ("tiers", "reduce", "at_most", "at_least", "credit", "column", "of", "over", "ranges", "rows", "source", "note", "adds", "formula")
)
"""Fields that may be written more than once."""
GENERAL = frozenset(
    ("on", "for", "per", "period", "rate", "amount", "tiers", "at_most", "at_least", "when", "source", "column")
)
"""Fields worth naming where one is out of place."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one block or header by key."""

    fields: tuple[Field, ...]
    span: Span
    env: Environment

    def get(self, key: str) -> Field | None:
        """The field, if written; `allow` has reported a second one."""
        for item in self.fields:
            if item.key == key:
                return item
        return None

    def all(self, key: str) -> tuple[Field, ...]:
        """Every field of that key, in written order."""
        return tuple([item for item in self.fields if item.key == key])

    def has(self, *keys: str) -> bool:
        """Whether any of the keys is written."""
        return any(item.key in keys for item in self.fields)

    def span_of(self, key: str) -> Span:
        """Where the field stands, or the block where it is not written."""
        found = self.all(key)
        return found[0].span if found else self.span

    def allow(self, allowed: Iterable[str]) -> None:
        """Report fields that this block does not know, and those written twice where once is meant."""
        known = set(allowed)
        seen: dict[str, Field] = {}
        for item in self.fields:
            if item.key not in known:
                self.misplaced(item, known)
            elif item.key in seen and item.key not in SEVERAL:
                self.twice(seen[item.key], item)
            seen.setdefault(item.key, item)

    def misplaced(self, item: Field, known: set[str]) -> None:
        """A field that means nothing in this block."""
        language = self.env.language
        written = word(item.key, language)
        listed = [f"`{word(key, language)}`" for key in sorted(known & GENERAL)]
        self.env.note(
            "SE0202",
            item.span,
            why=(
                f"`{written}` means nothing in this block, so its money would be lost.",
                f"“{written}”在此处没有意义，其金额会丢失。",
            ),
            fix=(
                f"delete the line; of the general fields this block knows {', '.join(listed)}.",
                f"删去该行；此处可用的通用字段：{'、'.join(listed)}。",
            ),
        )

    def twice(self, first: Field, second: Field) -> None:
        """Two lines for one field."""
        self.env.note(
            "SE0203",
            (second.span, ("written again here", "此处又写一次")),
            (first.span, ("first written here", "首次写在这里")),
            why=("two values for one field leave it open which one counts.", "同一字段写了两个值，无法确定以哪个为准。"),
            fix=("delete one of the two lines.", "删去其中一行。"),
        )


def of_block(block: Block, env: Environment) -> Fields:
    """The fields of a block."""
    return Fields(block.fields, block.id_span if block.id_span.line else block.span, env)


def items(holder: Field | Group, kind: type[T]) -> Iterator[T]:
    """The items of one type, in written order."""
    return (item for item in holder.items if isinstance(item, kind))


def first(holder: Field | Group, kind: type[T]) -> T | None:
    """The first item of that type."""
    return next(items(holder, kind), None)


def words(holder: Field | Group | None) -> tuple[str, ...]:
    """The meaning-bearing words of a field."""
    return tuple(item.id for item in holder.items if isinstance(item, Word)) if holder else ()


def group(holder: Field | Group | None, key: str) -> Group | None:
    """The bracket of that key."""
    if holder is None:
        return None
    return next((item for item in holder.items if isinstance(item, Group) and item.key == key), None)


def among(holder: Field | None, choices: Iterable[str]) -> str:
    """The one word of the field that is among `choices`, or ''."""
    allowed = set(choices)
    return next((word for word in words(holder) if word in allowed), "")


def others(holder: Field | Group, *unwanted: type) -> tuple[Item, ...]:
    """The items that are of none of the types."""
    return tuple(item for item in holder.items if not isinstance(item, unwanted))
