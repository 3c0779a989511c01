"""Terms from the tree: which field says what, by the page that documents the encoding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.source import NOWHERE
from rules_engine.syntax import tree
from tests.naive.expressions import number, of_window, passes
from tests.naive.memory import excepted, given_back, price_cuts
from tests.naive.prices import Amounts, Pricing, earned, of_price
from tests.naive.terms import BoundTerms, ClauseTerms, ContractTerms, Earn, LimitTerms, WindowTerms
from tests.naive.world import Ask, World

ZERO = Fraction(0)
WHOLE = tree.Value(
    (tree.Part("rate", tree.Number(Decimal(100), "percent", NOWHERE), Decimal(1), "", "", NOWHERE),), None, None, NOWHERE
)
WIRED = tree.Aggregate(
    "sum", tree.Name("amount", NOWHERE), (tree.Name("deposit_payments", NOWHERE),), (), None, False, NOWHERE
)  # fmt: skip
PAYABLE = ("goods", "allowance")
PLAIN = ("measure", "value", "party", "documents", "scenario", "limit", "counter", "balance", "finding", "except", "reversal")
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


def fields(block: tree.Block | Iterable[tree.Field], key: str) -> list[tree.Field]:
    """All fields of a key."""
    found = block.fields if isinstance(block, tree.Block) else block
    return [each for each in found if each.key == key]


def first(block: tree.Block | Iterable[tree.Field], key: str) -> tree.Field | None:
    """The field of a key, if it was written."""
    found = fields(block, key)
    return found[0] if found else None


def words(found: tree.Field | None) -> list[str]:
    """The meaning-bearing words of a field."""
    return [] if found is None else [item.id for item in found.items if isinstance(item, tree.Word)]


def bracket(items: Iterable[tree.Item], key: str) -> tree.Group | None:
    """The group of a key among items."""
    return next((item for item in items if isinstance(item, tree.Group) and item.key == key), None)


def expression_of(found: tree.Field | None) -> tree.Expression | None:
    """The first item of a field, as an expression."""
    return None if found is None else found.items[0]  # type: ignore[return-value]


def window_of(items: Iterable[tree.Item], settle: WindowTerms) -> WindowTerms | None:
    """The first window among items; `settlement` is the header's."""
    for item in items:
        if isinstance(item, tree.Window):
            return settle if item.kind == "settlement" else WindowTerms(item.kind, item.starting_day)
    return None


def after(day: date | None) -> date | None:
    """The first day no longer included."""
    return None if day is None else day + timedelta(days=1)


def contract_terms(text: tree.ContractText) -> ContractTerms:
    """The whole contract."""
    header = text.header
    term = first(header, "term")
    assert term is not None
    start, last = (item.value for item in term.items if isinstance(item, tree.DateLiteral))
    settle_field = first(header, "settle")
    settle = window_of(settle_field.items if settle_field else (), WindowTerms("month")) or WindowTerms("month")
    terms = ContractTerms(
        start=start,
        end=last + timedelta(days=1),
        year_start=year_start(first(header, "year_starts")),
        clauses={},
        limits={},
        measures={block.id: block for block in text.blocks if block.kind == "measure"},
        values={block.id: block for block in text.blocks if block.kind == "value"},
        own_types={block.id: block.id for block in text.blocks if block.kind == "documents"},
        returns="back_to_sale" if "back_to_the_sale" in words(first(header, "returns")) else "own_period",
        vat=vat_rates(first(header, "prices")),
        inclusive="include_vat" in words(first(header, "prices")),
        late="not_settled" if "are_not_settled" in words(first(header, "late_documents")) else "settle",
        negative_net="invoiced" if "negative_invoiced" in words(first(header, "payout")) else "carried",
        minimum_payout=minimum(first(header, "payout"), "at_least") or ZERO,
        deferrals=minimum(first(header, "payout"), "deferrals"),
        write_off=int(minimum(first(header, "payout"), "written_off") or 0),
        settle=settle,
        findings={block.id: block for block in text.blocks if block.kind == "finding"},
        rounding=rounding(first(header, "rounding")),
    )
    for block in text.blocks:
        if block.kind == "limit":
            terms.limits[block.id] = limit_terms(block, terms, settle)
        elif block.kind not in PLAIN:
            terms.clauses[block.id] = clause_terms(block, terms, settle, header)
    remembering(text, terms, settle)
    return terms


def remembering(text: tree.ContractText, terms: ContractTerms, settle: WindowTerms) -> None:
    """Exceptions over the clauses, and clauses that give back what others took."""
    exceptions = [block for block in text.blocks if block.kind == "except"]
    for block in text.blocks:
        over = [each for each in exceptions if block.id in names_in(each, "over")]
        if over:
            others = [
                (
                    each,
                    each_when(each),
                    names_in(each, "outranks"),
                    clause_terms(instead(block, each), terms, settle, text.header).earn,
                )
                for each in over
            ]
            own = terms.clauses[block.id]
            terms.clauses[block.id] = replace(own, earn=excepted(own.earn, others))
        if block.kind == "reversal":
            terms.clauses[block.id] = reversal_terms(block, terms, settle)


