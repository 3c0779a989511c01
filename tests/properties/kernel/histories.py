"""Generated histories: programs of every window and policy, documents that come late, and runs split anyhow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from rules_engine.core.expressions import Arithmetic, Price, Priced, ResultOf
from rules_engine.core.program import (
    Adding,
    Balance,
    Bound,
    Clause,
    Dated,
    Draw,
    Limit,
    OnAccount,
    Papers,
    Program,
    Share,
    Spread,
)
from rules_engine.core.units import Unit
from rules_engine.documents.model import Document, Documents
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle
from rules_engine.values.period import Period, WindowSpec
from tests.unit.settlement.building import (
    CENT,
    MONTH,
    QUARTER,
    TERM,
    YEAR,
    at_least,
    at_most,
    categories,
    clause,
    document,
    goods,
    lump,
    money,
    over,
    percent,
    priced,
    program,
    total,
    whole,
)  # fmt: skip

D = Decimal
MONTHS = tuple(Period(date(2026, month, 1), date(2026, month + 1, 1)) for month in range(1, 6))
END = MONTHS[-1].end
BOUGHT = total("supply_amount", less="customer_return")
NET = total(less="customer_return")
VAT = (Dated(D("0.13"), end=date(2026, 3, 1)), Dated(D("0.09"), start=date(2026, 3, 1)))


@st.composite
def prices(draw: st.DrawFn) -> Price:
    kind = draw(st.sampled_from(("percent", "whole", "rows", "lump")))
    if kind == "percent":
        return percent(draw(st.sampled_from(("1", "7.5", "33.333"))))
    if kind == "whole":
        return whole(("50", "1.5"), ("120", "3"))
    return categories(("rice", "5"), ("oil", "2.25")) if kind == "rows" else lump("12.34")


@st.composite
def bounds(draw: st.DrawFn, period: WindowSpec) -> tuple[Bound, ...]:
    wide = st.sampled_from((None, YEAR) if period is YEAR else (None, QUARTER, YEAR))
    cap = [at_most(draw(st.sampled_from(("0.01", "3", "9.99"))), draw(wide))] if draw(st.booleans()) else []
    floor = [at_least(draw(st.sampled_from(("0.01", "1.5"))), draw(wide))] if draw(st.booleans()) else []
    return (*cap, *floor)


@st.composite
def clauses(draw: st.DrawFn, name: str) -> Clause:
    period = draw(st.sampled_from((MONTH, QUARTER, YEAR)))
    every, back = draw(st.sampled_from(("month", "quarter"))), draw(st.sampled_from(("always", "never", "at_end")))
    made = clause(
        name, priced(NET, draw(prices())), period=period, bounds=draw(bounds(period)),
        per=draw(st.sampled_from(((), ("category",), ("category", "sku")))),
        on_account=draw(st.sampled_from((None, OnAccount(every, taken_back=back)))),
        negative=draw(st.sampled_from(("turns_round", "zero", "carry"))),
        rounding_place=draw(st.sampled_from(("line", "line", "total"))),
        papers=Papers(draw(st.sampled_from(("supplier", "platform"))), "cash", draw(st.sampled_from(("none", "contract")))),
    )  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        made = replace(made, when=over(NET, "60"), once_reached=draw(st.booleans()))
    sharing = draw(st.sampled_from(("", "", "spread", "payees")))
    if sharing == "spread" and not made.per:
        made = replace(made, spread=Spread("weight", "sku", total("supply_amount", less="customer_return")))
    if sharing == "payees":
        made = replace(made, shares=(Share("A", D("0.35")), Share("B", None)))
    return made


def _goods() -> Clause:
    """Goods less what came back."""
    return replace(goods(papers=Papers("supplier", "cash")), earn=priced(BOUGHT, "100"), base=BOUGHT)


@st.composite
def drawing(draw: st.DrawFn, items: Sequence[Clause | Limit]) -> tuple[list[Clause | Limit], dict[str, Balance]]:
    """The first two clauses on one balance, off their amounts or off the base of one of them."""
    adding = draw(
        st.sampled_from(
            (
                Adding(money("4"), "ahead", MONTH),
                Adding(priced(NET, "10"), "window", QUARTER),
                Adding(total("supply_amount", less="customer_return"), "document"),
            )
        )
    )
    room = Balance(
        "room", "Room", "balance", Unit.MONEY, (adding,), most=draw(st.sampled_from((None, money("30")))),
        starts=draw(st.sampled_from((None, money("2.5")))), lasts=draw(st.sampled_from((None, (2, "months")))),
        expires=draw(st.sampled_from((None, QUARTER))), rounding=CENT,
    )  # fmt: skip
    made: list[Clause | Limit] = []
    for item in items:
        if not isinstance(item, Clause) or item.id not in ("first", "second") or not draw(st.booleans()):
            made.append(item)
        elif draw(st.booleans()) or not isinstance(item.earn, Priced):
            caps = draw(st.sampled_from(((), (at_most("1.5", None),), (at_most("3", YEAR),))))
            made.append(replace(item, draws=(Draw("room", "amount", caps),)))
        else:
            left = replace(NET, against=f"room@{item.id}")
            made.append(replace(item, earn=replace(item.earn, base=left), base=left, draws=(Draw("room", "documents", wanted=NET),)))
    return made, {"room": room}


@st.composite
def programs(draw: st.DrawFn) -> Program:
    first, second = draw(clauses("first")), draw(clauses("second"))
    items: list[Clause | Limit] = [_goods(), first, second]
    if draw(st.booleans()):
        half = Arithmetic("*", (ResultOf("first"), money("0.5")), Unit.MONEY)
        items.append(clause("reader", half, period=QUARTER))
    if draw(st.booleans()):
        cap = draw(st.sampled_from((at_most("5", QUARTER), at_most("2.01", YEAR), at_least("4", QUARTER))))
        items.append(Limit("limit", "Limit", ("first", "second"), (cap,), Papers("supplier", "cash", "none"), CENT))
    items, balances = draw(drawing(items)) if draw(st.booleans()) else (items, {})
    made = program(
        *items, vat=draw(st.sampled_from(((), VAT))), prices_include_vat=draw(st.booleans()),
        returns=draw(st.sampled_from(("own_period", "back_to_sale"))),
        minimum_payout=draw(st.sampled_from((D(0), D(40)))),
    )  # fmt: skip
    return replace(made, balances=balances)


CENTS = st.integers(0, 9000).map(lambda cents: D(cents) / 100)
DAYS = st.integers(0, (END - TERM[0]).days - 1).map(lambda day: TERM[0] + timedelta(days=day))


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, ...]:
    """Sales, returns of them and returns of nothing, some known weeks after their day."""
    found: list[Document] = []
    for index in range(draw(st.integers(1, 8))):
        sold = [item for item in found if item.type == "sale"]
        kind = draw(st.sampled_from(("sale", "sale", "return")))
        day, amount = draw(DAYS), str(draw(CENTS))
        known = draw(st.sampled_from((0, 0, 25, 70)))
        cells = {"category": draw(st.sampled_from(("rice", "oil"))), "sku": draw(st.sampled_from(("1", "2")))}
        if kind == "return" and sold:
            origin = draw(st.sampled_from(sold))
            cells, day = {"ref_doc_id": origin.id}, max(day, origin.date)
            known = max(known, (origin.known_on - day).days if origin.known_on else 0)
        heard = (day + timedelta(days=known)).isoformat() if known else ""
        name = "sale" if kind == "sale" else "customer_return"
        found.append(document(name, f"d{index}", day.isoformat(), heard, paid=amount, supply_amount=amount, **cells))
    return tuple(found)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[Period, ...]:
    """The months, some joined into longer runs."""
    found = [MONTHS[0]]
    for month in MONTHS[1:]:
        found = [*found[:-1], Period(found[-1].start, month.end)] if draw(st.booleans()) else [*found, month]
    return tuple(found)


def run(made: Program, lines: Sequence[Document], periods: Sequence[Period]) -> list[Settlement]:
    """One settlement after the other, each posted for the next."""
    done: list[Settlement] = []
    for period in periods:
        done.append(settle(made, Documents(tuple(lines)), period, [as_posted(item) for item in done], explain=False))
    return done


def sums(done: Sequence[Settlement]) -> dict[tuple[object, ...], Decimal]:
    """Key of every line → everything settled under it; what came to nothing is left out."""
    found: dict[tuple[object, ...], Decimal] = {}
    for settlement in done:
        for line in settlement.lines:
            key = (
                line.clause,
                tuple(sorted(line.group.items())),
                line.window.start,
                line.payee,
                line.papers.vat_rate,
                line.direction,
            )
            found[key] = found.get(key, D(0)) + line.amount
    return {key: amount for key, amount in found.items() if amount}


def balances_left(done: Sequence[Settlement]) -> dict[tuple[object, ...], Decimal]:
    """What the last statement leaves in declared balances; each statement opens with what the one before it closed."""
    closing: dict[tuple[object, ...], Decimal] = {}
    for settlement in done:
        for item in settlement.balances:
            key = (item.name, tuple(sorted(item.group.items())))
            if item.kind in ("balance", "credit"):
                assert item.opening == closing.get(key, item.opening)
                assert item.closing == item.opening + item.added - item.used - item.expired
                closing[key] = item.closing
    return {key: amount for key, amount in closing.items() if amount}
