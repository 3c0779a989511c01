"""Whole contracts: clauses of every kind mixed, as a tree the checker accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from rules_engine.source import NOWHERE
from rules_engine.syntax import tree
from tests.strategies import build as b, prices as p
from tests.strategies.frame import CATEGORIES, MEASURES, SIGNED, Frame, frames, name_is

Draw = Any
Maker = Callable[[Draw, Frame, str], tree.Block]
GROUPINGS = ((), (), ("category",), ("sku",), ("category", "sku"))


def grouped(draw: Draw, frame: Frame) -> tuple[tuple[str, ...], list[tree.Field]]:
    """`per` something, or over the whole contract."""
    per = draw(st.sampled_from(GROUPINGS))
    return per, [b.field("per", *b.names(*per))] if per else []


def negative(draw: Draw, measure: str, price: tree.Field) -> list[tree.Field]:
    """What to do when a base that can go negative does; where a lowest band may pay nothing, nothing is carried (SE0555)."""
    how = draw(st.sampled_from(("turns_round", "turns_round", "counts_as_zero", "carries_forward")))
    if how == "carries_forward" and banded(price):
        how = "counts_as_zero"
    return [b.field("negative", b.word(how))] if measure in SIGNED else []


def banded(price: tree.Field) -> bool:
    """Whether a ladder stands in the price."""
    return "Ladder(" in repr(price)


def periods(draw: Draw, frame: Frame, *, account: bool = True) -> tuple[str, list[tree.Field]]:
    """A judging window, at its end or on account."""
    kinds = (
        ["month", "month", "quarter", "year", "half_year", "term"] if frame.settle != "quarter" else ["quarter", "year", "term"]
    )
    kind = draw(st.sampled_from(kinds))
    if kind == frame.settle or not account or draw(st.booleans()):
        return kind, [b.field("period", b.window(kind))]
    every = (
        "quarter" if kind in ("year", "term") and draw(st.booleans()) else "month" if frame.settle != "quarter" else "quarter"
    )
    if every == kind:
        return kind, [b.field("period", b.window(kind))]
    said = draw(st.sampled_from(((), (), ("never_taken_back",), ("taken_back_only_at_its_end",))))
    return kind, [b.field("period", b.window(kind), b.bracket("on_account", b.window(every), *(b.word(each) for each in said)))]


def changing(draw: Draw, price: tree.Field) -> list[tree.Field]:
    """What to do with a price that changes inside a window."""
    dated = any(isinstance(item, tree.Row) and (item.start or item.end) for item in price.items)
    return [b.field("changes", b.word(draw(st.sampled_from(("split", "split", "last_days")))))] if dated else []


def caps(draw: Draw, kind: str, *, floors: bool) -> list[tree.Field]:
    """A bound in the clause's own or a wider window."""
    if draw(st.booleans()):
        return []
    wider = {
        "month": ("month", "quarter", "year", "year", "term"),
        "quarter": ("quarter", "year"),
        "half_year": ("half_year", "year"),
    }
    window = draw(st.sampled_from(wider.get(kind, (kind,))))
    amount = draw(st.sampled_from(("1.5", "4", "15", "60.5")))
    how = [] if window == "term" else [b.word("proportionally_by_days")]
    if window == "term":
        return [b.field("at_most", b.number(amount), b.bracket("in_each", b.window("term")))]
    side = draw(st.sampled_from(("at_most", "at_most", "at_least"))) if floors else "at_most"
    return [b.field(side, b.number(amount), b.bracket("in_each", b.window(window)), *how)]


