"""The arithmetic of each kind: what a block earns for a group and a window."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from rules_engine.source import NOWHERE
from rules_engine.syntax import tree
from tests.naive.expressions import of_window, passes
from tests.naive.fields import bracket, expression_of, fields, first, words
from tests.naive.memory import price_cuts
from tests.naive.prices import Amounts, Pricing, earned, of_price
from tests.naive.terms import Earn
from tests.naive.world import Ask, World

ZERO = Fraction(0)
WHOLE = tree.Value(
    (tree.Part("rate", tree.Number(Decimal(100), "percent", NOWHERE), Decimal(1), "", "", NOWHERE),), None, None, NOWHERE
)
PAYABLE = ("goods", "allowance")


def provisional(block: tree.Block, on_account: tree.Group | None) -> Earn | None:
    """What is owed before the close, where a price for that is written."""
    price = None if on_account is None else bracket(on_account.items, "at")
    if price is None:
        return None
    pricing = Pricing(expression_of(first(block, "on")))
    return lambda ask, world: earned([times_base(item) for item in price.items], pricing, ask, world)


def payer(block: tree.Block) -> str:
    """Who pays: as written, else as the trade means the kind."""
    found = first(block, "paid_by")
    if found is not None and isinstance(found.items[0], tree.Name):
        return "platform" if found.items[0].id == "platform" else "supplier"
    return "platform" if block.kind in PAYABLE else "supplier"


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
    changes = words(first(block, "changes"))
    pick, highest = picking(words(price), payer(block))
    pricing = Pricing(base, qualify, per[0] if len(per) == 1 else "", pick, each, "last_days" in changes, highest, "continue" in changes)
    restriction = first(block, "for")
    items: list[tree.Item] = (
        [WHOLE] if price is None else [times_base(item) if price.key == "rate" else item for item in price.items]
    )
    items = [over_baseline(item, first(block, "baseline")) for item in items]
    dated = [item for found in fields(block, "tiers") for item in found.items if isinstance(item, tree.Ladder)]
    if len(dated) > 1:
        items = [tree.Row(item, (), None, None, item.start, item.end, False, False, NOWHERE) for item in dated]

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
