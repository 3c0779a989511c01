"""The gallery as a source of scenarios: every contract with the documents of its own scenarios, disturbed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from rules_engine.api import gather, parse
from rules_engine.syntax.tree import Block, Group, Name, Text

Cells = dict[str, str]
CONTRACTS = Path(__file__).parents[2] / "contracts"
NUMBER = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIGURES = ("0", "0.005", "0.000001", "99.995", "1000", "20", "999999999999.99", "123456789.123456")
NO_FIGURES = frozenset({"line_no", "doc_id", "ref_doc_id", "ref_line_no", "order_id", "sku", "vat", "contract"})


@dataclass(frozen=True)
class Shown:
    """A contract of the gallery: its files by name, the contract's own first, and the rows of each of its scenarios."""

    path: Path
    files: tuple[tuple[str, str], ...]
    tables: tuple[tuple[Cells, ...], ...]


@cache
def shown() -> tuple[Shown, ...]:
    """Every contract of the gallery that has scenarios."""
    found = (_shown(path) for path in sorted(CONTRACTS.rglob("*.contract")))
    return tuple(each for each in found if each.tables)


def _shown(path: Path) -> Shown:
    gathered = gather(path)
    names = [Path(each.name) for each in gathered.files]
    files = tuple(
        (str(name.relative_to(path.parent) if name.is_absolute() or name.parts[0] == path.parts[0] else name), each.text)
        for name, each in zip(names, gathered.files, strict=True)
    )
    blocks = [block for block in parse(gathered.source).blocks if block.kind == "scenario"]
    return Shown(path, files, tuple(rows for block in blocks if (rows := tuple(_rows(block)))))


def _rows(block: Block) -> Iterator[Cells]:
    """The documents of a scenario; those below a `settle` line arrive after its period."""
    number, known = 0, ""
    for part in block.fields:
        if part.key in ("settle", "accrue"):
            said = next(item.value for item in part.items if isinstance(item, Text))
            known = _end(said) or known
        groups = [item for item in part.items if isinstance(item, Group)] if part.key == "table" else []
        columns = [name.id for group in groups if group.key == "columns" for name in group.items if isinstance(name, Name)]
        for group in groups:
            if group.key == "row":
                number += 1
                cells = [cell.value.strip() for cell in group.items if isinstance(cell, Text)]
                row = {column: _plain(cell) for column, cell in zip(columns, cells, strict=False) if cell}
                yield {"doc_id": f"row {number}", **({"known_on": known} if known else {}), **row}


def _plain(cell: str) -> str:
    return cell.replace(",", "") if NUMBER.fullmatch(cell) else cell


def _end(period: str) -> str:
    """The day after a month; '' for periods that are none."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", period)
    return str((date(int(found[1]), int(found[2]), 28) + timedelta(days=4)).replace(day=1)) if found else ""


def disturbed(rows: Sequence[Cells], chance: Random) -> list[Cells]:
    """The rows with some figures and days changed, some left out, some twice, some known later."""
    found: list[Cells] = []
    for row in rows:
        if chance.random() < 0.08:
            continue
        found.append(_row(row, chance))
        if chance.random() < 0.15:
            found.append({**_row(row, chance), "doc_id": f"{row['doc_id']} again"})
    return found


def _row(row: Cells, chance: Random) -> Cells:
    cells = {name: _cell(name, cell, chance) for name, cell in row.items()}
    if chance.random() < 0.1 and DAY.fullmatch(cells.get("date", "")):
        cells["known_on"] = str(date.fromisoformat(cells["date"]) + timedelta(days=chance.choice((0, 20, 45))))
    return cells


def _cell(name: str, cell: str, chance: Random) -> str:
    luck = chance.random()
    if DAY.fullmatch(cell) and luck < 0.2:
        return str(date.fromisoformat(cell) + timedelta(days=chance.choice((-31, -1, 1, 1, 15, 31))))
    if not NUMBER.fullmatch(cell) or name in NO_FIGURES or luck > 0.35:
        return cell
    figure = Decimal(cell)
    if luck < 0.03:
        return str(-figure)
    if luck < 0.12:
        return chance.choice(FIGURES)
    if luck < 0.2:
        return format(figure + chance.choice((Decimal("0.01"), Decimal("-0.01"), Decimal(1))), "f") if figure else cell
    return format((figure * chance.randint(1, 30) / 10).quantize(Decimal("0.001")).normalize(), "f")
