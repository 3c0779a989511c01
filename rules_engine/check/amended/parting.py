"""What cannot go on under one key from an amendment's day goes on under another: the clause's windows before the day, and those from it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from rules_engine.check.amended.versions import FIXED, bare, inside
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.order import readings, reads
from rules_engine.check.meaning.wording import word
from rules_engine.check.prices.bases import can_be_negative
from rules_engine.core.expressions import OrderShare, Priced
from rules_engine.core.program import Clause, Limit
from rules_engine.core.walk import walk
from rules_engine.syntax.tree import Block

Parted = dict[str, tuple[str, ...]]


def changed(old: Clause, new: Clause) -> str:
    """The word of the first thing that one key cannot keep; '' where the clause goes on under its own. A condition can, window
    by window."""
    for name, key in FIXED.items():
        if bare(getattr(old, name)) != bare(getattr(new, name)) and (name != "when" or old.once_reached or new.once_reached):
            return key
    frames = [[(item.side, bare(item.window), item.proportion) for item in clause.bounds] for clause in (old, new)]
    return "" if frames[0] == frames[1] else "at_most"


def may_part(old: Clause, new: Clause, day: date, env: Environment) -> bool:
    """Whether nothing of what the clause owes reaches over the day: no window, no bound, no balance, no return at the earlier price."""
    specs = [item.window or part.period for part in (old, new) for item in part.bounds]
    if any(inside(spec, new, day, env) for spec in (old.period, new.period, *specs)):
        return False
    for part in (old, new):
        if part.draws or part.once_reached or part.negative == "carry" or part.collect != "in_full" or part.reverses is not None:
            return False
        if any(isinstance(item, OrderShare) for item in walk(part.earn)):
            return False
    return _same_price(old, new) or not (new.base is not None and can_be_negative(new.base, env))


def _same_price(old: Clause, new: Clause) -> bool:
    """Whether a return would be priced alike under both texts."""
    return isinstance(old.earn, Priced) and isinstance(new.earn, Priced) and bare(old.earn.price) == bare(new.earn.price)


def parted(old: Clause, new: Clause, day: date, number: int) -> tuple[Clause, Clause]:
    """The clause up to the day, and from it on under the number of its text."""
    later = replace(
        new,
        id=f"{new.id}.{number}",
        start=max(new.start, day),
        earlier=(*old.earlier, (old.text, old.span)),
        notices=tuple(dict.fromkeys((*old.notices, *new.notices))),
    )
    return replace(old, end=min(old.end, day)), later


def refuse_parted(name: str, block: Block, over: Sequence[Block], env: Environment) -> None:
    """An exception is over a clause of one text; which part of a parted one it would change is not said."""
    if name not in env.parted:
        return
    env.refuse(
        "SE0218",
        (block.id_span, ("amended here", "在此变更")),
        (over[0].id_span, ("an exception over it", "针对它的例外")),
        why=(
            f"from the amendment's day on `{name}` is settled as `{env.parted[name][-1]}`, and the exception would hold for one part of it.",
            f"自补充协议生效日起，“{name}”以“{env.parted[name][-1]}”结算，例外只会对其中一部分成立。",
        ),
        fix=(f"end {name}\n(and add the new text under another name)", f"终止 {name}\n（以新名称新增条款）"),
    )


def members(limit: Limit, found: Parted) -> Limit:
    """A limit over a parted clause is over all its parts."""
    return replace(limit, members=tuple(part for name in limit.members for part in found.get(name, (name,))))


def demand_one_payer(limits: Mapping[str, Limit], clauses: Mapping[str, Clause], env: Environment) -> None:
    """Refuse a part whose other payer, or other payees under a floor, would make a limit's sum nobody's money."""
    for item in limits.values():
        parts = [clauses[name] for name in item.members if name in clauses]
        floors = any(bound.side == "least" for bound in item.bounds)
        later = next((part for part in parts if "." in part.id and (part.payer != parts[0].payer or (floors and part.shares != parts[0].shares))), None)
        if later is not None:
            env.note(
                "SE0218",
                (later.span, ("amended here", "在此变更")),
                (item.span, ("a limit over both", "对两者的限额")),
                why=(
                    f"`{item.id}` adds up what its members owe, and from the amendment's day on another side pays: the sum is no one's money.",
                    f"“{item.id}”把各条款的金额相加，而自生效日起由另一方支付，其合计不是任何一方的金额。",
                ),
                fix=("end the clause, and add the new text under another name outside the limit.", "终止该条款，以新名称新增，并移出该限额。"),
            )


def demand_unread(found: Parted, clauses: Mapping[str, Clause], limits: Mapping[str, Limit], env: Environment) -> None:
    """Refuse a parted clause that another declaration reads: it would read one part of it."""
    for name, parts in found.items():
        last = clauses.get(parts[-1])
        reading = [item for other, item in clauses.items() if other not in parts and name in (*reads(item, {}, env), item.reverses and item.reverses.clause)]
        amounts = [adding.amount for balance in env.balances.values() for adding in balance.adds]
        amounts += [bound.amount for item in limits.values() for bound in item.bounds]
        amounts += [measure.expression for measure in env.measures.values()]
        if last is not None and (reading or any(item.clause == name for item in readings(iter(amounts), env))):
            env.note(
                "SE0218",
                (last.span, ("amended here", "在此变更")),
                *((item.span, ("reads its result", "引用其结果")) for item in reading[:1]),
                why=(
                    f"from the amendment's day on `{name}` is settled as `{parts[-1]}`, and what reads `result of {name}` would read only the part before.",
                    f"自补充协议生效日起，“{name}”以“{parts[-1]}”结算；引用“{word('result_of', 'zh')} {name}”只能读到之前的部分。",
                ),
                fix=(
                    f"end {name}\n(add the new text under another name, and read both where `{name}` is read)",
                    f"终止 {name}\n（以新名称新增条款，并在引用处引用两者）",
                ),
            )
