"""Terms of the trade as text, a function each: what they are called with is the sheet they stand on and the clause's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.strategies.written import Sheet

Draw = Any
Maker = Callable[[Draw, Sheet, str], str]
RATES = st.sampled_from(("0.5%", "1%", "2.5%", "3.125%", "10%", "33.3%"))
MONEY = st.sampled_from(("1", "7.5", "12.34", "30"))
BASES = ("turnover", "oil_turnover", "bought")
SIGNED = ("gmv", "purchases")
LAST = "last day's"


def base(draw: Draw) -> str:
    """A paying base, with its word for a negative one where the base can be negative."""
    name = draw(st.sampled_from((*BASES, *SIGNED)))
    how = draw(st.sampled_from(("turns round", "turns round", "counts as zero", "carries forward")))
    return f"  on {name}" + (f"\n  negative {how}" if name in SIGNED else "")


def per(draw: Draw, *columns: str) -> str:
    """A line that splits the clause, or none."""
    chosen = draw(st.sampled_from(("", "", *(columns or ("category", "sku")))))
    return f"  per {chosen}" if chosen else ""


def every(sheet: Sheet) -> str:
    """How often money on account is judged."""
    return "quarterly" if sheet.settled == "quarterly" else "monthly"


def period(draw: Draw, sheet: Sheet, *, account: bool = True, kinds: tuple[str, ...] = ()) -> str:
    """The judging window, perhaps on account in one of its ways."""
    kind = draw(st.sampled_from(tuple(each for each in kinds if each in sheet.windows) or sheet.windows))
    ways = ["", ""]
    if account and kind not in ("month", "settlement"):
        ways += [
            *([] if kind == "quarter" and every(sheet) == "quarterly" else [f", on account {every(sheet)}"] * 2),
            ", on account each settlement", ", on account on 2026-02-10, 2026-03-20",
        ]  # fmt: skip
    way = draw(st.sampled_from(ways))
    back = draw(st.sampled_from(("", "", ", never taken back", ", taken back only at its end"))) if way else ""
    return f"  period {kind}{way}{back}"


def clause(head: str, *lines: str) -> str:
    """A block without its empty lines."""
    return "\n".join([head, *(line for line in lines if line)])


def ladder(draw: Draw, reading: str = "") -> str:
    """A ladder, its bands one bound style."""
    reading = reading or draw(st.sampled_from(("marginal", "whole", "stacked", "climbing")))
    low, high = draw(st.sampled_from((("up to", "over"), ("below", "from"))))
    bounds = sorted(draw(st.lists(st.sampled_from((5, 20, 50, 120)), min_size=1, max_size=3, unique=True)))
    bands = [f"    {low} {bound}  {draw(st.one_of(st.just('none'), RATES))}" for bound in bounds]
    return "\n".join([f"  tiers {reading}", *bands, f"    {high} {bounds[-1]}  {draw(RATES)}"])


def commission(draw: Draw, sheet: Sheet, name: str) -> str:
    """A commission shared with a party, perhaps at a VAT rate of its own."""
    payees = draw(st.sampled_from(("", "  to dealer 35%, rest platform", "  to dealer 33.3%, platform 66.7%")))
    vat = draw(st.sampled_from(("", "  vat 6%", "  vat none")))
    return clause(f"commission {name}", base(draw), per(draw), f"  rate {draw(RATES)}", period(draw, sheet), payees, vat)


def freight(draw: Draw, sheet: Sheet, name: str) -> str:
    """Transport by started or full units with a minimum and a maximum."""
    rate = draw(
        st.sampled_from(
            ("28 per started 12 units", "5.5 per full 24 units", "0.125 per unit", "0.3 per unit plus 2 per document")
        )
    )
    bounds = draw(st.sampled_from(("", " at least 30", " at most 60", " at least 20 at most 75")))
    return clause(
        f"freight {name}", "  on sum of quantity over transshipment", per(draw), f"  rate {rate}{bounds}", period(draw, sheet)
    )


def penalty(draw: Draw, sheet: Sheet, name: str) -> str:
    """So much an audit below the mark, or a share of turnover once there were too many."""
    when = draw(st.sampled_from(("", "  when bad_audits > 1", "  when bad_audits >= 1, once reached, stays")))
    if draw(st.booleans()):
        return clause(f"penalty {name}", "  on turnover", f"  rate {draw(RATES)}", period(draw, sheet, account=False), when)
    return clause(f"penalty {name}", "  on bad_audits", "  rate 12.5 per unit", period(draw, sheet, account=False), when)


def guaranteed(draw: Draw, sheet: Sheet, name: str) -> str:
    """What turnover lacks of a promise at the close."""
    rate = draw(st.sampled_from(("", f"  rate {draw(RATES)}")))
    promise = draw(st.sampled_from(("50", "120", "target", "2 * target")))
    changes = f"  changes {LAST}" if "target" in promise else ""
    return clause(
        f"minimum guarantee {name}", "  on turnover", per(draw, "category"), f"  promised {promise}", rate,
        period(draw, sheet, account=False), changes,
    )  # fmt: skip


def prepaid(draw: Draw, sheet: Sheet, name: str) -> str:
    """Prepayments taken out of what is payable."""
    return clause(f"prepayment {name}", "  on sum of amount over prepayments", per(draw, "category"))


def growth(draw: Draw, sheet: Sheet, name: str) -> str:
    """A rebate on growth over an earlier window."""
    earlier = draw(
        st.sampled_from(
            ("in the previous month", "in the previous quarter", "in the 2 months before", "in the same month of last year")
        )
    )
    reading = draw(st.sampled_from(("whole", "marginal", "sliding")))
    rows = ("at 100% of baseline  1%", "at 150% of baseline  4%") if reading == "sliding" else (
        "below 100% of baseline  none", "below 150% of baseline  1.3%", "from 150% of baseline  4%"
    )  # fmt: skip
    bands = "\n".join(f"    {row}" for row in rows)
    instead = draw(st.sampled_from(("20", "50", "target")))
    return clause(
        f"rebate {name}", "  on turnover", per(draw), period(draw, sheet, kinds=("month", "quarter")),
        f"  baseline turnover {earlier}, else {instead}", f"  tiers {reading}\n{bands}",
        f"  changes {LAST}" if instead == "target" else "",
    )  # fmt: skip


def best(draw: Draw, sheet: Sheet, name: str) -> str:
    """The best row for one side, the first, or all that match."""
    pick = draw(st.sampled_from(("best for supplier", "best for platform", "first that matches", "all that match")))
    rows = (
        ("5% for category = oil", "4% when units > 12", "3%")
        if pick.startswith("first")
        else ("3%", "2 plus 1%", "5% for category = oil")
    )
    rows = rows if pick.startswith("first") else tuple(draw(st.permutations((*rows, "4% when units > 12"))))
    lines = "\n".join(f"    {row}" for row in rows)
    kind = draw(st.sampled_from((f"rebate {name}", f"allowance {name} paid by platform")))
    return clause(kind, "  on turnover", per(draw), period(draw, sheet), f"  rate {pick}\n{lines}")


def nested(draw: Draw, sheet: Sheet, name: str) -> str:
    """A ladder inside a band, a price by condition, an amount where nothing was sold."""
    price = draw(
        st.sampled_from((
            "  tiers whole\n    below 20  none\n    from 20 marginal\n      up to 50  2%\n      over 50  4%",
            "  rate if units > 12 then 3% else 1%",
            "  tiers whole\n    at zero  5\n    up to 20  1%\n    over 20  2.5%",
        ))
    )  # fmt: skip
    return clause(f"rebate {name}", "  on turnover", per(draw), period(draw, sheet), price)


def falling_due(draw: Draw, sheet: Sheet, name: str) -> str:
    """An amount due in shares, or day by day."""
    days = draw(
        st.sampled_from(
            (
                "  due 40% 2026-02-10, 60% 2026-03-20",
                "  due 2026-02-28",
                "  due 2026-03-01",
                "  spread by day from 2026-02-01 to 2026-04-15",
            )
        )
    )
    return clause(f"fee {name}", f"  amount {draw(MONEY)}", "  period term", days)


def ordered(draw: Draw, sheet: Sheet, name: str) -> str:
    """One ladder over the units of a window, each document paying the increase it causes, a return giving it back."""
    over = draw(st.sampled_from((("  on sum of quantity over labelling",), ("  on units", "  negative turns round"))))
    return clause(
        f"fee {name}", *over, period(draw, sheet, kinds=("month", "quarter")),
        "  spread over document in date order", "  tiers marginal\n    up to 12  0.2 per unit\n    over 12  0.33 per unit",
    )  # fmt: skip


def by_document(draw: Draw, sheet: Sheet, name: str) -> str:
    """A charge for each sale, worked out again on what a return leaves."""
    rate = draw(
        st.sampled_from(
            ("1.8% plus 0.25 at least 0.90", "3.4% plus 0.20 at least 0.65 at most 2.50", "2% plus 0.3 per document")
        )
    )
    each = draw(st.sampled_from(("document", "document line", "order")))
    return clause(
        f"fee {name}",
        "  on gmv",
        f"  per {each}",
        f"  rate {rate}",
        "  negative turns round",
        period(draw, sheet, account=False),
    )


def shifted(draw: Draw, sheet: Sheet, name: str) -> str:
    """A charge on another window than its own, or one that another window opens."""
    moved = draw(st.sampled_from((
        "in the previous month", "in the 2 months before", "in the year so far", "in the previous quarter", "in all earlier years",
        "in the same quarter of last year", "in the 40 days before",
    )))  # fmt: skip
    who = draw(st.sampled_from((f"charge {name} paid by supplier", f"allowance {name} paid by platform")))
    if draw(st.booleans()):
        return clause(
            who, "  on turnover", f"  rate {draw(RATES)}", per(draw), period(draw, sheet), f"  when turnover {moved} >= 20"
        )
    return clause(who, f"  on turnover {moved}", f"  rate {draw(RATES)}", per(draw), period(draw, sheet, account=False))


def factored(draw: Draw, sheet: Sheet, name: str) -> str:
    """A price times a priced measure, or a share of one."""
    if draw(st.booleans()):
        return clause(
            f"deduction {name}", "  on turnover", per(draw), "  rate season * 4%", period(draw, sheet), f"  changes {LAST}"
        )
    return clause(f"fee {name}", "  on expected", per(draw), f"  rate {draw(RATES)}", period(draw, sheet))


def provisional(draw: Draw, sheet: Sheet, name: str) -> str:
    """A ladder of the year, a provisional price until its close."""
    kind = draw(st.sampled_from(("quarter", "year", "term"))) if every(sheet) == "monthly" else "year"
    return clause(
        f"rebate {name}", "  on bought", per(draw), f"  period {kind}, on account {every(sheet)} at 1.1%", ladder(draw)
    )


def capped(draw: Draw, sheet: Sheet, name: str) -> str:
    """Caps of several windows and a floor, cut or whole."""
    windows = {"month": ("month", "quarter", "year"), "quarter": ("quarter", "year"), "year": ("year", "term")}
    kind = draw(st.sampled_from(tuple(each for each in windows if each in sheet.windows)))
    how = draw(
        st.sampled_from(("proportionally by days", "proportionally by thirtieths", "proportionally by months", "in full"))
    )

    def bound(side: str, figures: tuple[str, ...], wide: str) -> str:
        cut = "" if wide == "term" else f", {how}"
        return f"  {side} {draw(st.sampled_from(figures))} in each {wide}{cut}"

    caps = [
        bound("at most", ("4", "9.99", "10% of turnover", "target"), wide)
        for wide in draw(st.lists(st.sampled_from(windows[kind]), max_size=2, unique=True))
    ]
    floors = [bound("at least", ("0.75", "1"), draw(st.sampled_from(windows[kind])))] if draw(st.booleans()) else []
    changes = f"  changes {LAST}" if any("target" in each for each in caps) else ""
    return clause(f"deduction {name}", base(draw), f"  rate {draw(RATES)}", f"  period {kind}", *caps, *floors, changes)


def judged(draw: Draw, sheet: Sheet, name: str) -> str:
    """A rebate on one base, its band picked by another, on an open or latched condition."""
    when = draw(
        st.sampled_from(
            ("", "  when units > 5 and turnover < 100", "  when not (units < 12) or ad_spend > 20, once reached, stays")
        )
    )
    return clause(
        f"rebate {name}",
        "  on bought",
        "  qualify on turnover",
        per(draw),
        ladder(draw, draw(st.sampled_from(("marginal", "whole", "stacked")))),
        period(draw, sheet),
        when,
    )


MAKERS: tuple[tuple[str, Maker], ...] = (
    ("commission", commission), ("freight", freight), ("penalty", penalty), ("guaranteed", guaranteed), ("prepaid", prepaid),
    ("growth", growth), ("best", best), ("nested", nested), ("falling_due", falling_due), ("ordered", ordered),
    ("by_document", by_document), ("shifted", shifted), ("factored", factored), ("provisional", provisional), ("capped", capped),
    ("judged", judged),
)  # fmt: skip


def echoed(draw: Draw, clauses: dict[str, str]) -> list[str]:
    """A fee on what another clause came to, before or after limits."""
    read = [
        name for name, text in clauses.items() if "\n  on " in text and "per document" not in text and "per order" not in text
    ]
    if not read or draw(st.integers(0, 2)):
        return []
    source = draw(st.sampled_from(read))
    window = next((line.split(",")[0] for line in clauses[source].splitlines() if line.startswith("  period ")), "")
    after = draw(st.sampled_from(("", " after limits")))
    window = "  period term" if after else window
    return [clause("fee echo", f"  on result of {source}{after}", f"  rate {draw(RATES)}", window, "  negative turns round")]


def limited(draw: Draw, clauses: dict[str, str]) -> list[str]:
    """Caps and a floor over several clauses, either side's."""
    members = [
        name for name, text in clauses.items() if not text.startswith(("prepayment", "allowance")) and " to dealer" not in text
    ]
    if len(members) < 2 or draw(st.integers(0, 1)):
        return []
    chosen = draw(st.lists(st.sampled_from(members), min_size=2, max_size=3, unique=True))
    cap = draw(st.sampled_from(("5", "12.5", "5% of turnover")))
    bounds = draw(st.sampled_from((
        (f"at most {cap} in each term",), (f"at most {cap} in each year, proportionally by days", "at most 30 in each term"),
        ("at least 3 in each term",), (f"at most {cap} in each year, in full", "at least 1.5 in each term"),
    )))  # fmt: skip
    return [clause("limit ceiling", f"  of {', '.join(chosen)}", *(f"  {each}" for each in bounds))]


@st.composite
def written(draw: Draw, only: tuple[str, ...] = ()) -> str:
    """The text of a contract with two to five terms, perhaps a reader of one of them and a limit over some."""
    from tests.strategies.written import sheets, text_of

    sheet, header = draw(sheets())
    makers = [maker for maker in MAKERS if not only or maker[0] in only]
    chosen = draw(st.lists(st.sampled_from(makers), min_size=2, max_size=5))
    clauses = {f"{stem}{index}": maker(draw, sheet, f"{stem}{index}") for index, (stem, maker) in enumerate(chosen)}
    return text_of(header, [*clauses.values(), *echoed(draw, clauses), *limited(draw, clauses)])
