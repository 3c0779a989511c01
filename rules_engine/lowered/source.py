"""What the printers share: the outline of a generated function, and how an operand is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType

from rules_engine.lowered.model import Operand, Shape, Step

MOST_NAMES = 64
"""Parameters that are given names; in a longer list each is read at its place."""
Print = Callable[["Names", Step], str]


@dataclass(frozen=True, slots=True)
class Names:
    """How operands are written. `named`: every parameter has a name of its own."""

    named: bool

    def code(self, operand: Operand) -> str:
        """The operand as source."""
        plain = self._plain(operand)
        return plain if operand.factor == 1 else f"{plain} * {operand.factor}"

    def inner(self, operand: Operand) -> str:
        """The operand as source that may stand beside any operator."""
        code = self.code(operand)
        return f"({code})" if operand.factor != 1 or operand.index < 0 else code

    def _plain(self, operand: Operand) -> str:
        match operand.kind:
            case "k":
                return str(operand.index)
            case "p":
                return f"p{operand.index}" if self.named else f"P[{operand.index}]"
            case _:
                return f"{operand.kind}{operand.index}"


def row_of(operands: Sequence[Operand]) -> int | None:
    """The first of parameters that stand side by side; None where they do not."""
    first = operands[0]
    for place, operand in enumerate(operands):
        if operand.kind != "p" or operand.factor != 1 or operand.index != first.index + place:
            return None
    return first.index


def function_source(shape: Shape, parameters: int, print_step: Print, *, trace: bool) -> str:
    """The source of `lowered(I, P)`: every step in order, then all registers, or only the exact and the rounded amount."""
    names = Names(parameters <= MOST_NAMES)
    lines = ["def lowered(I, P):"]
    lines += _unpacked("i", "I", len(shape.inputs))
    lines += _unpacked("p", "P", parameters) if names.named else []
    lines += [f" r{place} = {print_step(names, step)}" for place, step in enumerate(shape.steps)]
    kept = range(len(shape.steps)) if trace else [shape.exact, shape.amount]
    lines.append(f" return ({', '.join(f'r{place}' for place in kept)},)")
    return "\n".join(lines) + "\n"


def _unpacked(stem: str, source: str, count: int) -> list[str]:
    return [f" {', '.join(f'{stem}{place}' for place in range(count))}, = {source}"] if count else []


def parameter_count(shape: Shape) -> int:
    """How many parameters the steps read."""
    read = [operand.index for step in shape.steps for operand in step.args if operand.kind == "p"]
    return max(read, default=-1) + 1


def compiled(source: str, name: str) -> CodeType:
    """The generated source as code."""
    return compile(source, f"<lowered {name}>", "exec")
