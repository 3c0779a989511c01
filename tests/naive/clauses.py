"""A clause from the tree: window, bounds, papers, payees, and how it falls due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.source import NOWHERE
from rules_engine.syntax import tree
from tests.naive.earning import earn_of, payer, provisional
from tests.naive.expressions import number, of_window
from tests.naive.fields import (
    after,
    bracket,
    day_of,
    days_in,
    expression_of,
    fields,
    first,
    names_in,
    place,
    rounding,
    window_of,
    words,
)
from tests.naive.memory import given_back
from tests.naive.terms import BoundTerms, ClauseTerms, ContractTerms, LimitTerms, WindowTerms
from tests.naive.world import Ask, World

ZERO = Fraction(0)
WIRED = tree.Aggregate(
    "sum", tree.Name("amount", NOWHERE), (tree.Name("deposit_payments", NOWHERE),), (), None, False, NOWHERE
)  # fmt: skip
PAPERS = {
    "goods": ("supplier", "discount"),
    "returns": ("supplier", "discount"),
    "deduction": ("supplier", "discount"),
    "margin_protection": ("supplier", "discount"),
    "composite_margin": ("supplier", "discount"),
    "rebate": ("supplier", "discount"),
    "promotion": ("platform", "cash"),
    "commitment": ("platform", "cash"),
    "fee": ("platform", "cash"),
    "deposit": ("receipt", "cash"),
    "charge": ("receipt", "cash"),
    "allowance": ("supplier", "discount"),
    "commission": ("platform", "cash"),
    "freight": ("platform", "cash"),
    "penalty": ("receipt", "cash"),
    "prepayment": ("none", "prepayment"),
    "minimum_guarantee": ("platform", "cash"),
    "price_protection": ("supplier", "discount"),
}


def reversal_terms(block: tree.Block, terms: ContractTerms, settle: WindowTerms) -> ClauseTerms:
    """A line of its own against the clause it gives back, on that clause's papers."""
    taker = terms.clauses[names_in(block, "of")[0]]
    quantity = expression_of(first(block, "on"))
    assert quantity is not None
    period = first(block, "period")
    return replace(
        taker, id=block.id, kind="reversal", payer="supplier" if taker.payer == "platform" else "platform",
        earn=given_back(taker, names_in(block, "over"), quantity, taker.rounding),
        window=(window_of(period.items, settle) if period is not None else None) or settle,
        on_account=None, taken_back="always", bounds=(), when=None, negative="turns_round", proportion="", place="on_each_line",
    )  # fmt: skip


def bounds_of(block: tree.Block, settle: WindowTerms) -> tuple[BoundTerms, ...]:
    """`at most` and `at least` lines."""
    found = []
    for key, side in (("at_most", "most"), ("at_least", "least")):
        for each in fields(block, key):
            inside = bracket(each.items, "in_each")
            how = next((word.removeprefix("proportionally_by_") for word in words(each) if word.startswith("prop")), "")
            window = window_of(inside.items, settle) if inside is not None else None
            found.append(BoundTerms(side, each.items[0], window, how))  # type: ignore[arg-type]
    return tuple(found)


def limit_terms(block: tree.Block, terms: ContractTerms, settle: WindowTerms) -> LimitTerms:
    """A limit over clauses."""
    members = first(block, "of")
    assert members is not None
    names = tuple(item.id for item in members.items if isinstance(item, tree.Name))
    own = first(block, "rounding")
    return LimitTerms(block.id, names, bounds_of(block, settle), rounding(own) if own else terms.rounding)


def clause_terms(block: tree.Block, terms: ContractTerms, settle: WindowTerms, header: Iterable[tree.Field]) -> ClauseTerms:
    """One clause."""
    period = first(block, "period")
    own_rounding = first(block, "rounding") or first(header, "rounding")
    on_account = bracket(period.items, "on_account") if period is not None else None
    per = tuple(item.id for item in first(block, "per").items if item.id != "contract") if first(block, "per") else ()  # type: ignore[union-attr]
    start, end = day_of(first(block, "from")), after(day_of(first(block, "until")))
    when = first(block, "when")
    invoice_by, treatment = papers(block)
    common = ClauseTerms(
        id=block.id,
        kind=block.kind,
        payer=payer(block),
        earn=earn_of(block, per, rounding(own_rounding), place(own_rounding)),
        bases=bases_of(block),
        per=per,
        window=(window_of(period.items, settle) if period is not None else None) or settle,
        on_account=None if on_account is None else window_of(on_account.items, settle) or days_in(on_account.items),
        taken_back=taken_back(on_account),
        start=max(start or terms.start, terms.start),
        end=min(end or terms.end, terms.end),
        bounds=bounds_of(block, settle),
        rounding=rounding(own_rounding),
        place=place(own_rounding),
        when=expression_of(when),
        latch="once_reached_stays" in words(when),
        negative=next(iter(words(first(block, "negative"))), "turns_round"),
        proportion=next((each.key.removeprefix("proportionally_by_") for each in block.fields if each.key[:4] == "prop"), ""),
        invoice_by=invoice_by,
        treatment=treatment,
        groups=named_groups(block, per),
        spread=spread_of(first(block, "spread_over")),
        date_order="in_date_order" in words(first(block, "spread_over")),
        vat=vat_of(block, invoice_by),
        due=due_shares(first(block, "due")),
        by_day=days_between(first(block, "spread_by_day")),
        payees=payees(first(block, "to")),
        provisional=provisional(block, on_account),
        draw=draw_of(block),
        confirmed=first(block, "needs_confirmation") is not None,
        collect="within_net" if block.kind == "prepayment" else "in_full",
    )
    return deposit_terms(block, common, settle) if block.kind == "deposit" else common


