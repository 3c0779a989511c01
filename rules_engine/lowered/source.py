"""What the printers share: the outline of a generated function, and how an operand is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from types import CodeType
from typing import Protocol

from rules_engine.core.expressions import Aggregate
from rules_engine.lowered.model import Operand, Step
from rules_engine.record import dataclass

Print = Callable[["Names", Step, int], str]


class Printable(Protocol):
    """What the printers read of a shape, or of several together."""

    @property
    def key(self) -> str:
        """Its name."""
        ...

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps."""
        ...

    @property
    def inputs(self) -> tuple[Aggregate, ...]:
        """Its inputs."""
        ...

    @property
    def ends(self) -> tuple[int, ...]:
        """The registers kept without a trace."""
        ...


@dataclass(slots=True)
class Names:
    """How operands are written; the parameters that were are kept."""

    read: set[int] = field(default_factory=set)

    def code(self, operand: Operand) -> str:
        """The operand as source."""
        plain = self._plain(operand)
        return plain if operand.factor == 1 else f"{plain} * {operand.factor}"

    def inner(self, operand: Operand) -> str:
        """The operand as source that may stand beside any operator."""
        code = self.code(operand)
        return f"({code})" if operand.factor != 1 or operand.index < 0 else code

    def _plain(self, operand: Operand) -> str:
        if operand.kind == "p":
            self.read.add(operand.index)
        return str(operand.index) if operand.kind == "k" else f"{operand.kind}{operand.index}"


def row_of(operands: Sequence[Operand]) -> int | None:
    """The first of parameters that stand side by side; None where they do not."""
    first = operands[0]
    for place, operand in enumerate(operands):
        if operand.kind != "p" or operand.factor != 1 or operand.index != first.index + place:
            return None
    return first.index


def function_source(shape: Printable, print_step: Print, *, trace: bool, more: str = "") -> str:
    """The source of `lowered(I, P)`: every step in order, then all registers, or only its ends. `more` are further parameters."""
    names = Names()
    steps = [f" r{place} = {print_step(names, step, place)}" for place, step in enumerate(shape.steps)]
    inputs = ", ".join(f"i{place}" for place in range(len(shape.inputs)))
    lines = [f"def lowered(I, P{more}):", *([f" {inputs}, = I"] if inputs else []), *_parameters(shape, names.read), *steps]
    kept = range(len(shape.steps)) if trace else shape.ends
    lines.append(f" return ({', '.join(f'r{place}' for place in kept)},)")
    return "\n".join(lines) + "\n"


def _parameters(shape: Printable, read: set[int]) -> list[str]:
    """Names for the parameters that are read by name: all at once, or each by its place where most have none."""
    count = max((operand.index for step in shape.steps for operand in step.args if operand.kind == "p"), default=-1) + 1
    if 2 * len(read) < count:
        return [f" p{place} = P[{place}]" for place in sorted(read)]
    return [f" {', '.join(f'p{place}' for place in range(count))}, = P"] if count else []


def compiled(source: str, name: str) -> CodeType:
    """The generated source as code."""
    return compile(source, f"<lowered {name}>", "exec")
