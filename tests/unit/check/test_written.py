"""What a contract must write: each refusal names both readings and the money between them, and offers lines that can be pasted."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes, only, pasted, replaced

GUARANTEE = "margin protection c\n  revenue  net_sales\n  cost     cost_of_sales\n  rate     10%\n"
GUARANTEE_ZH = "毛保 丙\n  收入  净销售额\n  成本  销售成本\n  点位  10%\n"
LADDER = "rebate c\n  on      purchases\n  period  year, on account monthly\n"
LADDER_ZH = "返利 丙\n  基数  采购额\n  周期  年, 每月预结\n"

BELOW = [
    ("SE0505", "en", GUARANTEE + "  period   quarter\n", "100.00 lies between"),
    ("SE0505", "zh", GUARANTEE_ZH + "  周期  季度\n", "相差 100.00"),
    ("SE0518", "en", GUARANTEE + "  per      contract\n", "300.00 lies between"),
    ("SE0518", "zh", GUARANTEE_ZH + "  按    合同\n", "相差 300.00"),
    ("SE0518", "en", "fee c\n  amount  1,000\n", "11,000.00 lies between"),
    ("SE0518", "zh", "费用 丙\n  金额  500\n", "相差 5,500.00"),
    (
        "SE0518",
        "en",
        "rebate c\n  on      purchases\n  tiers   marginal\n    up to 9  none\n    over 9  1%\n",
        "12,000.00 lies between",
    ),
    (
        "SE0506",
        "en",
        "fee c\n  on    sold\n  rate\n    2%  until 2026-06-14\n    3%  from 2026-06-15\n",
        "1,000.00 lies between",
    ),
    ("SE0506", "zh", "费用 丙\n  基数  净销售额\n  点位\n    2%  截至 2026-06-14\n    3%  自 2026-06-15\n", "相差 1,000.00"),
    ("SE0508", "en", "deposit c\n  amount  50,000\n  due     2026-02-10\n", "20,000.00 lies between"),
    ("SE0508", "zh", "质保金 丙\n  金额  5万\n  支付  2026-02-10\n", "相差 20,000.00"),
    ("SE0509", "en", "fee c\n  on    units_sold\n  rate  0.30 per unit at least 500\n", "100.00 lies between"),
    ("SE0509", "zh", "费用 丙\n  基数  销售件数\n  费率  每件 0.30 不低于 500\n", "相差 100.00"),
    ("SE0514", "en", "commitment c\n  on      sold\n  rate    10%\n  period  year\n", "42,857.14 lies between"),
    ("SE0514", "zh", "投放承诺 丙\n  基数  净销售额\n  点位  10%\n  周期  年\n", "相差 42,857.14"),
    ("SE0516", "en", "fee c\n  amount  3,000\n  period  quarter\n  from    2026-02-15\n", "1,500.00 lies between"),
    ("SE0516", "zh", "费用 丙\n  金额  3,000\n  周期  季度\n  自    2026-02-15\n", "相差 1,500.00"),
]
IN_PLACE = [
    ("SE0501", "en", LADDER + "  tiers\n    up to 1,000  none\n    over 1,000  1%\n", "tiers", "10.00 between"),
    ("SE0501", "zh", LADDER_ZH + "  阶梯\n    不超过 1,000  无\n    超过 1,000  1%\n", "阶梯", "相差 10.00"),
    ("SE0507", "en", "fee c\n  on    sold\n  rate  1%\n  at most 900\n", "at most 900", "180.00 lies between"),
    ("SE0507", "zh", "费用 丙\n  基数  净销售额\n  点位  1%\n  上限  900\n", "上限  900", "相差 180.00"),
    (
        "SE0513",
        "en",
        "rebate c\n  on        sold - baseline\n  baseline  sold of previous year\n  rate      3%\n",
        "baseline  sold of previous year",
        "19,200.00 lies between",
    ),
    ("SE0513", "zh", "返利 丙\n  基数  采购额\n  基准  采购额 上年\n  点位  3%\n", "基准  采购额 上年", "相差 19,200.00"),
    (
        "SE0514",
        "en",
        GUARANTEE + "  per  contract\n  period  quarter\n  credit  70% of ad_spend\n",
        "credit  70% of ad_spend",
        "20,000.00 lies between",
    ),
    (
        "SE0514",
        "zh",
        GUARANTEE_ZH + "  按  合同\n  周期  季度\n  双计  推广投入 的 70%\n",
        "双计  推广投入 的 70%",
        "相差 20,000.00",
    ),
    (
        "SE0516",
        "en",
        "fee c\n  on    sold\n  rate  1%\n  from  2026-02-15\n  at most 900 in each quarter\n",
        "at most 900 in each quarter",
        "450.00 lies between",
    ),
    ("SE0519", "en", "documents sales\n  column payable_on = ordered_on + 1 months\n", "ordered_on + 1 months", "50.00 apart"),
    ("SE0519", "zh", "单据 销售单\n  列 应付日 = 下单日期 + 1 个月\n", "下单日期 + 1 个月", "相差 50.00"),
]


@pytest.mark.parametrize(("code", "language", "text", "money"), BELOW)
def test_a_line_that_is_missing(code: str, language: str, text: str, money: str) -> None:
    found = only(text, language)
    assert found.code == code
    assert money in found.why
    assert codes(pasted(text, found), language) == []


@pytest.mark.parametrize(("code", "language", "text", "line", "money"), IN_PLACE)
def test_a_line_that_says_too_little(code: str, language: str, text: str, line: str, money: str) -> None:
    found = only(text, language)
    assert found.code == code
    assert money in found.why
    assert code not in codes(replaced(text, line, found), language)


@pytest.mark.parametrize(
    ("bands", "amounts"),
    [
        (
            "    up to 1,000,000  none\n    up to 5,000,000  1%\n    over 5,000,000  2.5%\n",
            ("65,000.00", "150,000.00", "85,000.00"),
        ),
        ("    below 100  1%\n    from 100  2%\n", ("1.40", "2.40", "1.00")),
        (
            "    up to 1,000,000  none\n    up to 5,000,000  10,000\n    over 5,000,000  125,000\n",
            ("135,000.00", "125,000.00", "10,000.00"),
        ),
    ],
)
def test_a_ladder_is_priced_both_ways(bands: str, amounts: tuple[str, ...]) -> None:
    found = only(f"rebate c\n  on      sold\n  period  year\n  tiers\n{bands}")
    assert found.code == "SE0501"
    assert all(amount in found.why for amount in amounts)


def test_a_composite_margin_says_how_it_is_judged() -> None:
    text = (
        "composite margin c\n  revenue  net_sales\n  cost     cost_of_sales\n  per      contract\n  period   quarter\n"
        "  deduction 10%\n  protection 10%\n"
    )
    found = only(text)
    assert (found.code, "10.00 lies between" in found.why) == ("SE0505", True)
    assert codes(pasted(text, found)) == []


@pytest.mark.parametrize(
    "price",
    ["rate  2%", "rate  0.05 per unit", "tiers  whole\n    up to 100  none\n    over 100  1%"],
)
def test_a_plain_price_needs_no_word_about_negative_bases(price: str) -> None:
    base = "units_sold" if "unit" in price else "net_sales"
    assert codes(f"fee c\n  on      {base}\n  period  month\n  {price}\n") == []


@pytest.mark.parametrize(
    "price", ["rate  2% at least 5", "rate  2% plus 5", "tiers  whole\n    up to 100  1%\n    over 100  2%"]
)
def test_a_price_that_does_not_turn_round_by_itself(price: str) -> None:
    assert codes(f"fee c\n  on      net_sales\n  period  month\n  {price}\n") == ["SE0509"]
    assert codes(f"fee c\n  on      sold\n  period  month\n  {price}\n") == []


@pytest.mark.parametrize("word", ["turns round", "counts as zero", "carries forward"])
def test_every_answer_about_negative_bases(word: str) -> None:
    assert codes(f"fee c\n  on      net_sales\n  rate    2% at least 5\n  negative  {word}\n") == []


@pytest.mark.parametrize("how", ["split", "last day's"])
def test_every_answer_about_changes(how: str) -> None:
    assert codes(f"fee c\n  on    sold\n  changes {how}\n  rate\n    2%  until 2026-06-14\n    3%  from 2026-06-15\n") == []


def test_a_change_between_windows_needs_no_word() -> None:
    assert codes("fee c\n  on    sold\n  rate\n    2%  until 2026-06-30\n    3%  from 2026-07-01\n") == []


@pytest.mark.parametrize(
    "answer", ["proportionally by days", "proportionally by thirtieths", "proportionally by months", "in full"]
)
def test_every_answer_about_a_cut_window(answer: str) -> None:
    text = "fee c\n  amount  3,000\n  period  quarter\n  from    2026-02-15\n"
    assert codes(f"{text}  {answer}\n") == []
    assert codes(f"{text}  {answer}\n  in full\n") == ["SE0203"]


def test_whole_windows_need_no_word() -> None:
    assert codes("fee c\n  amount  3,000\n  period  quarter\n  from    2026-04-01\n") == []


def test_a_monthly_guarantee_is_warned_of() -> None:
    assert codes(GUARANTEE + "  per  contract\n  period  month\n") == ["SW0903"]


def test_rounding_each_document_line_needs_a_price_for_each() -> None:
    rounding = "  rounding  half up to 0.01 on each document line\n"
    assert codes(f"fee c\n  on    sold\n  rate  2%\n{rounding}") == []
    assert codes(
        f"rebate c\n  on      sold\n  period  year\n  tiers   whole\n    up to 9  none\n    over 9  1%\n{rounding}"
    ) == ["SE0515"]


VALUE = "value points\n  2%  until 2026-06-14\n  3%  from  2026-06-15\n\n"
NUMBERS = [
    "fee c\n  amount\n    1,000  until 2026-06-14\n    2,000  from  2026-06-15\n  period  month\n",
    VALUE + "fee c\n  on    sold\n  rate  points\n",
    VALUE + "measure season\n  points * 2\n\nfee c\n  on      purchases\n  rate    2%\n  when    season > 3%\n",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_that_changes_inside_a_window(text: str) -> None:
    found = only(text)
    assert (found.code, "500.00 lies between" in found.why) == ("SE0506", True)
    assert codes(pasted(text, found)) == []


@pytest.mark.parametrize("text", NUMBERS[:2])
def test_a_number_is_not_split_by_documents(text: str) -> None:
    assert codes(text + "  changes split\n") == ["SE0216"]


def test_a_change_is_priced_with_its_own_rates() -> None:
    found = only("fee c\n  on    sold\n  rate\n    12%  until 2026-06-14\n    10%  from 2026-06-15\n")
    assert "from 12% to 10%" in found.why
    assert "22,000.00 is due, at the last day's price 20,000.00. 2,000.00 lies between" in found.why


def test_a_number_of_each_documents_own_day_needs_no_answer() -> None:
    rate = "value index\n  1.1  until 2026-06-14\n  1.2  from 2026-06-15\n\n"
    assert codes(f"{rate}fee c\n  on  sum of amount * index over marketing_spend\n") == []
    assert codes(f"{rate}fee c\n  amount  100 CNY * index\n  period month\n") == ["SE0506"]
