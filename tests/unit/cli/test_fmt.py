"""`settle fmt`: the one layout, in either language; nothing is written where it is only asked for."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from rules_engine.cli.main import main

PROJECT = Path(__file__).parents[3] / "rules_engine/cli/project"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    text = (PROJECT / "en/first.contract").read_text(encoding="utf-8")
    path = tmp_path / "first.contract"
    path.write_text(text.replace("  platform ", "  # who buys\n  platform      "), encoding="utf-8")
    return path


def test_a_file_is_rewritten_once(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(untidy)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [f"formatted: {untidy}", "1 contract formatted, 0 contracts unchanged"]
    assert "  # who buys\n" in untidy.read_text(encoding="utf-8")
    assert main(["fmt", "--check", str(untidy)]) == 0


@pytest.mark.parametrize(("option", "code", "shown"), [("--check", 1, "first.contract"), ("--diff", 0, "@@")])
def test_asking_writes_nothing(untidy: Path, option: str, code: int, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = untidy.read_bytes()
    assert main(["fmt", option, str(untidy)]) == code
    assert shown in capsys.readouterr().out
    assert untidy.read_bytes() == before
    assert list(untidy.parent.iterdir()) == [untidy]


def test_there_and_back_is_the_same_file(untidy: Path) -> None:
    assert main(["fmt", str(untidy)]) == 0
    before = untidy.read_bytes()
    assert main(["fmt", "--to", "zh", str(untidy)]) == 0
    assert untidy.read_text(encoding="utf-8").startswith("合同 ")
    assert main(["check", str(untidy)]) == 0
    assert main(["fmt", "--to", "en", str(untidy)]) == 0
    assert untidy.read_bytes() == before


def test_a_file_that_cannot_be_read_stays_and_the_others_are_formatted(
    untidy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = untidy.parent / "a.contract"
    broken.write_text("contract C-1\n  terms\n", encoding="utf-8")
    assert main(["fmt", str(untidy.parent)]) == 1
    assert "SE0101" in capsys.readouterr().err
    assert broken.read_text(encoding="utf-8") == "contract C-1\n  terms\n"
    assert main(["fmt", "--check", str(untidy)]) == 0


def test_a_missing_file_is_the_environments_fault(tmp_path: Path) -> None:
    assert main(["fmt", str(tmp_path / "none.contract")]) == 2


def test_stdin_comes_out_on_stdout(untidy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = untidy.read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert main(["fmt", "-", "--to", "zh"]) == 0
    assert capsys.readouterr().out.startswith("合同 ")
