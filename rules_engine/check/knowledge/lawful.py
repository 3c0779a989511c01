"""What Chinese rules on retailers and suppliers say of terms that the text alone shows; each says to whom it applies."""

from __future__ import annotations

from fractions import Fraction

from rules_engine.check.knowledge.ladders import drawn
from rules_engine.check.knowledge.named_steps import price_rates
from rules_engine.check.knowledge.numbers import money, percent
from rules_engine.check.knowledge.reach import feeding, priced
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.program import Clause, Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.diagnostics.model import Severity

HUNDRED = Fraction(100)
ORDER_17: Both = (
    "Order 17 of 2006 (retailers with yearly sales of 10 million or more)",
    "《零售商供应商公平交易管理办法》（2006 年第 17 号令，年销售额 1000 万元以上的零售商）",
)
MARKETPLACES = frozenset({"marketplace", "fbp", "lbp", "sop", "sopl"})
"""Modes in which the platform sells a service and buys nothing."""
GOODS = frozenset({"sale", "customer_return", "purchase_receipt", "purchase_batch", "warehouse_return"})
BANNED: tuple[tuple[tuple[str, ...], Both], ...] = (
    (("contract signing", "signing fee", "renewal", "签约", "续签"), ("signing or renewing a contract", "签订或续签合同")),
    (("barcode", "bar code", "条码"), ("an in-store code for goods with a valid barcode", "已有有效条码的商品使用店内码")),
    (
        ("renovation", "refurbishment", "redecoration", "装修"),
        ("renovation not made for the supplier's own area", "未专门为供应商经营区域进行的装修"),
    ),
    (
        (
            "new store",
            "store opening",
            "shop opening",
            "opening fee",
            "anniversary",
            "festival",
            "listing fee",
            "slotting",
            "新店",
            "开业",
            "店庆",
            "节庆",
            "进场",
        ),
        (
            "openings, anniversaries, festivals or listing where no service is rendered",
            "未提供促销服务的新店开业、店庆、节庆或进场",
        ),
    ),
)
"""Words of a fee's title, and what may not be charged for."""


def warn_fee_titles(program: Program, env: Environment) -> None:
    """SW0906: a fee for something that may not be charged, or only for a service. A `note` on the clause answers it."""
    for clause in program.clauses.values():
        found = banned(clause)
        if found is None or noted(clause.id, env):
            continue
        word, of = found
        env.note(
            "SW0906",
            (clause.span, (f"`{word}`", f"“{word}”")),
            why=(
                f"{ORDER_17[0]} forbids charging suppliers for\n{of[0]}. A fee that breaks it may have to be paid back.",
                f"{ORDER_17[1]}\n不得就{of[1]}向供应商收费；违反的费用可能须退还。",
            ),
            fix=('note "the service rendered for the fee, and its evidence"', '备注 "收费所对应的服务及其凭证"'),
            severity=Severity.WARNING,
        )


def banned(clause: Clause) -> tuple[str, Both] | None:
    """The word of the clause's name that tells of such a fee."""
    if clause.payer != "supplier" or clause.kind not in ("fee", "charge"):
        return None
    title = f"{clause.title} {clause.id.replace('_', ' ')}".lower()
    return next(((word, of) for words, of in BANNED for word in words if word in title), None)


def noted(name: str, env: Environment) -> bool:
    """Whether the clause carries a `note`."""
    block = env.clause_blocks.get(name)
    return block is not None and any(field.key == "note" for field in block.fields)


def tell_rebates_without_target(program: Program, env: Environment) -> None:
    """SN1013: a tiered rebate that pays below its first target."""
    for found in drawn(program):
        first, bounds = found.curve[0], [piece.low for piece in found.curve[1:]]
        if found.clause.kind != "rebate" or found.clause.payer != "supplier" or not bounds or first.at(bounds[0]) <= 0:
            continue
        amount = found.shown(first.at(bounds[0]))
        say(
            "SN1013",
            env,
            found.ladder.bands[0].span,
            why=(
                (
                    f"short of the first target of {found.base(bounds[0])} `{found.clause.id}` already pays up to {amount}.\n"
                    f"{ORDER_17[0]} forbids rebates where the agreed sales are not reached."
                ),
                f"未达到首个目标 {found.base(bounds[0])} 时，“{found.clause.id}”已付至多 {amount}。\n{ORDER_17[1]}不得在未完成约定销售额时收取返利。",
            ),
            fix=(
                "let the lowest band pay `none`, unless the supplier agreed to a rebate without a target.",
                "最低一档写“无”，除非供应商同意无条件返利。",
            ),
        )


