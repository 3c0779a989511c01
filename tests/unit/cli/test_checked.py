"""Contracts that were checked before: read again only while nothing they were read from has changed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from rules_engine import api, kept
from rules_engine.api import Gathered
from rules_engine.cli.checked import diagnosed, findings_of
from rules_engine.cli.main import main

CONTRACTS = Path(__file__).parents[3] / "contracts"
AMENDMENT = """amendment GO-2026-001/1 "A lower rate" effective 2026-06-01

deduction month_end "Month-end volume deduction"
  on received
  rate 1.5%
"""


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names of the contracts that were truly checked."""
    monkeypatch.setenv("SETTLEWRIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SETTLE_NO_CACHE", raising=False)
    found: list[str] = []
    honest = Gathered.diagnosed

    def counted(files: Gathered, as_of: date | None = None) -> object:
        found.append(Path(files.source.name).name)
        return honest(files, as_of)

    monkeypatch.setattr(Gathered, "diagnosed", counted)
    return found


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    place = tmp_path / "shop" / "grain_oil.contract"
    place.parent.mkdir()
    shutil.copy(CONTRACTS / "grain_oil" / place.name, place)
    return place


def test_a_contract_is_checked_once(checks: list[str], contract: Path) -> None:
    first = diagnosed(contract), findings_of(contract, (), facts=False), findings_of(contract, (), facts=True)
    assert len(checks) == 3
    again = diagnosed(contract), findings_of(contract, (), facts=False), findings_of(contract, (), facts=True)
    assert len(checks) == 3
    assert again == first
    assert first[0] == api.diagnose_file(contract)


def test_whatever_it_is_read_from_changes_it_is_checked_again(checks: list[str], contract: Path) -> None:
    program, _ = diagnosed(contract)
    contract.write_text(contract.read_text(encoding="utf-8") + "\n# one more line\n", encoding="utf-8")
    diagnosed(contract)
    (contract.parent / "lower.amendment").write_text(AMENDMENT, encoding="utf-8")
    amended, _ = diagnosed(contract)
    diagnosed(contract, date(2026, 1, 1))
    assert len(checks) == 4
    assert amended != program


def test_what_is_spoilt_is_made_again(checks: list[str], contract: Path) -> None:
    first = diagnosed(contract)
    folder = kept.checked()
    assert folder is not None
    [path] = folder.iterdir()
    whole = path.read_bytes()
    for spoilt in (b"", b"?" * 400, whole[:-20], whole[:40] + bytes([whole[40] ^ 1]) + whole[41:]):
        path.write_bytes(spoilt)
        assert diagnosed(contract) == first
        assert path.read_bytes() == whole
    assert len(checks) == 5


def test_nothing_is_kept_of_contracts_where_nobody_wants_it(
    checks: list[str], contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SETTLE_NO_CACHE", "1")
    diagnosed(contract)
    diagnosed(contract)
    assert len(checks) == 2


def test_nothing_is_kept_where_engines_cannot_be_told_apart(
    checks: list[str], contract: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "engine.zip" / "kept.py"))
    kept.engine.cache_clear()
    try:
        assert kept.checked() is None
        diagnosed(contract)
        diagnosed(contract)
    finally:
        kept.engine.cache_clear()
    assert len(checks) == 2


def test_another_engine_finds_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "engine" / "kept.py"))
    (tmp_path / "engine").mkdir()
    names = set[str]()
    for text in ("one", "three"):
        (tmp_path / "engine" / "kept.py").write_text(text, encoding="utf-8")
        kept.engine.cache_clear()
        names.add(kept.engine())
    kept.engine.cache_clear()
    assert len(names) == 2


def test_a_wrong_contract_says_the_same_again(checks: list[str], contract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contract.write_text(contract.read_text(encoding="utf-8").replace("  pay ", "  pax ", 1), encoding="utf-8")
    assert main(["check", str(contract)]) == 1
    said = capsys.readouterr().out
    assert main(["check", str(contract)]) == 1
    assert capsys.readouterr().out == said
    assert len(checks) == 1
