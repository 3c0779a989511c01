"""`limit`: a bound over several clauses."""

from __future__ import annotations

from typing import NoReturn

from rules_engine.check.declared.bounds import bounds
from rules_engine.check.header import rounding
from rules_engine.check.meaning.environment import Environment, Refusal
from rules_engine.check.meaning.expressions import refuse_goods
from rules_engine.check.meaning.fields import items, of_block
from rules_engine.check.meaning.unknown import unknown
from rules_engine.core.expressions import Rounding
from rules_engine.core.program import Clause, Limit
from rules_engine.syntax.tree import Block, Name, Text

KEYS = ("of", "at_most", "at_least", "source", "rounding", "note")


def limit(block: Block, clauses: dict[str, Clause], env: Environment) -> Limit:
    """The limit; its members are clauses that the same side pays. Where every member was refused there is nothing more to say."""
    fields = of_block(block, env)
    fields.allow(KEYS)
    names = [name for field in fields.all("of") for name in items(field, Name)]
    for name in names:
        if name.id not in env.clause_blocks:
            unknown("SE0307", name.id, name.span, env.clause_blocks, env)
    found = bounds(fields, (), None, env)
    if not names or not found:
        env.refuse(
            "SE0201",
            fields.span,
            why=("a limit needs its members and a bound.", "限额需要列出条款并写明上限或下限。"),
            fix=("of annual_purchase\nat most 5% of purchases in each year", "对 年度采购\n上限 采购额 的 5% 每年"),
        )
    members = [clauses[name.id] for name in names if name.id in clauses]
    if not members:
        raise Refusal
    if len({clause.payer for clause in members}) > 1:
        env.refuse(
            "SE0202",
            *(name.span for name in names),
            why=(
                "the members are paid by different sides, so their sum is not one side's money.",
                "各条款由不同方支付，其合计不是任何一方的金额。",
            ),
            fix=("write one limit for each side.", "每一方各写一个限额。"),
        )
    for name in names:
        refuse_goods(name, env)
    if any(clause.goods for clause in members):
        env.refuse(
            "SE0202",
            *(name.span for name in names),
            why=("a limit is a line of money; a member moves goods.", "限额行是金额，而所列条款涉及货品。"),
            fix=("write the bound into the clause itself: `at most …`.", "把上下限写进条款本身：“上限 …”。"),
        )
    if any(bound.side == "least" for bound in found) and len({clause.shares for clause in members}) > 1:
        refuse_payees(names, env)
    mode, to, _ = rounding(fields.get("rounding"), (env.header.rounding, "line"))
    source = next((item.value for field in fields.all("source") for item in items(field, Text)), "")
    lines = env.lines(block.span)
    return Limit(
        block.id,
        block.title or block.id,
        tuple(name.id for name in names),
        found,
        members[0].papers,
        Rounding(mode, to),
        source,
        "\n".join(lines).rstrip(),
        block.span,
    )


def refuse_payees(names: list[Name], env: Environment) -> NoReturn:
    """A floor is one line of money, so its members pay the same parties in the same shares."""
    env.refuse(
        "SE0202",
        *(name.span for name in names),
        why=(
            "what a floor adds belongs to no single member, and the members pay different parties: 100.00 added to 60.00 and 40.00 has no payee.",
            "下限的补足额不属于任何一个条款，而各条款的收款方不同：在 60.00 与 40.00 之外补足的 100.00 没有收款方。",
        ),
        fix=("give the members the same `to …`, or write `at least` into each clause.", "让各条款的“至 …”相同，或在各条款内写“下限”。"),
    )
