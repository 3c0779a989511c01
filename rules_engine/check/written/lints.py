"""Warnings: lawful limits and terms that cost more than they seem to. They never stop a run."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.core.program import Clause, Program
from rules_engine.diagnostics.model import Severity

LEGAL_DAYS = 60
MOST_LEVELS = 2


def warn_payment_term(program: Program, env: Environment) -> None:
    """Order 17 of 2006 and Order 802: at most 60 days after receipt or delivery."""
    pay = program.header.pay
    days = {"days": pay.count, "months": pay.count * 30, "working_days": pay.count * 7 // 5}.get(pay.unit, pay.count)
    if days > LEGAL_DAYS:
        env.note(
            "SW0902",
            env.header_span,
            why=(
                (
                    f"{pay.count} {pay.unit.replace('_', ' ')} is longer than the 60 days after receipt that Order 17 of 2006 allows retailers with yearly sales of\n"
                    "10 million or more, and Order 802 of 2025 allows large buyers of small suppliers."
                ),
                (
                    f"账期 {pay.count}（{pay.unit}）超过 60 天：《零售商供应商公平交易管理办法》（2006 年第 17 号令）与\n"
                    "《保障中小企业款项支付条例》（2025 年第 802 号令）对适用主体的上限。"
                ),
            ),
            fix=("pay 60 days after statement", "付款 对账后 60 天"),
            severity=Severity.WARNING,
        )


def warn_monthly_guarantee(program: Program, env: Environment) -> None:
    """A guarantee judged by month keeps what a good month would have made up for."""
    for clause in program.clauses.values():
        if clause.kind in ("margin_protection", "composite_margin") and clause.period.kind in ("month", "settlement"):
            env.note(
                "SW0903",
                clause.span,
                why=(
                    (
                        "judged by month, a month 500.00 short and the next 300.00 above costs 500.00; judged by year it costs 200.00. The sum of the months is\n"
                        "never less than the year."
                    ),
                    "按月核算，一个月缺 500.00、次月超 300.00，应补 500.00；按年核算只补 200.00。各月之和不会低于全年。",
                ),
                fix=("period year, on account monthly", "周期 年, 每月预结"),
                severity=Severity.WARNING,
            )


def warn_levels(program: Program, env: Environment) -> None:
    """Commissions of more than two levels: two are used, three are the red line of the law on pyramid selling."""
    for clause in program.clauses.values():
        levels = _levels(program, clause)
        if clause.kind == "commission" and len(levels) > MOST_LEVELS:
            named, count = ", ".join(levels), len(levels)
            env.note(
                "SW0915",
                clause.span,
                why=(
                    f"{count} parties one below the other live on one sale: {named}. Up to two levels are in use; from three on it may be pyramid selling.",
                    f"同一笔销售的佣金经过 {count} 级：{named.replace(', ', '、')}。通行的是两级，三级及以上可能被认定为传销。",
                ),
                fix=("share it among two parties at most.", "最多由两方分得。"),
                severity=Severity.WARNING,
            )


def _levels(program: Program, clause: Clause) -> tuple[str, ...]:
    """The parties a commission passes through: those it is shared among, below the one that pays it and who pays that one."""
    own = [share.party for share in clause.shares if share.party in program.header.parties]
    above, payer = list[str](), clause.payer
    while payer in program.header.parties and payer not in above:
        above.insert(0, payer)
        payer = next((item.payer for item in program.clauses.values() if any(share.party == payer for share in item.shares)), "")
    return tuple(dict.fromkeys((*above, *own)))
