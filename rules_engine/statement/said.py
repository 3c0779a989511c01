"""One line of an explanation, already in words, still in its columns."""

from __future__ import annotations

from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """`name`: `formula` = `result`, `depth` levels in. `kind`: step, rounded, due, vat, note. `documents` are the ids read,
    `count` how many there were in all."""

    depth: int
    name: str
    formula: str = ""
    result: str = ""
    kind: str = "step"
    documents: tuple[str, ...] = ()
    count: int = 0

    def line(self, colon: str = ": ") -> str:
        """The whole as one line of text, indented by two spaces a level."""
        indent = "  " * self.depth
        if self.kind == "due":
            return f"{indent}{self.name} {self.result}"
        tail = " = ".join(part for part in (self.formula, self.result) if part)
        return f"{indent}{self.name}{colon if self.name and tail else ''}{tail}"
