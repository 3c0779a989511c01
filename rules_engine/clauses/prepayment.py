"""Prepayments applied against what is payable, never below a net of zero; money for a named order to that order's goods first.

applied of an order = min(prepaid for it, its goods), then what was prepaid for no order, domain.md §3.11
"""

from __future__ import annotations

from dataclasses import replace

from rules_engine.check.amounts import NOTHING
from rules_engine.check.declared.credits import register
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import window_expression
from rules_engine.check.meaning.fields import Fields, of_block, others, words
from rules_engine.check.meaning.units import expect
from rules_engine.check.meaning.wording import added
from rules_engine.check.prices.earning import Earned, demand_columns, earning
from rules_engine.check.prices.grouping import per_columns
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, all_said, framed, plain
from rules_engine.core.expressions import Arithmetic, Expression, ResultOf, Step
from rules_engine.core.program import Adding, Balance, Clause, Draw, OnAccount, Papers
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block, Field, Word
from rules_engine.values.period import WindowSpec

RESTS = {"rest_stays": "own", "rest_to_other_orders": "all"}
PHRASES = {
    "goods": ("goods of the order", "订单货款"),
    "applied": ("prepaid money for them", "可冲抵的预付款"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; with `applied to`, order by order over the whole term."""
    fields = of_block(block, env)
    field = fields.get("applied_to")
    if field is None:
        return plain(block, env, kind)
    fields.allow({*SHARED, *kind.fields} - {"against", "period", "amount", "tiers", "free", "qualify_on", "baseline"})
    per = per_columns(fields)
    demand_order(fields, per, env)
    demand_rest(field, env)
    with all_said(fields, per, env, kind):
        prepaid = earning(fields, per, env)
        written = others(field, Word)[0]
        found = window_expression(written, env, per)  # type: ignore[arg-type]
        demand_columns(found, per, field.span, env)
        goods = Arithmetic("max", (NOTHING, expect(found, Unit.MONEY, "SE0407", field.span, env)), Unit.MONEY, field.span)
        earn, draw = applied(block, field, prepaid.earn, goods, per, env)
        clause = framed(block, fields, per, Earned(earn, prepaid.base), env, kind, (draw,))
    return replace(clause, period=WindowSpec("term"), on_account=OnAccount("settlement"), changes=clause.changes or "last")


def applied(
    block: Block, field: Field, prepaid: Expression, goods: Expression, per: tuple[str, ...], env: Environment
) -> tuple[Expression, Draw]:
    """What is applied to an order's goods, and the balance it comes from: an account an order, one for no order."""
    name = f"{block.id}.prepaid"
    rest = next(RESTS[word] for word in RESTS if word in words(field))
    adds = (Adding(prepaid, "document", span=field.span),)
    prepayments = Balance(
        name, block.title or block.id, "prepayment", Unit.MONEY, adds, per, rounding=env.header.rounding, shared=rest, span=field.span
    )
    register(prepayments, env)
    taken = Step("applied", ResultOf(name, span=field.span))
    earn = Arithmetic("min", (Step("goods", goods), taken), Unit.MONEY, field.span)
    return earn, Draw(name, "wanted", wanted=goods, span=field.span)


def demand_order(fields: Fields, per: tuple[str, ...], env: Environment) -> None:
    """Which column names the order."""
    if len(per) != 1:
        env.refuse(
            "SE0201",
            fields.span,
            why=("nothing says by which number goods and prepayments belong together.", "没有写明货款与预付款按哪个单号对应。"),
            fix=("per po_id", "按 采购单号"),
        )


def demand_rest(field: Field, env: Environment) -> None:
    """What happens to money that its own order does not use up."""
    if not set(words(field)) & set(RESTS):
        env.refuse(
            "SE0556",
            field.span,
            why=(
                (
                    "50,000.00 are prepaid for PO-1, which delivers 30,000.00; PO-2 delivers 40,000.00: the other 20,000.00 stay for PO-1, or go to\n"
                    "PO-2 and 20,000.00 less are paid out. 20,000.00 lies between the two."
                ),
                "为 PO-1 预付 50,000.00，只到货 30,000.00；PO-2 到货 40,000.00：余下 20,000.00 或留给 PO-1，或抵 PO-2，\n使付款减少 20,000.00，相差 20,000.00。",
            ),
            fix=added(
                field.span,
                (", rest stays", ", 余款保留"),
                ("applied to purchases, rest stays", "冲抵 采购额, 余款保留"),
                env,
            ),
        )


CLAUSE = ClauseKind(
    "prepayment",
    ("Prepayment", "预付款"),
    "supplier",
    Papers("none", "prepayment", "none"),
    elaborate,
    ("unpaid", "refund", "applied_to"),
    PHRASES,
    "within_net",
)
