"""Lines that wait for a word: only what is confirmed is posted, a dispute stands until its amount is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.naive.keys import Key, Line
from tests.naive.windows import Span
from tests.naive.world import Row

ZERO = Fraction(0)
WORDS = ("confirmation", "dispute")


@dataclass(frozen=True)
class Word:
    """What was said of a line: how much of it was confirmed, and the dispute that stands with the amount it names."""

    amount: Fraction = ZERO
    confirmed: bool = False
    disputed: bool = False
    claimed: Fraction | None = None

    def after(self, row: Row) -> Word:
        """With one more document; a confirmation without an amount is a refusal."""
        amount = row.get("amount")
        if row["type"] == "confirmation" and amount is not None:
            return replace(self, amount=self.amount + amount, confirmed=True)
        return replace(self, disputed=True, claimed=amount)

    @property
    def settles(self) -> bool:
        """Whether the amount of a dispute was confirmed: then nothing of the line waits any more."""
        return self.confirmed and self.disputed and self.claimed == self.amount


@dataclass(frozen=True)
class Answer:
    """Lines that are posted, those that go on waiting, the disputes that stand, and what nobody asks for any more."""

    posted: tuple[Line, ...] = ()
    waiting: tuple[Line, ...] = ()
    disputes: Mapping[Key, Word] | None = None
    accepted: Mapping[Key, Fraction] | None = None


def answered(
    lines: Sequence[Line], pending: Iterable[str], rows: Sequence[Row], disputes: Mapping[Key, Word], before: Span | None
) -> Answer:
    """What the documents since the last statement say of the lines that wait."""
    asking = set(pending)
    mine = {line.key: line for line in lines if line.clause in asking}
    words = {key: disputes.get(key, Word()) for key in mine}
    for row in sorted(rows, key=lambda row: (row["date"], row["doc_id"], row["line_no"])):
        named = [key for key, line in mine.items() if row["type"] in WORDS and new(row, before) and speaks_of(row, line)]
        if len(named) == 1:
            words[named[0]] = words[named[0]].after(row)
    posted, waiting, standing, accepted = [line for line in lines if line.clause not in asking], [], dict[Key, Word](), dict[Key, Fraction]()
    for key, line in mine.items():
        word = words[key]
        rest = line.amount - word.amount
        if word.confirmed:
            posted.append(replace(line, amount=word.amount, net=word.amount))
        if word.settles:
            accepted[key] = rest
            continue
        waiting.append(replace(line, amount=rest, net=rest))
        if word.disputed and not (word.confirmed and word.claimed is None):
            standing[key] = Word(disputed=True, claimed=word.claimed)
    order = [line.key for line in lines]
    return Answer(tuple(sorted(posted, key=lambda line: order.index(line.key))), tuple(waiting), standing, accepted)


def new(row: Row, before: Span | None) -> bool:
    """Whether no statement has seen a document yet."""
    last = None if before is None else before[1] - timedelta(days=1)
    known: date | None = row.get("known_on")
    return last is None or row["date"] > last or (known is not None and known > last)


def speaks_of(row: Row, line: Line) -> bool:
    """Whether a document names a line: its clause, its window or a day of it, and its group as far as it says one."""
    first, last = (date.fromisoformat(day) for day in str(row["window"]).split("..")) if row.get("window") else (row["date"], row["date"])
    start, end = line.window[0], line.window[1] - timedelta(days=1)
    inside = (first, last) == (start, end) if row.get("window") else start <= row["date"] <= end
    return bool(row.get("clause") == line.clause) and inside and all(row.get(column) in (None, value) for column, value in line.group)
