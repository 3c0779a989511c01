"""The commands on a project made by `settle init`: what a person does on the first day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules_engine.cli.main import main

RUN = ["run", "first.contract", "--documents", "documents.csv", "--period", "2026-01"]


@pytest.fixture(params=["en", "zh"])
def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    assert main(["init", str(tmp_path / "tea"), "--lang", request.param]) == 0
    monkeypatch.chdir(tmp_path / "tea")
    monkeypatch.setenv("NO_COLOR", "1")
    capsys.readouterr()
    return tmp_path / "tea"


def test_a_new_project_checks_tests_and_runs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "."]) == 0
    assert main(["test", "."]) == 0
    assert capsys.readouterr().out.splitlines()[-1] in ("1 passed, 0 failed", "通过 1 项，失败 0 项")
    assert main([*RUN, "--format", "json"]) == 0
    statement = json.loads(capsys.readouterr().out)
    assert statement["totals"]["net"] == "173.46"


def test_init_overwrites_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "documents.csv").write_text("mine", encoding="utf-8")
    assert main(["init", "."]) == 2
    assert "documents.csv" in capsys.readouterr().err
    assert (project / "documents.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("name", "start"), [("a.json", "{"), ("a.html", "<!"), ("a.csv", ""), ("a.txt", "")])
def test_the_ending_of_the_file_decides(project: Path, name: str, start: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "-o", f"out/{name}"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert f"written: out/{name}" in said.err
    assert (project / "out" / name).read_text(encoding="utf-8").lstrip("\ufeff").startswith(start)


def test_a_rerun_is_the_same_file_byte_for_byte(project: Path) -> None:
    for name in ("one.json", "two.json"):
        assert main([*RUN, "-o", name]) == 0
    assert (project / "one.json").read_bytes() == (project / "two.json").read_bytes()


def test_posted_statements_leave_nothing_to_settle_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "-o", "posted/2026-01.json"]) == 0
    assert main([*RUN[:-1], "2026-02", "--posted", "posted", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == []


def test_every_line_can_be_explained(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN, "--format", "json"]) == 0
    for line in json.loads(capsys.readouterr().out)["lines"]:
        assert main(["explain", *RUN[1:], line["id"]]) == 0
        assert line["id"] in capsys.readouterr().out


def test_a_wrong_contract_is_exit_1_with_its_finding(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contract = project / "first.contract"
    contract.write_text(contract.read_text(encoding="utf-8").replace("10%", "10", 1), encoding="utf-8")
    assert main(["check", "."]) == 1
    assert "SE0" in capsys.readouterr().out
    assert main(RUN) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "SE0" in said.err


@pytest.mark.parametrize(("kind", "key"), [("json", None), ("sarif", "runs")])
def test_check_gives_data(project: Path, kind: str, key: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", ".", "--format", kind]) == 0
    data = json.loads(capsys.readouterr().out)
    assert key is None or key in data


def test_a_failed_scenario_is_exit_1(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contract = project / "first.contract"
    contract.write_text(contract.read_text(encoding="utf-8").replace("70.00\n", "71.00\n", 1), encoding="utf-8")
    assert main(["test", "."]) == 1
    said = capsys.readouterr().out
    assert "SE0811" in said
    assert said.splitlines()[-1] in ("0 passed, 1 failed", "通过 0 项，失败 1 项")


def test_demo_ends_with_net_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "demo")]) == 0
    net, page = capsys.readouterr().out.splitlines()[-2:]
    assert net.startswith("net ")
    assert Path(page.removeprefix("open ")).read_text(encoding="utf-8").startswith("<!")
