"""Generated expressions, prices and documents for the engine's own agreement tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Band,
    Choice,
    ChoiceRow,
    Compare,
    Constant,
    Expression,
    Ladder,
    Logic,
    MeasureRef,
    Part,
    Parts,
    Price,
    Priced,
    Round,
    Rounding,
    Row,
    Shift,
    Table,
)
from rules_engine.core.units import Unit
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from tests.unit.engine.building import (
    CENT,
    D,
    biggest,
    column,
    document,
    is_text,
    measure,
    minus,
    money,
    over,
    plus,
    ref,
    times,
    total,
)

CATEGORIES = ("rice", "oil", "tea")
FIRST = date(2026, 1, 1)

amounts = st.integers(-3000, 90000).map(lambda cents: D(cents) / 1000).map(lambda value: str(abs(value)))
days = st.integers(0, 130).map(lambda number: FIRST + timedelta(days=number))
rates = st.sampled_from(["0", "0.5", "1", "2.5", "7", "12.125"]).map(lambda value: Constant(D(value) / 100, Unit.PERCENT))
sums_of_money = st.sampled_from(["0", "0.01", "0.25", "1", "3.5", "20"]).map(money)


@st.composite
def sales(draw: st.DrawFn) -> list[Document]:
    """Sales, their returns and some fees; a few cells are blank."""
    found: list[Document] = []
    for number in range(draw(st.integers(0, 7))):
        values = {"paid": draw(amounts), "supply_amount": draw(amounts), "quantity": str(draw(st.integers(0, 30)))}
        if draw(st.integers(0, 9)):
            values["category"] = draw(st.sampled_from(CATEGORIES))
        if draw(st.booleans()):
            values["platform_coupon"] = draw(amounts)
        if draw(st.integers(0, 24)) == 0:
            del values["supply_amount"]
        day = draw(days)
        found.append(document("sale", f"S{number}", day.isoformat(), line="1", order_id=f"O{number % 3}", **values))
        if draw(st.integers(0, 3)) == 0:
            back = {name: values[name] for name in ("paid", "supply_amount", "quantity") if name in values}
            later = day + timedelta(days=draw(st.integers(0, 40)))
            link = {"ref_doc_id": f"S{number}"} if draw(st.integers(0, 5)) else {}
            found.append(document("customer_return", f"R{number}", later.isoformat(), **back, **link))
    fees = range(draw(st.integers(0, 2)))
    found += [document("fixed_fee", f"F{number}", draw(days).isoformat(), amount=draw(amounts), category="rice") for number in fees]
    return draw(st.permutations(found))


PAID = total("paid", "sale", "customer_return")
GMV = total(plus(column("paid"), column("platform_coupon")), "sale", "customer_return")
COST = total("supply_amount", "sale", "customer_return")
UNITS = total("quantity", "sale", unit=Unit.QUANTITY)
COUNT = Aggregate("count", None, PAID.sources, is_text("category", "rice"), Unit.QUANTITY)
HALVES = total(over(column("paid"), Constant(D(3), Unit.NUMBER)), "sale")
LATEST = total("paid", "sale", op="latest")
MEASURES = (measure("gmv", GMV), measure("margin", over(minus(ref("gmv"), COST), ref("gmv")), Unit.NUMBER))

aggregates = st.sampled_from([PAID, GMV, COST, UNITS, COUNT, HALVES, total("paid", "sale", where=is_text("category", "oil")), LATEST])
bases: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from([PAID, GMV, COST, UNITS, HALVES, ref("gmv"), minus(ref("gmv"), COST)]), aggregates, st.just(money("100"))
)


@st.composite
def numbers(draw: st.DrawFn, depth: int = 2) -> Expression:
    """A window-scope number."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(aggregates, sums_of_money, st.just(ref("gmv")), st.just(_last_month())))
    inner = numbers(depth=depth - 1)
    kind = draw(st.sampled_from(["+", "-", "*", "/", "max", "min", "abs", "negate", "round", "choice", "margin"]))
    match kind:
        case "round":
            return Round(draw(inner), D(draw(st.sampled_from(["0.01", "0.05", "1"]))), draw(st.sampled_from(["half_up", "down", "half_even"])), Unit.MONEY)
        case "choice":
            rows = (ChoiceRow(draw(inner), when=draw(conditions(depth - 1))), ChoiceRow(draw(inner), otherwise=True))
            return Choice(rows, Unit.MONEY)
        case "margin":
            shown = MeasureRef("margin", Unit.NUMBER)
            return Choice((ChoiceRow(shown), ChoiceRow(money("0"), if_none=True)), Unit.MONEY)
        case "abs" | "negate":
            return Arithmetic(kind, (draw(inner),), Unit.MONEY)
        case _:
            return Arithmetic(kind, (draw(inner), draw(inner)), Unit.MONEY)


