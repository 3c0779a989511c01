"""`period`: the judging window and the points before its close."""

from __future__ import annotations

from decimal import Decimal

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, first, group, items, words
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.wording import lump_written, money
from rules_engine.check.prices.grouping import RowFilters, per_columns
from rules_engine.check.prices.prices import price
from rules_engine.check.prices.pricing import Pricing
from rules_engine.check.windows import window, yearly
from rules_engine.core.expressions import Expression, Price
from rules_engine.core.program import OnAccount
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax.tree import DateLiteral, Group, Ladder, Value, Window
from rules_engine.values.period import WindowSpec

ONE_DOCUMENT = frozenset({"document", "document_line"})
"""Groups that lie inside one day: every window gives them the same amount."""

TAKEN_BACK = {"never_taken_back": "never", "taken_back_only_at_its_end": "at_end"}


def window_of(fields: Fields, env: Environment) -> WindowSpec:
    """The judging window; without `period` a dated amount has the term, everything else each settlement."""
    field = fields.get("period")
    found = first(field, Window) if field else None
    if found is not None:
        if found.kind == "rolling":
            env.refuse(
                "SE0214",
                found.span,
                why=(
                    "rolling windows overlap, so a document would be paid in several of them: 100.00 in three rolling months is paid three times.",
                    "滚动期间相互重叠，同一单据会被重复计付：三个滚动月会把 100.00 付三次。",
                ),
                fix=("period month", "周期 月"),
            )
        return window(found, env)
    if fields.has("due", "spread_by_day"):
        return WindowSpec("term")
    demand_period(fields, env)
    return WindowSpec("settlement")


def demand_period(fields: Fields, env: Environment) -> None:
    """An amount that multiplies nothing, or a ladder, pays differently by month and by year."""
    lump = fields.has("amount") and not fields.has("on", "qualify_on")
    if lump:
        once = lump_written(fields.get("amount")) or Decimal(1_000)
        each, year = money(once), money(once * 12)
        env.note(
            "SE0518",
            fields.span,
            why=(
                (
                    f"an amount without a period is owed once or with every statement. {each} a month is {year} in a year, once it is {each}:\n"
                    f"{money(once * 11)} lies between the two."
                ),
                f"没有写周期的金额，可能只付一次，也可能每次结算都付：每月 {each} 一年是 {year}，一次只是 {each}，\n相差 {money(once * 11)}。",
            ),
            fix=("period month\n(or `period term`, or a `due` date)", "周期 月\n（或“周期 期限”，或写“支付”日期）"),
        )
    elif judged_tiers(fields) and ONE_DOCUMENT.isdisjoint(per_columns(fields)):
        env.note(
            "SE0518",
            fields.span,
            why=(
                (
                    "tiers are judged in a window: with 1% from 1,000,000.00, twelve months of 100,000.00 each earn nothing month by month\n"
                    "and 12,000.00 over the year: 12,000.00 lies between the two."
                ),
                "阶梯要在一个期间内判定：满 1,000,000.00 返 1%，每月 100,000.00，按月判定为零，按年判定为 12,000.00，相差 12,000.00。",
            ),
            fix=("period year, on account monthly", "周期 年, 每月预结"),
        )


def judged_tiers(fields: Fields) -> bool:
    """Whether a ladder is judged in a window; one along a counter prices each document once."""
    return any(not ladder.along for field in fields.all("tiers") for ladder in items(field, Ladder))


def on_account(fields: Fields, per: tuple[str, ...], base: Expression | None, env: Environment) -> OnAccount | None:
    """The points before the close, or None where everything waits for the end."""
    bracket = group(fields.get("period"), "on_account")
    if bracket is None:
        return OnAccount("settlement") if by_nature_on_account(fields) else None
    found = first(bracket, Window)
    named = words(bracket)
    days = tuple(sorted((*(item.value for item in items(bracket, DateLiteral)), *yearly(bracket, env))))
    every = found.kind if found else "document" if "each_document" in named else "dates"
    back = next((TAKEN_BACK[word] for word in named if word in TAKEN_BACK), "always")
    return OnAccount(every, days, back, provisional(bracket, per, base, env))


def by_nature_on_account(fields: Fields) -> bool:
    """Dated and day-by-day amounts fall due inside their window."""
    return not fields.has("period") and fields.has("due", "spread_by_day")


def provisional(bracket: Group, per: tuple[str, ...], base: Expression | None, env: Environment) -> Price | None:
    """`at 1.1%`: the price at every point before the close."""
    inner = group(bracket, "at")
    written = first(inner, Value) if inner else None
    if written is None or base is None:
        return None
    unit = unit_of(base)
    return price(written, Pricing(WindowScope(env, per), unit, unit, Unit.MONEY, RowFilters(env, base, per)))
