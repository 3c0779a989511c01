"""What people did with a line, in words: confirmed, disputed, adjusted, and how long it has been waiting."""

from __future__ import annotations

from collections.abc import Iterator

from rules_engine.settlement.model import Lifecycle, Line
from rules_engine.statement.clean import one_line
from rules_engine.statement.numbers import amount_text
from rules_engine.statement.words import Words
from rules_engine.values.period import Period


def status_key(line: Line) -> str:
    """The phrase for a line's state."""
    if line.kind == "adjustment":
        return "status.adjustment"
    return "status.disputed" if line.status == "pending" and "disputed" in line.flags else f"status.{line.status}"


def life_texts(line: Line, period: Period, words: Words) -> Iterator[str]:
    """The two figures side by side with who, when and why; then since when the line waits."""
    life = line.lifecycle
    if life is None:
        return
    if life.stated is not None or life.on is not None:
        yield _figures(line, life, words)
    if life.since is not None:
        yield words("life.since", since=life.since.isoformat(), days=(period.last - life.since).days)


def _figures(line: Line, life: Lifecycle, words: Words) -> str:
    text = words("life.computed", amount=amount_text(life.computed))
    if life.stated is not None:
        text += words.comma + words(f"life.{_verb(line)}", amount=amount_text(life.stated))
        if life.stated != life.computed:
            text += words.comma + words("life.apart", amount=amount_text(life.stated - life.computed))
    elif "disputed" in line.flags:
        text += words.comma + words("life.refused")
    teller = " ".join(part for part in (one_line(life.by), life.on.isoformat() if life.on else "") if part)
    reason = f"{words.colon}{one_line(life.reason)}" if life.reason else ""
    return f"{text} · {teller}{reason}" if teller else text


def _verb(line: Line) -> str:
    if line.kind == "adjustment":
        return "adjusted"
    return "confirmed" if "confirmed" in line.flags else "claimed"
