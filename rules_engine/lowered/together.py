"""Several clauses as one: what their sums and steps have in common is read and worked out once a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from hashlib import sha256

from rules_engine.core.expressions import Aggregate
from rules_engine.engine.reading.identity import signature
from rules_engine.lowered.model import Lowered, Operand, Shape, Step, Traced
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Clauses of one contract over common inputs. `exacts` and `amounts` are their registers, clause by clause, `sures` those
    that are 0 where only the interpreter can answer (None: never)."""

    key: str
    steps: tuple[Step, ...]
    inputs: tuple[Aggregate, ...]
    input_scale: tuple[int, ...]
    exacts: tuple[int, ...]
    amounts: tuple[int, ...]
    sures: tuple[int | None, ...]
    schema: tuple[Traced, ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """The registers that a row without its trace comes to: exact and rounded amount, clause by clause."""
        return tuple(end for both in zip(self.exacts, self.amounts, strict=True) for end in both)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Together) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(slots=True)
class _Joining:
    steps: list[Step] = field(default_factory=list)
    schema: list[Traced] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    inputs: dict[tuple[str, int], tuple[int, Aggregate]] = field(default_factory=dict)
    made: dict[Step, int] = field(default_factory=dict)

    def put(self, lowered: Lowered) -> list[int]:
        """A clause's steps; where its registers are now."""
        shape, first = lowered.shape, len(self.parameters)
        self.parameters += lowered.parameters
        inputs = [self._input(item, scale) for item, scale in zip(shape.inputs, shape.input_scale, strict=True)]
        placed: list[int] = []
        places = {"i": inputs, "p": range(first, len(self.parameters)), "r": placed}
        for step, traced in zip(shape.steps, shape.schema, strict=True):
            moved = Step(step.op, tuple(_moved(operand, places) for operand in step.args), step.detail)
            if moved not in self.made:
                self.made[moved] = len(self.steps)
                self.steps.append(moved)
                self.schema.append(traced)
            placed.append(self.made[moved])
        return placed

    def _input(self, item: Aggregate, scale: int) -> int:
        return self.inputs.setdefault((signature(item), scale), (len(self.inputs), item))[0]


def _moved(operand: Operand, places: dict[str, Sequence[int]]) -> Operand:
    return operand if operand.kind == "k" else Operand(operand.kind, places[operand.kind][operand.index], operand.factor)


def together(clauses: Sequence[Lowered]) -> tuple[Together, tuple[int, ...]]:
    """The clauses as one, and the parameters of all of them."""
    joining = _Joining()
    placed = [(lowered.shape, joining.put(lowered)) for lowered in clauses]
    inputs = tuple(item for _, item in joining.inputs.values())
    found = Together(
        sha256(" ".join(shape.key for shape, _ in placed).encode()).hexdigest()[:32], tuple(joining.steps), inputs,
        tuple(scale for _, scale in joining.inputs), tuple(_at(placed, "exact")), tuple(_at(placed, "amount")),
        tuple(None if shape.sure is None else at[shape.sure] for shape, at in placed), tuple(joining.schema),
    )  # fmt: skip
    return found, tuple(joining.parameters)


def _at(placed: Sequence[tuple[Shape, list[int]]], end: str) -> Iterator[int]:
    return (at[getattr(shape, end)] for shape, at in placed)
