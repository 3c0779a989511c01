"""Engine and naive evaluator on written terms: rows, ladders, bounds, and every term mixed with readers and limits."""

from __future__ import annotations

from tests.properties.agreement import by_text

test_picked_prices_and_bounds_agree = by_text("best", "nested", "factored", "provisional", "capped", "judged")
test_every_written_term_agrees = by_text()
