"""How words, names and numbers are written in one language."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import field
from decimal import Decimal
from functools import lru_cache

from rules_engine.record import dataclass
from rules_engine.syntax.characters import QUOTES
from rules_engine.syntax.currencies import in_chinese
from rules_engine.syntax.keywords import FIRST_WORD, Keywords, keywords
from rules_engine.syntax.parameters import StandInNumber, StandInText
from rules_engine.syntax.tree import Name, Number, Text, Window

_OPERANDS = (
    "IF NOT YES NO THIS MIN MAX ABS ROUND STARTED FULL LATEST EARLIEST NONE EACH EACH_FULL EACH_STARTED EACH_UNIT "
    "EACH_DOCUMENT_WORD EACH_ORDER EACH_DAY AVERAGE_OF TIME_WEIGHTED_AVERAGE_OF SUM_OF"
)
_COUNTED = ("units", "minutes", "hours", "days", "working_days", "weeks", "months", "years")
_BUILT_IN_WINDOWS = ("settlement", "week", "ten_days", "half_month", "quarter", "half_year", "year", "term")


@dataclass(slots=True)
class Pen:
    """Writes the pieces of a tree. `declared` are the contract's own ids, never translated outside documents."""

    words: Keywords
    declared: Container[str] = ()
    currency: str = "CNY"
    in_documents: bool = field(default=False)

    @property
    def chinese(self) -> bool:
        """Whether the language is Chinese."""
        return self.words.language == "zh"

    def word(self, identifier: str) -> str:
        """A keyword by its canonical id."""
        return self.words.spelling(identifier.upper())

    def number(self, node: Number) -> str:
        """A literal with thousands parted and its unit behind."""
        figure = f"{node.value:,f}"
        if isinstance(node.value, StandInNumber) and node.value.type != "number":
            return figure
        if node.unit == "percent":
            return f"{figure}%"
        if node.unit == "money":
            return f"{figure}{in_chinese(self.currency)}" if self.chinese else f"{figure} {self.currency}"
        if node.unit == "per_unit":
            return f"({self.word('each_unit')} {figure})" if self.chinese else f"({figure} {self.word('per')} {self.unit('units', 1)})"
        unit = self.unit(node.unit, node.value) if node.unit in _COUNTED else node.unit
        return f"{figure} {unit}".rstrip()

    def unit(self, unit: str, count: Decimal | int = 0) -> str:
        """A unit's word; English has one for a single unit."""
        if unit not in _COUNTED:
            return self.words.names.get(unit, unit)
        return self.words.singular.get(unit.upper(), self.word(unit)) if count == 1 else self.word(unit)

    def name(self, node: Name) -> str:
        """A name, translated if it is built in."""
        if node.id in self.declared and not self.in_documents:
            return node.id
        return self.words.columns.get(node.id) or self.words.names.get(node.id) or node.id

    def group_name(self, node: Name) -> str:
        """What a clause is split by."""
        return self.word(node.id) if node.id == "document_line" else self.words.names.get(node.id) or self.name(node)

    def type_name(self, node: Name) -> str:
        """A document type after `over` or `less`."""
        return self.words.types.get(node.id, node.id)

    def written(self, node: Name) -> str:
        """A bare name that may be a text: as it was written."""
        return node.written or node.id

    def label(self, node: Name) -> str:
        """A bare name of a row, in quotes where it would not be read as a name."""
        bare = FIRST_WORD.fullmatch(node.id) and node.id not in reserved(self.words.language)
        return node.id if bare else self.text(node.id)

    def text(self, value: str | Text) -> str:
        """A quoted text."""
        plain = value.value if isinstance(value, Text) else value
        if isinstance(plain, StandInText):
            return plain.parameter
        opened = next((opened for opened, closed in QUOTES.items() if closed not in plain), '"')
        return f"{opened}{plain}{QUOTES[opened]}"

    def window(self, node: Window) -> str:
        """A window as in `period`."""
        if node.kind == "day":
            return self.unit("days", 1)
        if node.kind in _BUILT_IN_WINDOWS:
            return self.word(node.kind)
        if node.kind == "month":
            return self.word("month") + self.starting(node)
        if node.kind == "rolling":
            return f"{self.word('rolling')} {self.count(node)}"
        return node.name or self.word("named_ranges")

    def starting(self, node: Window) -> str:
        """The day months start, where it is not the first."""
        return f" {self.word('starting_day')} {node.starting_day}" if node.starting_day != 1 else ""

    def count(self, node: Window) -> str:
        """`3 months` of a rolling window."""
        return f"{node.count} {self.unit(f'{node.unit}s', node.count)}"


@lru_cache(maxsize=2)
def reserved(language: str) -> frozenset[str]:
    """Words that begin an operand, which no bare name may be."""
    table = keywords(language)
    return frozenset(table.spelling(terminal).split()[0] for terminal in _OPERANDS.split() if table.spelling(terminal))
