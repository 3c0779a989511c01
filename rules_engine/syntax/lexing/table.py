"""The parse table, and the machine that runs it: what Lark computes once, kept small enough to load in a blink."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from rules_engine.record import dataclass

END = "$END"


@dataclass(frozen=True, slots=True)
class Rule:
    """One production: what it makes, how many parts it takes, the name of its action, and whether a single part stands for it."""

    origin: str
    size: int
    action: str
    transparent: bool

    @property
    def passes(self) -> bool:
        """Whether a single part goes on as it is, without an action."""
        return self.transparent and not self.action and not self.origin.startswith("_")


@dataclass(frozen=True, slots=True)
class Table:
    """LALR(1). `states[s][symbol]` is the next state, or `~r` to put rule `r` together first."""

    states: Mapping[int, Mapping[str, int]]
    rules: Sequence[Rule]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    climbs: dict[tuple[int, int, str], int] = field(default_factory=dict, compare=False)
    """Climbs made before: from a state above another, with what comes next, to where it ends."""

    def climbed(self, below: int, top: int, kind: str) -> int:
        """The state a single part ends in that stands for one production after another, as an operand does for every strength of
        operator above it."""
        key = (below, top, kind)
        reached = self.climbs.get(key)
        if reached is None:
            reached = self.climbs[key] = self._climb(below, top, kind)
        return reached

    def _climb(self, below: int, top: int, kind: str) -> int:
        while True:
            found = self.states[top].get(kind)
            if found is None or found >= 0 or (kind == END and top in self.ends.values()):
                return top
            rule = self.rules[~found]
            if rule.size != 1 or not rule.passes:
                return top
            top = self.states[below][rule.origin]

    def takes(self, stack: Sequence[int], kind: str) -> bool:
        """Whether a terminal can truly come next, once what precedes it has been put together."""
        found = self.states[stack[-1]].get(kind)
        if found is None or found >= 0:
            return found is not None
        return self._takes_after(list(stack), kind)

    def _takes_after(self, stack: list[int], kind: str) -> bool:
        while True:
            found = self.states[stack[-1]].get(kind)
            if found is None or found >= 0:
                return found is not None
            rule = self.rules[~found]
            if rule.size:
                del stack[-rule.size :]
            stack.append(self.states[stack[-1]][rule.origin])
            if kind == END and stack[-1] in self.ends.values():
                return True

    def possible(self, stack: Sequence[int]) -> frozenset[str]:
        """All terminals that can truly come next."""
        return frozenset(kind for kind in self.states[stack[-1]] if not kind.islower() and self.takes(stack, kind))


class Inlined(list[Any]):
    """Parts of a production that has no node of its own; they join those of the one around it."""


def bind(table: Table, nodes: object) -> tuple[Callable[[list[Any]], Any], ...]:
    """The action of each rule: the method of its name, the single part itself, or inlining."""
    return tuple(_action(rule, nodes) for rule in table.rules)


def _action(rule: Rule, nodes: object) -> Callable[[list[Any]], Any]:
    if rule.action:
        named: Callable[[list[Any]], Any] = getattr(nodes, rule.action)
        return named
    if rule.origin.startswith("_"):
        return Inlined
    if not rule.transparent:
        made: Callable[[list[Any]], Any] = getattr(nodes, rule.origin)
        return made
    return _single


def _single(parts: list[Any]) -> Any:
    (only,) = parts
    return only


@dataclass(slots=True)
class Machine:
    """One parse under way. `stack` holds states, `values` what has been read so far."""

    table: Table
    actions: Sequence[Callable[[list[Any]], Any]]
    stack: list[int]
    values: list[Any] = field(default_factory=list)

    def offer(self, kind: str, value: Any) -> bool:
        """Take a lexeme; False if it cannot come here."""
        states, stack, values, actions = self.table.states, self.stack, self.values, self.actions
        while True:
            found = states[stack[-1]].get(kind)
            if found is None:
                return False
            if found >= 0:
                stack.append(found)
                values.append(value)
                return True
            if actions[~found] is _single and type(values[-1]) is not Inlined and self.table.rules[~found].size == 1:
                stack[-1] = self.table.climbed(stack[-2], stack[-1], kind)
            else:
                self._reduce(~found)
            if kind == END and stack[-1] in self.table.ends.values():
                return True

    def _reduce(self, number: int) -> None:
        rule, stack, values = self.table.rules[number], self.stack, self.values
        size = rule.size
        parts: list[Any] = []
        if size:
            parts = values[-size:]
            del stack[-size:]
            del values[-size:]
            if Inlined in map(type, parts):
                parts = [each for part in parts for each in (part if type(part) is Inlined else (part,))]
        values.append(self.actions[number](parts))
        stack.append(self.table.states[stack[-1]][rule.origin])
