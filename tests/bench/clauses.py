"""What five clauses take a row, beside the same arithmetic written by hand: `python -m tests.bench.clauses [--record]`.

The yardstick is the contract of `five.contract` in hand-written Decimal, without a trace. Every figure is the median of rounds
taken in turn, A B A B; rows that differ from the yardstick by as much as a cent are counted.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rules_engine.api import SourceFile, diagnose
from rules_engine.core.expressions import Aggregate, Column, Compare, Constant, Part, Parts, Row, Source, Table
from rules_engine.core.units import Unit
from rules_engine.documents.read import from_rows
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.reading.facts import gather
from rules_engine.engine.reading.masks import rows_of
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.splitters import RowSplitter
from rules_engine.lowered.columns import columns
from rules_engine.lowered.model import Lowered
from rules_engine.lowered.shape import shape_of
from rules_engine.lowered.single import single
from rules_engine.lowered.together import Together, together
from rules_engine.version import __version__
from tests.bench.openfisca import simulation

CONTRACT = Path(__file__).with_name("five.contract")
RESULTS = Path(__file__).with_name("clauses.jsonl")
ROWS, FEW, LONG, BATCH = 100_000, 10_000, 10_000, 1_000
ROUNDS = 7
BASE = "Decimal by hand, no trace"
CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
POINTS, MARGIN, SHARE, LABEL, CAP = Decimal("0.12"), Decimal("0.10"), Decimal("0.02"), Decimal("0.35"), Decimal("5000.00")
TIERS = ((Decimal(0), Decimal(0)), (Decimal(100_000), Decimal("0.01")), (Decimal(500_000), Decimal("0.02")), (Decimal(1_000_000), Decimal("0.03")))
REBATE = "max([min([p,500000])-100000,0])*0.01+max([min([p,1000000])-500000,0])*0.02+max([p-1000000,0])*0.03"

Step = Callable[[], object]
Amounts = tuple[Decimal, ...]
Row4 = tuple[Decimal, Decimal, Decimal, Decimal]


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


def starred(row: Row4) -> Amounts:
    """The same of one row."""
    return by_hand(*row)


def rows(count: int) -> list[tuple[int, int, int, int]]:
    """Sums in cents, labels in pieces."""
    drawn, found = random.Random(3), []
    for _ in range(count):
        revenue = drawn.randint(-5_000_00, 500_000_00)
        found.append((revenue, revenue * drawn.randint(80, 99) // 100, drawn.randint(0, 2_000_000_00), drawn.randint(0, 5_000)))
    return found


def lowered_contract() -> tuple[Together, tuple[int, ...]]:
    """The clauses of the contract as one function's steps; labels are counted in whole pieces."""
    program, findings = diagnose(SourceFile(CONTRACT.name, CONTRACT.read_text(encoding="utf-8")))
    assert program is not None, findings
    scales = {"labelling": (0,)}
    found = [shape_of(program, clause, scales.get(clause.id)) for clause in program.clauses.values()]
    return together([each for each in found if isinstance(each, Lowered)])


