"""A name nothing has: the nearest one, all there are, or how one is declared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.spoken import written_as
from rules_engine.diagnostics.suggest import did_you_mean
from rules_engine.source import Span

MOST = 8
DECLARED = {
    "SE0301": ("declare it: `measure {}` and its formula on the next line", "声明它：“口径 {}”，下一行写算式"),
    "SE0304": ("declare it below its document type: `column {} money`", "在其单据类型下声明：“列 {} 金额”"),
    "SE0305": ("declare it: `documents {}`", "声明它：“单据 {}”"),
    "SE0241": ("declare it: `balance {}`, and below it `adds …`", "声明它：“余额 {}”，下一行写“计入 …”"),
    "SE0307": ("write the clause first", "先写出该条款"),
    "SE0252": ("declare it: `counter {}`, its sum on the next line", "声明它：“计数 {}”，下一行写合计"),
}
"""How a name of that kind comes into the contract."""


def unknown(code: str, name: str, span: Span, known: Iterable[str], env: Environment, lacking: str = "") -> NoReturn:
    """Refuse a name nothing has, naming the nearest one or, where none is near, all there are."""
    known = sorted(set(known))
    spoken = written_as(name)
    if spoken and code == "SE0301":
        env.refuse(code, span, why=spoken[0], fix=spoken[1])
    of = (f" in `{lacking}`", f"（“{lacking}”中没有）") if lacking else ("", "")
    env.refuse(
        code,
        span,
        why=(f"`{name}` is not declared{of[0]}.", f"“{name}”没有声明{of[1]}。"),
        fix=(suggestion(code, name, known, "en"), suggestion(code, name, known, "zh")),
    )


def suggestion(code: str, name: str, known: list[str], language: str) -> str:
    """`did you mean …?`, else the names there are, else how one is declared."""
    meant = did_you_mean(name, known, language)
    if meant:
        return meant
    listed = ", ".join(f"`{item}`" for item in known[:MOST])
    more = ", …" if len(known) > MOST else ""
    declared = DECLARED.get(code, ("", ""))[language == "zh"].format(name)
    if not known:
        return declared
    if language == "zh":
        return f"可用的名称：{listed.replace(', ', '、')}{more and ' 等'}{declared and '；或' + declared}"
    return f"write one of {listed}{more}{declared and '; or ' + declared}"
