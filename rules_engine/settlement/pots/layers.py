"""The layers of a balance: what is there on a day, taken oldest first, and what expired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from fractions import Fraction

from rules_engine.record import dataclass

ZERO = Fraction(0)


@dataclass(slots=True)
class Layer:
    """What was added on one day. It can be taken from `since` until before `until` (None: no end)."""

    since: date
    until: date | None
    added: Fraction
    used: Fraction = ZERO

    @property
    def left(self) -> Fraction:
        """What nobody took yet."""
        return self.added - self.used

    def open_on(self, day: date) -> bool:
        """Whether it can be taken on that day."""
        return self.since <= day and (self.until is None or day < self.until)


Part = tuple[Layer, Fraction]


@dataclass(slots=True)
class Account:
    """One group's layers, oldest first. `opening` was there from the start, `added` is everything added; `short` is what was taken back and no longer there: later
    additions fill it first."""

    layers: list[Layer] = field(default_factory=list)
    opening: Fraction = ZERO
    added: Fraction = ZERO
    short: Fraction = ZERO

    def there(self, day: date) -> Fraction:
        """What can be taken on that day."""
        return sum((layer.left for layer in self.layers if layer.open_on(day)), ZERO)

    def open(self, since: date, until: date | None, amount: Fraction) -> None:
        """What the account starts with."""
        self.opening += amount
        self.layers.append(Layer(since, until, amount))

    def add(self, since: date, until: date | None, amount: Fraction, most: Fraction | None = None) -> None:
        """A new layer, cut where it would go over the ceiling; less than nothing takes back from the oldest."""
        if most is not None:
            amount = min(amount, max(most - self.there(since) + self.short, ZERO))
        self.added += amount
        if amount < 0:
            self._take_back(since, -amount)
        elif amount:
            filled = min(self.short, amount)
            self.short -= filled
            self.layers.append(Layer(since, until, amount - filled))
            self.layers.sort(key=lambda layer: layer.since)

    def _take_back(self, day: date, amount: Fraction) -> None:
        for layer in self.layers:
            if layer.open_on(day):
                part = min(layer.left, amount)
                layer.added -= part
                amount -= part
        self.short += amount

    def take(self, amount: Fraction, day: date) -> list[Part]:
        """As much of the amount as is there on that day, oldest layer first."""
        found: list[Part] = []
        for layer in self.layers:
            if amount <= 0:
                break
            part = min(layer.left, amount) if layer.open_on(day) else ZERO
            if part > 0:
                layer.used += part
                amount -= part
                found.append((layer, part))
        return found

    def used(self) -> Fraction:
        """Everything taken so far."""
        return sum((layer.used for layer in self.layers), ZERO)

    def expired(self, moment: date) -> Fraction:
        """What was left in layers that ended before a moment."""
        return sum((layer.left for layer in self.layers if layer.until is not None and layer.until <= moment), ZERO)


@dataclass(frozen=True, slots=True)
class Taking:
    """What one unit took: the amount and the layers it came from, by their first day."""

    amount: Fraction
    parts: tuple[tuple[date, Fraction], ...]


def taking(parts: Iterable[Part]) -> Taking:
    """Parts put together by layer."""
    found: dict[date, Fraction] = {}
    for layer, part in parts:
        found[layer.since] = found.get(layer.since, ZERO) + part
    kept = tuple((day, part) for day, part in found.items() if part)
    return Taking(sum(found.values(), ZERO), kept)


class Stack:
    """Documents of one unit in date order: what each leaves uncovered. A negative one gives back what came last."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.parts: list[Part] = []
        self.uncovered = ZERO

    def left(self, amount: Fraction, day: date) -> Fraction:
        """What a document's amount leaves once the balance covered its part."""
        if amount >= 0:
            found = self.account.take(amount, day)
            self.parts.extend(found)
            rest = amount - sum((part for _, part in found), ZERO)
        else:
            rest = -min(-amount, max(self.uncovered, ZERO))
            rest += self._given_back(amount - rest)
        self.uncovered += rest
        return rest

    def _given_back(self, amount: Fraction) -> Fraction:
        """Put a negative amount back into the layers it came from; what no layer gave."""
        while amount < 0 and self.parts:
            layer, part = self.parts.pop()
            back = min(part, -amount)
            layer.used -= back
            amount += back
            if part > back:
                self.parts.append((layer, part - back))
        return amount


