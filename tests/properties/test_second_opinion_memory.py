"""Engine and naive evaluator on terms with memory: findings, exceptions, reversals, reserves, limits in order, changing values."""

from __future__ import annotations

from tests.properties.agreement import by_memory

test_what_remembers_agrees = by_memory()