def names_in(block: tree.Block, key: str) -> tuple[str, ...]:
    """The names on a line."""
    return tuple(item.id for each in fields(block, key) for item in each.items if isinstance(item, tree.Name))


def each_when(block: tree.Block) -> tree.Expression:
    """The condition of a block that must have one."""
    found = expression_of(first(block, "when"))
    assert found is not None
    return found


def instead(block: tree.Block, exception: tree.Block) -> tree.Block:
    """The clause with the price of an exception in place of its own."""
    price = tuple(each for each in exception.fields if each.key in ("rate", "amount", "tiers"))
    return replace(block, fields=(*(each for each in block.fields if each.key not in ("rate", "amount", "tiers")), *price))


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


def year_start(found: tree.Field | None) -> int:
    """The first month of the year."""
    return 1 if found is None else int(number(found.items[0]))  # type: ignore[arg-type]


def minimum(found: tree.Field | None, word: str) -> Fraction | None:
    """A number of the payout line: the smallest amount paid out, how often it may wait, when it is given up."""
    least = None if found is None else bracket(found.items, word)
    return None if least is None else number(least.items[0])  # type: ignore[arg-type]


def rounding(found: tree.Field | None) -> tuple[Fraction, str]:
    """Step and mode."""
    if found is None:
        return (Fraction(1, 100), "half_up")
    step = next(item for item in found.items if isinstance(item, tree.Number))
    mode = next((word for word in words(found) if not word.startswith("on_")), "half_up")
    return (Fraction(step.value), mode)


def place(found: tree.Field | None) -> str:
    """Where rounding happens."""
    return next((word for word in words(found) if word.startswith("on_")), "on_each_line")


def vat_rates(found: tree.Field | None) -> list[tuple[Fraction, date | None, date | None]]:
    """Rates with their half-open dates."""
    rates: list[tuple[Fraction, date | None, date | None]] = []
    for item in found.items if found is not None else ():
        if isinstance(item, tree.Number):
            rates.append((number(item), None, None))
        elif isinstance(item, tree.Row) and isinstance(item.price, tree.Value):
            rates.append((number(item.price.parts[0].amount), item.start, after(item.end)))  # type: ignore[arg-type]
    return rates


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


def days_in(items: Iterable[tree.Item]) -> tuple[date, ...]:
    """The days among items."""
    return tuple(item.value for item in items if isinstance(item, tree.DateLiteral))


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


def provisional(block: tree.Block, on_account: tree.Group | None) -> Earn | None:
    """What is owed before the close, where a price for that is written."""
    price = None if on_account is None else bracket(on_account.items, "at")
    if price is None:
        return None
    pricing = Pricing(expression_of(first(block, "on")))
    return lambda ask, world: earned([times_base(item) for item in price.items], pricing, ask, world)


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


def day_of(found: tree.Field | None) -> date | None:
    """A date field."""
    item = None if found is None else found.items[0]
    return item.value if isinstance(item, tree.DateLiteral) else None


def taken_back(on_account: tree.Group | None) -> str:
    """What happens to money on account when entitlement falls."""
    said = [item.id for item in on_account.items if isinstance(item, tree.Word)] if on_account is not None else []
    return "never" if "never_taken_back" in said else "at_end" if "taken_back_only_at_its_end" in said else "always"


def payer(block: tree.Block) -> str:
    """Who pays: as written, else as the trade means the kind."""
    found = first(block, "paid_by")
    if found is not None and isinstance(found.items[0], tree.Name):
        return "platform" if found.items[0].id == "platform" else "supplier"
    return "platform" if block.kind in PAYABLE else "supplier"


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


def masked_for(found: tree.Field | None, ask: Ask, world: World) -> Ask:
    """`for` restricts the paying base, and nothing else."""
    where = expression_of(found)
    return ask if where is None else ask.masked(lambda row: passes(where, row, world))


def earn_of(block: tree.Block, per: tuple[str, ...], step: tuple[Fraction, str], where: str) -> Earn:
    """The arithmetic of a kind."""
    base = expression_of(first(block, "on") or first(block, "revenue"))
    qualify = expression_of(first(block, "qualify_on"))
    each = step if where == "on_each_document_line" else None
    price = next((found for key in ("rate", "amount", "tiers") for found in fields(block, key)), None)
    last_day = "last_days" in words(first(block, "changes"))
    pick, highest = picking(words(price), payer(block))
    pricing = Pricing(base, qualify, per[0] if len(per) == 1 else "", pick, each, last_day, highest)
    restriction = first(block, "for")
    items: list[tree.Item] = (
        [WHOLE] if price is None else [times_base(item) if price.key == "rate" else item for item in price.items]
    )
    items = [over_baseline(item, first(block, "baseline")) for item in items]

    def common(ask: Ask, world: World) -> Fraction:
        return earned(items, pricing, masked_for(restriction, ask, world), world)

    match block.kind:
        case "margin_protection":
            return lambda ask, world: after_credit(max(ZERO, common(ask, world) - margin(block, ask, world)), block, ask, world)
        case "composite_margin":
            return lambda ask, world: composite(block, ask, world)
        case "minimum_guarantee":
            return lambda ask, world: of_price(items[0], lacking(block, ask, world), ask, world)  # type: ignore[arg-type]
        case "price_protection":
            return price_cuts("in_stock", "count_too" in words(first(block, "increases")))
        case "commitment":
            return lambda ask, world: max(ZERO, common(ask, world) - counted(block, "counted", ask, world))
        case _:
            return common


