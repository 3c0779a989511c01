"""Explanations that are made when they are first read: most lines of most settlements are never opened."""

from __future__ import annotations

from collections.abc import Callable
from decimal import localcontext
from threading import RLock
from types import MemberDescriptorType

from rules_engine.core.trace import TraceStep
from rules_engine.values.exact import EXACT


class Later:
    """An explanation not made yet. Those of one run share a lock, as they share its documents."""

    __slots__ = ("_lock", "_work")

    def __init__(self, work: Callable[[], TraceStep], lock: RLock) -> None:
        self._work = work
        self._lock = lock

    def made(self) -> TraceStep:
        """The explanation, worked out as exactly as the settlement itself."""
        with self._lock, localcontext(EXACT):
            return self._work()


class MadeWhenRead:
    """An attribute of slotted objects in which a `Later` may stand: whoever reads it gets the explanation, which then stays."""

    def __init__(self, slot: MemberDescriptorType) -> None:
        self._slot = slot

    def __get__(self, owner: object, kind: type | None = None) -> object:
        if owner is None:
            return self
        held = self._slot.__get__(owner, kind)
        if isinstance(held, Later):
            held = held.made()
            self._slot.__set__(owner, held)
        return held

    def __set__(self, owner: object, value: object) -> None:
        self._slot.__set__(owner, value)
