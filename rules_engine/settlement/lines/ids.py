"""Line ids: the same for the same key and run, and readable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256

from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.subtract import Movement
from rules_engine.values.exact import exact_text
from rules_engine.values.period import Period, period_text

_OTHER = re.compile(r"[^\w.]+")


def base_ids(moving: Iterable[Movement]) -> dict[Key, str]:
    """Key → clause, group, payee, VAT rate where there are several, and window: `base_points-rice-2026-03`."""
    movements = list(moving)
    rates: dict[tuple[object, ...], set[Decimal | None]] = {}
    for item in movements:
        rates.setdefault(_without_rate(item.key), set()).add(item.key.rate)
    found: dict[Key, str] = {}
    taken: set[str] = set()
    for item in movements:
        several = len(rates[_without_rate(item.key)]) > 1
        found[item.key] = _free(_base_id(item, several=several), item.key, taken)
    return found


def _without_rate(key: Key) -> tuple[object, ...]:
    return key.clause, key.group, key.start, key.payee


def _base_id(item: Movement, *, several: bool) -> str:
    parts = [item.key.clause, *(_slug(value) for _, value in item.group)]
    if item.key.payee:
        parts.append(_slug(item.key.payee))
    if several:
        parts.append("novat" if item.key.rate is None else f"vat{exact_text(item.key.rate * 100)}")
    return "-".join([*parts, period_text(item.window)])


def _slug(value: str) -> str:
    """The value itself, or its letters with a short mark of what it was."""
    plain = _OTHER.sub("_", value).strip("_")
    return plain if plain == value and value else f"{plain or 'none'}~{_mark(value)}"


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:4]


def _free(name: str, key: Key, taken: set[str]) -> str:
    if name in taken:
        name = f"{name}~{_mark(repr(key))}"
    taken.add(name)
    return name


def line_id(base: str, movement: Movement, period: Period, posted: Mapping[str, object]) -> str:
    """The id of this run's line: the base id, with the run's period where that differs from the window's."""
    if movement.status == "pending":
        return base
    run = period_text(period)
    name = base if period_text(movement.window) == run and "confirmed" not in movement.flags else f"{base}.{run}"
    again, free = 2, name
    while free in posted:
        free, again = f"{name}.{again}", again + 1
    return free
