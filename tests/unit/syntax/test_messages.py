"""A line that cannot be read says where, what was expected, and what to write; the rest is still read."""

from __future__ import annotations

import pytest

from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile
from rules_engine.syntax.parse import parse_contract

HEAD = "contract X\nrebate r\n"


def findings(text: str) -> tuple[Diagnostic, ...]:
    tree, found = parse_contract(SourceFile("x.contract", text))
    assert tree is None
    return found


@pytest.mark.parametrize(
    ("line", "code", "column", "said"),
    [
        ("raet 5%", "SE0101", 3, "did you mean `rate`? Write `rate 5%`"),
        ("at mots 5% of x in each year", "SE0101", 3, "Write `at most 5% of x in each year`"),
        ("点位 12%", "SE0101", 3, "did you mean `rate`? Write `rate 12%`"),
        ("period quarter, on acount monthly", "SE0101", 19, "on account monthly"),
        ("rate 5% for oil untill 2026-06-30", "SE0101", 19, "Write `rate 5% for oil until 2026-06-30`"),
        ("period", "SE0113", 9, "`half month`"),
        ("rate 5% per", "SE0113", 14, "a number"),
        ("rate max(1,200)", "SE0116", 8, "write `max(1, 200)` with a blank"),
        ("rate abs(1, 2)", "SE0116", 8, "`abs` takes one"),
        ("tiers marginal", "SE0122", 3, "two blanks further in"),
        ("rate (1 + 2", "SE0112", 8, "bracket"),
        ("rate 1 + 2)", "SE0112", 13, "bracket"),
        ("from 2026-02-30", "SE0105", 8, "there is no day 2026-02-30"),
        ("due 13-40", "SE0105", 7, "there is no day 13-40"),
        ('source "x', "SE0106", 10, "close it"),
        ("rate 5 % 3 @", "SE0101", 12, "end of the line"),
        ("rate 5% & 3", "SE0102", 11, "no meaning"),
        ("period rolling 2.5 months", "SE0117", 18, "whole number"),
        ("rate 5% from 2026-01-01 from 2026-02-01", "SE0118", 27, "`from` stands twice"),
        ("for a = b, c", "SE0119", 7, "bare names"),
        ("\trate 5%", "SE0107", 1, "tab"),
        ("revenue x", "SE0101", 3, "here may follow"),
        ("at most 5 per year", "SE0101", 13, "written `in each year`"),
        ("on gmv where category = oil", "SE0101", 10, "`for category = rice`"),
        ("on sum of paid over sales * 2", "SE0101", 29, "put the aggregate in brackets: `(sum of …) * …`"),
        ("when sum of quantity over sales > 5", "SE0101", 12, "put the aggregate in brackets: `(sum of …)`"),
        ("spread over sku by sum of quantity over sales", "SE0101", 26, "put the aggregate in brackets: `(sum of …)`"),
        ("on net sales", "SE0101", 10, "write `net_sales`"),
        ("from 2026/6/30", "SE0105", 8, "write `2026-06-30`"),
        ("amount ¥500", "SE0102", 10, "`500 CNY`"),
        ("unless gmv > 5", "SE0101", 3, "say when it is due: `when not (…)`"),
        ("waived when gmv > 5", "SE0101", 3, "say when it is due: `when not (…)`"),
        ("when (sum of paid over sales where known_on if there is none date > date) > 5", "SE0101", 47, "`(known_on if there is none …)`"),
        ("qualify on latest amount over penalties in the previous month", "SE0101", 43, "only a measure moves"),
        ("when hours from started to b > 5", "SE0101", 27, "`started` is a word of the language"),
        ("along units", "SE0101", 3, "`tiers marginal along NAME`"),
        ("when all of gmv > 5, b > 3", "SE0101", 15, "put the conditions in brackets"),
        ("needs confirm", "SE0101", 3, "Write `needs confirmation`"),
        ("when at least 3 of (a > 1, b > 2)", "SE0117", 17, "2 conditions stand there, so 3 of them can never hold"),
    ],
)
def test_one_line(line: str, code: str, column: int, said: str) -> None:
    [found] = findings(f"{HEAD}  on gmv\n  {line}\n  per sku\n" if not line.startswith("\t") else f"{HEAD}{line}\n")
    assert (found.code, found.places[0].span.column) == (code, column)
    assert said in f"{found.title} {found.why} {found.fix}"


