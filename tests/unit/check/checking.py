"""Checking a piece of contract text below a shared frame, and pasting what a finding offers."""

from __future__ import annotations

import re

from rules_engine.api import diagnose
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile

HEADS = {
    "en": """contract T-1 "Riverside tea"
  platform   "Northgate Retail Trading Co."
  supplier   S-10001 "Riverside Foods Co."
  signed     2025-12-22
  term       2026-01-01 to 2026-12-31
  currency   CNY
  prices     include VAT 13%
  settle     monthly
  pay        60 days after statement
  payout     any amount, negative carried forward
  late documents  settle in the period they arrive
  returns    in their own period
  rounding   half up to 0.01 on each line
""",
    "zh": """合同 T-1 "河畔茶叶"
  平台    "北门零售贸易有限公司"
  供应商  S-10001 "河畔食品有限公司"
  签订    2025-12-22
  期限    2026-01-01 至 2026-12-31
  币种    CNY
  价格    含税 13%
  结算    每月
  付款    对账后 60 天
  打款    不限金额, 负数结转
  迟到单据  计入到达当期
  退货    计入退货当期
  取整    四舍五入 至 0.01 每行
""",
}
MEASURES = {
    "en": """
measure sold
  sum of paid + platform_coupon over sales

measure net_sales
  sum of paid + platform_coupon over sales less customer_returns

measure cost_of_sales
  sum of supply_amount over sales less customer_returns

measure purchases
  sum of supply_amount over purchase_receipts less warehouse_returns

measure units_sold
  sum of quantity over sales less customer_returns

measure ad_spend
  sum of amount over marketing_spend

""",
    "zh": """
口径 净销售额
  合计 实付 + 平台券 取自 销售单 减 客退单

口径 销售成本
  合计 供货金额 取自 销售单 减 客退单

口径 采购额
  合计 供货金额 取自 采购入库单 减 采购退货单

口径 销售件数
  合计 数量 取自 销售单 减 客退单

口径 推广投入
  合计 金额 取自 推广费

""",
}
LANGUAGES = ("en", "zh")
ALTERNATIVE = re.compile(r"\n[(（][^()（）]*[)）]$")


def check(text: str, language: str = "en", head: str | None = None) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program and the findings of blocks below the frame."""
    whole = (HEADS[language] if head is None else head) + MEASURES[language] + text
    return diagnose(SourceFile("t.contract", whole))


def findings(text: str, language: str = "en", head: str | None = None) -> tuple[Diagnostic, ...]:
    """What is found."""
    return check(text, language, head)[1]


def codes(text: str, language: str = "en", head: str | None = None) -> list[str]:
    """The codes found, in order of place."""
    return [item.code for item in findings(text, language, head)]


def only(text: str, language: str = "en", head: str | None = None) -> Diagnostic:
    """The single finding."""
    found = findings(text, language, head)
    assert len(found) == 1, [f"{item.code}: {item.why}" for item in found]
    return found[0]


def program(text: str, language: str = "en", head: str | None = None) -> Program:
    """The program of a text without errors."""
    made, found = check(text, language, head)
    assert made is not None, [f"{item.code}: {item.why}" for item in found]
    return made


def marked(text: str, language: str = "en") -> list[str]:
    """What stands at each place of the single finding, the primary one first."""
    lines = (HEADS[language] + MEASURES[language] + text).splitlines()
    spans = [place.span for place in only(text, language).places]
    return [
        lines[span.line - 1][span.column - 1 : span.end_column - 1 if span.end_line == span.line else None] for span in spans
    ]


def offered(finding: Diagnostic) -> str:
    """The lines a finding offers, without the alternatives in brackets below them."""
    return ALTERNATIVE.sub("", finding.fix)


def pasted(text: str, finding: Diagnostic) -> str:
    """The block with the offered lines below it."""
    lines = offered(finding).splitlines()
    return text.rstrip("\n") + "\n" + "".join(f"  {line}\n" for line in lines)


def replaced(text: str, line: str, finding: Diagnostic) -> str:
    """The block with the offered lines in the place of `line`."""
    assert line in text
    return text.replace(line, offered(finding).replace("\n", "\n  "))
