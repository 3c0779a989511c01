"""What follows from a program and one of its expressions alone: worked out once, not once a settlement."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from rules_engine.core.expressions import Expression
from rules_engine.core.program import Program

MOST = 4_096
"""Answers kept of each question; when there are more, all are forgotten."""

Answer = TypeVar("Answer")


def once(work: Callable[[Program, Expression], Answer]) -> Callable[[Program, Expression], Answer]:
    """`work`, which remembers its answers. Program and expression are told by identity and kept with the answer, so that no
    other object ever takes their place."""
    answers: dict[tuple[int, int], tuple[Program, Expression, Answer]] = {}

    @wraps(work)
    def answered(program: Program, expression: Expression) -> Answer:
        key = (id(program), id(expression))
        held = answers.get(key)
        if held is None:
            if len(answers) >= MOST:
                answers.clear()
            held = answers[key] = (program, expression, work(program, expression))
        return held[2]

    return answered


def once_a_program(work: Callable[[Program], Answer]) -> Callable[[Program], Answer]:
    """`work` on a whole program, which remembers its answers in the same way."""
    answers: dict[int, tuple[Program, Answer]] = {}

    @wraps(work)
    def answered(program: Program) -> Answer:
        held = answers.get(id(program))
        if held is None:
            if len(answers) >= MOST // 16:
                answers.clear()
            held = answers[id(program)] = (program, work(program))
        return held[1]

    return answered
