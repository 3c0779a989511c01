"""What each contract's posted statements say beside their lines, and whether the documents given are those that were settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from rules_engine.bulk.columnar.before import Before
from rules_engine.bulk.columnar.closing import Asked, controls
from rules_engine.bulk.columnar.grid import Grid
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.measures.cells import CellRecord
from rules_engine.bulk.measures.needs import Needs
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.past.control import Agreement, agreement
from rules_engine.settlement.past.history import History, history

ONE_DAY = timedelta(days=1)
Seen = tuple[date, date]
"""The last day known of, and the first day after those settled."""


def pasts(asked: Asked, before: Before, grid: Grid, needs: Needs) -> list[History]:
    """The history of each contract. Statements that do not belong together, and documents that changed, are the kernel's to tell of."""
    found, wrong, nothing = list[History](), set[int](), History()
    for place, statements in enumerate(before.statements):
        if not statements:
            found.append(nothing)
            continue
        try:
            found.append(history(asked.of(place), statements, asked.period))
        except ContractError:
            found.append(History())
            wrong.add(place)
        if found[-1].accrues or found[-1].renewed is not None:
            wrong.add(place)
    wrong |= _changed(asked, found, grid, needs)
    if wrong:
        raise Alone(Reason.POSTED, frozenset(wrong))
    return found


def _changed(asked: Asked, found: list[History], grid: Grid, needs: Needs) -> set[int]:
    """The contracts whose documents are not those of which the last statement gives control totals."""
    by_day: dict[Seen, list[int]] = {}
    for place, past in enumerate(found):
        if past.last is not None:
            by_day.setdefault((past.last.known_by, past.last.period.end), []).append(place)
    if not by_day:
        return set()
    whole, wrong = controls(asked.program, grid), set[int]()
    for (by, end), places in by_day.items():
        late = any(record.heard is not None for record in grid.sorts)
        if (late and by + ONE_DAY not in needs.cuts) or end not in needs.cuts:
            return {*wrong, *places}
        given = controls(asked.program, grid, _known(by, end))
        wrong |= {place for place in places if agreement(asked.of(place), found[place], (), whole[place], given[place]) != Agreement()}
    return wrong


def _known(by: date, end: date) -> Callable[[CellRecord], bool]:
    def known(record: CellRecord) -> bool:
        return record.day < end and (record.heard is None or record.heard <= by)

    return known