def tell_percentage_fees(program: Program, env: Environment) -> None:
    """SN1014, once a contract: a fee that is a share of the goods a platform buys is taxed as a rebate, not as a service."""
    found = [(clause, rate) for clause in program.clauses.values() if (rate := service_share(clause, program)) is not None]
    if not found or program.header.mode in MARKETPLACES:
        return
    (first, rate), more = found[0], len(found) - 1
    rest = (f"; so are {more} more" if more > 1 else "; so is one more", f"，另有 {more} 条相同") if more else ("", "")
    say(
        "SN1014",
        env,
        *((clause.span, (f"{percent(share)} of goods", f"货款的 {percent(share)}")) for clause, share in found),
        why=(
            (
                f"`{first.id}` is {percent(rate)} of an amount of goods, {money(HUNDRED * rate)} on {money(HUNDRED)}, and the platform invoices it as a service{rest[0]}.\n"
                "By notice 136 of 2004 money linked to sales lowers the buyer's input VAT and is not invoiced as a service."
            ),
            (
                f"“{first.id}”按货款的 {percent(rate)} 收取（每 {money(HUNDRED)} 收 {money(HUNDRED * rate)}），并由平台开具服务发票{rest[1]}。国税发[2004]136 号：\n"
                "与销售额挂钩的返还冲减进项税额，不得开具服务费发票。"
            ),
        ),
        fix=("make it a `rebate`, or write a fixed amount for a real service.", "改为“返利”，或就真实服务写固定金额。"),
    )


def service_share(clause: Clause, program: Program) -> Fraction | None:
    """The highest percentage of goods in a fee that the platform invoices; None for other clauses."""
    found = priced(clause)
    if clause.kind != "fee" or clause.papers.invoice_by != "platform" or found is None or unit_of(found.base) is not Unit.MONEY:
        return None
    rate = max(price_rates(found.price), default=Fraction(0))
    return rate if 0 < rate < 1 and GOODS & set(feeding(found.base, program)) else None


def tell_sources(program: Program, env: Environment) -> None:
    """SN1015: clauses that do not say where the paper has them."""
    silent = [clause for clause in program.clauses.values() if not clause.source]
    if silent:
        names = ", ".join(clause.id for clause in silent)
        say(
            "SN1015",
            env,
            silent[0].span,
            why=(
                f"{len(silent)} of {len(program.clauses)} clauses name no place in the signed paper: {names}.",
                f"{len(program.clauses)} 条中有 {len(silent)} 条没有写明在书面合同中的出处：{names}。",
            ),
            fix=('source "Contract 4.1"', '出处 "合同第 4.1 条"'),
        )


def tell_longest_wait(program: Program, env: Environment) -> None:
    """SN1016: how long the first goods of a period wait for their money."""
    header = program.header
    length = {"half_month": 16, "month": 31, "quarter": 92, "half_year": 184, "year": 366}.get(header.settle.kind)
    if header.pay.unit != "days" or header.pay.anchor != "statement" or length is None or not program.clauses:
        return
    days = length - 1 + header.pay.count
    say(
        "SN1016",
        env,
        next(iter(program.clauses.values())).span,
        why=(
            (
                f"goods received on the first day of a period wait up to {days} days for their money: {length - 1} until the statement and "
                f"{header.pay.count} after it.\nOrder 17 of 2006 counts 60 days from receipt; Order 802 of 2025 counts from the agreed statement."
            ),
            (
                f"期间首日收到的货物最长等待 {days} 天付款：到对账 {length - 1} 天，对账后 {header.pay.count} 天。\n"
                "2006 年第 17 号令自收货起算 60 天；2025 年第 802 号令自双方确认对账起算。"
            ),
        ),
    )
