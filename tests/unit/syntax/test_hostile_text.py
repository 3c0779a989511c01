"""Text made to hurt: every answer is a code, soon, and in little room."""

from __future__ import annotations

import time

import pytest

from rules_engine.source import SourceFile
from rules_engine.syntax.parse import parse_contract

HEAD = "contract X\nrebate r\n"
LADDER = HEAD + "  tiers marginal\n"


def codes(text: str) -> list[str]:
    return [finding.code for finding in parse_contract(SourceFile("x.contract", text))[1]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(HEAD + "  rate " + "(" * 1_000, "SE0109", id="1,000 brackets"),
        pytest.param(HEAD + "  rate " + "(" * 10_000 + "1" + ")" * 10_000, "SE0109", id="10,000 brackets"),
        pytest.param(HEAD + "  rate " + "(" * 500_000, "SE0108", id="500,000 brackets"),
        pytest.param(HEAD + "  rate (0" + "-" * 100_000 + "1)", "SE0121", id="minus signs"),
        pytest.param(HEAD + "  rate 1" + "+1" * 50_000, "SE0121", id="a long sum"),
        pytest.param(HEAD + "  when " + "not " * 50_000 + "x", "SE0121", id="not not not"),
        pytest.param(HEAD + "  rate " + "if a then " * 1_000 + "1", "SE0121", id="if if if"),
        pytest.param(HEAD + "  on " + "5% of " * 1_000 + "x", "SE0121", id="a share of a share"),
        pytest.param(HEAD + "  for " + "a, " * 60_000, "SE0121", id="a long list"),
        pytest.param(HEAD + "  for " + "a, " * 340_000, "SE0108", id="one line of a megabyte"),
        pytest.param(HEAD + "  rate " + "a" * 1_000_000, "SE0114", id="a name of a megabyte"),
        pytest.param(HEAD + "  rate " + "9" * 1_000_000, "SE0104", id="a million digits"),
        pytest.param(HEAD + "  rate 1e999999999", "SE0104", id="an exponent"),
        pytest.param(HEAD + "  rate 0." + "1" * 11, "SE0104", id="eleven decimals"),
        pytest.param(HEAD + "  rate 1_000", "SE0104", id="underscored"),
        pytest.param(HEAD + "  rate 2**2**2", "SE0101", id="a power"),
        pytest.param(HEAD + '  source "' + "x" * 4_097 + '"', "SE0115", id="a long text"),
        pytest.param(HEAD + "  x\n" * 100_000, "SE0101", id="many bad lines"),
        pytest.param(HEAD + "x\n" * 50_000, "SE0101", id="many bad blocks"),
        pytest.param(LADDER + "".join(f"    up to {n} 1%\n" for n in range(1_001)), "SE0125", id="1,001 tiers"),
        pytest.param(
            LADDER + "".join(" " * (4 + n) + "from 5 marginal\n" for n in range(100)), "SE0109", id="ladders in ladders"
        ),
        pytest.param('contract X\nscenario "x"\n  ' + "|" * 100_000, "SE0121", id="a row of bars"),
        pytest.param(HEAD + "\0" * 1_000, "SE0102", id="NUL"),
        pytest.param(HEAD + "  rate \ud800", "SE0102", id="half a character"),
        pytest.param(HEAD + "  rate \u202e5%", "SE0103", id="text direction"),
        pytest.param(HEAD + "  rate 5\u200b%", "SE0103", id="zero width"),
        pytest.param(HEAD + '  source "a\u2066b"', "SE0103", id="text direction in quotes"),
        pytest.param(HEAD + "  # \u202e", "SE0103", id="text direction in a comment"),
        pytest.param(HEAD + "  rate\ufeff 5%", "SE0103", id="byte order mark inside"),
    ],
)
def test_a_code_soon(text: str, code: str) -> None:
    begin = time.perf_counter()
    found = codes(text)
    assert found[0] == code, found[:3]
    assert time.perf_counter() - begin < 5, "under load; one second is the aim on an idle machine"


@pytest.mark.parametrize(
    ("fits", "not_"),
    [
        (HEAD + "  rate " + "a" * 128, HEAD + "  rate " + "a" * 129),
        (HEAD + '  source "' + "x" * 4_096 + '"', HEAD + '  source "' + "x" * 4_097 + '"'),
        (HEAD + "  rate " + "(" * 64 + "1" + ")" * 64, HEAD + "  rate " + "(" * 65 + "1" + ")" * 65),
        (HEAD + "  rate " + "9" * 28, HEAD + "  rate " + "9" * 29),
        (HEAD + "  rate 0." + "1" * 10, HEAD + "  rate 0." + "1" * 11),
        (HEAD + "  rate 1" + " + 1" * 200, HEAD + "  rate 1" + " + 1" * 201),
        (
            LADDER + "".join(f"    up to {n} 1%\n" for n in range(1_000)),
            LADDER + "".join(f"    up to {n} 1%\n" for n in range(1_001)),
        ),
        ("contract X\n#" + "-" * 60 + " " * (1024 * 1024 - 72), "contract X\n#" + "-" * 60 + " " * (1024 * 1024 - 71)),
    ],
)
def test_each_limit_at_its_edge(fits: str, not_: str) -> None:
    assert codes(fits) == []
    assert len(codes(not_)) == 1


@pytest.mark.parametrize(
    "text", ["\ufeffcontract X\r\nrebate r\r\n  rate 5%\r\n", "contract X\rrebate r\r  rate 5%", HEAD + "\n\n  rate 5%\n\n\n"]
)
def test_marks_and_line_ends_of_any_editor(text: str) -> None:
    assert codes(text) == []


def test_full_width_is_read_and_noted_with_its_column() -> None:
    tree, (note,) = parse_contract(SourceFile("x", "合同 X\n返利 r\n  限 a，b\n  点位 １２％\n  出处 “甲，乙”\n"))
    assert tree is not None
    assert (note.code, note.severity, note.places[0].span.line, note.places[0].span.column) == ("SE0124", "note", 3, 6)


@pytest.mark.parametrize(
    ("name", "latin"), [("\u0430bc", "abc"), ("p\u0430id", "paid"), ("\u0441\u043e\u0441\u043e", "coco"), ("返\u0430", "返a")]
)
def test_look_alike_letters_are_warned_of(name: str, latin: str) -> None:
    tree, (warning,) = parse_contract(SourceFile("x", HEAD + f"  on {name}\n"))
    assert tree is not None
    assert (warning.code, warning.severity) == ("SW0910", "warning")
    assert f"`{latin}`" in warning.fix


@pytest.mark.parametrize("name", ["返利rate", "净销售额2", "été", "данные", "x_1"])
def test_other_names_are_not(name: str) -> None:
    assert codes(HEAD + f"  on {name}\n") == []


def test_a_name_is_the_same_composed_or_not() -> None:
    composed, _ = parse_contract(SourceFile("x", HEAD + "  on \u00e9t\u00e9\n"))
    apart, _ = parse_contract(SourceFile("x", HEAD + "  on e\u0301te\u0301\n"))
    assert composed is not None
    assert apart is not None
    assert composed.blocks[0].fields[0].items[0].id == apart.blocks[0].fields[0].items[0].id  # type: ignore[union-attr]
