"""Exceptions: while its condition holds, an exception's fields stand in for those of the clauses it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import NoReturn

from rules_engine.check.amended.versions import FIXED, bare, inside
from rules_engine.check.days import days_of
from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.expressions import condition
from rules_engine.check.meaning.fields import Fields, first, items, of_block, others
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.unknown import unknown
from rules_engine.check.meaning.wording import word
from rules_engine.check.prices.coverage import proven_apart
from rules_engine.check.prices.earning import PRICE_KEYS
from rules_engine.check.prices.filters import conjuncts, interval
from rules_engine.check.prices.grouping import GroupFilters
from rules_engine.check.prices.lumps import lump_choice
from rules_engine.check.prices.pricing import Pricing
from rules_engine.core.expressions import (
    Arithmetic,
    Choice,
    ChoiceRow,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    Parts,
    Row,
    Step,
)
from rules_engine.core.program import Bound, Clause
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.tree import Block, DateLiteral, Field, Name, Word

OWN = ("over", "when", "outranks", "from", "until", "source", "note")
REPLACED = (*PRICE_KEYS, "for", "on", "qualify_on", "baseline", "at_most", "at_least", "revenue", "cost", "credit", "counted")
KEPT = frozenset(FIXED) - {"base", "when", "once_reached"}
Elaborate = Callable[[Block], Clause]


@dataclass(frozen=True, slots=True)
class Excepting:
    """An exception over one clause: its condition there, and the clause as it stands while that holds."""

    block: Block
    when: Expression
    clause: Clause
    outranks: tuple[str, ...]


def excepted(
    clause: Clause, block: Block, found: Sequence[Block], elaborate: Elaborate, env: Environment
) -> Clause:
    """The clause with the exceptions over it; each row of the choice is an exception, the last the clause as written."""
    read = [one for item in found if (one := _read(clause, block, item, elaborate, env)) is not None]
    if not read:
        return clause
    for one, two in combinations(read, 2):
        demand_order(one, two, clause, env)
    whens = {one.block.id: standing(one, read) for one in read}
    names = tuple(one.block.id for one in read)
    rows = tuple(
        ChoiceRow(Step(label(one.block), one.clause.earn, one.block.id_span), when=whens[one.block.id]) for one in read
    )
    earn = Choice((*rows, ChoiceRow(clause.earn, otherwise=True)), unit_of(clause.earn), clause.span, exclusive=names)
    return replace(
        clause,
        earn=earn,
        bounds=tuple(_bound(place, clause, read, whens, names) for place in range(len(clause.bounds))),
        phrases={**clause.phrases, **{label(one.block): said(one.block) for one in read}},
        notices=tuple(dict.fromkeys((*clause.notices, *(note for one in read for note in one.clause.notices)))),
    )


def label(block: Block) -> str:
    """The name of the exception's step in a trace."""
    return f"except {block.id}"


def said(block: Block) -> tuple[str, str]:
    """How an explanation names the exception."""
    title = f" “{block.title}”" if block.title else ""
    return f"exception {block.id}{title}", f"例外 {block.id}{title}"


def standing(one: Excepting, read: Sequence[Excepting]) -> Expression:
    """The exception's own condition, and none of those that outrank it."""
    above = [other.when for other in read if one.block.id in other.outranks]
    if not above:
        return one.when
    return Logic("and", (one.when, *(Logic("not", (other,), one.block.id_span) for other in above)), one.block.id_span)


def _read(clause: Clause, block: Block, item: Block, elaborate: Elaborate, env: Environment) -> Excepting | None:
    fields = of_block(item, env)
    try:
        return _written(clause, block, item, fields, elaborate, env)
    except Refusal:
        return None


def _written(
    clause: Clause, block: Block, item: Block, fields: Fields, elaborate: Elaborate, env: Environment
) -> Excepting:
    fields.allow((*OWN, *REPLACED, *FIXED.values()))
    for field in fields.fields:
        if field.key not in (*OWN, *REPLACED):
            refuse_kept(field.key, item, block, env)
    scope = WindowScope(env, clause.per)
    gate = fields.get("when")
    if gate is None:
        refuse_always(item, env)
    when = condition(others(gate, Word)[0], scope)  # type: ignore[arg-type]
    when = in_force(fields, when, clause, item, block, env)
    ranked = tuple(name.id for field in fields.all("outranks") for name in items(field, Name))
    new = [field for field in item.fields if field.key not in OWN]
    if not new:
        refuse_empty(item, env)
    if fields.has("amount") and clause.base is not None:
        earn = fixed_amount(fields, clause, env)
        rest = tuple(field for field in new if field.key != "amount")
        under = elaborate(merged(block, rest)) if rest else clause
        return Excepting(item, when, replace(under, earn=earn), ranked)
    under = elaborate(merged(block, tuple(new)))
    for name in KEPT:
        if bare(getattr(clause, name)) != bare(getattr(under, name)):
            refuse_kept(FIXED[name], item, block, env)
    return Excepting(item, when, bounded(under, clause, item, block, env), ranked)