def decision(whole: Sequence[tuple[int, int, int, int]]) -> dict[str, Step]:
    """The same five expressions in zen-engine, where that is installed: its decision row by row, and its batch."""
    if not find_spec("zen"):
        return {}
    zen = import_module("zen")
    expressions = (
        ("points", "round(s*0.12,2)"), ("guarantee", "max([0,round(s*0.10-(s-c),2)])"), ("growth", f"round({REBATE},2)"),
        ("labelling", "round(l*0.35,2)"), ("marketing", "min([round(s*0.02,2),5000])"),
    )  # fmt: skip
    content = {"expressions": [{"id": name, "key": name, "value": value} for name, value in expressions]}
    nodes = (("i", "inputNode", None), ("e", "expressionNode", content), ("o", "outputNode", None))
    graph = {
        "nodes": [{"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}, **({"content": held} if held else {})} for name, kind, held in nodes],
        "edges": [{"id": one + other, "sourceId": one, "targetId": other, "type": "edge"} for one, other in ("ie", "eo")],
    }
    given = [{"s": s / 100, "c": c / 100, "p": p / 100, "l": labels} for s, c, p, labels in whole]
    one = zen.ZenEngine().create_decision(json.dumps(graph))
    many = zen.ZenEngine({"loader": {"type": "static", "content": {"five": graph}}})
    asked = [{"key": "five", "context": row} for row in given]
    return {"zen-engine, evaluate": lambda: [one.evaluate(row) for row in given], "zen-engine, evaluate_batch": lambda: many.evaluate_batch(asked)}


def rate_table(rows: int) -> tuple[RowSplitter, list[Record]]:
    """A price table of so many rows, one a product, and a sale of each product."""
    compare = (Compare("=", Column("sku", Unit.TEXT), Constant(f"P{number}", Unit.TEXT)) for number in range(rows))
    price = Parts((Part("rate", Constant(Decimal("0.05"), Unit.PERCENT)),))
    table = Table((*(Row(price, where) for where in compare), Row(price, otherwise=True)))
    program, _ = diagnose(SourceFile(CONTRACT.name, CONTRACT.read_text(encoding="utf-8")))
    assert program is not None
    sales = ({"type": "sale", "doc_id": f"D{number}", "date": "2026-03-01", "sku": f"P{number}", "quantity": "1", "paid": "1", "supply_amount": "1"} for number in range(rows))
    facts = gather(program, from_rows(list(sales), program).lines)
    paid = Aggregate("sum", Column("paid", Unit.MONEY), (Source("sale", 1),), None, Unit.MONEY)
    asking = Asking((), (), date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 1))
    return facts.indexes.splitter(table), [record for record, _ in facts.contributions(paid, asking, ())]


def seconds(step: Step, clock: Step) -> float:
    """How long a step takes, what it made kept until the clock has stopped."""
    gc.collect()
    start: Any = clock()
    made = step()
    stop: Any = clock()
    del made
    return float(stop - start)


def in_turn(steps: Mapping[str, Step], clock: Step = time.process_time) -> dict[str, list[float]]:
    """The times of the steps, each round all of them in turn; of the processor, since other work on the machine takes turns too."""
    for step in steps.values():
        step()
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            taken[name].append(seconds(step, clock))
    return taken


def batches(each: Callable[..., object], given: Sequence[Any], *more: object) -> None:
    """Every row in turn, a batch of results kept at a time, as a writer takes them."""
    for first in range(0, len(given), BATCH):
        _ = [each(row, *more) for row in given[first : first + BATCH]]


def ratio(taken: Mapping[str, list[float]], first: str, second: str) -> float:
    """How many times as long the first takes as the second, round by round."""
    return statistics.median(one / other for one, other in zip(taken[first], taken[second], strict=True))


def clauses() -> Iterator[tuple[str, float, str]]:
    """Name, figure and unit of everything measured of the five clauses."""
    import numpy as np

    shape, parameters = lowered_contract()
    whole = rows(ROWS)
    few = whole[:FEW]
    decimals = [(Decimal(s).scaleb(-2), Decimal(c).scaleb(-2), Decimal(p).scaleb(-2), Decimal(labels)) for s, c, p, labels in whole]
    inputs: list[Any] = [np.array(column, dtype=np.int64) for column in zip(*whole, strict=True)]
    numbers = [np.array([number], dtype=np.int64) for number in parameters]
    one, bare, wide, wide_bare = single(shape), single(shape, trace=False), columns(shape), columns(shape, trace=False)
    expected = [tuple(int(amount * 100) for amount in by_hand(*row)) for row in decimals]
    by_row = [tuple(found[place] for place in shape.amounts) for found in (one(row, parameters) for row in whole)]
    registers = wide(inputs, numbers)
    by_column = list(zip(*(registers[place].tolist() for place in shape.amounts), strict=True))
    for name, found in (("a row", by_row), ("columns", by_column)):
        yield f"wrong rows of {ROWS:,}, {name}", sum(mine != theirs for mine, theirs in zip(found, expected, strict=True)), "rows"
    taken = in_turn(
        {
            BASE: lambda: batches(starred, decimals),
            "a row, flat trace": lambda: batches(one, whole, parameters),
            "a row, no trace": lambda: batches(bare, whole, parameters),
            "all rows kept by hand": lambda: [starred(row) for row in decimals],
            "all rows kept": lambda: [one(row, parameters) for row in whole],
            "columns, trace kept": lambda: wide(inputs, numbers),
            "columns, no trace": lambda: wide_bare(inputs, numbers),
        }
    )
    for name, each in taken.items():
        yield f"{name}, microseconds a row", statistics.median(each) / ROWS * 1e6, "us"
    yield "a row with flat trace, times as fast as by hand", ratio(taken, BASE, "a row, flat trace"), "x"
    yield "the same with all rows of both kept in memory", ratio(taken, "all rows kept by hand", "all rows kept"), "x"
    yield "columns with trace kept, times as fast as by hand", ratio(taken, BASE, "columns, trace kept"), "x"
    yield "a row, trace on to off", ratio(taken, "a row, flat trace", "a row, no trace"), "x"
    yield "columns, trace on to off", ratio(taken, "columns, trace kept", "columns, no trace"), "x"
    peers = decision(few)
    against = in_turn({"ours": lambda: [one(row, parameters) for row in few], **peers}, time.perf_counter)
    for name in peers:
        yield f"a row with flat trace, times as fast as {name}", ratio(against, name, "ours"), "x"


def over_columns() -> Iterator[tuple[str, float, str]]:
    """Beside OpenFisca, where that is installed: all rows in one simulation, and how many of its amounts are no cent of the yardstick."""
    import numpy as np

    whole = rows(ROWS)
    theirs = simulation(whole)
    if theirs is None:
        return
    shape, parameters = lowered_contract()
    inputs: list[Any] = [np.array(column, dtype=np.int64) for column in zip(*whole, strict=True)]
    numbers, wide = [np.array([number], dtype=np.int64) for number in parameters], columns(shape)
    registers = wide(inputs, numbers)
    cents = [np.round(column.astype(float) * 100).astype(np.int64) for column in theirs()]
    wrong = np.any([cents[place] != registers[at] for place, at in enumerate(shape.amounts)], axis=0)
    yield f"wrong rows of {ROWS:,}, OpenFisca", float(wrong.sum()), "rows"
    taken = in_turn({"columns, trace kept": lambda: wide(inputs, numbers), "OpenFisca": theirs})
    yield "columns with trace kept, times as fast as OpenFisca", ratio(taken, "OpenFisca", "columns, trace kept"), "x"


def tables() -> Iterator[tuple[str, float, str]]:
    """Look-ups in long tables."""
    splitter, records = rate_table(LONG)
    assert all(record.values["sku"] == f"P{rows_of(splitter.key(record))[0]}" for record in records)
    taken = in_turn({"table": lambda: [rows_of(splitter.key(record)) for record in records]})
    yield f"a document's row of a rate table of {LONG:,} rows", statistics.median(taken["table"]) / len(records) * 1e6, "us"


def main() -> None:
    """Print the figures, and keep them when asked to."""
    found = {name: (figure, unit) for name, figure, unit in (*clauses(), *over_columns(), *tables())}
    for name, (figure, unit) in found.items():
        print(f"{name:<72} {figure:>10.3f} {unit}")
    for module, name in (("zen", "zen-engine"), ("openfisca_core", "OpenFisca")):
        if not find_spec(module):
            print(f"{name} is not installed here, and not measured")
    if "--record" in sys.argv:
        record = {
            "day": datetime.now(UTC).date().isoformat(), "version": __version__,
            "machine": f"{platform.machine()} Python {platform.python_version()}", "load": os.getloadavg()[0],
            "figures": {name: round(figure, 3) for name, (figure, _) in found.items()},
        }  # fmt: skip
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
