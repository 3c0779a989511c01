"""The engine agrees with the naive evaluator on named ranges and bounds over any months in a row."""

from __future__ import annotations

from tests.properties.agreement import FEWER, LEAST, agreeing
from tests.properties.pipeline import checked
from tests.strategies.windowed import windowed

test_ranges_and_rolling_bounds = agreeing(windowed().map(checked), least=LEAST // 6, tried=FEWER)
