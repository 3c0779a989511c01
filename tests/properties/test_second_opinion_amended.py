"""Engine and naive evaluator on contracts that were amended: prices replaced, clauses ended and added, some known late."""

from __future__ import annotations

from tests.properties.agreement import by_amendment

test_amended_contracts_agree = by_amendment("commission", "penalty", "capped", "judged", "growth")
