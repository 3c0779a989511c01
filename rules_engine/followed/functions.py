"""Functions that a trail remembers as one step, whatever they do inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from rules_engine.followed.recipe import Recipe
from rules_engine.followed.values import Followed, followed

Answer = TypeVar("Answer")
_following: ContextVar[bool] = ContextVar("following", default=False)


@contextmanager
def following() -> Iterator[None]:
    """Work over followed values goes on inside."""
    token = _following.set(True)
    try:
        yield
    finally:
        _following.reset(token)


def asked(work: Callable[..., Answer]) -> Callable[..., Answer]:
    """A function of one value (and of plain ones) whose answer is a question: other values must give the same."""

    @wraps(work)
    def answered(value: Any, *plain: Any) -> Answer:
        if not isinstance(value, Followed):
            return work(value, *plain)
        answer = work(value.now, *plain)
        value.trail.ask(work, (value.at, *plain), answer)
        return answer

    return answered


def one_step(work: Callable[..., Answer]) -> Callable[..., Answer]:
    """A function of things whose figure or text is worked out anew for other values."""

    @wraps(work)
    def worked_out(*of: Any) -> Answer:
        if not _following.get():
            return work(*of)
        recipe = Recipe(of)
        if recipe.plain:
            return work(*of)
        places = [each.number for each in recipe.registers]

        def again(*registers: Any) -> Answer:
            return work(*recipe.made(dict(zip(places, registers, strict=True))))

        value: Any = work(*recipe.made(recipe.trail.now))
        found: Answer = followed(value, recipe.trail.work_out(again, recipe.registers, value), recipe.trail)
        return found

    return worked_out