def in_force(fields: Fields, when: Expression, clause: Clause, item: Block, block: Block, env: Environment) -> Expression:
    """The condition on the exception's own days; they begin and end with windows of the clause."""
    tests = [when]
    for key, op in (("from", ">="), ("until", "<=")):
        field = fields.get(key)
        day = first(field, DateLiteral) if field else None
        if day is None:
            continue
        turn = day.value if key == "from" else day.value + timedelta(days=1)
        if inside(clause.period, clause, turn, env):
            refuse_inside(field, block, env)
        tests.insert(0, Compare(op, Column("end_of_window", Unit.DATE, "window", day.span), Constant(day.value, Unit.DATE, day.span), day.span))
    return when if len(tests) == 1 else Logic("and", tuple(tests), item.id_span)


def merged(block: Block, new: tuple[Field, ...]) -> Block:
    """The clause's text with the exception's fields in the place of its own."""
    keys = {field.key for field in new}
    if keys & set(PRICE_KEYS):
        keys |= set(PRICE_KEYS)
    return replace(block, fields=(*(field for field in block.fields if field.key not in keys), *new))


def fixed_amount(fields: Fields, clause: Clause, env: Environment) -> Expression:
    """An amount that takes the place of base times price."""
    field = fields.get("amount")
    assert field is not None
    pricing = Pricing(WindowScope(env, clause.per), None, None, Unit.MONEY, GroupFilters(env, clause.per), days_of(fields, env))
    return lump_choice(field, pricing)


def bounded(under: Clause, clause: Clause, item: Block, block: Block, env: Environment) -> Clause:
    """A bound that only the exception has binds each calculation unit; any other takes the place of the clause's own."""
    if [_frame(one) for one in under.bounds] == [_frame(one) for one in clause.bounds]:
        return under
    if clause.bounds:
        refuse_kept("at_most", item, block, env)
    earn = under.earn
    for bound in under.bounds:
        if not same_window(bound, clause, env) or bound.proportion or (bound.side == "least" and clause.on_account):
            refuse_kept("at_most" if bound.side == "most" else "at_least", item, block, env)
        op = "min" if bound.side == "most" else "max"
        earn = Arithmetic(op, (earn, bound.amount), unit_of(earn), bound.span)
    return replace(under, earn=earn, bounds=())


def same_window(bound: Bound, clause: Clause, env: Environment) -> bool:
    """Whether the bound counts just the clause's own windows."""
    own = env.header.settle if clause.period.kind == "settlement" else clause.period
    wide = env.header.settle if bound.window is not None and bound.window.kind == "settlement" else bound.window
    return wide in (None, own)


def _frame(bound: Bound) -> object:
    return bound.side, bare(bound.window), bound.proportion


def _bound(
    place: int, clause: Clause, read: Sequence[Excepting], whens: Mapping[str, Expression], names: tuple[str, ...]
) -> Bound:
    own = clause.bounds[place]
    changed = [one for one in read if one.clause.bounds and bare(one.clause.bounds[place].amount) != bare(own.amount)]
    if not changed:
        return own
    rows = tuple(ChoiceRow(one.clause.bounds[place].amount, when=whens[one.block.id]) for one in changed)
    return replace(own, amount=Choice((*rows, ChoiceRow(own.amount, otherwise=True)), unit_of(own.amount), own.span, exclusive=names))


def over(blocks: Sequence[Block], clauses: Mapping[str, Clause], env: Environment) -> dict[str, list[Block]]:
    """Clause id → the exceptions over it; names of nothing are refused."""
    found: dict[str, list[Block]] = {}
    known = {block.id for block in blocks}
    for block in blocks:
        for name, key in _names(block):
            with env.field_of():
                if key == "outranks" and name.id not in known:
                    unknown("SE0307", name.id, name.span, known, env)
                if key == "over" and name.id not in clauses:
                    if name.id in env.clause_blocks:
                        continue
                    unknown("SE0307", name.id, name.span, clauses, env)
                if key == "over":
                    found.setdefault(name.id, []).append(block)
    return found


