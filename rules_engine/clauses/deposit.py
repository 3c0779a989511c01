"""Quality deposit (质保金): what was not wired by the due date is deducted, and all of it comes back, domain.md §3.9.

held through the settlement = required − wired, from the due date; required is nothing from the refund day on
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rules_engine.check.amounts import NOTHING
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, among, of_block
from rules_engine.check.meaning.wording import lump_written, money
from rules_engine.check.prices.earning import Earned, earning
from rules_engine.check.prices.grouping import per_columns
from rules_engine.check.windows import due_day
from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import SHARED, framed
from rules_engine.core.expressions import Aggregate, Arithmetic, Choice, ChoiceRow, Column, Expression, Source, Step
from rules_engine.core.program import Clause, OnAccount, Papers
from rules_engine.core.units import Unit
from rules_engine.syntax.tree import Block
from rules_engine.values.period import WindowSpec

WIRED = Aggregate("sum", Column("amount", Unit.MONEY), (Source("deposit_payment", 1),), None, Unit.MONEY)
PHRASES = {
    "required": ("deposit required", "应缴质保金"),
    "wired": ("deposit wired", "已汇质保金"),
    "held": ("still to be held", "尚需扣留"),
}


def elaborate(block: Block, env: Environment, kind: ClauseKind) -> Clause:
    """The clause; when it is due and what happens if the first settlement is too small must be written."""
    fields = of_block(block, env)
    fields.allow({*SHARED, *kind.fields} - {"on", "for", "qualify_on", "baseline", "rate", "tiers", "free", "period"})
    demand_due(fields, env)
    per = per_columns(fields)
    earned = earning(fields, per, env)
    required = Step("required", until(refund_day(fields, env), earned.earn))
    held = Step("held", Arithmetic("-", (required, Step("wired", WIRED)), Unit.MONEY))
    clause = framed(block, fields, per, Earned(held, None, earned.groups), env, kind)
    collect = "within_net" if among(fields.get("unpaid"), ("rest_carried",)) else "in_full"
    return replace(clause, period=WindowSpec("term"), on_account=OnAccount("settlement"), changes="last", collect=collect)


def until(refund: date | None, required: Expression) -> Expression:
    """The amount before the refund day, nothing from that day on."""
    if refund is None:
        return required
    rows = (ChoiceRow(required, end=refund), ChoiceRow(NOTHING, otherwise=True))
    return Choice(rows, Unit.MONEY)


def refund_day(fields: Fields, env: Environment) -> date | None:
    """The day on which the deposit is given back, if the contract names one."""
    field = fields.get("refund")
    return due_day(field.items[0], env) if field else None


def demand_due(fields: Fields, env: Environment) -> None:
    """Refuse a deposit without a due date or without a rule for a first settlement that is too small."""
    if not fields.has("due"):
        env.note(
            "SE0201",
            fields.span,
            why=("it is not said by when the deposit must be wired.", "没有写质保金最迟何时汇到。"),
            fix=("due 7 working days after signing", "支付 签订后 7 个工作日"),
        )
    if not among(fields.get("unpaid"), ("rest_carried", "rest_negative")):
        missing = lump_written(fields.get("amount")) or Decimal(30_000)
        net = missing * 3 / 5
        whole, now, rest = money(missing), money(net), money(missing - net)
        env.note(
            "SE0508",
            fields.span,
            why=(
                (
                    f"{whole} still missing and a first settlement of {now}: with the rest carried, {now} is deducted now and {rest} next time;\n"
                    f"deducted at once, the first settlement is -{rest}. {rest} lies between the two first statements."
                ),
                f"尚缺 {whole}，首期结算只有 {now}：余额结转则本期扣 {now}、下期扣 {rest}；\n一次扣足则首期为 -{rest}。首期结算相差 {rest}。",
            ),
            fix=("unpaid deducted from the first settlement, rest carried", "未缴 从首次结算扣除, 余额结转"),
        )


CLAUSE = ClauseKind(
    "deposit",
    ("Quality deposit", "质保金"),
    "supplier",
    Papers("receipt", "cash", "none"),
    elaborate,
    ("unpaid", "refund"),
    PHRASES,
    "within_net",
)
