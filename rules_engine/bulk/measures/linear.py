"""Items of sums as products of columns: what a database may add up for us, digit by digit exact.

`paid + platform_coupon` is the sum of two columns, `quantity * supply_price` the sum of one product. Factors stay with us, so
a plan needs no division, no rounding and no precision beyond that of the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

from rules_engine.core.expressions import Arithmetic, Column, Constant, Expression, Step
from rules_engine.engine.reading.source_code import WIDE

Product = tuple[str, ...]
"""The columns of a product, sorted; () is the number one, whose sum is the number of lines."""
Terms = dict[Product, Decimal]
MOST_FACTORS = 2
ONE = Decimal(1)


def terms_of(item: Expression, plain: frozenset[str]) -> Terms | None:
    """The item as factors times products of `plain` columns; None where it is nothing of the kind."""
    with localcontext(WIDE):
        return _terms(item, plain)


def _terms(item: Expression, plain: frozenset[str]) -> Terms | None:
    match item:
        case Column():
            return {(item.name,): ONE} if item.name in plain and not item.of else None
        case Constant():
            return {(): item.value} if isinstance(item.value, Decimal) else None
        case Step():
            return _terms(item.operand, plain)
        case Arithmetic(op="+" | "-" | "negate" | "*"):
            parts = [_terms(operand, plain) for operand in item.operands]
            known = [part for part in parts if part is not None]
            return _joined(item.op, known) if len(known) == len(parts) else None
        case _:
            return None


def _joined(op: str, parts: list[Terms]) -> Terms | None:
    if op == "*":
        found = parts[0]
        for part in parts[1:]:
            found = _added(_products(found, part))
        return found if all(len(product) <= MOST_FACTORS for product in found) else None
    signs = [-ONE if op == "negate" or (place and op == "-") else ONE for place in range(len(parts))]
    return _added((product, sign * factor) for sign, part in zip(signs, parts, strict=True) for product, factor in part.items())


def _products(left: Terms, right: Terms) -> Iterator[tuple[Product, Decimal]]:
    for one, factor in left.items():
        for other, times in right.items():
            yield tuple(sorted((*one, *other))), factor * times


def _added(pairs: Iterator[tuple[Product, Decimal]]) -> Terms:
    found: Terms = {}
    for product, factor in pairs:
        found[product] = found.get(product, Decimal(0)) + factor
    return found
