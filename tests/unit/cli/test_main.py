"""The entry: exit codes, streams, and no traceback whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from rules_engine.cli import main as entry
from rules_engine.cli.commands import check
from rules_engine.cli.parser import COMMANDS
from rules_engine.version import __version__

ROOT = Path(__file__).parents[3]


def settle(*words: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rules_engine", *words], cwd=ROOT, env={**os.environ, **environment}, text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, timeout=60,
    )  # fmt: skip


def test_version_and_help_go_to_stdout() -> None:
    assert settle("--version").stdout == f"settlewright {__version__}\n"
    done = settle("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(command in done.stdout for command in COMMANDS)


def test_no_words_show_the_help() -> None:
    assert settle().stdout == settle("--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([command, "--help"]) == 0
    assert f"settle {command}" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "meant"), [("chek", "check"), ("rn", "run"), ("expain", "explain"), ("tset", "test")])
def test_did_you_mean(word: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([word]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"did you mean `settle {meant}`?" in said.err


@pytest.mark.parametrize(
    "words", [["check"], ["run", "x"], ["run", "x", "--documents", "d", "--period", "2026-03", "--as-of", "soon"], ["--what"]]
)
def test_wrong_usage_is_exit_2_on_stderr(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--help" in said.err


def test_a_missing_file_is_exit_2_and_names_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme.contract").write_text("x", encoding="utf-8")
    assert entry.main(["run", str(tmp_path / "acm.contract"), "--documents", "d.csv", "--period", "2026-03"]) == 2
    said = capsys.readouterr().err
    assert "SE0802" in said
    assert "acme.contract" in said


def test_a_bug_is_one_line_and_exit_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(options: Namespace) -> int:
        raise ZeroDivisionError("a\nbug")

    monkeypatch.setattr(check, "run", broken)
    assert entry.main(["check", "."]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "internal error" in said
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said


def test_a_bug_can_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(options: Namespace) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "run", broken)
    monkeypatch.setenv("SETTLE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        entry.main(["check", "."])


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(options: Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", interrupted)
    assert entry.main(["check", "."]) == 130
    assert capsys.readouterr().err == "settle: interrupted\n"


def test_a_reader_that_goes_away_is_no_failure_to_report() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = settle("--help", stdout=write_end)
    os.close(write_end)
    assert done.stderr == ""
    assert done.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = settle("--help", stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr == "settle: No space left on device\n"
