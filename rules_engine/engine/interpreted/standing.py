"""What stands in for a document where a price has none."""

from __future__ import annotations

from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.reading.records import Record
from rules_engine.engine.shifts import scope_day


def group_record(asking: Asking) -> Record:
    """A stand-in document: the asking group's texts on the window's last day."""
    day = scope_day(asking)
    values = dict(zip(asking.per, asking.group, strict=True))
    return Record(Document("", "", "", day, None, values), "", day, values, None)
