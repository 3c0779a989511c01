"""Policies of the header that decide money: tax basis, negative nets, late documents, returns, rounding place."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.fields import Fields, words

POLICIES: tuple[tuple[str, tuple[str, ...], str, Both, Both], ...] = (
    (
        "prices", ("include_vat", "exclude_vat"), "SE0504",
        ("a price of 113.00 at 13% is either 100.00 and 13.00 of VAT, or 113.00 to which 14.69 of VAT comes, 127.69 in all:\n14.69 between the two.",
         "价格 113.00、税率 13%：或者是 100.00 加税 13.00，或者是未税 113.00、另加税 14.69，共 127.69：相差 14.69。"),
        ("prices include VAT 13%", "价格 含税 13%"),
    ),
    (
        "payout", ("negative_carried_forward", "negative_invoiced"), "SE0510",
        (("a month with 30,000.00 payable and 45,000.00 receivable nets -15,000.00: carried forward, the next statement pays 15,000.00 less;\n"
         "invoiced, the supplier pays 15,000.00 now."),
         "某月应付 30,000.00、应收 45,000.00，净额为 -15,000.00：结转则下期少付 15,000.00，开票则供应商现在付 15,000.00。"),
        ("payout any amount, negative carried forward", "打款 不限金额, 负数结转"),
    ),
    (
        "late_documents", ("settle_in_the_period_they_arrive", "are_not_settled"), "SE0511",
        ("a sale of 900.00 delivered in March and reported in April is either paid with April's statement\nor not at all: 900.00 between the two.",
         "三月妥投、四月才到的 900.00 销售单，或者随四月结算支付，或者不再支付：相差 900.00。"),
        ("late documents settle in the period they arrive", "迟到单据 在到达当期结算"),
    ),
    (
        "returns", ("in_their_own_period", "back_to_the_sale"), "SE0512",
        (("with 3% from 6,000.00 a month, 7,000.00 sold in March and 2,000.00 of it returned in April: in their own period March keeps 210.00,\n"
         "back to the sale March falls to 5,000.00 and the 210.00 comes back: 210.00 between the two."),
         "每月满 6,000.00 返 3%，三月售 7,000.00、四月退回其中 2,000.00：\n计入退货当期则三月保留 210.00，计回原销售期则三月降为 5,000.00，210.00 须退回：相差 210.00。"),
        ("returns in their own period", "退货 计入退货当期"),
    ),
    (
        "rounding", ("on_each_line", "on_each_document_line", "on_the_total"), "SE0515",
        ("three documents of 0.15 at 10%: rounded on each document line 0.02 + 0.02 + 0.02 = 0.06,\nrounded on each line 0.045 → 0.05: 0.01 between the two.",
         "三张 0.15 的单据按 10% 计：每单据行取整为 0.02 + 0.02 + 0.02 = 0.06，\n每行取整为 0.045 → 0.05：相差 0.01。"),
        ("rounding half up to 0.01 on each line", "取整 四舍五入 至 0.01 每行"),
    ),
)  # fmt: skip


def demand_policies(fields: Fields, env: Environment) -> None:
    """Refuse a header that leaves one of them open, each with its worked example and the line to paste."""
    for key, choices, code, why, fix in POLICIES:
        field = fields.get(key)
        if not set(words(field)) & set(choices):
            env.note(code, field.span if field else fields.span, why=why, fix=fix)