def _names(block: Block) -> Iterator[tuple[Name, str]]:
    for field in block.fields:
        if field.key in ("over", "outranks"):
            yield from ((name, field.key) for name in items(field, Name))


def demand_order(one: Excepting, two: Excepting, clause: Clause, env: Environment) -> None:
    """Refuse two exceptions that are proven to hold together with no word on which counts; the run finds the rest."""
    if one.block.id in two.outranks or two.block.id in one.outranks:
        return
    rows = [Row(Parts(()), when=item.when) for item in (one, two)]
    if bare(one.clause.earn) == bare(two.clause.earn) or proven_apart(*rows) or not meet(one.when, two.when):
        return
    first, second = one.block.id, two.block.id
    env.note(
        "SE0575",
        (one.block.id_span, ("this exception holds", "这项例外成立")),
        (two.block.id_span, ("and so does this one", "这项也成立")),
        why=(
            f"both can hold for `{clause.id}` at once: under `{first}` it pays one amount, under `{second}` another (of 1,000.00 at 0% and at 3%, 30.00 apart).",
            f"两项例外可同时对“{clause.id}”成立：按“{first}”付一个金额，按“{second}”付另一个（1,000.00 按 0% 与 3% 相差 30.00）。",
        ),
        fix=(f"outranks {second}\n(in `{first}`, or the other way round)", f"优先于 {second}\n（写在“{first}”中，或反之）"),
    )


def meet(one: Expression, two: Expression) -> bool:
    """Whether two conditions are proven to hold together somewhere: bounds of one and the same number that leave room."""
    found = [[interval(item) for item in conjuncts(when)] for when in (one, two)]
    columns = {item[0] for side in found for item in side if item is not None}
    return len(columns) == 1 and all(item is not None for side in found for item in side)


def refuse_always(item: Block, env: Environment) -> NoReturn:
    """An exception without a condition would be the rule."""
    env.refuse(
        "SE0201",
        item.id_span,
        why=(
            "it is not said when the exception holds; held always it would be the clause itself.",
            "没有写明例外何时成立；若始终成立，它就是条款本身。",
        ),
        fix=("when recall_open", "当 召回中"),
    )


def refuse_empty(item: Block, env: Environment) -> NoReturn:
    """An exception that changes nothing."""
    env.refuse(
        "SE0201",
        item.id_span,
        why=("the exception replaces no field, so nothing changes while it holds.", "该例外没有替换任何字段，成立时金额不变。"),
        fix=("amount 0", "金额 0"),
    )


def refuse_inside(field: Field | None, block: Block, env: Environment) -> NoReturn:
    """An exception that begins or ends in the middle of one of the clause's windows."""
    assert field is not None
    env.refuse(
        "SE0574",
        (field.span, ("inside a window", "落在期间之内")),
        (block.id_span, ("the clause it is over", "所针对的条款")),
        why=(
            f"`{block.id}` has one amount for each of its windows; from the middle of one on, an exception at 0 would take back all of a window's 90.00 or nothing.",
            f"“{block.id}”每个期间只有一个金额；若例外（金额 0）从期间之中开始，该期间的 90.00 或全部冲回，或分文不动。",
        ),
        fix=("begin and end it with a window of the clause.", "请让例外与条款的期间同时开始和结束。"),
    )


def refuse_kept(key: str, item: Block, block: Block, env: Environment) -> NoReturn:
    """An exception that would move the clause's windows, groups or papers."""
    span: Span = next((field.span for field in item.fields if field.key == key), item.id_span)
    env.note(
        "SE0574",
        (span, ("changed here", "在此变更")),
        (block.id_span, ("the clause it is over", "所针对的条款")),
        why=(
            (
                f"`{word(key, 'en')}` decides under which key money is posted or which window a bound counts; were it to come and go with a\n"
                "condition, the 100.00 posted under the one would be taken back under no line of the other."
            ),
            f"“{word(key, 'zh')}”决定金额按哪个键入账或上下限按哪个期间计；若随条件变化，按一种入账的 100.00 无从在另一种之下冲回。",
        ),
        fix=("write it as a clause of its own with the condition behind `when`.", "另写一个条款，把条件写在“当”之后。"),
    )
    raise Refusal
