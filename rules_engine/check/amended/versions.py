"""Two texts of one clause become one clause: the earlier prices what lies before the day, the later what lies from it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, NoReturn

from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.wording import word
from rules_engine.core.expressions import Choice, ChoiceRow, Constant, Expression, Ladder, Price, Priced, Row, Table
from rules_engine.core.program import Bound, Clause, Draw
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.source import Span
from rules_engine.syntax.tree import Block
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.windows import tile

FIXED: Mapping[str, str] = {
    "payer": "paid_by", "per": "per", "period": "period", "on_account": "period", "base": "on", "rounding": "rounding",
    "rounding_place": "rounding", "papers": "invoice", "when": "when", "once_reached": "when", "negative": "negative",
    "proportion": "proportionally_by_days", "spread": "spread_over", "shares": "to", "due": "due",
    "needs_confirmation": "needs_confirmation", "collect": "unpaid", "funding": "funded", "goods": "invoice",
}  # fmt: skip
"""What an amended clause keeps, and the word it is written with."""


def joined(old: Clause, new: Clause, day: date, block: Block, env: Environment) -> Clause:
    """The clause under both texts; what cannot change is refused by name."""
    for name, key in FIXED.items():
        if bare(getattr(old, name)) != bare(getattr(new, name)) and (name != "when" or old.once_reached):
            refuse(block, old, key, env)
    if old.changes and new.changes and old.changes != new.changes:
        refuse(block, old, "changes", env)
    if new.start not in (old.start, day, env.header.start):
        refuse(block, old, "from", env)
    how = new.changes or old.changes
    return replace(
        new,
        earn=_earn(old, new, day, how, block, env),
        bounds=_bounds(old, new, day, how, block, env),
        draws=_draws(old, new, day, block, env),
        when=_when(old, new, day, how, block, env),
        groups=tuple(dict.fromkeys((*old.groups, *new.groups))),
        start=old.start,
        end=max(new.end, day),
        changes=how,
        notices=tuple(dict.fromkeys((*old.notices, *new.notices))),
        earlier=(*old.earlier, (old.text, old.span)),
    )


def bare(value: Any) -> Any:
    """A value without the places it was written at."""
    if is_dataclass(value):
        parts = ((part.name, getattr(value, part.name)) for part in fields(value))
        return (type(value).__name__, *(bare(item) for _, item in parts if not isinstance(item, Span)))
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    return value


def _earn(old: Clause, new: Clause, day: date, how: str, block: Block, env: Environment) -> Expression:
    if bare(old.earn) == bare(new.earn):
        return new.earn
    if isinstance(old.earn, Priced) and isinstance(new.earn, Priced) and _alike(old.earn, new.earn):
        before, now = old.earn.price, new.earn.price
        if how == "continue" and not (isinstance(before, Ladder) and isinstance(now, Ladder)):
            refuse_split(block, old, env)
        rows = (Row(before, end=day, span=_place(before, old)), Row(now, start=day, span=_place(now, new)))
        return replace(new.earn, price=Table(rows, span=block.id_span))
    if how in ("split", "continue") and inside(old.period, new, day, env):
        refuse_split(block, old, env)
    return chosen(old.earn, new.earn, day)


def _when(old: Clause, new: Clause, day: date, how: str, block: Block, env: Environment) -> Expression | None:
    """The condition of the text in force; a window in which it changes needs the word that its last day decides."""
    if bare(old.when) == bare(new.when):
        return new.when
    if how != "last" and inside(old.period, new, day, env):
        refuse(block, old, "when", env)
    always = Constant(True, Unit.YES_NO)
    return chosen(old.when or always, new.when or always, day)


def _alike(old: Priced, new: Priced) -> bool:
    return all(bare(getattr(old, name)) == bare(getattr(new, name)) for name in ("base", "qualify", "each", "unit"))


def _place(price: Price, clause: Clause) -> Span:
    """Where a row of one text is quoted from: its price, or the clause's first line where that spans rows."""
    return clause.span if isinstance(price, Ladder | Table) else price.span


