"""What a bare name means, and what is offered where it means nothing."""

from __future__ import annotations

import pytest

from rules_engine.core.expressions import Aggregate, Compare, Constant
from tests.unit.check.checking import codes, findings, offered, only, program


def test_the_nearest_name_is_offered() -> None:
    assert only("rebate c\n  on  net_sale\n  rate  1%\n").fix == "did you mean `net_sales`?"


def test_where_none_is_near_all_are_offered() -> None:
    fix = only("rebate c\n  on  xyzzy\n  rate  1%\n").fix
    assert "`net_sales`" in fix
    assert "declare it: `measure xyzzy`" in fix


def test_columns_are_offered_in_the_language_of_the_file() -> None:
    assert only("口径 甲\n  合计 实付额 取自 销售单\n", "zh").fix == "是否想写 `实付`？"


def test_a_column_that_one_of_several_types_lacks() -> None:
    found = only("measure m\n  sum of paid over sales, labelling\n")
    assert (found.code, found.why) == ("SE0304", "`labelling` have no column `paid`; `sales` have it.")
    assert found.fix == "documents labelling\n  column paid money"


def test_a_column_of_a_sale_is_read_through_the_return() -> None:
    text = "documents sales\n  column price = paid / quantity\n\nmeasure m\n  sum of quantity * price over sales less customer_returns\n"
    found = only(text)
    assert found.fix == "documents customer_returns\n  column price = price of original"
    assert not codes(f"{found.fix}\n\n{text}")
    zh = "单据 销售单\n  列 件价 = 实付 / 数量\n\n口径 甲\n  合计 数量 * 件价 取自 销售单 减 客退单\n"
    assert only(zh, "zh").fix == "单据 客退单\n  列 件价 = 件价 于原单"


def test_documents_of_ones_own_declare_the_columns_of_the_trade() -> None:
    found = only("documents loads\n\nmeasure m\n  sum of supply_amount over loads\n")
    assert found.fix == "documents loads\n  column supply_amount money"


YES_NO = "documents sales\n  column bulky yes/no\n\ncharge c paid by supplier\n  on  sum of quantity over sales\n{}  rate\n    2 per unit  for {}\n    1 per unit  otherwise\n"


def test_a_yes_no_column_stands_bare_behind_for() -> None:
    assert not codes(YES_NO.format("", "bulky"))
    assert not codes(YES_NO.format("", "not bulky"))
    assert not codes(YES_NO.format("  per  sku\n", "bulky = yes"))


def test_a_yes_no_column_beside_names_of_the_group_has_two_readings() -> None:
    found = only(YES_NO.format("  per  sku\n", "bulky"))
    assert (found.code, found.fix) == ("SE0301", "for bulky = yes\n(or `for sku = bulky`)")


def test_documents_nobody_declared() -> None:
    assert only("measure m\n  count over sale_s\n").fix == "did you mean `sales`?"
    assert only("口径 甲\n  计数 取自 巡店\n", "zh").code == "SE0305"


def test_a_word_beside_a_text_column_is_text() -> None:
    found = program("measure m\n  sum of paid over sales where category = rice\n").measures["m"].expression
    assert isinstance(found, Aggregate)
    assert isinstance(found.where, Compare)
    assert isinstance(found.where.right, Constant)
    assert found.where.right.value == "rice"


@pytest.mark.parametrize("word", ["gmv", "GMV", "sales", "turnover", "revenue"])
def test_a_trade_word_is_no_sum(word: str) -> None:
    found = only(f"rebate c\n  on  {word}\n  rate  1%\n")
    assert (found.code, "7.00, 8.00 or 10.00" in found.why) == ("SE0503", True)
    assert codes(f"{found.fix}\n\nrebate c\n  on  {word}\n  rate  1%\n") == []


def test_a_name_given_twice() -> None:
    found = only("measure net_sales\n  sum of paid over sales\n")
    assert (found.code, len(found.places)) == ("SE0302", 2)


def test_a_refused_column_is_reported_once() -> None:
    text = "documents sales\n  column late = days from 3 to date\n\nmeasure m\n  count over sales where late > 3\n"
    assert [item.code for item in findings(text)] == ["SE0408"]


def test_a_group_that_documents_do_not_have() -> None:
    text = "measure m\n  sum of paid over sales\n\nrebate c\n  on  m\n  per shop\n  rate  1%\n"
    found = only(text)
    assert (found.code, found.fix) == ("SE0309", "documents sales\n  column shop")
    assert codes(found.fix + "\n\n" + text) == []


def test_a_banded_value_is_asked_at_a_number() -> None:
    value = "value pallet_price\n  up to 10  1.80\n  over 10  1.60\n\n"
    assert codes(value + "fee c\n  amount  pallet_price\n  period  month\n") == ["SE0201"]


def test_dates_and_dated_values() -> None:
    value = "value target\n  90,000   until 2026-05-31\n  140,000  from  2026-06-01\n\n"
    assert codes(value + "charge c paid by supplier\n  on  sold\n  rate  1%\n  when  sold > target\n") == []


def test_every_name_of_one_clause_is_said_at_once() -> None:
    clause = """margin protection g
  revenue  net_sale
  cost     cost_of_sale
  rate     10%
  per      contract
  period   quarter
  credit   70% of ad_spent, unused expires
  at most  5% of purchase in each year
  when     unit_sold > 10
"""
    assert codes(clause) == ["SE0301"] * 5


def test_a_clause_without_a_base_still_says_what_else_is_wrong() -> None:
    clause = "rebate r\n  on       net_sale\n  rate     1%\n  at most  1,000\n  paid by  nobody\n"
    assert codes(clause) == ["SE0301", "SE0507", "SE0308"]


@pytest.mark.parametrize(("documents", "summed"), [("marketing_spend", "amount"), ("purchase_receipts", "supply_amount")])
def test_documents_are_no_number(documents: str, summed: str) -> None:
    found = only(f"rebate c\n  on  {documents}\n  rate  1%\n")
    assert f"sum of {summed} over {documents}" in found.fix
    assert codes(f"{offered(found)}\n\nrebate c\n  on  {documents}_total\n  rate  1%\n") == []


def test_a_measure_is_no_column() -> None:
    found = only("deduction c\n  on    sold\n  rate\n    1%  for paid > net_sales\n    2%  otherwise\n")
    assert (found.code, "no single document has it" in found.why) == ("SE0304", True)
