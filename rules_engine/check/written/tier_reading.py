"""A ladder without its reading: marginal and whole pay different money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from rules_engine.check.environment import Environment
from rules_engine.core.expressions import Constant, Expression
from rules_engine.syntax import tree

CENT = Decimal("0.01")


def refuse_missing_reading(
    node: tree.Ladder, bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...], env: Environment
) -> None:
    """Refuse the ladder, priced both ways on a base in its top band."""
    example = _example(bands, bounds)
    why = (
        "the bands can be read two ways: `marginal` prices each slice at its own band, `whole` prices everything at the band reached.",
        "这组阶梯有两种读法：“分段”每一段按自己的点位计，“全额”全部按达到的档位计。",
    )
    if example:
        base, marginal, whole = example
        why = (
            f"{why[0]}\nA base of {base:,} earns {marginal:,} read marginally and {whole:,} read as a whole: {abs(whole - marginal):,} between them.",
            f"{why[1]}\n基数为 {base:,} 时，分段得 {marginal:,}，全额得 {whole:,}：相差 {abs(whole - marginal):,}。",
        )
    env.note(
        "SE0501",
        node.span,
        why=why,
        fix=("write `tiers marginal` or `tiers whole`.", "写“阶梯 分段”或“阶梯 全额”。"),
    )


def _example(bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...]) -> tuple[Decimal, Decimal, Decimal] | None:
    edges = [item.value for item in bounds if isinstance(item, Constant) and isinstance(item.value, Decimal)]
    rates = [_rate(band.price) for band in bands]
    if len(edges) < len(bounds) or any(rate is None for rate in rates) or not edges:
        return None
    starts = [Decimal(0), *edges] if bands[0].style in ("up_to", "below") else edges
    if max(edges) <= 0:
        return None
    base = max(edges) * Decimal("1.2")
    known = [rate for rate in rates if rate is not None]
    ends = [*starts[1 : len(known)], base]
    slices = zip(starts, ends, known, strict=False)
    marginal = sum(((min(end, base) - start) * rate for start, end, rate in slices if base > start), Decimal(0))
    return (
        base.quantize(CENT),
        marginal.quantize(CENT, ROUND_HALF_UP),
        (base * known[-1]).quantize(CENT, ROUND_HALF_UP),
    )


def _rate(price: tree.Price) -> Decimal | None:
    """The band's percentage as a fraction; None where it is anything else."""
    if not isinstance(price, tree.Value) or len(price.parts) != 1:
        return None
    part = price.parts[0]
    if part.kind == "none":
        return Decimal(0)
    if isinstance(part.amount, tree.Number) and part.amount.unit == "percent":
        return part.amount.value / 100
    return None
