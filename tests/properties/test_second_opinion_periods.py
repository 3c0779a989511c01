"""Engine and naive evaluator: guarantees, rebates, commitments and fees over their windows."""

from __future__ import annotations

from tests.properties.agreement import agreeing

test_guarantees_and_rebates_agree = agreeing(("guarantee", "bonus", "marketing"))
test_fees_charges_and_rebates_agree = agreeing(("service", "extra", "bonus", "goods"))
