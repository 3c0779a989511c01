"""The five clauses of `five.contract` as variables of OpenFisca, which works over columns too, in binary floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

AMOUNTS = ("points", "guarantee", "growth", "labelling", "marketing")
TIERS = ((0, 0.0), (100_000, 0.01), (500_000, 0.02), (1_000_000, 0.03))
MONTH = "2026-03"
Given = Sequence[tuple[int, int, int, int]]


def simulation(whole: Given) -> Callable[[], list[Any]] | None:
    """What works out the five amounts of all rows in one new simulation, a column each; None where OpenFisca is not installed."""
    if not find_spec("openfisca_core"):
        return None
    import numpy as np

    system = _system(np)
    builder = import_module("openfisca_core.simulations").SimulationBuilder
    s, c, p, labels = (np.array(column, dtype=float) for column in zip(*whole, strict=True))
    inputs = {"s": s / 100, "c": c / 100, "p": p / 100, "l": labels}

    def worked_out() -> list[Any]:
        made = builder().build_default_simulation(system, count=len(whole))
        for name, column in inputs.items():
            made.set_input(name, MONTH, column)
        return [made.calculate(name, MONTH) for name in AMOUNTS]

    return worked_out


def _system(np: Any) -> Any:
    entities, periods, variables, scales, systems = (
        import_module(f"openfisca_core.{name}") for name in ("entities", "periods", "variables", "taxscales", "taxbenefitsystems")
    )
    row = entities.build_entity(key="row", plural="rows", label="a row", is_person=True)
    tiers = scales.MarginalRateTaxScale()
    for lower, rate in TIERS:
        tiers.add_bracket(float(lower), rate)

    def cents(amount: Any) -> Any:
        return np.sign(amount) * np.floor(np.abs(amount) * 100 + 0.5) / 100

    formulas: dict[str, Callable[[Any, Any], Any] | None] = {
        **dict.fromkeys("scpl"),
        "points": lambda of, month: cents(of("s", month) * 0.12),
        "guarantee": lambda of, month: np.maximum(0, cents(of("s", month) * 0.10 - (of("s", month) - of("c", month)))),
        "growth": lambda of, month: cents(tiers.calc(of("p", month))),
        "labelling": lambda of, month: cents(of("l", month) * 0.35),
        "marketing": lambda of, month: np.minimum(cents(of("s", month) * 0.02), 5000),
    }
    system = systems.TaxBenefitSystem([row])
    for name, formula in formulas.items():
        said = {"value_type": float, "entity": row, "definition_period": periods.MONTH, "label": name}
        system.add_variable(type(name, (variables.Variable,), said | ({"formula": formula} if formula else {})))
    return system
