"""Settlements built by hand: every section of a statement in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Constant, Rounding
from rules_engine.core.program import Clause, Dated, Header, Measure, Papers, PayTerm, Program
from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.settlement.model import (
    Balance,
    CarriedMeasure,
    Line,
    LinePapers,
    NothingDue,
    PaperTotals,
    Receipt,
    Settlement,
    ShownMeasure,
    Totals,
    Unsettled,
    UnusedDocument,
    VatPart,
)
from rules_engine.source import Span
from rules_engine.values.period import Period, WindowSpec

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
CENT = Decimal("0.01")
HASH = "3f1c9a5e7b2d4860a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718"

WORDS = {
    "title": ("Grain and oil, self-operated supply 2026", "粮油自营供货合同 2026"),
    "platform": ("Northgate Retail Trading Co.", "北门零售贸易有限公司"),
    "supplier": ("Golden Grain Foods Co.", "金谷食品有限公司"),
    "sold": ("Goods delivered to customers", "已妥投商品"),
    "restocked": ("Customer returns, restocked", "客户退货入库"),
    "base_points": ("Base deduction points", "基础扣点"),
    "guarantee": ("Quarterly margin protection", "季度毛利保护"),
    "annual_purchase": ("Annual purchase rebate", "年度采购返利"),
    "mid_year": ("618 full reduction", "618 满减"),
    "labelling": ("Labelling at the warehouse", "仓库贴码"),
    "quality": ("Quality deposit", "质保金"),
    "prepaid": ("Prepayment applied", "预付款冲抵"),
    "spring": ("Spring promotion note", "春季促销返利单"),
    "gmv": ("Sales after the supplier's coupons, before the platform's", "供应商券后、平台券前净销售额"),
    "cost_of_sales": ("Cost of sales", "销售成本"),
    "purchases": ("Purchases", "采购额"),
    "ad_spend": ("Marketing spend", "推广费"),
    "margin_rate": ("Gross margin rate", "毛利率"),
    "rice": ("rice", "大米"),
    "oil": ("oil", "食用油"),
    "category": ("category", "类目"),
}

TEXTS = {
    "sold": (
        'goods sold "Goods delivered to customers"\n  on sum of supply_amount over sales',
        '货款 已妥投 "已妥投商品"\n  基数 合计 供货金额 取自 销售单',
    ),
    "restocked": (
        'returns restocked "Customer returns, restocked"\n  on sum of supply_amount over customer_returns',
        '退货 退货入库 "客户退货入库"\n  基数 合计 供货金额 取自 客退单',
    ),
    "base_points": (
        (
            'deduction base_points "Base deduction points"\n  on     gmv\n  per    category\n  rate\n    12%  for rice\n'
            '    15%  for oil  until 2026-06-30\n    11%  otherwise\n  source "Contract 4.1"'
        ),
        "扣点 基础扣点\n  基数   净销售额\n  按     类目\n  点位\n    12%  限 大米\n    15%  限 食用油 截至 2026-06-30\n    11%  其他",
    ),
    "guarantee": (
        (
            'margin protection guarantee "Quarterly margin protection"\n  revenue  gmv\n  cost     cost_of_sales\n  rate     10%\n'
            "  per      contract\n  period   quarter, on account monthly\n  credit   70% of ad_spend, unused expires\n"
            "  at most  200,000 in each year"
        ),
        (
            '毛保 季度毛保 "季度毛利保护"\n  收入  净销售额\n  成本  销售成本\n  点位  10%\n  按    合同\n  周期  季度, 每月预结\n'
            "  双计  推广费 的 70%, 未用作废\n  上限  20万 每年"
        ),
    ),
    "annual_purchase": (
        (
            'rebate annual_purchase "Annual purchase rebate"\n  on      purchases\n  period  year, on account monthly\n'
            "  tiers   marginal\n    up to  1,000,000   none\n    up to  5,000,000   1%\n    over   5,000,000   2.5%"
        ),
        (
            '返利 年度采购 "年度采购返利"\n  基数  采购额\n  周期  年, 每月预结\n  阶梯  分段\n    不超过 100万   无\n'
            "    不超过 500万   1%\n    超过   500万   2.5%"
        ),
    ),
}


def amount(text: str) -> Decimal:
    return Decimal(text)


def word(key: str, language: str) -> str:
    return WORDS[key][language == "zh"]


def header(language: str) -> Header:
    return Header(
        id="GO-2026-001",
        title=word("title", language),
        version="1",
        language=language,
        sha256=HASH,
        platform=word("platform", language),
        supplier_id="S-10023",
        supplier=word("supplier", language),
        mode="self_operated",
        signed=date(2025, 12, 22),
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        currency="CNY",
        prices_include_vat=True,
        vat=(Dated(Decimal("0.13")),),
        settle=WindowSpec("month"),
        pay=PayTerm(60, "days", "statement"),
        minimum_payout=Decimal(0),
        negative_net="carried_forward",
        late="settle in the period they arrive",
        returns="own_period",
        rounding=Rounding("half_up", CENT),
        rounding_place="line",
        year_start=(1, 1),
        ranges={},
        parties={},
        file="grain_oil.contract",
    )


def program(language: str) -> Program:
    nothing = Constant(Decimal(0), Unit.MONEY)
    measures = {
        name: Measure(name, word(name, language), nothing, Unit.MONEY, shown=False)
        for name in ("gmv", "cost_of_sales", "purchases", "ad_spend", "margin_rate")
    }
    clauses = {
        name: _clause(name, language, nothing) for name in (*TEXTS, "mid_year", "labelling", "quality", "prepaid", "spring")
    }
    return Program(header(language), {}, measures, clauses, {}, tuple(clauses))


def _clause(name: str, language: str, nothing: Constant) -> Clause:
    return Clause(
        id=name,
        kind="deduction",
        title=word(name, language),
        payer="supplier",
        earn=nothing,
        base=nothing,
        per=(),
        groups=(),
        period=WindowSpec("month"),
        on_account=None,
        bounds=(),
        rounding=Rounding("half_up", CENT),
        rounding_place="line",
        papers=Papers("supplier", "invoice_discount"),
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        phrases={
            "guaranteed": ("Margin that is guaranteed", "保证毛利"),
            "reached": ("Margin that was reached", "实际毛利"),
            "shortfall": ("Shortfall", "毛利缺口"),
            "credit": ("Marketing that counts", "推广费双计"),
        },
    )


def number(text: str, unit: Unit = Unit.MONEY) -> TraceStep:
    return TraceStep("constant", Fraction(text), unit)


def total(value: str, label: str, documents: tuple[str, ...], unit: Unit = Unit.MONEY, count: int | None = None) -> TraceStep:
    over = dict.fromkeys(name.partition(":")[0] for name in documents)
    detail = {"count": str(count or len(documents)), "over": ", ".join(over)}
    read = TraceStep("sum", Fraction(value), unit, "", (), detail, documents)
    return TraceStep("measure", Fraction(value), unit, label, (read,)) if label else read


def rounded(step: TraceStep, value: str) -> TraceStep:
    return TraceStep("round", Decimal(value), Unit.MONEY, "", (step,), {"mode": "half_up", "to": "0.01"})


def product(value: str, rate: str, base: TraceStep, place: int = 0, op: str = "row") -> TraceStep:
    """A base priced by the one row, at line `place` of the clause, that takes all of it."""
    assert isinstance(base.value, Fraction)
    inner = TraceStep(
        "*", Fraction(value), Unit.MONEY, "", (TraceStep("constant", base.value, base.unit), number(rate, Unit.PERCENT))
    )
    detail = {"row": "1", "base": str(base.value), "pick": "exactly_one"}
    row = TraceStep(op, Fraction(value), Unit.MONEY, "", (inner,), detail, (), at(place))
    return TraceStep("priced", Fraction(value), Unit.MONEY, "", (base, row))


def at(place: int) -> Span:
    return Span("grain_oil.contract", 41 + place, 5, 41 + place, 20)


def guarantee_trace() -> TraceStep:
    gmv = total("1200340.50", "gmv", ("sale:X-1/1", "sale:X-2/1", "sale:X-3/1"), count=318)
    cost = total("1123450.25", "cost_of_sales", ("sale:X-1/1", "sale:X-2/1", "sale:X-3/1"), count=318)
    guaranteed = TraceStep("*", Fraction("120034.05"), Unit.MONEY, "guaranteed", (number("0.10", Unit.PERCENT), gmv))
    reached = TraceStep("-", Fraction("76890.25"), Unit.MONEY, "reached", (gmv, cost))
    spend = total("20000.00", "ad_spend", ("marketing_spend:AD-7/1",))
    credit = TraceStep("*", Fraction(14000), Unit.MONEY, "credit", (number("0.70", Unit.PERCENT), spend))
    gap = TraceStep("-", Fraction("43143.80"), Unit.MONEY, "shortfall", (guaranteed, reached))
    due = TraceStep("-", Fraction("29143.80"), Unit.MONEY, "", (gap, credit))
    floor = TraceStep("max", Fraction("29143.80"), Unit.MONEY, "", (number("0"), due))
    return rounded(floor, "29143.80")


def line(
    clause: str,
    language: str,
    value: str,
    direction: str = "receivable",
    paper: tuple[str, str, str | None] = ("supplier", "invoice_discount", "0.13"),
    *,
    window: Period = MARCH,
    group: Mapping[str, str] | None = None,
    target: str | None = None,
    posted: str = "0.00",
    unrounded: str | None = None,
    trace: TraceStep | None = None,
    status: str = "due",
    corrects: tuple[str, ...] = (),
    base: str | None = None,
    documents: int = 3,
    source: str = "",
) -> Line:
    due, rate = Decimal(value), None if paper[2] is None else Decimal(paper[2])
    net = due if rate is None else (due / (1 + rate)).quantize(CENT)
    goal = target or value
    whole = trace or rounded(total(goal, "", ("sale:X-1/1",)), goal)
    return Line(
        id=f"{clause}{''.join('-' + part for part in (group or {}).values())}-2026-03",
        clause=clause,
        kind="deduction",
        title=word(clause, language),
        group=group or {},
        window=window,
        payee="platform" if direction == "receivable" else "S-10023",
        direction=direction,
        base=None if base is None else Decimal(base),
        unrounded=unrounded or goal,
        target=Decimal(goal),
        posted=Decimal(posted),
        amount=due,
        papers=LinePapers(paper[0], paper[1], rate, net, due - net),
        status=status,
        corrects=corrects,
        source=source,
        span=Span("grain_oil.contract", 41, 1, 47, 1),
        text=TEXTS.get(clause, (f"fee {clause}", f"费用 {clause}"))[language == "zh"],
        document_count=documents,
        documents_sha256=HASH,
        trace=TraceStep("subtract", due, Unit.MONEY, "", (whole,), {"posted": posted, "target": goal}),
    )


def lines(language: str) -> tuple[Line, ...]:
    rice, oil = ({word("category", language): word(name, language)} for name in ("rice", "oil"))
    gmv = total("640220.24", "gmv", ("sale:X-1/1", "sale:X-2/1"), count=204)
    points = rounded(product("76826.4288", "0.12", gmv, 4), "76826.43")
    oil_points = rounded(product("84018.039", "0.15", total("560120.26", "gmv", ("sale:X-3/1",), count=114), 5), "84018.04")
    platform, receipt = ("platform", "cash", "0.06"), ("receipt", "cash", None)
    return (
        line("sold", language, "1123450.25", "payable", base="1123450.25", documents=318),
        line("restocked", language, "18320.00", documents=9, base="18320.00"),
        line("base_points", language, "76826.43", group=rice, base="640220.24", unrounded="76826.4288", trace=points, source="Contract 4.1"),
        line("base_points", language, "84018.04", group=oil, base="560120.26", unrounded="84018.039", trace=oil_points),
        line("guarantee", language, "17003.80", window=QUARTER, target="29143.80", posted="12140.00", trace=guarantee_trace(), base="1200340.50"),
        line("annual_purchase", language, "-32.00", window=YEAR, target="64.00", posted="96.00", status="correction", unrounded="576/9",
             corrects=("annual_purchase-2026-01", "annual_purchase-2026-02"), base="1006400.00", trace=tier_trace()),
        line("mid_year", language, "6000.00", paper=platform, base="10000.00"),
        line("labelling", language, "61.50", paper=platform, base="1230", trace=labelling_trace(), documents=2),
        line("quality", language, "50000.00", paper=receipt, group=oil, documents=0),
        line("prepaid", language, "100000.00", paper=("none", "prepayment", None), documents=1),
    )  # fmt: skip


def tier_trace() -> TraceStep:
    base = total("1006400.00", "purchases", ("purchase_receipt:PO-1/1", "purchase_batch:B-9/2"), count=41)
    nothing = TraceStep("parts", Fraction(0), Unit.MONEY)
    low = band("0", nothing, {"lower": "", "upper": "1000000", "slice": "1000000", "band": "1"}, 4)
    one = TraceStep("*", Fraction(64), Unit.MONEY, "", (number("6400"), number("0.01", Unit.PERCENT)))
    high = band("64", one, {"lower": "1000000", "upper": "5000000", "slice": "6400", "band": "2"}, 5)
    detail = {"qualifier": "1006400", "includes": "upper"}
    ladder = TraceStep("marginal", Fraction(64), Unit.MONEY, "", (low, high), detail)
    return rounded(TraceStep("priced", Fraction(64), Unit.MONEY, "", (base, ladder)), "64.00")


def band(value: str, price: TraceStep, detail: Mapping[str, str], place: int) -> TraceStep:
    return TraceStep("band", Fraction(value), Unit.MONEY, "", (price,), detail, (), at(place))


def labelling_trace() -> TraceStep:
    units = total("1230", "", ("labelling:L-1/1", "labelling:L-2/1"), Unit.QUANTITY)
    return rounded(TraceStep("*", Fraction("61.5"), Unit.MONEY, "", (units, number("0.05", Unit.PRICE))), "61.50")


def totals(found: tuple[Line, ...]) -> tuple[Totals, PaperTotals]:
    payable = sum((item.amount for item in found if item.direction == "payable"), Decimal("0.00"))
    receivable = sum((item.amount for item in found if item.direction == "receivable"), Decimal("0.00"))
    net = payable - receivable
    parts = {key: VatPart(key[0], key[1], *_parts(found, *key)) for key in _papers(found)}
    sums = {
        paper: sum((part.gross for part in parts.values() if part.paper == paper), Decimal("0.00")) for paper in PAPER_SIGNS
    }
    papers = PaperTotals(sums["supplier"], sums["platform"], sums["receipt"], sums["prepayment"], tuple(parts.values()))
    return Totals(payable, receivable, net, Decimal("-1500.00"), net - 1500, Decimal("0.00"), date(2026, 5, 30)), papers


PAPER_SIGNS = {"supplier": 1, "platform": -1, "receipt": -1, "prepayment": -1}


def paper_of(item: Line) -> str:
    return "prepayment" if item.papers.treatment == "prepayment" else item.papers.invoice_by


def _papers(found: tuple[Line, ...]) -> tuple[tuple[str, Decimal | None], ...]:
    return tuple(dict.fromkeys((paper_of(item), item.papers.vat_rate) for item in found))


def _parts(found: tuple[Line, ...], paper: str, rate: Decimal | None) -> tuple[Decimal, Decimal, Decimal]:
    gross = net = Decimal("0.00")
    for item in found:
        if (paper_of(item), item.papers.vat_rate) == (paper, rate):
            sign = PAPER_SIGNS[paper] * (1 if item.direction == "payable" else -1)
            gross, net = gross + sign * item.amount, net + sign * item.papers.net_of_vat
    return gross, net, gross - net


def settlement(language: str = "en") -> Settlement:
    found = lines(language)
    sums, papers = totals(found)
    waiting = line("spring", language, "340.00", status="pending", paper=("platform", "cash", "0.06"))
    zh = language == "zh"
    return Settlement(
        program=program(language),
        period=MARCH,
        as_of=None,
        lines=found,
        totals=sums,
        papers=papers,
        measures_shown=(
            ShownMeasure("margin_rate", word("margin_rate", language), "percent", Decimal("0.0640570"), QUARTER),
            ShownMeasure("ad_spend", word("ad_spend", language), "money", Decimal("20000.00"), MARCH),
            ShownMeasure("stock_days", "库存天数" if zh else "Stock days", "days", None, MARCH),
        ),
        pending=(waiting,),
        unsettled=(
            Unsettled(
                "shelf_life", {word("category", language): word("oil", language)}, MARCH,
                "单据 sale:X-12/1 缺少 remaining_life" if zh else "sale X-12 line 1 has no remaining_life",
                ("remaining_life of sale:X-12/1",),
            ),
        ),
        nothing_due=(NothingDue("marketing", {}, YEAR, "年末结算" if zh else "judged at the end of its window"),),
        documents_read=342,
        documents_used=338,
        unused=(
            UnusedDocument("sale", "X-77", "1", date(2026, 4, 2), "晚于结算期" if zh else "dated after the period", "march.csv:78"),
            UnusedDocument("freight", "F-3", "1", date(2026, 3, 9), "没有条款使用 freight" if zh else "no clause reads freight", "march.csv:91"),
        ),
        duplicates=(UnusedDocument("sale", "X-2", "1", date(2026, 3, 4), "重复" if zh else "same id and content", "march.csv:19"),),
        balances=(
            Balance("carried", "", Decimal("-1500.00"), Decimal("1500.00"), Decimal("0.00"), Decimal("0.00")),
            Balance("deposit", word("oil", language), Decimal("0.00"), Decimal("50000.00"), Decimal("0.00"), Decimal("50000.00")),
            Balance("prepayment", "PO-1", Decimal("250000.00"), Decimal("0.00"), Decimal("100000.00"), Decimal("150000.00")),
        ),
        notices=(("no_posted", "未提供 1–2 月的结算单" if zh else "January and February were settled from the documents given"),),
        receipt=Receipt(
            HASH, HASH, {"2026-03 sale paid": "1200340.50", "2026-03 sale documents": "309"}, "settlewright 0.1.0", "cn-2026.1",
            (CarriedMeasure("gmv", ("rice",), date(2026, 3, 1), date(2026, 4, 1), "640220.24", 204),),
        ),
        diagnostics=(
            Diagnostic(
                "SE0715",
                "数据缺失" if zh else "an input is missing",
                why="shelf_life 缺少 remaining_life，未结算。" if zh else "shelf_life oil needs remaining_life; the line is not settled.",
                fix="补充该列。" if zh else "fill in the column.",
                severity=Severity.WARNING,
                language=language,
            ),
        ),
    )  # fmt: skip


def empty(language: str = "en") -> Settlement:
    full = settlement(language)
    nil = Decimal("0.00")
    return replace(
        full, lines=(), totals=Totals(nil, nil, nil, nil, nil, nil, None), papers=PaperTotals(nil, nil, nil, nil, ()),
        diagnostics=(), measures_shown=(), pending=(), unsettled=(), nothing_due=(), unused=(), duplicates=(), balances=(), notices=(),
        documents_read=0, documents_used=0,
    )  # fmt: skip
