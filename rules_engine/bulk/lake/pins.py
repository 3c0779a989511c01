"""The versions that the tables of a lake had when a batch began: one that goes on after a stop reads the same documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rules_engine.bulk.whole import written

PINS = "documents.json"


def keep_pins(work: Path, given: Sequence[str], pinned: Sequence[str]) -> None:
    """Note in a work folder which versions were meant, where what was given does not say."""
    if list(given) != list(pinned):
        text = json.dumps([list(given), list(pinned)], ensure_ascii=False)
        written(work / PINS, lambda place: place.write_text(text, encoding="utf-8"))


def pins_of(waiting: Path, given: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The versions that stopped runs of the same words had begun with."""
    for path in sorted(waiting.glob(f"*/{PINS}")):
        try:
            said, pinned = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if said == list(given):
            yield tuple(pinned)
