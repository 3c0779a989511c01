from __future__ import annotations

import json
import re
from unicodedata import category
from urllib.parse import unquote

import pytest
from hypothesis import given, strategies as st

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import Diagnostic, Place, Severity
from rules_engine.diagnostics.render import FORMATS, render
from rules_engine.diagnostics.text import summary
from rules_engine.diagnostics.width import harmless, padded, width
from rules_engine.source import SourceFile, Span

FILE = "contracts/acme/acme.contract"
LINES = [""] * 11 + ["    from 1,000 to 5,000 units   2.0%", "", "    from 4,500 units            3.5%"]
SOURCES = {FILE: SourceFile(FILE, "\n".join(LINES))}

OVERLAP = Diagnostic(
    code="SE0207",
    title="rebate bands overlap",
    places=(
        Place(Span(FILE, 14, 5, 14, 21), "second band starts 500 units earlier"),
        Place(Span(FILE, 12, 5, 12, 30), "first band ends at 5,000 units, included"),
    ),
    why="4,700 units earn 2.0% under the first band and 3.5% under the second; the rebate has no single amount.",
    fix="start the second band at `over 5,000 units`.",
)

OVERLAP_SHOWN = """\
error[SE0207]: rebate bands overlap
   ┌─ contracts/acme/acme.contract:14:5
12 │     from 1,000 to 5,000 units   2.0%
   │     ------------------------- first band ends at 5,000 units, included
14 │     from 4,500 units            3.5%
   │     ^^^^^^^^^^^^^^^^ second band starts 500 units earlier
why: 4,700 units earn 2.0% under the first band and 3.5% under the second; the rebate has no single amount.
fix: start the second band at `over 5,000 units`.                    docs/reference/errors/SE0207.md
"""


def shown(item: Diagnostic, text: str = "", file: str = "a", *, colour: bool = False) -> str:
    return render([item], "text", {file: SourceFile(file, text)}, colour=colour)


def test_a_finding_with_two_places() -> None:
    assert render([OVERLAP], "text", SOURCES) == OVERLAP_SHOWN


def test_chinese_words_take_two_columns() -> None:
    item = diagnostic("SE0301", "zh", [(Span("a", 1, 6, 1, 10), ("", "没有这个口径"))], fix=("", "改为 `净销售额`"))
    text = shown(item, "  基数 净销售利 取")
    lines = text.splitlines()
    assert lines[:2] == ["错误[SE0301]：名称未定义", "  ┌─ a:1:6"]
    assert lines[2] == "1 │   基数 净销售利 取"
    assert lines[3] == "  │        ^^^^^^^^ 没有这个口径"
    assert width(lines[2][: lines[2].index("净")]) == width(lines[3][: lines[3].index("^")])
    assert lines[4].startswith("修改：改为 `净销售额`  ")


def test_tabs_are_shown_as_spaces_and_marks_stay_under_the_word() -> None:
    lines = shown(diagnostic("SE0301", "en", Span("a", 1, 4, 1, 7)), "\ta\tbcd").splitlines()
    assert lines[2:4] == ["1 │     a   bcd", "  │         ^^^"]


def test_a_point_gets_one_mark_and_a_long_stretch_ends_with_its_line() -> None:
    assert "  │   ^\n" in shown(diagnostic("SE0101", "en", Span("a", 1, 3, 1, 3)), "ab")
    assert "  │ ^^^\n" in shown(diagnostic("SE0101", "en", Span("a", 1, 1, 3, 2)), "abc\ndef\ng")


def test_several_files_the_primary_one_first() -> None:
    places = [Span("b", 1, 1, 1, 2), Span("a", 10, 1, 10, 2)]
    text = render(
        [diagnostic("SE0302", "en", places)], "text", {"b": SourceFile("b", "x\r\n"), "a": SourceFile("a", "\n" * 9 + "y")}
    )
    assert text.splitlines()[1:7] == ["   ┌─ b:1:1", " 1 │ x", "   │ ^", "   ┌─ a:10:1", "10 │ y", "   │ -"]


def test_a_file_that_was_not_given_is_named_without_a_quote() -> None:
    item = diagnostic("SE0601", "en", [(Span("documents.csv", 7, 0, 7, 0), ("column `paid`: `1e5`", ""))])
    assert shown(item).splitlines()[1:3] == ["  ┌─ documents.csv:7", "  │ column `paid`: `1e5`"]


def test_lines_to_paste_stand_alone() -> None:
    item = diagnostic("SE0501", "en", fix=("write one of\n  tiers marginal\n  tiers whole", ""))
    assert shown(item).splitlines()[1:] == [
        "fix: write one of",
        "       tiers marginal",
        "       tiers whole",
        " " * 69 + "docs/reference/errors/SE0501.md",
    ]


def test_a_line_of_a_megabyte_is_cut_around_the_place() -> None:
    text = shown(diagnostic("SE0101", "en", Span("a", 1, 500_001, 1, 500_004)), "x" * 500_000 + "BAD" + "x" * 500_000)
    quoted, marked = text.splitlines()[2:4]
    assert len(text) < 600
    assert quoted[marked.index("^") :].startswith("BAD")
    assert quoted.startswith("1 │ …")
    assert quoted.endswith("…")


