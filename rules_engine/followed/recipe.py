"""How a thing made of followed values is made again of others: its frozen records, tuples and mappings anew, the rest as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, NamedTuple

from rules_engine.followed.trail import Register, Trail
from rules_engine.followed.values import MARK, NO_NUMBER, Followed, NotFollowed

ATOMS = frozenset((NoneType, bool, int))
WRITTEN = frozenset((Decimal, str, date))
Maker = Callable[..., Any]


class Step(NamedTuple):
    """A part that is made anew: of `fixed`, in which the parts at `places` are those made by earlier steps."""

    make: Maker
    fixed: list[Any]
    places: tuple[tuple[int, int], ...]


class Recipe:
    """The steps from registers to the thing; parts met twice are made once."""

    def __init__(self, thing: Any) -> None:
        self._steps: list[Step] = []
        self._known: dict[int, tuple[Any, int | None]] = {}
        self._registers: dict[int, int] = {}
        self._trail: Trail | None = None
        self._whole = self._of(thing)
        self._thing = thing if self._whole is None else None
        self._known.clear()

    @property
    def plain(self) -> bool:
        """Whether nothing in the thing is followed."""
        return self._whole is None

    @property
    def trail(self) -> Trail:
        """The trail of what is followed in it."""
        assert self._trail is not None
        return self._trail

    @property
    def registers(self) -> tuple[Register, ...]:
        """The registers it is made of."""
        return tuple(Register(number) for number in self._registers)

    def made(self, registers: Sequence[Any] | Mapping[int, Any]) -> Any:
        """The thing of these registers."""
        if self._whole is None:
            return self._thing
        parts: list[Any] = []
        for make, fixed, places in self._steps:
            if make is _register:
                parts.append(registers[fixed[0]])
                continue
            values = fixed.copy()
            for place, step in places:
                values[place] = parts[step]
            parts.append(make(values))
        return parts[self._whole]

    def _of(self, node: Any) -> int | None:
        """The step that makes a node; None where it is the same for all values."""
        held = self._known.get(id(node))
        if held is None:
            held = self._known[id(node)] = (node, self._found(node))
        return held[1]

    def _found(self, node: Any) -> int | None:
        kind: Any = type(node)
        if isinstance(node, Followed):
            self._trail = node.trail
            return self._register(node.at)
        if kind in ATOMS or isinstance(node, Enum):
            return None
        if kind in WRITTEN:
            if missed(node):
                raise NotFollowed
            return None
        if isinstance(node, tuple):
            return self._step(getattr(kind, "_make", kind), node)
        if isinstance(node, frozenset):
            if any(self._of(each) is not None for each in node):
                raise NotFollowed
            return None
        if isinstance(node, Mapping):
            return self._mapping(node)
        if is_dataclass(node) and kind.__dataclass_params__.frozen:
            make, read = _record(kind)
            return self._step(make, read(node))
        raise NotFollowed

    def _register(self, at: Register) -> int:
        if at.number not in self._registers:
            self._steps.append(Step(_register, [at.number], ()))
            self._registers[at.number] = len(self._steps) - 1
        return self._registers[at.number]

    def _mapping(self, node: Mapping[Any, Any]) -> int | None:
        if type(node) not in (dict, MappingProxyType) or any(self._of(key) is not None for key in node):
            raise NotFollowed
        keys, wrap = tuple(node), type(node) is MappingProxyType
        return self._step(lambda values: _mapped(keys, values, wrap), tuple(node.values()))

    def _step(self, make: Maker, values: Sequence[Any]) -> int | None:
        places = tuple((place, step) for place, each in enumerate(values) if (step := self._of(each)) is not None)
        if not places:
            return None
        self._steps.append(Step(make, list(values), places))
        return len(self._steps) - 1


def missed(value: Decimal | str | date) -> bool:
    """Whether a plain value was made of a followed one by somebody who went round it."""
    if isinstance(value, Decimal):
        return value.is_nan()
    return (MARK in value or NO_NUMBER in value) if isinstance(value, str) else value.year == 1


def _register(values: list[Any]) -> Any:
    raise AssertionError(values)


def _mapped(keys: tuple[Any, ...], values: list[Any], wrap: bool) -> Mapping[Any, Any]:
    made = dict(zip(keys, values, strict=True))
    return MappingProxyType(made) if wrap else made


@cache
def _record(kind: Any) -> tuple[Maker, Callable[[Any], tuple[Any, ...]]]:
    """How a record of a class is made and read."""
    if not all(each.init for each in fields(kind)):
        raise NotFollowed
    names = [each.name for each in fields(kind)]
    return lambda values: kind(*values), lambda node: tuple(getattr(node, name) for name in names)
