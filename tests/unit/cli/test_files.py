"""Results are written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rules_engine.cli.files import contracts, folder, write
from rules_engine.diagnostics.model import ContractError


def test_write_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "statement.json"
    write(target, "old")
    write(target, "供货\n")
    assert target.read_bytes() == "供货\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_write_keeps_permissions(tmp_path: Path) -> None:
    target = tmp_path / "statement.json"
    write(target, "old")
    target.chmod(0o640)
    write(target, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "statement.json"
    write(target, "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ContractError) as caught:
        write(target, "new")
    assert caught.value.diagnostics[0].code == "SE0803"
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["nowhere/statement.json", "file/statement.json"])
def test_an_unusable_place_is_a_diagnostic(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ContractError, match="SE0803"):
        write(tmp_path / name, "x")


def test_write_to_a_device_writes_there() -> None:
    write("/dev/null", "x")


def test_contracts_are_found_below_folders_once(tmp_path: Path) -> None:
    inner = folder(tmp_path / "a" / "b")
    (inner / "x.contract").write_text("", encoding="utf-8")
    (tmp_path / "a" / "y.zh.contract").write_text("", encoding="utf-8")
    found = contracts([str(tmp_path), str(inner / "x.contract")])
    assert [path.name for path in found] == ["x.contract", "y.zh.contract"]


def test_a_folder_without_contracts_says_so(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="SE0806"):
        contracts([str(tmp_path)])
