"""Balances as a table: a row a balance and, one step in, the layers it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.settlement.model import Balance, BalanceLayer
from rules_engine.statement.amounts import number_text
from rules_engine.statement.naming import balance_name, layer_name
from rules_engine.statement.words import Words


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A row: its name, whether it is a layer, and a text for every column ('' where it has none)."""

    name: str
    layer: bool
    cells: tuple[str, ...]


def columns(found: Sequence[Balance]) -> tuple[str, ...]:
    """The columns; what expired is shown where anything can."""
    expired = ("expired",) if any(map(ends, found)) else ()
    return ("opening", "added", "used", *expired, "closing")


def ends(item: Balance) -> bool:
    """Whether anything of it expired or may expire."""
    return bool(item.expired) or any(layer.until is not None for layer in item.layers)


def rows(found: Sequence[Balance], program: Program, words: Words) -> Iterator[BalanceRow]:
    """Every balance, with its layers where there are several or one that ends."""
    keys = columns(found)
    for item in found:
        whole = {"opening": item.opening, "added": item.added, "used": item.used, "expired": item.expired, "closing": item.closing}
        yield BalanceRow(balance_name(item, program, words), False, _cells(whole, item, keys, words))
        for layer in item.layers if len(item.layers) > 1 or ends(item) else ():
            yield BalanceRow(layer_name(layer, words), True, _cells(_moved(layer), item, keys, words))


def _moved(layer: BalanceLayer) -> dict[str, Decimal]:
    kept = "expired" if layer.expired and layer.left > 0 else "closing"
    return {"added": layer.added, "used": layer.used, kept: layer.left}


def _cells(amounts: dict[str, Decimal], item: Balance, keys: Sequence[str], words: Words) -> tuple[str, ...]:
    unit = Unit(item.unit)
    return tuple(number_text(amounts[key], unit, words) if key in amounts else "" for key in keys)
