"""The index of error pages names every code with both its titles, and nothing else."""

from __future__ import annotations

import pytest

from rules_engine.diagnostics.catalogue import CATALOGUE
from tests.pages.player import ROOT

INDEX = ROOT / "docs/reference/errors/index.md"


def test_the_index_lists_every_code_in_order(request: pytest.FixtureRequest) -> None:
    text = INDEX.read_text(encoding="utf-8") if INDEX.is_file() else ""
    if request.config.getoption("--update-goldens"):
        INDEX.write_text(whole(), encoding="utf-8", newline="\n")
        return
    assert text == whole()


def test_every_code_belongs_to_an_area() -> None:
    assert [code for code in CATALOGUE if not code.startswith(tuple(start for start, _, _ in AREAS))] == []


def whole() -> str:
    parts = [HEAD]
    for start, english, chinese in AREAS:
        rows = [row(code) for code in sorted(CATALOGUE) if code.startswith(start)]
        parts.append("\n".join([f"## {start}xx: {english} · {chinese}", "", "| code | title | 标题 |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def row(code: str) -> str:
    english, chinese = (title.replace("|", r"\|") for title in CATALOGUE[code])
    return f"| [{code}]({code}.md) | {english} | {chinese} |"


HEAD = """# Findings

Every finding has a code, the places it speaks of, why money depends on it and what to write instead. Each page shows the text
that provokes the finding, the exact message, and the text as it should be; the pages run as tests. Codes that begin with SE stop
the work, but for notes; codes that begin with SW are warnings and codes that begin with SN are notes: they stop nothing.

每条提示都有编号、所指的位置、为什么关系到金额，以及应当怎样写。每页给出引起提示的写法、完整的提示文字和正确的写法。SE 开头的会中止，SW 开头的只是警告，SN 开头的只是提示。"""

AREAS = (
    ("SE01", "characters and syntax", "字符与语法"),
    ("SE02", "rows, tiers, dates and fields", "行、阶梯、日期与字段"),
    ("SE03", "names", "名称"),
    ("SE04", "units", "单位"),
    ("SE05", "what must be written", "必须写明的事项"),
    ("SE06", "documents", "单据"),
    ("SW06", "warnings about documents", "单据警告"),
    ("SE07", "settling", "结算"),
    ("SE08", "files and environment", "文件与环境"),
    ("SW09", "warnings", "警告"),
    ("SN10", "what the numbers of a contract tell", "合同数字本身说明的问题"),
)