def deposit_terms(block: tree.Block, common: ClauseTerms, settle: WindowTerms) -> ClauseTerms:
    """What must still be held: required less wired, from the due day; nothing is required from the refund day on."""
    refund = day_of(first(block, "refund"))

    def held(ask: Ask, world: World) -> Fraction:
        given_back = refund is not None and refund < min(ask.end, ask.upto)
        required = ZERO if given_back else common.earn(ask, world)
        return required - Fraction(of_window(WIRED, ask, world))

    within = "rest_carried" in words(first(block, "unpaid"))
    return replace(
        common, earn=held, bases=(WIRED,), window=WindowTerms("term"), on_account=settle,
        collect="within_net" if within else "in_full",
    )  # fmt: skip


def vat_of(block: tree.Block, invoice_by: str) -> Fraction | str | None:
    """The contract's rate by document, a rate of the clause's own, or none."""
    found = first(block, "vat")
    if found is not None:
        return next((number(item) for item in found.items if isinstance(item, tree.Number)), None)
    return "contract" if invoice_by in ("supplier", "platform") else None


def due_shares(found: tree.Field | None) -> tuple[tuple[Fraction, date], ...]:
    """The shares of a `due` line with their days; one day alone takes the whole."""
    entries = [item for item in (found.items if found is not None else ()) if isinstance(item, tree.Group)]
    shares = [next((number(item) for item in each.items if isinstance(item, tree.Number)), Fraction(1)) for each in entries]
    return tuple((share, days_in(each.items)[0]) for share, each in zip(shares, entries, strict=True))


def draw_of(block: tree.Block) -> tuple[str, str, tree.Expression | None] | None:
    """The balance a clause takes from, off its documents or off its amount, and at most how much."""
    on, own = first(block, "on"), first(block, "against")
    behind = None if on is None else bracket(on.items, "against")
    if behind is not None:
        return next(item.id for item in behind.items if isinstance(item, tree.Name)), "documents", None
    if own is None:
        return None
    most = bracket(own.items, "at_most")
    name = next(item.id for item in own.items if isinstance(item, tree.Name))
    return name, "amount", None if most is None else most.items[0]  # type: ignore[return-value]


def days_between(found: tree.Field | None) -> tuple[date, date] | None:
    """The days of `spread by day`, half-open."""
    if found is None:
        return None
    start, last = days_in(found.items)
    return start, last + timedelta(days=1)


def payees(found: tree.Field | None) -> tuple[tuple[str, Fraction | None], ...]:
    """Who is paid which share."""
    parties = []
    for item in found.items if found is not None else ():
        if isinstance(item, tree.Group):
            name = next(each.id for each in item.items if isinstance(each, tree.Name))
            parties.append((name, next((number(each) for each in item.items if isinstance(each, tree.Number)), None)))
        elif isinstance(item, tree.Name):
            parties.append((item.id, None))
    return tuple(parties)


def named_groups(block: tree.Block, per: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Groups that rows name, where they exist without documents."""
    if len(per) != 1 or (first(block, "on") and not first(block, "at_least")):
        return ()
    rows = [item for each in block.fields for item in each.items if isinstance(item, tree.Row)]
    return tuple(dict.fromkeys((name.id,) for row in rows for name in row.names))


def spread_of(found: tree.Field | None) -> tuple[str, tree.Expression] | None:
    """The column shared over and the weight."""
    if found is None:
        return None
    column, weight = found.items[0], bracket(found.items, "by")
    if weight is None:
        return None
    assert isinstance(column, tree.Name)
    return column.id, weight.items[0]  # type: ignore[return-value]


def taken_back(on_account: tree.Group | None) -> str:
    """What happens to money on account when entitlement falls."""
    said = [item.id for item in on_account.items if isinstance(item, tree.Word)] if on_account is not None else []
    return "never" if "never_taken_back" in said else "at_end" if "taken_back_only_at_its_end" in said else "always"


def papers(block: tree.Block) -> tuple[str, str]:
    """Who invoices and how it is paid."""
    by, how = PAPERS.get(block.kind, ("platform", "cash"))
    for word in words(first(block, "invoice")):
        if word.startswith("by_"):
            by = word.removeprefix("by_")
        else:
            how = "discount" if word.startswith("discounts") else "cash"
    return by, how


def bases_of(block: tree.Block) -> tuple[tree.Expression, ...]:
    """The paying base, then the others that make groups."""
    found = [expression_of(first(block, key)) for key in ("on", "revenue", "cost")]
    return tuple(each for each in found if each is not None)
