"""How the trade writes bounds, shares and discounts: read where only one reading is possible, else answered with the line to write."""

from __future__ import annotations

import pytest

from rules_engine.diagnostics.model import Diagnostic
from rules_engine.source import SourceFile
from rules_engine.syntax.parse import parse_contract

HEAD = "合同 X\n返利 r\n"
LADDER = HEAD + "  阶梯 全额\n    不满 100万  无\n"


def findings(text: str) -> tuple[Diagnostic, ...]:
    return parse_contract(SourceFile("x", text))[1]



def test_a_note_about_a_character_never_hides_that_its_line_is_lost() -> None:
    tree, found = parse_contract(SourceFile("x", "合同 X\n返利 r 付款方：供应商\n  点位 1%\n"))
    assert tree is None
    assert [each.code for each in found] == ["SE0102", "SE0124"] or [each.code for each in found] == ["SE0124", "SE0102"]
    assert any("空格" in each.fix for each in found)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (HEAD + "  费率 5‰\n", HEAD + "  点位 0.5%\n"),
        (HEAD + "  点位 5‱\n", HEAD + "  点位 0.05%\n"),
    ],
)
def test_thousandths(written: str, canonical: str) -> None:
    values = []
    for text in (written, canonical):
        tree, found = parse_contract(SourceFile("x", text))
        assert tree is not None, found
        values.append(tree.blocks[0].fields[0].items[0].parts[0].amount.value)  # type: ignore[union-attr]
    assert values[0] == values[1]


@pytest.mark.parametrize(
    "line",
    [
        "比例 3%", "返点 3%", "扣率 3%", "点位 3% 封顶 10万元", "点位 3% 保底 500元", "封顶 10万元 每年", "最低 500 每月",
        "考核周期 季度", "周期 每月", "周期 每季度, 每月预结", "支付 签订后 10 个工作日 内", "基数 合计 实付 取自 销售单 扣除 客退单",
    ],
)  # fmt: skip
def test_words_that_can_only_mean_one_thing(line: str) -> None:
    assert findings(f"{HEAD}  {line}\n") == ()


@pytest.mark.parametrize("reading", ["超额累进", "全额累进"])
def test_readings_of_tax_law(reading: str) -> None:
    assert findings(f"{HEAD}  阶梯 {reading}\n    不满 100万  无\n    达到 100万  1%\n") == ()


@pytest.mark.parametrize(
    ("band", "fix"),
    [
        ("满 500万 1%", "`自 500万 1%`"),
        ("大于等于 500万 1%", "`自 500万 1%`"),
        ("小于等于 500万 1%", "`不超过 500万 1%`"),
        ("≥500万 1%", "`自 500万 1%`"),
        ("> 500万 1%", "`超过 500万 1%`"),
        ("500万(含)以上 1%", "`自 500万  1%`"),
        ("500万（不含）以上 1%", "`超过 500万  1%`"),
        ("500万(不含)以下 1%", "`不满 500万  1%`"),
        ("100万-500万 1%", "不含写 `不满 500万`"),
    ],
)
def test_bounds_as_they_are_often_written(band: str, fix: str) -> None:
    [found] = [each for each in findings(f"{LADDER}    {band}\n") if each.code != "SE0124"]
    assert fix in found.fix


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("金额 5000元 每月", "`周期 月`"),
        ("满 3 件 打 8 折", "`满 3 件 减 20%`"),
        ("满3件85折", "`满 3 件 减 15%`"),
        ("金额 200 件 * 每件 30 元", "`(每件 30 元)`"),
        ("点位: 3%", "空格"),
    ],
)
def test_lines_answered_with_what_to_write(line: str, fix: str) -> None:
    head = HEAD.replace("返利", "促销返利")
    [found] = findings(f"{head}  基数 g\n  {line}\n")
    assert fix in found.fix


def test_a_text_behind_an_id_is_told_that_titles_stand_in_quotes() -> None:
    [found] = findings("合同 X\n返利 月返 年度返利\n  点位 1%\n")
    assert "标题要加引号" in found.fix
