"""Ladders that are read along a counter: what they may price, and which base the counter can cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.unknown import unknown
from rules_engine.check.meaning.wording import plural
from rules_engine.check.prices.bases import aggregates, feeding_types
from rules_engine.core.expressions import Expression, Ladder, Parts, Price, Table
from rules_engine.core.walk import unit_of
from rules_engine.syntax import tree

if TYPE_CHECKING:
    from rules_engine.check.meaning.fields import Fields
    from rules_engine.check.prices.pricing import Pricing

ALONG = ("marginal", "whole")


def along(node: tree.Ladder, pricing: Pricing) -> Pricing:
    """The pricing whose bounds are read in the counter's unit; refuses readings that no single document has."""
    env = pricing.scope.env
    if node.along not in env.counter_blocks:
        unknown("SE0252", node.along, node.span, env.counter_blocks, env)
    found = env.counter(node.along, node.span)
    if node.reading and node.reading not in ALONG:
        env.refuse(
            "SE0253",
            node.span,
            why=(
                "along a counter every document is priced by itself: its slice in each band (`marginal`), or the band it reaches on all of it (`whole`).",
                "沿计数的阶梯逐张单据计价：各档按各自部分（“分段”），或按其达到的档位计全部（“全额”）。",
            ),
            fix=(f"tiers marginal along {node.along}", f"阶梯 分段 沿 {node.along}"),
        )
    return replace(pricing, qualify=unit_of(found.amount))


def demand_base(ladder: Price, base: Expression, qualify: Expression | None, fields: Fields, env: Environment) -> None:
    """Every document that is paid for has to stand on the counter, and the base to be a plain sum of them."""
    for found in _ladders(ladder):
        if not found.along:
            continue
        running = env.counters[found.along]
        moving = {source.type for source in running.amount.sources}
        foreign = [kind for kind in feeding_types(base, env) if kind.name not in moving]
        read = list(aggregates(base, env))
        if qualify is not None or foreign or len(read) != 1 or read[0].op not in ("sum", "count"):
            refuse_base(found, foreign[0].plural if foreign else "", fields, env)


def refuse_base(found: Ladder, foreign: str, fields: Fields, env: Environment) -> NoReturn:
    """A base that the counter cannot cut."""
    kind = env.plural(foreign)
    names = (plural(kind, "en"), plural(kind, "zh")) if kind else ("", "")
    env.refuse(
        "SE0254",
        fields.span_of("on"),
        (found.span, ("read along the counter here", "此处沿计数取档")),
        why=(
            f"`{names[0]}` are paid for, but they do not move `{found.along}`: nothing says in which band they stand."
            if names[0]
            else "a ladder along a counter prices one sum of documents, one after the other, and picks its bands by the counter alone.",
            f"“{names[1]}”要计价，却不计入“{found.along}”，无法确定属于哪一档。"
            if names[1]
            else "沿计数的阶梯对一项单据合计逐张计价，档位只由计数决定。",
        ),
        fix=(
            "on sum of quantity over sales less customer_returns\n(the documents of the counter)",
            "基数 合计 数量 取自 销售单 减 客退单\n（与计数相同的单据）",
        ),
    )


def demand_cuttable(found: Ladder, env: Environment) -> None:
    """Refuse what a slice of a document has no share of: prices per document, floors and caps, ladders of their own."""
    for band in found.bands:
        for price in _inner(band.price):
            if isinstance(price, Ladder) or _uncut(price, found.reading):
                env.refuse(
                    "SE0255",
                    band.span,
                    why=(
                        "a document may stand in two bands, and this price has no share for a part of one: paid once or in each band, 5.00 or 10.00.",
                        "一张单据可能跨两档，而该价格无法按部分计：只付一次是 5.00，每档各付一次是 10.00。",
                    ),
                    fix=(
                        "write a percentage or a price per unit here, and what is due per document in a clause of its own.",
                        "此处写百分比或单价；按单收取的部分另写一条款。",
                    ),
                )


def _uncut(price: Price, reading: str) -> bool:
    if not isinstance(price, Parts):
        return False
    kinds = {part.kind for part in price.parts}
    stepped = any(part.step != "exact" for part in price.parts)
    lumps = reading == "whole" and kinds & {"lump", "formula"}
    return bool(price.floor or price.cap or stepped or lumps or "per_document" in kinds)


def _inner(price: Price) -> tuple[Price, ...]:
    if isinstance(price, Table):
        return tuple(found for row in price.rows for found in _inner(row.price))
    return (price,)


def _ladders(price: Price) -> tuple[Ladder, ...]:
    match price:
        case Ladder():
            return (price,)
        case Table():
            return tuple(found for row in price.rows for found in _ladders(row.price))
        case Parts():
            return ()
