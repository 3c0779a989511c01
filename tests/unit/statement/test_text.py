from __future__ import annotations

from dataclasses import replace

import pytest

from rules_engine.diagnostics.width import width
from rules_engine.statement.naming import title_text
from rules_engine.statement.render import render
from rules_engine.statement.terminal import table
from rules_engine.statement.text import render_text
from rules_engine.statement.words import Words
from tests.unit.statement.samples import empty, settlement


@pytest.mark.parametrize(("language", "view"), [("en", "platform"), ("en", "supplier"), ("zh", "platform"), ("zh", "supplier")])
def test_whole_statement(language: str, view: str, golden) -> None:  # type: ignore[no-untyped-def] # the fixture's type lives in conftest
    golden.check(f"statement/statement.{language}.{view}.txt", render(settlement(language), "text", view=view))


def test_a_settlement_without_lines_says_so(golden) -> None:  # type: ignore[no-untyped-def] # the fixture's type lives in conftest
    golden.check("statement/empty.en.txt", render(empty(), "text"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_amounts_stand_in_one_column(language: str) -> None:
    text = render_text(settlement(language), language)
    block = next(block for block in text.split("\n\n") if "restocked" in block)
    ends = {width(line) for line in block.splitlines() if line.startswith("  ")}
    assert len(ends) == 1


def test_wide_characters_take_two_columns() -> None:
    assert list(table([("大米", "1"), ("oil", "22")], "<>")) == ["  大米   1", "  oil   22"]


def test_another_language_than_the_contract_s() -> None:
    text = render(settlement("en"), "text", lang="zh")
    assert text.startswith("结算单")
    assert "四舍五入" not in text
    assert "Golden Grain Foods Co." in text


def test_colour_only_when_asked() -> None:
    assert "\x1b" not in render(settlement(), "text")
    assert "\x1b[1m" in render(settlement(), "text", colour=True)


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "a\rb", "\u202eoil", "\u200bx", "a\nb", "\x00"])
def test_escapes_in_names_never_reach_the_terminal(evil: str) -> None:
    found = settlement()
    header = replace(found.program.header, title=evil, platform=evil, supplier=evil)
    line = replace(found.lines[0], title=evil, group={"category": evil}, id=evil)
    unused = replace(found.unused[0], id=evil, reason=evil, place=evil, type=evil)
    dirty = replace(
        found, program=replace(found.program, header=header), lines=(line,), unused=(unused,), notices=(("x", evil),)
    )
    text = render(dirty, "text")
    assert not set(text) & set("\x1b\x07\x9b\r\u202e\u200b\x00")
    assert text.count("\n") == render(replace(dirty, lines=(replace(line, title="t", group={"category": "g"}),)), "text").count(
        "\n"
    )


def test_a_line_says_its_payee_where_the_clause_names_several() -> None:
    named = replace(settlement().lines[0], payee="platform")
    assert title_text(named, Words("en")).endswith(" · platform")
    assert title_text(named, Words("zh")).endswith(" · 平台")
    assert title_text(replace(named, payee=""), Words("en")) == title_text(named, Words("en")).removesuffix(" · platform")
