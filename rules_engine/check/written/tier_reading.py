"""A ladder without its reading: marginal and whole pay different money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from rules_engine.check.meaning.environment import Environment
from rules_engine.core.expressions import Constant, Expression
from rules_engine.syntax import tree

CENT = Decimal("0.01")
GENERAL = (Decimal("1500000.00"), Decimal("20000.00"), Decimal("30000.00"))
"""Base, marginal, whole: the example of a ladder whose own bounds are not plain numbers."""


def refuse_missing_reading(
    node: tree.Ladder, bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...], env: Environment
) -> None:
    """Refuse the ladder, priced both ways on a base in its top band."""
    example = _example(bands, bounds) or GENERAL
    why = (
        "the bands can be read two ways: `marginal` prices each slice at its own band, `whole` prices everything at the band reached.",
        "这组阶梯有两种读法：“分段”每一段按自己的点位计，“全额”全部按达到的档位计。",
    )
    base, marginal, whole = example
    kind = (
        ("a base", "基数")
        if example is not GENERAL
        else ("1% to 1,000,000.00 and 2% above it: a base", "若 1,000,000.00 以内 1%、超过部分 2%，基数")
    )
    why = (
        (
            f"{why[0]}\n{kind[0].capitalize()} of {base:,} earns {marginal:,} read marginally and {whole:,} read as a whole: "
            f"{abs(whole - marginal):,} between them."
        ),
        f"{why[1]}\n{kind[1]}为 {base:,} 时，分段得 {marginal:,}，全额得 {whole:,}：相差 {abs(whole - marginal):,}。",
    )
    env.note(
        "SE0501",
        node.span,
        why=why,
        fix=("tiers marginal\n(or `tiers whole`)", "阶梯 分段\n（或“阶梯 全额”）"),
    )


def _example(bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...]) -> tuple[Decimal, Decimal, Decimal] | None:
    edges = [item.value for item in bounds if isinstance(item, Constant) and isinstance(item.value, Decimal)]
    priced = [_priced(band.price) for band in bands]
    known = [price for price in priced if price is not None]
    if len(edges) < len(bounds) or len(known) < len(priced) or not edges:
        return None
    starts = [Decimal(0), *edges] if bands[0].style in ("up_to", "below") else edges
    if max(edges) <= 0:
        return None
    base = max(edges) * Decimal("1.2")
    ends = [*starts[1 : len(known)], base]
    slices = [(min(end, base) - start, price) for start, end, price in zip(starts, ends, known, strict=False) if base > start]
    marginal = sum((width * rate + lump for width, (rate, lump) in slices), Decimal(0))
    top_rate, top_lump = known[-1]
    return (
        base.quantize(CENT),
        marginal.quantize(CENT, ROUND_HALF_UP),
        (base * top_rate + top_lump).quantize(CENT, ROUND_HALF_UP),
    )


def _priced(price: tree.Price) -> tuple[Decimal, Decimal] | None:
    """The band's rate and lump; None where it pays anything else."""
    if not isinstance(price, tree.Value) or len(price.parts) != 1 or price.at_least or price.at_most:
        return None
    part = price.parts[0]
    if part.kind == "none":
        return Decimal(0), Decimal(0)
    if not isinstance(part.amount, tree.Number):
        return None
    if part.kind == "per":
        return (part.amount.value / (part.count or 1), Decimal(0)) if part.unit != "document" and not part.step else None
    if part.amount.unit == "percent":
        return part.amount.value / 100, Decimal(0)
    return Decimal(0), part.amount.value
