"""Noting what the text tells: never an error, never a reason to stop."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.diagnostics.model import Severity
from rules_engine.source import Span


def say(code: str, env: Environment, *places: Span | tuple[Span, Both], why: Both, fix: Both = ("", "")) -> None:
    """Add a note."""
    env.note(code, *places, why=why, fix=fix, severity=Severity.NOTE)
