"""The engine agrees with the naive evaluator on named ranges, bounds over any months in a row, and ladders that change and go on."""

from __future__ import annotations

from tests.properties.agreement import FEWER, LEAST, agreeing
from tests.properties.pipeline import checked
from tests.strategies.windowed import windowed

test_ranges_rolling_bounds_and_ladders_that_go_on = agreeing(windowed().map(checked), least=LEAST // 6, tried=FEWER)
