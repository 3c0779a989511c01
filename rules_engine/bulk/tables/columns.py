"""The six tables a batch leaves, as pyarrow schemas; money is DECIMAL(38, 10), exact for every amount the engine takes."""

from __future__ import annotations

from functools import cache
from typing import Any

from rules_engine.bulk.missing import pyarrow

LINES, TOTALS, TRACE, EXCEPTIONS, POSTED, CARRIED = "lines", "totals", "trace", "exceptions", "posted", "carried"
TABLES = (LINES, TOTALS, TRACE, EXCEPTIONS, POSTED, CARRIED)

_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    LINES: (
        ("contract", "text"), ("period", "text"), ("line_id", "text"), ("clause", "text"), ("kind", "text"), ("group", "text"),
        ("window_from", "day"), ("window_to", "day"), ("payee", "text"), ("direction", "text"), ("base", "money"),
        ("unrounded", "money"), ("unrounded_exact", "text"), ("target", "money"), ("posted", "money"), ("amount", "money"),
        ("invoice_by", "text"), ("treatment", "text"), ("vat_rate", "money"), ("net_of_vat", "money"), ("vat", "money"),
        ("status", "text"), ("corrects", "text"), ("flags", "text"), ("documents", "count"),
    ),
    TOTALS: (
        ("contract", "text"), ("period", "text"), ("currency", "text"), ("payable", "money"), ("receivable", "money"),
        ("net", "money"), ("carried_in", "money"), ("payout", "money"), ("carried_out", "money"), ("due_date", "day"),
        ("supplier_invoice", "money"), ("platform_invoice", "money"), ("receipts", "money"), ("prepayment_applied", "money"),
        ("lines", "count"), ("pending", "count"), ("unsettled", "count"), ("documents", "count"),
    ),
    TRACE: (
        ("contract", "text"), ("line_id", "text"), ("steps", "text"), ("values", "amounts"), ("rest", "text"),
    ),
    EXCEPTIONS: (
        ("contract", "text"), ("period", "text"), ("code", "text"), ("severity", "text"), ("clause", "text"), ("group", "text"),
        ("window_from", "day"), ("window_to", "day"), ("text", "text"), ("place", "text"),
    ),
    POSTED: (("contract", "text"), ("statement", "text")),
    CARRIED: (
        ("contract", "text"), ("key", "text"), ("group", "text"), ("window_from", "day"), ("window_to", "day"), ("total", "text"),
        ("count", "count"),
    ),
}  # fmt: skip


@cache
def schema(table: str) -> Any:
    """The schema of one of the tables."""
    arrow = pyarrow()
    money = arrow.decimal128(38, 10)
    kinds = {"text": arrow.string(), "day": arrow.date32(), "money": money, "amounts": arrow.list_(arrow.field("element", money)), "count": arrow.int64()}
    return arrow.schema([(name, kinds[kind]) for name, kind in _COLUMNS[table]])


def names(table: str) -> tuple[str, ...]:
    """The columns of a table, in their order."""
    return tuple(name for name, _ in _COLUMNS[table])
