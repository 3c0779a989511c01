"""Engine and naive evaluator on written terms: shares, dues, penalties, guarantees, what moves through documents and time."""

from __future__ import annotations

from tests.properties.agreement import LEAST, by_fewer

test_what_is_shared_due_or_prepaid_agrees = by_fewer("commission", "freight", "penalty", "guaranteed", "prepaid", "falling_due")
test_what_hangs_on_documents_and_other_windows_agrees = by_fewer("ordered", "by_document", "shifted", "growth", least=LEAST // 6)
