"""Engine and naive evaluator: guarantees, rebates, commitments and fees over their windows."""

from __future__ import annotations

from tests.properties.agreement import by_tree

test_guarantees_and_rebates_agree = by_tree("guarantee", "bonus", "marketing")
test_fees_charges_and_rebates_agree = by_tree("service", "extra", "bonus", "goods")