def test_colour_only_when_asked() -> None:
    plain, coloured = shown(OVERLAP, file=FILE), render([OVERLAP], "text", SOURCES, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[1m\x1b[31merror[SE0207]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == OVERLAP_SHOWN


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b31m", "\u202e", "\u200b", "\x00", "\r", "\x7f", "\u2028", "\ud800"])
def test_control_characters_are_made_visible_everywhere(evil: str) -> None:
    item = Diagnostic("SE0102", f"t{evil}", (Place(Span(f"f{evil}", 1, 1, 1, 3), f"p{evil}"),), f"w{evil}", f"x{evil}")
    sources = {f"f{evil}": SourceFile(f"f{evil}", f"ab{evil}c")}
    for form in FORMATS:
        text = render([item], form, sources)
        assert not [char for char in text if category(char) in {"Cc", "Cf", "Cs"} and char != "\n"], form
    assert json.loads(render([item], "json", sources))["diagnostics"][0]["why"] == f"w{evil}"


def test_findings_are_sorted_and_counted() -> None:
    findings = [diagnostic("SE0301", "en", Span("a", line, 1, line, 2)) for line in (3, 1, 2, 1)] + [diagnostic("SW0902", "en")]
    text = render(findings, "text", {})
    assert re.findall(r"a:(\d)", text) == ["1", "2", "3"]
    body = json.loads(render(findings, "json", {}))
    assert (body["errors"], body["warnings"]) == (3, 1)
    assert summary(findings) == "4 errors, 1 warning"
    assert summary(findings, "zh") == "4 个错误，1 个警告"
    assert (summary([]), summary([], "zh"), render([], "text", {})) == ("no findings", "没有发现问题", "")


def test_json() -> None:
    item = json.loads(render([OVERLAP], "json", SOURCES))["diagnostics"][0]
    assert (item["code"], item["severity"], item["page"]) == ("SE0207", "error", "docs/reference/errors/SE0207.md")
    assert item["places"][0] == {
        "file": FILE,
        "line": 14,
        "column": 5,
        "end_line": 14,
        "end_column": 21,
        "text": "second band starts 500 units earlier",
    }


def test_github() -> None:
    item = diagnostic("SE0207", "en", [(Span("a,b:c", 14, 5, 14, 21), ("100% more", ""))], why=("one\ntwo", ""))
    assert render([item], "github", {}) == (
        "::error file=a%2Cb%3Ac,line=14,endLine=14,col=5,endColumn=20,title=SE0207 bands overlap"
        "::bands overlap%0A100%25 more%0Aone%0Atwo\n"
    )
    assert render([diagnostic("SW0902", "en", severity=Severity.NOTE)], "github", {}).startswith("::notice title=SW0902 ")


def test_sarif() -> None:
    note = diagnostic("SE0601", "zh", [Span("单据/1 月.csv", 7, 0, 7, 0)])
    body = json.loads(render([OVERLAP, note, diagnostic("SW0902", "en")], "sarif", SOURCES))
    assert body["version"] == "2.1.0"
    (run,) = body["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SE0207", "SE0601", "SW0902"]
    by_code = {result["ruleId"]: result for result in run["results"]}
    assert all(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == code for code, result in by_code.items())
    assert by_code["SE0207"]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 14,
        "endLine": 14,
        "startColumn": 5,
        "endColumn": 21,
    }
    assert by_code["SE0207"]["relatedLocations"][0]["id"] == 1
    located = by_code["SE0601"]["locations"][0]["physicalLocation"]
    assert unquote(located["artifactLocation"]["uri"]) == "单据/1 月.csv"
    assert located["region"] == {"startLine": 7, "endLine": 7}
    assert by_code["SW0902"]["locations"] == []
    assert by_code["SW0902"]["level"] == "warning"


def test_an_unknown_format_is_our_bug() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        render([], "xml", {})


@given(
    st.text(),
    st.integers(0, 6),
    st.integers(0, 30),
    st.integers(0, 6),
    st.integers(0, 30),
    st.sampled_from(FORMATS),
    st.booleans(),
)
def test_any_text_and_any_place_can_be_shown(
    text: str, line: int, column: int, lines: int, columns: int, form: str, colour: bool
) -> None:
    span = Span("a", line, column, line + lines, column + columns)
    item = diagnostic("SE0101", "en", [(span, (text, text)), Span("b", 1, 1, 1, 1)], why=(text, text), fix=(text, text))
    out = render([item], form, {"a": SourceFile("a", text)}, colour=colour)
    assert out.endswith("\n")
    out.encode("utf-8")


@given(st.text())
def test_harmless_text_stays_harmless(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


def test_padding_by_columns() -> None:
    assert padded("净额", 6) + "|" == "净额  |"
    assert padded("净额", 6, right=True) == "  净额"
    assert width("e\u0301") == 1
