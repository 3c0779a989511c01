"""`reversal`: a later event gives back what a line took, in proportion to a quantity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from rules_engine.check.declared.periods import window_of
from rules_engine.check.header import rounding
from rules_engine.check.meaning.environment import Both, Environment, Refusal
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, items, of_block, others
from rules_engine.check.meaning.scopes import DocumentScope, sources
from rules_engine.check.meaning.units import expect
from rules_engine.check.meaning.unknown import unknown
from rules_engine.check.meaning.wording import plural
from rules_engine.check.prices.bases import aggregates
from rules_engine.core.expressions import Aggregate, Expression, Rounding, Source
from rules_engine.core.program import Clause, Reversal
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax.tree import Block, Field, Name, Text, Word

KEYS = ("of", "over", "on", "period", "rounding", "source", "note")
EXAMPLES: Mapping[str, Both] = {
    "of": ("of volume", "对 销量返利"),
    "over": ("over customer_returns", "取自 客退单"),
    "on": ("on quantity", "基数 数量"),
}
OPPOSITE = {"platform": "supplier", "supplier": "platform"}


def reversal(block: Block, clauses: Mapping[str, Clause], env: Environment) -> Clause:
    """The clause that gives back: the opposite side pays it, on the same papers, in the same groups."""
    fields = of_block(block, env)
    fields.allow(KEYS)
    for key in EXAMPLES:
        if not fields.has(key):
            refuse_open(key, fields, env)
    taker = taken_by(fields, clauses, env)
    returned = sources(tuple(name for field in fields.all("over") for name in items(field, Name)), -1, env)
    feeding = tuple(
        dict.fromkeys(source.type for item in aggregates(taker.base or taker.earn, env) for source in item.sources if source.sign > 0)
    )
    if not feeding:
        refuse_lump(taker, fields, env)
    demand_once(taker, returned, fields, env)
    quantity = quantity_of(fields.all("on")[0], (*feeding, *(source.type for source in returned)), env)
    mode, to, place = rounding(fields.get("rounding"), (taker.rounding, taker.rounding_place))
    texts = {key: next((item.value for field in fields.all(key) for item in items(field, Text)), "") for key in ("source",)}
    lines = env.lines(block.span)
    return Clause(
        id=block.id,
        kind="reversal",
        title=block.title or ("冲回 " if env.language == "zh" else "Given back: ") + taker.title,
        payer=OPPOSITE[taker.payer],
        earn=Aggregate("sum", quantity, tuple(Source(item.type, -1) for item in returned), None, unit_of(quantity), fields.span),
        base=None,
        per=taker.per,
        groups=(),
        period=window_of(fields, env),
        on_account=None,
        bounds=(),
        rounding=Rounding(mode, to),
        rounding_place=place,
        papers=taker.papers,
        start=env.header.start,
        end=env.header.end,
        source=texts["source"],
        text="\n".join(lines).rstrip(),
        span=block.span,
        reverses=Reversal(taker.id, quantity, feeding, tuple(item.type for item in returned)),
    )


def taken_by(fields: Fields, clauses: Mapping[str, Clause], env: Environment) -> Clause:
    """The one clause that is given back."""
    names = [name for field in fields.all("of") for name in items(field, Name)]
    if len(names) > 1:
        env.refuse(
            "SE0203",
            *(name.span for name in names[:2]),
            why=(
                "each clause took by its own quantities; one line cannot give back two of them.",
                "各条款按各自的数量收取，一行不能同时冲回两个条款。",
            ),
            fix=("write a reversal for each clause.", "每个条款各写一个冲回。"),
        )
    if names[0].id not in clauses:
        if names[0].id in env.clause_blocks:
            raise Refusal
        unknown("SE0307", names[0].id, names[0].span, clauses, env)
    return clauses[names[0].id]


def quantity_of(field: Field, types: tuple[str, ...], env: Environment) -> Expression:
    """The number that is given back, which both the documents that were charged and those that give back have."""
    written = others(field, Word)[0]
    scope = DocumentScope(env, tuple(env.types[name] for name in dict.fromkeys(types)))
    found = expression(written, scope)  # type: ignore[arg-type]
    return found if unit_of(found) in (Unit.MONEY, Unit.NUMBER) else expect(found, Unit.QUANTITY, "SE0402", field.span, env)


def demand_once(taker: Clause, returned: tuple[Source, ...], fields: Fields, env: Environment) -> None:
    """Refuse documents that the clause itself takes off its base: they would give back twice."""
    off = {source.type for item in aggregates(taker.base or taker.earn, env) for source in item.sources if source.sign < 0}
    for source in returned:
        if source.type in off:
            name = (plural(env.types[source.type], "en"), plural(env.types[source.type], "zh"))
            env.refuse(
                "SE0576",
                (fields.span_of("over"), ("given back here", "在此冲回")),
                (taker.span, ("taken off the base here", "此处已从基数中减去")),
                why=(
                    f"`{name[0]}` already lower the base of `{taker.id}`: 40 of 100 units returned of 84.00 give back 33.60 there and 33.60 again here.",
                    f"“{name[1]}”已减少“{taker.id}”的基数：84.00 中退回 100 件的 40 件，在彼处退 33.60，在此又退 33.60。",
                ),
                fix=(
                    "delete the reversal, or take the `less` out of the clause's base.",
                    "删去冲回，或从该条款的基数中去掉“减”。",
                ),
            )


def refuse_lump(taker: Clause, fields: Fields, env: Environment) -> NoReturn:
    """A clause that charged no documents has nothing whose share could come back."""
    env.refuse(
        "SE0201",
        (fields.span_of("of"), ("given back", "要冲回的条款")),
        (taker.span, ("charges no documents", "不按单据收取")),
        why=(
            f"`{taker.id}` is worked out on no documents, so no quantity says which share of 100.00 comes back.",
            f"“{taker.id}”不按单据计算，没有数量说明 100.00 中退回几成。",
        ),
        fix=("write a clause with its own base for what is given back.", "为退回部分另写一个有基数的条款。"),
    )


def refuse_open(key: str, fields: Fields, env: Environment) -> NoReturn:
    """A reversal without what it gives back, over which documents, or by which number."""
    env.refuse(
        "SE0201",
        fields.span,
        why=(
            "a reversal needs the clause (`of`), the documents that give back (`over`) and the number both have (`on`).",
            "冲回需要写明条款（对）、退回的单据（取自）和双方都有的数量（基数）。",
        ),
        fix=EXAMPLES[key],
    )
