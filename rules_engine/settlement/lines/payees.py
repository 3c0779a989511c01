"""Money that does not move the supplier's payout: between the platform and a third party, or from somebody to itself."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.settlement.lines.lines import at_scale
from rules_engine.settlement.model import Line, PayeeTotals
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.targets import NOTHING

SIDES = ("platform", "supplier")


def is_suppliers(payer: str, payee: str) -> bool:
    """Whether money from one to the other moves the supplier's payout."""
    to = payee or ("supplier" if payer in ("", "platform") else "platform")
    return payer == "" or (("supplier" in (payer, to)) and payer != to)


def payees(program: Program, lines: Iterable[Line], others: Iterable[Line]) -> tuple[PayeeTotals, ...]:
    """Everybody named as payee or third payer, in the order the contract names them; `others` are the lines that are not the
    supplier's."""
    apart = tuple(others)
    every = (*lines, *apart)
    names = dict.fromkeys(name for line in every for name in (line.payee, line.payer) if name)
    order = [*program.header.parties, *SIDES]
    unit = smallest_unit(program.header.currency)
    return tuple(
        PayeeTotals(
            name,
            program.header.parties.get(name, ""),
            at_scale(_sum(line for line in every if line.payee == name), unit),
            at_scale(_sum(line for line in every if line.payer == name), unit),
            tuple(line for line in apart if _account(line) == name),
        )
        for name in sorted(names, key=lambda name: order.index(name) if name in order else len(order))
    )


def _account(line: Line) -> str:
    """In whose section a line stands: the third payer's, else the payee's."""
    return line.payer or line.payee


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((brought(line) for line in lines), NOTHING)


def brought(line: Line) -> Decimal:
    """What a line brings its payee: a limit's reduction takes off what its member brought."""
    return -line.amount if line.kind == "limit" and "member" in line.group else line.amount
