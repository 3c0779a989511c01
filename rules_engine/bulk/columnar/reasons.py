"""Why a contract is settled by itself, by the kernel, instead of over columns. The list may only shrink."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The first thing that stands in the way; the manifest counts contracts by it. A `FAULT` or a lack of `AGREEMENT` with the kernel
    is a fault of ours, and harmless: the kernel settles."""

    FEW = "too_few_of_a_shape"
    POSTED = "posted_statements"
    LINES = "documents_line_by_line"
    NO_DOCUMENTS = "no_documents"
    LINKED = "returns_linked_to_sales"
    VAT_RATES = "several_vat_rates"
    BLANK = "blank_amounts"
    LONG = "long_amounts"
    ROWS = "rows_of_a_table"
    HEADER = "header"
    LIMITS = "limits"
    BALANCES = "balances"
    COUNTERS = "counters_and_values"
    PARTIES = "parties"
    BOUNDS = "bounds"
    ON_ACCOUNT = "on_account"
    NEGATIVE = "negative_carried"
    ROUNDING = "rounding"
    CUT_WINDOW = "cut_window"
    CLAUSE = "clause"
    CONDITIONAL = "conditional_reading"
    LOWERED = "expression"
    NOT_SUMS = "not_sums"
    UNDECIDED = "undecided"
    NAMES = "names"
    AGREEMENT = "agreement"
    FINDINGS = "findings"
    FAULT = "fault"


class Alone(Exception):
    """A contract, or all of one shape, that columns do not serve."""

    def __init__(self, reason: Reason, contracts: frozenset[int] = frozenset()) -> None:
        super().__init__(reason.value)
        self.reason, self.contracts = reason, contracts