def picking(said: list[str], paid_by: str) -> tuple[str, bool]:
    """How a row is picked among those that apply, and whether the best one is the highest amount."""
    if "best_for_supplier" in said or "best_for_platform" in said:
        return "best", (paid_by == "platform") == ("best_for_supplier" in said)
    return "all" if "all_that_match" in said else "first" if "first_that_matches" in said else "exactly_one", False


def lacking(block: tree.Block, ask: Ask, world: World) -> Amounts:
    """What the base lacks of the promised amount, as what a price works on."""
    gap = max(ZERO, counted(block, "promised", ask, world) - counted(block, "on", ask, world))
    return Amounts(gap, gap, 0)


def over_baseline(item: tree.Item, found: tree.Field | None) -> tree.Item:
    """The word `baseline` in a ladder's bounds becomes what it stands for: where there is nothing to grow from, what holds then."""
    if not isinstance(item, tree.Ladder) or found is None:
        return item
    other = bracket(found.items, "else")
    read: tree.Expression = found.items[0]  # type: ignore[assignment]
    if other is not None:
        instead: tree.Expression = other.items[0]  # type: ignore[assignment]
        some = tree.Comparison(">", read, tree.Number(Decimal(0), "", NOWHERE), NOWHERE)
        read = tree.Conditional(some, read, instead, NOWHERE)
    bands = []
    for band in item.bands:
        bound = band.bound
        if isinstance(bound, tree.ShareOf) and isinstance(bound.of, tree.Name) and bound.of.id == "baseline":
            bound = replace(bound, of=read)
        bands.append(replace(band, bound=bound))
    return replace(item, bands=tuple(bands))


def times_base(item: tree.Item) -> tree.Item:
    """Under `rate` a name or formula is times the base, as a written percent is."""
    match item:
        case tree.Row(price=price):
            return replace(item, price=times_base(price))  # type: ignore[arg-type]
        case tree.Value(parts=parts):
            kinds = [replace(part, kind="rate") if part.kind == "formula" else part for part in parts]
            return replace(item, parts=tuple(kinds))
        case tree.ValueIf(then=then, otherwise=otherwise):
            return replace(item, then=times_base(then), otherwise=times_base(otherwise))  # type: ignore[arg-type]
        case tree.Ladder(bands=bands):
            return replace(item, bands=tuple(replace(band, price=times_base(band.price)) for band in bands))  # type: ignore[arg-type]
        case _:
            return item


def measured(block: tree.Block, ask: Ask, world: World) -> Fraction:
    """A measure that is priced like a clause, exact."""
    rows = next((found for key in ("rate", "amount", "tiers") for found in fields(block, key)), None)
    assert rows is not None
    items = [times_base(item) if rows.key == "rate" else item for item in rows.items]
    pick, _ = picking(words(rows), "")
    return earned(items, Pricing(expression_of(first(block, "on")), None, "", pick), ask, world)


def counted(block: tree.Block, key: str, ask: Ask, world: World) -> Fraction:
    """An expression field that may be absent."""
    found = expression_of(first(block, key))
    return ZERO if found is None else Fraction(of_window(found, ask, world))


def margin(block: tree.Block, ask: Ask, world: World) -> Fraction:
    """What the retailer already has: revenue less cost."""
    return counted(block, "revenue", ask, world) - counted(block, "cost", ask, world)


def after_credit(lacking: Fraction, block: tree.Block, ask: Ask, world: World) -> Fraction:
    """The shortfall less credits, each worth at most what is still lacking."""
    for found in fields(block, "credit"):
        lacking -= min(lacking, Fraction(of_window(found.items[0], ask, world)))  # type: ignore[arg-type]
    return lacking


def composite(block: tree.Block, ask: Ask, world: World) -> Fraction:
    """Deduction and protection, judged apart or together."""
    revenue = expression_of(first(block, "revenue"))
    points = []
    for key in ("deduction", "protection"):
        found = first(block, key)
        assert found is not None
        points.append(earned(found.items, Pricing(revenue), ask, world))
    had = margin(block, ask, world)
    if "together" in words(first(block, "judged")):
        return max(ZERO, points[0] + points[1] - had)
    return points[0] + max(ZERO, points[1] - had)
