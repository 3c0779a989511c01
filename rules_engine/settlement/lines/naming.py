"""Which line a document speaks of: by its id, or by clause, group and window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules_engine.core.program import Header
from rules_engine.documents.model import Document
from rules_engine.record import dataclass
from rules_engine.settlement.entitled.keys import Group, Key
from rules_engine.settlement.model import Line
from rules_engine.settlement.past.statements import PostedLine
from rules_engine.settlement.subtract import Movement
from rules_engine.values.period import Period, PeriodError, parse_period


@dataclass(frozen=True, slots=True)
class Named:
    """The keys of a run by line id and by place."""

    header: Header
    ids: Mapping[Key, str]
    moving: Mapping[Key, Movement]
    posted: Mapping[str, PostedLine]

    def key(self, document: Document, among: Iterable[Key] | None = None) -> Key | None:
        """The one key a document names; None if there is none, or several."""
        line = str(document.values.get("line") or "")
        known = list(self.moving if among is None else among)
        if line:
            found = [key for key in known if self.ids[key] == line]
            earlier = self.posted.get(line)
            if not found and earlier is not None and among is None:
                found = [earlier.key]
        else:
            found = [key for key in known if self._fits(document, key)]
        return found[0] if len(found) == 1 else None

    def place(self, key: Key) -> tuple[Group, Period]:
        """The group and window of a key that moves or is posted."""
        moving = self.moving.get(key)
        if moving is not None:
            return moving.group, moving.window
        line = next(line for line in self.posted.values() if line.key == key)
        return line.group, line.window

    def _fits(self, document: Document, key: Key) -> bool:
        if key.clause != document.values.get("clause"):
            return False
        window = self.window(document)
        inside = self.moving[key].window == window if window else self.moving[key].window.contains(document.date)
        written = [(name, document.values.get(name)) for name, _ in key.group]
        payee = document.values.get("party")
        return inside and all(value in (None, value_of(key, name)) for name, value in written) and payee in (None, "", key.payee)

    def window(self, document: Document) -> Period | None:
        """The window it names, if it names one."""
        return named_period(self.header, str(document.values.get("window") or ""))


def named_period(header: Header, text: str) -> Period | None:
    """The period a text names; None if it names none."""
    try:
        return parse_period(text, header.year_start, header.ranges, header.settle.starting_day)
    except PeriodError:
        return None


def value_of(key: Key, column: str) -> str:
    """The key's value of a group column."""
    return dict(key.group).get(column, "")


def is_adjustment(line: Line | PostedLine) -> bool:
    """Whether a line was made by hand."""
    return line.kind == "adjustment"
