"""Prices: rates, amounts per unit, rows by filter or date, ladders of every reading."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from rules_engine.syntax import tree
from tests.strategies import build as b
from tests.strategies.frame import CATEGORIES, Frame, name_is

Draw = Any
RATES = st.sampled_from(("0.5", "1", "2.5", "3.125", "10", "12", "33.3"))
LUMPS = st.sampled_from(("1", "7.5", "12.34", "30"))
UNIT_PRICES = st.sampled_from(("0.05", "0.125", "1", "3.33"))
BOUNDS = st.lists(st.sampled_from(("5", "20", "50", "120", "300")), min_size=1, max_size=3, unique=True)


@st.composite
def rates(draw: Draw) -> tree.Value:
    """A percent, perhaps with a floor or a cap."""
    floor = b.value(b.lump_part(draw(LUMPS))) if draw(st.integers(0, 5)) == 0 else None
    cap = b.value(b.lump_part("40")) if draw(st.integers(0, 5)) == 0 else None
    return b.value(b.rate_part(draw(RATES)), at_least=floor, at_most=cap)


def plain_rates() -> st.SearchStrategy[tree.Value]:
    """A percent alone."""
    return RATES.map(lambda rate: b.value(b.rate_part(rate)))


@st.composite
def unit_prices(draw: Draw) -> tree.Value:
    """Money per unit, started dozen or full dozen, perhaps with an amount per document."""
    step = draw(st.sampled_from(("", "", "started", "full")))
    parts = [b.per_part(draw(UNIT_PRICES), "12" if step else "1", step)]
    if draw(st.integers(0, 4)) == 0:
        parts.append(b.per_part("0.30", unit="document"))
    return b.value(*parts)


@st.composite
def rows(draw: Draw, frame: Frame, per: tuple[str, ...]) -> tuple[tree.Row, ...]:
    """Rows by category, by date, or both; every document finds exactly one."""
    cut = draw(st.sampled_from((date(2026, 1, 31), date(2026, 2, 10))))
    after = date.fromordinal(cut.toordinal() + 1)

    def of(category: str) -> dict[str, Any]:
        return {"of": (category,)} if per == ("category",) else {"where": name_is("category", category)}

    found = []
    for category in draw(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2, unique=True)):
        if draw(st.integers(0, 2)) == 0 and frame.start <= cut < frame.end:
            found.append(b.row(draw(rates()), **of(category), end=cut))
            found.append(b.row(draw(rates()), **of(category), start=after))
        else:
            found.append(b.row(draw(rates()), **of(category)))
    found.append(b.row(draw(rates()), otherwise=True))
    return tuple(found)


@st.composite
def band_prices(draw: Draw, reading: str) -> tree.Price:
    """What a band pays."""
    if reading in ("whole", "stacked") and draw(st.integers(0, 4)) == 0:
        return b.value(b.lump_part(draw(LUMPS)))
    price: tree.Price = draw(st.one_of(st.just(b.value(b.NONE_PART)), plain_rates(), plain_rates()))
    return price


@st.composite
def ladders(draw: Draw, readings: tuple[str, ...] = ("marginal", "whole", "stacked", "climbing", "sliding")) -> tree.Ladder:
    """A ladder whose bounds rise, in either bound style."""
    reading = draw(st.sampled_from(readings))
    bounds = sorted(draw(BOUNDS), key=int)
    if reading == "sliding":
        points = sorted({*bounds, "10", "100"}, key=int)
        return b.ladder(reading, *(b.band("at", point, draw(plain_rates())) for point in points))
    lower, upper = draw(st.sampled_from((("up_to", "over"), ("below", "from"))))
    bands = [b.band(lower, bound, draw(band_prices(reading))) for bound in bounds]
    return b.ladder(reading, *bands, b.band(upper, bounds[-1], draw(plain_rates())))


@st.composite
def prices(draw: Draw, frame: Frame, per: tuple[str, ...]) -> tree.Field:
    """`rate` inline, `rate` with rows, or `tiers`."""
    kind = draw(st.integers(0, 2))
    if kind == 0 or frame.document_place:
        return b.field("rate", draw(plain_rates() if frame.document_place else rates()))
    if kind == 1:
        return b.field("rate", *draw(rows(frame, per)))
    return b.field("tiers", draw(ladders()))
