"""What of a balance is paid now, put off, carried, or given up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from rules_engine.core.program import Header
from rules_engine.record import dataclass
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.statements import PostedStatement
from rules_engine.settlement.targets import NOTHING


@dataclass(frozen=True, slots=True)
class Paid:
    """payout + carried_out + written_off = net + carried in. `written_off` is negative or 0; `deferral` counts how many times
    in a row the payout has been put off, this time included (0: it was not)."""

    payout: Decimal
    carried_out: Decimal
    written_off: Decimal = NOTHING
    deferral: int = 0


def paid(header: Header, net: Decimal, carried_in: Decimal, past: History) -> Paid:
    """What happens to the net and what was carried in."""
    available = net + carried_in
    if available < 0:
        return _owed(header, net, available, past)
    deferral = deferrals(past.statements) + 1
    patient = header.deferrals is None or deferral <= header.deferrals
    if available and available < header.minimum_payout and patient:
        return Paid(NOTHING, available, deferral=deferral)
    return Paid(available, NOTHING)


def _owed(header: Header, net: Decimal, available: Decimal, past: History) -> Paid:
    if header.negative_net == "invoiced":
        return Paid(available, NOTHING)
    if not header.write_off_after:
        return Paid(NOTHING, available)
    layers = _Layers()
    for statement in past.statements:
        layers.settle(_net(statement))
        layers.consume(-statement.written_off)
        layers.spare = max(statement.carried_out, NOTHING)
    layers.settle(net)
    lost = -layers.older_than(header.write_off_after)
    return Paid(NOTHING, available - lost, lost)


def deferrals(statements: Iterable[PostedStatement]) -> int:
    """How many of the last statements in a row put their payout off."""
    count = 0
    for statement in statements:
        count = count + 1 if statement.carried_out > 0 and not statement.payout else 0
    return count


def _net(statement: PostedStatement) -> Decimal:
    return statement.payout + statement.carried_out + statement.written_off - statement.carried_in


class _Layers:
    """Negative nets still owed, oldest first, each with the number of settlements that could not take it back."""

    def __init__(self) -> None:
        self.owed: list[tuple[int, Decimal]] = []
        self.spare = NOTHING

    def settle(self, net: Decimal) -> None:
        self.owed = [(age + 1, amount) for age, amount in self.owed]
        net += self.spare
        self.spare = NOTHING
        if net < 0:
            self.owed.append((0, -net))
        else:
            self.consume(net)

    def consume(self, amount: Decimal) -> None:
        left: list[tuple[int, Decimal]] = []
        for age, owed in self.owed:
            taken = min(owed, amount)
            amount -= taken
            if owed > taken:
                left.append((age, owed - taken))
        self.owed = left

    def older_than(self, rounds: int) -> Decimal:
        return sum((amount for age, amount in self.owed if age >= rounds), NOTHING)
