"""What a clause kind is: its presets, its own fields, and how its block becomes core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.program import Clause, Papers
from rules_engine.record import dataclass
from rules_engine.syntax.tree import Block


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """`name` is the canonical keyword; `payer` '' must be written; `fields` are the kind's own beside the shared ones;
    `phrases` word the steps its `elaborate` names."""

    name: str
    title: Both
    payer: str
    papers: Papers
    elaborate: Callable[[Block, Environment, ClauseKind], Clause]
    fields: tuple[str, ...] = ()
    phrases: Mapping[str, Both] = field(default_factory=dict)
    collect: str = "in_full"