def goods(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """Goods delivered."""
    where = draw(st.sampled_from((None, name_is("category", "oil"))))
    _, per = grouped(draw, frame)
    return b.block(
        "goods", identifier, b.field("on", b.aggregate("sum", b.name("supply_amount"), ("sales",), where=where)), *per
    )


def returns(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """Goods that came back."""
    _, per = grouped(draw, frame)
    return b.block(
        "returns", identifier, b.field("on", b.aggregate("sum", b.name("supply_amount"), ("customer_returns",))), *per
    )


def deduction(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """Deduction points."""
    measure = draw(st.sampled_from(("gmv", "turnover", "oil_turnover")))
    per, group = grouped(draw, frame)
    kind, period = periods(draw, frame)
    price = draw(p.prices(frame, per))
    spread = [b.field("spread_over", b.name("sku"), b.bracket("by", b.name("turnover")))] if per in ((), ("category",)) else []
    group += spread if draw(st.integers(0, 3)) == 0 else []
    return b.block(
        "deduction", identifier, b.field("on", b.name(measure)), *group, price, *period, *caps(draw, kind, floors=not per),
        *negative(draw, measure, price), *changing(draw, price),
    )  # fmt: skip


def margin(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """Margin protection."""
    per, group = grouped(draw, frame)
    group = group or [b.field("per", b.name("contract"))]
    kind, period = periods(draw, frame)
    credit = draw(st.sampled_from(([], [b.field("credit", b.share("70", b.name("ad_spend")), b.word("unused_expires"))])))
    return b.block(
        "margin_protection", identifier, b.field("revenue", b.name("gmv")), b.field("cost", b.name("cost_of_sales")),
        b.field("rate", draw(p.plain_rates())), *group, *period, *credit, *caps(draw, kind, floors=not per),
    )  # fmt: skip


def rebate(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """A rebate on purchases or sales, its band perhaps picked by another base."""
    measure = draw(st.sampled_from(("bought", "purchases", "turnover")))
    per, group = grouped(draw, frame)
    kind, period = periods(draw, frame)
    price = draw(p.prices(frame, per)) if frame.document_place else b.field("tiers", draw(p.ladders()))
    qualify: list[tree.Field] = []
    if price.key == "tiers" and measure == "bought" and draw(st.integers(0, 3)) == 0:
        price = b.field("tiers", draw(p.ladders(("marginal", "whole", "stacked", "sliding"))))
        qualify = [b.field("qualify_on", b.name("turnover"))]
    return b.block(
        "rebate", identifier, b.field("on", b.name(measure)), *qualify, *group, price, *period, *caps(draw, kind, floors=not per),
        *negative(draw, measure, price),
    )  # fmt: skip


def promotion(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """The supplier's share of a recorded discount."""
    base = b.aggregate("sum", b.name("platform_discount"), ("sales",), where=b.compare("=", b.name("campaign"), b.text("618")))
    _, per = grouped(draw, frame)
    return b.block("promotion", identifier, b.field("on", base), *per, b.field("rate", draw(p.plain_rates())))


def commitment(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """Advertising promised, less what counts."""
    _, period = periods(draw, frame, account=False)
    counted = b.field("counted", b.share("70", b.name("ad_spend")))
    return b.block(
        "commitment", identifier, b.field("on", b.name("turnover")), b.field("rate", draw(p.plain_rates())), counted, *period
    )


def fee(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """A fee per unit labelled, or a fixed amount a window."""
    kind, period = periods(draw, frame, account=False)
    if draw(st.booleans()):
        cut = [b.field("proportionally_by_days")]
        return b.block(
            "fee", identifier, b.field("amount", b.value(b.lump_part(draw(p.LUMPS)))), *period, *(cut if kind != "term" else [])
        )
    base = b.field("on", b.aggregate("sum", b.name("quantity"), ("labelling",)))
    invoice = b.field("invoice", b.word("by_platform"), b.word("deducted_in_cash"))
    price = b.value(b.per_part(draw(p.UNIT_PRICES))) if frame.document_place else draw(p.unit_prices())
    return b.block("fee", identifier, base, b.field("rate", price), *caps(draw, kind, floors=True), *period, invoice)


def charge(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """A charge or an allowance that needs a condition."""
    kind = draw(st.sampled_from(("charge", "allowance")))
    payer = "supplier" if kind == "charge" else "platform"
    _, period = periods(draw, frame, account=False)
    when = b.field("when", b.compare(draw(st.sampled_from((">", ">=", "<"))), b.name("units"), b.number("20")))
    base = b.aggregate("sum", b.name("quantity"), ("sales",), where=name_is("category", "oil"))
    return b.block(
        kind, identifier, b.field("paid_by", b.name(payer)), b.field("on", base),
        b.field("rate", b.value(b.per_part(draw(p.UNIT_PRICES)))), *period, when,
    )  # fmt: skip


def composite(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """Deduction points and a guarantee under one headline."""
    _, group = grouped(draw, frame)
    _, period = periods(draw, frame)
    return b.block(
        "composite_margin", identifier, b.field("revenue", b.name("gmv")), b.field("cost", b.name("cost_of_sales")),
        b.field("deduction", draw(p.plain_rates())), b.field("protection", draw(p.plain_rates())),
        b.field("judged", b.word(draw(st.sampled_from(("separately", "together"))))),
        *(group or [b.field("per", b.name("contract"))]), *period,
    )  # fmt: skip


def gated(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """A rebate that needs a turnover, for a part of the term."""
    _, period = periods(draw, frame, account=False)
    stays = draw(st.sampled_from(((), (b.word("once_reached_stays"),))))
    when = b.field("when", b.compare(">=", b.name("gmv"), b.number(draw(st.sampled_from(("20", "60"))))), *stays)
    dates = [b.field("from", b.day(date(2026, 1, 16))), b.field("until", b.day(date(2026, 3, 20)))]
    return b.block(
        "rebate", identifier, b.field("on", b.name("bought")), b.field("rate", draw(p.plain_rates())), *period, when,
        *(dates if draw(st.booleans()) else []),
    )  # fmt: skip


def deposit(draw: Draw, frame: Frame, identifier: str) -> tree.Block:
    """A deposit by category, due on a day and perhaps given back before the end."""
    named = draw(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3, unique=True))
    amounts = [b.row(b.value(b.lump_part(draw(p.LUMPS))), of=(category,)) for category in named]
    rest = draw(st.sampled_from(("rest_carried", "rest_carried", "rest_negative")))
    refund = [b.field("refund", b.day(draw(st.sampled_from((date(2026, 3, 10), date(2026, 4, 1))))))]
    return b.block(
        "deposit", identifier, b.field("per", b.name("category")), b.field("amount", *amounts),
        b.field("due", b.bracket("entry", b.day(draw(st.sampled_from((date(2026, 1, 12), date(2026, 2, 10))))))),
        b.field("unpaid", b.word("deducted_from_the_first_settlement"), b.word(rest)),
        *(refund if draw(st.booleans()) else []),
    )  # fmt: skip


def levied(draw: Draw, clauses: list[tree.Block]) -> list[tree.Block]:
    """A charge on what another clause came to."""
    read = [each for each in clauses if each.kind in ("deduction", "margin_protection", "rebate")]
    if not read or draw(st.integers(0, 1)):
        return []
    source = draw(st.sampled_from(read))
    period = [replace(each, items=each.items[:1]) for each in source.fields if each.key == "period"]
    on = b.field("on", tree.ResultOf(b.name(source.id), False, None, NOWHERE))
    return [b.block("fee", "levy", on, b.field("rate", draw(p.plain_rates())), *period)]


MAKERS: tuple[tuple[str, Maker], ...] = (
    ("goods", goods), ("returns", returns), ("points", deduction), ("guarantee", margin), ("bonus", rebate), ("promo", promotion),
    ("marketing", commitment), ("service", fee), ("extra", charge), ("composite", composite), ("gated", gated), ("deposit", deposit),
)  # fmt: skip


def limit(draw: Draw, frame: Frame, clauses: list[tree.Block]) -> list[tree.Block]:
    """A cap over clauses the supplier pays."""
    members = [each.id for each in clauses if each.kind in ("deduction", "rebate", "promotion")]
    if not members or draw(st.integers(0, 2)):
        return []
    figure = draw(st.sampled_from((b.number("5"), b.number("25.5"), b.share("5", b.name("turnover")))))
    window = b.bracket(
        "in_each", b.window(draw(st.sampled_from(("year", "term"))) if frame.start.year == frame.end.year else "term")
    )
    how = [b.word("proportionally_by_days")] if isinstance(figure, tree.Number) and window.items[0].kind == "year" else []  # type: ignore[union-attr]
    return [b.block("limit", "ceiling", b.field("of", *b.names(*members)), b.field("at_most", figure, window, *how))]


@st.composite
def contracts(draw: Draw, only: tuple[str, ...] = ()) -> tree.ContractText:
    """A contract with one to five clauses of different kinds."""
    frame, header = draw(frames())
    makers = [maker for maker in MAKERS if not only or maker[0] in only]
    chosen = draw(st.lists(st.sampled_from(makers), min_size=2, max_size=6))
    clauses = [maker(draw, frame, f"{stem}{index}") for index, (stem, maker) in enumerate(chosen)]
    return b.contract("G-1", header, *MEASURES, *clauses, *levied(draw, clauses), *limit(draw, frame, clauses))