def chosen(old: Expression, new: Expression, day: date) -> Expression:
    """One of two by the last day seen."""
    return Choice((ChoiceRow(old, end=day), ChoiceRow(new, start=day)), unit_of(new), new.span)


def _draws(old: Clause, new: Clause, day: date, block: Block, env: Environment) -> tuple[Draw, ...]:
    """What is taken from balances; what is asked of a kept credit is that of the text in force."""
    kept = [replace(draw, wanted=None) if draw.how == "wanted" else draw for draw in (*old.draws, *new.draws)]
    half = len(old.draws)
    if bare(tuple(kept[:half])) != bare(tuple(kept[half:])):
        refuse(block, old, "against", env)
    return tuple(
        replace(now, wanted=chosen(before.wanted, now.wanted, day))
        if before.wanted is not None and now.wanted is not None and bare(before.wanted) != bare(now.wanted)
        else now
        for before, now in zip(old.draws, new.draws, strict=True)
    )


def _bounds(old: Clause, new: Clause, day: date, how: str, block: Block, env: Environment) -> tuple[Bound, ...]:
    if bare(old.bounds) == bare(new.bounds):
        return new.bounds
    if [_frame(each) for each in old.bounds] != [_frame(each) for each in new.bounds]:
        refuse(block, old, "at_most", env)
    return tuple(
        _bound(before, now, old, new, day, how, block, env) for before, now in zip(old.bounds, new.bounds, strict=True)
    )


def _bound(before: Bound, now: Bound, old: Clause, new: Clause, day: date, how: str, block: Block, env: Environment) -> Bound:
    if bare(before.amount) == bare(now.amount):
        return now
    if how != "last" and inside(now.window or old.period, new, day, env):
        refuse(block, old, "at_most" if now.side == "most" else "at_least", env)
    return replace(now, amount=chosen(before.amount, now.amount, day))


def _frame(bound: Bound) -> Any:
    return bound.side, bare(bound.window), bound.proportion


def inside(spec: WindowSpec, clause: Clause, day: date, env: Environment) -> bool:
    """Whether the day lies inside a window of the clause, not on its first day."""
    header = env.header
    if spec.kind == "rolling":
        return True
    term = Period(header.start, max(clause.end, day))
    return any(window.start < day < window.end for window in tile(spec, term, header.settle, header.year_start, header.ranges))


def refuse_split(block: Block, old: Clause, env: Environment) -> NoReturn:
    """An amount that counts no documents, or rows and ladders that cannot go on counting."""
    env.note(
        "SE0218",
        (block.id_span, ("amended here", "在此变更")),
        (old.span, ("as it was", "原文")),
        why=(
            (
                f"the day lies inside a window, and what `{block.id}` pays is one amount for the window: a monthly 90.00 that becomes\n"
                "120.00 on the 11th is no sum of two parts."
            ),
            f"生效日落在期间之内，而“{block.id}”每个期间只有一个金额：每月 90.00 自 11 日起改为 120.00，无从分成两段。",
        ),
        fix=("changes last day's", "变更 按末日"),
    )
    raise Refusal


def refuse(block: Block, old: Clause, key: str, env: Environment) -> NoReturn:
    """An amendment that changes what was posted lines stand on."""
    english, chinese = word(key, "en"), word(key, "zh")
    env.note(
        "SE0218",
        (block.id_span, ("amended here", "在此变更")),
        (old.span, ("as it was", "原文")),
        why=(
            (
                f"`{english}` of `{block.id}` cannot change from one day to the next inside a window: what is posted and what is\n"
                "still to be settled would no longer be one amount."
            ),
            f"“{block.id}”的“{chinese}”不能在期间之内变更：已入账与待结算的金额将不再是同一笔。",
        ),
        fix=(
            f"end {block.id}\n(and add the clause with the new `{english}` under another name, or begin on the first day of a window)",
            f"终止 {block.id}\n（另取名称新增带有新“{chinese}”的条款，或自期间首日生效）",
        ),
    )
    raise Refusal
