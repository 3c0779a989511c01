"""Values that documents change: where each stands on a day (decision 0022)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from rules_engine.core.expressions import ValueNow
from rules_engine.core.program import ChangingValue
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import missing
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.grouping import grouped_by
from rules_engine.engine.reading.records import Record
from rules_engine.record import dataclass

Classes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a document made of the value on its day."""

    record: Record
    outcome: Outcome


@dataclass(slots=True)
class History:
    """A value of one class: what it started as and every change, in date order."""

    start: Outcome
    days: list[date] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def until(self, day: date) -> Sequence[Change]:
        """The changes up to and on a day."""
        return self.changes[: bisect_right(self.days, day)]

    def on(self, day: date) -> Outcome:
        """The value at the end of a day."""
        made = self.until(day)
        return made[-1].outcome if made else self.start


class States:
    """The changing values of one run, each worked through once."""

    def __init__(self, values: Mapping[str, ChangingValue], by_type: Mapping[str, list[Record]]) -> None:
        self._values = values
        self._by_type = by_type
        self._histories: dict[tuple[str, Classes], History] = {}
        self._notices: dict[str, dict[Classes, list[Record]]] = {}

    def of_document(self, expression: ValueNow, record: Record, reader: Reader) -> Outcome:
        """The value on a document's day (a linked return: its sale's), of the document's class."""
        priced = record.priced
        return self.history(expression.name, grouped_by(expression.per, reader)(priced), reader).on(priced.date)

    def history(self, name: str, classes: Classes, reader: Reader) -> History:
        """Everything that happened to the value of a class."""
        held = self._histories.get((name, classes))
        if held is None:
            held = self._histories[name, classes] = self._followed(self._values[name], classes, reader)
        return held

    def _followed(self, value: ChangingValue, classes: Classes, reader: Reader) -> History:
        blank = _stand_in(date.min, dict(zip(value.per, classes, strict=True)))
        found = History(reader.value(value.starts, blank))
        now = found.start
        for record in self._of(value, reader).get(classes, ()):
            now = missing(value.name) if now.value is None else self._changed(value, record, now, reader)
            found.days.append(record.date)
            found.changes.append(Change(record, now))
        return found

    def _changed(self, value: ChangingValue, record: Record, now: Outcome, reader: Reader) -> Outcome:
        before = _stand_in(record.date, {})
        before.values = {value.name: now.value}  # type: ignore[dict-item]
        return reader.value(value.becomes, record, before)

    def _of(self, value: ChangingValue, reader: Reader) -> dict[Classes, list[Record]]:
        if value.name not in self._notices:
            class_of = grouped_by(value.per, reader)
            sorted_in = self._notices[value.name] = {}
            for record in self._by_type.get(value.type, []):
                sorted_in.setdefault(class_of(record), []).append(record)
        return self._notices[value.name]


def _stand_in(day: date, values: Mapping[str, str]) -> Record:
    return Record(Document("", "", "", day, None, values), "", day, values, None)
