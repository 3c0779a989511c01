"""What five clauses take a row, beside the same arithmetic written by hand: `python -m tests.bench.clauses [--record]`.

The yardstick is the contract of `five.contract` in hand-written Decimal, without a trace. Every figure is the median of rounds
taken in turn, A B A B; rows that differ from the yardstick by as much as a cent are counted.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from rules_engine.api import SourceFile, diagnose
from rules_engine.lowered.columns import columns
from rules_engine.lowered.model import Lowered
from rules_engine.lowered.shape import shape_of
from rules_engine.lowered.single import single
from rules_engine.lowered.together import Together, together

CONTRACT = Path(__file__).with_name("five.contract")
ROWS = 100_000
ROUNDS = 7
CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
POINTS, MARGIN, SHARE, LABEL, CAP = Decimal("0.12"), Decimal("0.10"), Decimal("0.02"), Decimal("0.35"), Decimal("5000.00")
TIERS = ((Decimal(0), Decimal(0)), (Decimal(100_000), Decimal("0.01")), (Decimal(500_000), Decimal("0.02")), (Decimal(1_000_000), Decimal("0.03")))

Row = tuple[Decimal, Decimal, Decimal, Decimal]
Amounts = tuple[Decimal, ...]


def by_hand(revenue: Decimal, cost: Decimal, received: Decimal, labels: Decimal) -> Amounts:
    """The five amounts, as one would write them by hand."""
    points = (revenue * POINTS).quantize(CENT, ROUND_HALF_UP)
    guarantee = max(NOTHING, (revenue * MARGIN - (revenue - cost)).quantize(CENT, ROUND_HALF_UP))
    rebate = NOTHING
    for place, (lower, rate) in enumerate(TIERS):
        if received <= lower:
            break
        upper = TIERS[place + 1][0] if place < 3 else received
        rebate += (min(received, upper) - lower) * rate
    growth = rebate.quantize(CENT, ROUND_HALF_UP)
    labelling = (labels * LABEL).quantize(CENT, ROUND_HALF_UP)
    marketing = min((revenue * SHARE).quantize(CENT, ROUND_HALF_UP), CAP)
    return points, guarantee, growth, labelling, marketing


def rows(count: int) -> list[tuple[int, int, int, int]]:
    """Sums in cents, labels in pieces."""
    drawn, found = random.Random(3), []
    for _ in range(count):
        revenue = drawn.randint(-5_000_00, 500_000_00)
        found.append((revenue, revenue * drawn.randint(80, 99) // 100, drawn.randint(0, 2_000_000_00), drawn.randint(0, 5_000)))
    return found


def lowered_contract() -> tuple[Together, tuple[int, ...]]:
    """The clauses of the contract as one function's steps."""
    program, findings = diagnose(SourceFile(CONTRACT.name, CONTRACT.read_text(encoding="utf-8")))
    assert program is not None, findings
    found = [shape_of(program, clause, (2, 2)) if clause.id != "labelling" else shape_of(program, clause, (0,)) for clause in program.clauses.values()]
    return together([each for each in found if isinstance(each, Lowered)])


def seconds(step: Callable[[], object]) -> float:
    """How long a step takes, what it made kept until the clock has stopped."""
    gc.collect()
    start = time.perf_counter()
    made = step()
    taken = time.perf_counter() - start
    del made
    return taken


def in_turn(steps: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """The times of the steps, each round all of them in turn."""
    for step in steps.values():
        step()
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            taken[name].append(seconds(step))
    return taken


def ratio(taken: dict[str, list[float]], first: str, second: str) -> float:
    """How many times as long the first takes as the second, round by round."""
    return statistics.median(one / other for one, other in zip(taken[first], taken[second], strict=True))


def main() -> None:
    """Print the figures."""
    import numpy as np

    shape, parameters = lowered_contract()
    whole = rows(ROWS)
    decimals: list[Row] = [(Decimal(a).scaleb(-2), Decimal(b).scaleb(-2), Decimal(c).scaleb(-2), Decimal(d)) for a, b, c, d in whole]
    inputs: Sequence[Any] = [np.array(column, dtype=np.int64) for column in zip(*whole, strict=True)]
    numbers = [np.array([number], dtype=np.int64) for number in parameters]
    one, bare, wide, wide_bare = single(shape), single(shape, trace=False), columns(shape), columns(shape, trace=False)
    expected = [tuple(int(amount * 100) for amount in by_hand(*row)) for row in decimals]
    by_row = [tuple(found[place] for place in shape.amounts) for found in (one(row, parameters) for row in whole)]
    registers = wide(inputs, numbers)
    by_column = list(zip(*(registers[place].tolist() for place in shape.amounts), strict=True))
    wrong = [sum(mine != theirs for mine, theirs in zip(found, expected, strict=True)) for found in (by_row, by_column)]
    steps: dict[str, Callable[[], object]] = {
        "Decimal by hand, no trace": lambda: [by_hand(*row) for row in decimals],
        "a row, flat trace": lambda: [one(row, parameters) for row in whole],
        "a row, no trace": lambda: [bare(row, parameters) for row in whole],
        "columns, trace kept": lambda: wide(inputs, numbers),
        "columns, no trace": lambda: wide_bare(inputs, numbers),
    }
    taken = in_turn(steps)
    base = "Decimal by hand, no trace"
    for name, each in taken.items():
        print(f"{name:<28} {statistics.median(each) / ROWS * 1e6:8.3f} us a row   x{ratio(taken, base, name):8.2f}")
    print(f"trace on/off: a row x{ratio(taken, 'a row, flat trace', 'a row, no trace'):.3f}, columns x{ratio(taken, 'columns, trace kept', 'columns, no trace'):.3f}")
    print(f"wrong rows of {ROWS}: {wrong[0]} and {wrong[1]}; registers {len(shape.steps)}, inputs {len(shape.inputs)}")


if __name__ == "__main__":
    main()