def _last_month() -> MeasureRef:
    return MeasureRef("gmv", Unit.MONEY, Shift("previous", "month"))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 1) -> Expression:
    """A window-scope condition."""
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    left = Compare(draw(signs), draw(numbers(depth=depth)), draw(sums_of_money))
    if draw(st.booleans()):
        return left
    return Logic(draw(st.sampled_from(["and", "or"])), (left, Compare(draw(signs), draw(aggregates), draw(sums_of_money))))


@st.composite
def parts(draw: st.DrawFn, bound: bool = True) -> Parts:
    """A plain price."""
    found = [Part("rate", draw(st.one_of(rates, st.just(times(Constant(D("0.5"), Unit.NUMBER), Constant(D("0.1"), Unit.PERCENT))))))]
    if draw(st.integers(0, 2)) == 0:
        found.append(Part("lump", draw(sums_of_money)))
    if draw(st.integers(0, 3)) == 0:
        step = draw(st.sampled_from(["exact", "started", "full"]))
        found.append(Part("per", draw(sums_of_money), D(draw(st.sampled_from(["1", "12", "7"]))), step))
    if draw(st.integers(0, 5)) == 0:
        found.append(Part("per_document", draw(sums_of_money)))
    floor = draw(parts(bound=False)) if bound and draw(st.integers(0, 3)) == 0 else None
    cap = draw(parts(bound=False)) if bound and draw(st.integers(0, 3)) == 0 else None
    return Parts(tuple(found) if draw(st.integers(0, 7)) else (), floor, cap)


@st.composite
def ladders(draw: st.DrawFn, inner: st.SearchStrategy[Price] | None = None) -> Ladder:
    """A ladder of every reading, sometimes with thresholds that are measured."""
    reading = draw(st.sampled_from(["marginal", "whole", "stacked", "climbing", "sliding"]))
    prices = (parts() if inner is None else inner) if reading != "sliding" else rates.map(lambda rate: Parts((Part("rate", rate),)))
    limits = sorted(draw(st.sets(st.sampled_from(["5", "20", "21.5", "60", "100"]), min_size=1, max_size=3)), key=Decimal)
    edges: list[Expression] = [money(limit) for limit in limits]
    if draw(st.integers(0, 5)) == 0:
        edges = [biggest(money("1"), times(Constant(D("1.04"), Unit.PERCENT), LIMIT))]
    lowers: list[Expression | None] = [None, *edges]
    uppers: list[Expression | None] = [*edges, None]
    if reading == "sliding":
        lowers, uppers = list(edges), [None] * len(edges)
    bands = tuple(Band(lower, upper, draw(prices)) for lower, upper in zip(lowers, uppers, strict=True))
    at_zero = draw(parts()) if draw(st.integers(0, 5)) == 0 else None
    return Ladder(reading, draw(st.sampled_from(["upper", "lower"])), bands, at_zero)


LIMIT = total("amount", "fixed_fee")


@st.composite
def tables(draw: st.DrawFn, inner: st.SearchStrategy[Price] | None = None) -> Table:
    """Rows by category, date and condition."""
    prices = st.one_of(parts(), ladders()) if inner is None else inner
    rows = []
    for category in draw(st.lists(st.sampled_from(CATEGORIES), max_size=3)):
        start = draw(st.one_of(st.none(), days))
        when = draw(conditions()) if draw(st.integers(0, 4)) == 0 else None
        rows.append(Row(draw(prices), is_text("category", category), when, start, None))
    if draw(st.integers(0, 4)) or not rows:
        rows.append(Row(draw(prices), otherwise=True))
    pick = draw(st.sampled_from(["exactly_one", "all", "first", "best_for_supplier", "best_for_platform"]))
    return Table(tuple(rows), pick, draw(parts()) if draw(st.integers(0, 5)) == 0 else None)


prices = st.one_of(parts(), ladders(), tables(), ladders(st.one_of(parts(), ladders())))


@st.composite
def priced(draw: st.DrawFn) -> Priced:
    """A base times a price."""
    qualify = draw(aggregates) if draw(st.integers(0, 3)) == 0 else None
    each: Rounding | None = CENT if draw(st.integers(0, 3)) == 0 else None
    return Priced(draw(bases), draw(prices), qualify, each)


@st.composite
def askings(draw: st.DrawFn) -> Asking:
    """Months, quarters and the year, whole and so far, for several groupings."""
    start, end = draw(st.sampled_from([(1, 2), (2, 3), (3, 4), (1, 4), (1, 13)]))
    first = date(2026, start, 1)
    last = date(2026, end, 1) if end < 13 else date(2027, 1, 1)
    upto = draw(st.one_of(st.just(last), days))
    per, group = draw(
        st.sampled_from([((), ()), (("category",), ("rice",)), (("category",), ("",)), (("document",), ("S0",)), (("order",), ("O1",))])
    )
    return Asking(per, group, first, last, upto, upto >= last)