def test_every_line_at_fault_is_reported_in_one_go() -> None:
    text = (
        HEAD
        + '  raet 5%\n  per sku\n  tiers marginal\n    up to 5 1%\n    upto 9 2%\n  sorce "x"\nfuu\n  a\n  b\nfee f\n  amnt 3\n'
    )
    assert [(found.code, found.places[0].span.line) for found in findings(text)] == [
        ("SE0101", 3), ("SE0101", 7), ("SE0101", 8), ("SE0101", 9), ("SE0101", 13),
    ]  # fmt: skip


def test_rows_that_cannot_be_read_do_not_make_their_field_look_empty() -> None:
    [found] = findings(HEAD + "  tiers marginal\n    upto 5 1%\n  per sku\n")
    assert found.places[0].span.line == 4


def test_a_row_too_deep_shows_the_line_above() -> None:
    [found] = findings(HEAD + "  per sku\n    5 for rice\n  on gmv\n")
    assert found.code == "SE0107"
    assert [place.span.line for place in found.places] == [4, 3]


def test_a_row_between_two_levels() -> None:
    [found] = findings(HEAD + "  tiers whole\n      up to 5 1%\n    over 5 2%\n")
    assert (found.code, found.places[0].span.line) == ("SE0107", 5)


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("# only a remark\n", 1), ("\n\nfee f\n  amount 3\n", 3), ("  contract X\n", 1)]
)
def test_a_file_begins_with_its_contract(text: str, line: int) -> None:
    found = findings(text)
    assert (found[0].code, found[0].places[0].span.line) == ("SE0120", line)


def test_a_second_contract_is_no_block() -> None:
    [found] = findings("contract X\ncontract Y\n")
    assert (found.code, found.places[0].span.line) == ("SE0101", 2)


@pytest.mark.parametrize(
    ("line", "code", "fix"),
    [
        ("周期季度", "SE0111", "写成 `周期 季度`"),
        ("点位 12%限大米", "SE0111", "写成 `点位 12% 限 大米`"),
        ("基数净销售额", "SE0111", "写成 `基数 净销售额`"),
        ("rate 5%", "SE0101", "是否想写 `点位`？写成 `点位 5%`"),
        ("周期", "SE0113", "例如 `周期  季度, 每月预结`"),
        ("点位 5%以上", "SE0110", "`自` 或 `不超过`"),
        ("点位 100万元以下", "SE0110", "`自` 或 `不超过`"),
        ("自 2026年6月30日", "SE0105", "写成 `2026-06-30`"),
        ("点位 30天以内", "SE0110", "`自` 或 `不超过`"),
    ],
)
def test_messages_come_in_the_language_of_the_file(line: str, code: str, fix: str) -> None:
    [found] = findings(f"合同 X\n返利 r\n  {line}\n")
    assert (found.code, found.language) == (code, "zh")
    assert fix in found.fix


def test_chinese_numbers_with_their_units_need_no_blank() -> None:
    tree, found = parse_contract(SourceFile("x", "合同 X\n  付款 对账后 60天\n返利 r\n  金额 20万元\n  上限 1.5亿 每年\n"))
    assert tree is not None
    assert not found
    assert str(tree.blocks[0].fields[1].items[0].value) == "150000000"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("counter c\n  sum of quantity over sales\n  restarts yearly\n", "did you mean `restarts every`? For example `restarts every year`"),
        ("balance b\n  adds 5 units in each month\n  expires in each month\n", "For example `expires every year`"),
        ("limit l\n  over a, b\n  at most 50 in each year\n", "did you mean `of`? Write `of a, b`"),
        ("price protection p\n  over price_adjustments\n  protects stock\n", "for example `protects  stock in_stock`"),
        ("reversal back of storage\n  over customer_returns\n", "begin a line of its own below with it, for example `of  storage`"),
    ],
)
def test_words_that_begin_a_longer_line_come_with_an_example(block: str, said: str) -> None:
    [found] = findings(f"contract X\n{block}")
    assert said in found.fix


def test_a_word_that_denies_what_is_written_is_not_offered() -> None:
    _, found = parse_contract(SourceFile("x.contract", "合同 X\n计数 c\n  合计 数量 取自 销售单\n  每年重新计数\n"))
    assert "重新计数 每 年" in found[0].fix
    assert "从不" not in found[0].fix
