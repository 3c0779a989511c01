"""The parser's actions, by the aliases of the grammar."""

from __future__ import annotations

from rules_engine.syntax.actions.block_nodes import BlockNodes
from rules_engine.syntax.actions.expression_nodes import ExpressionNodes
from rules_engine.syntax.actions.field_nodes import FieldNodes
from rules_engine.syntax.actions.price_nodes import PriceNodes
from rules_engine.syntax.actions.promotion_nodes import PromotionNodes


class Nodes(ExpressionNodes, PriceNodes, FieldNodes, PromotionNodes, BlockNodes):
    """Each method takes the parts of one production and returns its piece of the tree. No state."""
