"""Engine and naive evaluator on written terms: shares, dues, penalties, guarantees, what moves through documents and time."""

from __future__ import annotations

from tests.properties.agreement import by_text

test_what_is_shared_due_or_prepaid_agrees = by_text("commission", "freight", "penalty", "guaranteed", "prepaid", "falling_due")
test_what_hangs_on_documents_and_other_windows_agrees = by_text("ordered", "by_document", "shifted", "growth")
