"""Engine and naive evaluator: goods, returns, deductions, promotions and limits over them."""

from __future__ import annotations

from tests.properties.agreement import by_tree

test_goods_points_and_promotions_agree = by_tree("goods", "returns", "points", "promo")
test_every_kind_agrees = by_tree()
