"""What is shipped: a wheel and an sdist that carry the grammars, the example and everything read at run time."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = [
    *(
        f"rules_engine/_grammars/{path.relative_to(ROOT / 'grammars')}"
        for path in (ROOT / "grammars").rglob("*")
        if path.is_file()
    ),
    *(f"rules_engine/_demo/{name}" for name in ("case.toml", "documents.csv", "grain_oil.contract", "grain_oil.zh.contract")),
    *(str(path.relative_to(ROOT)) for path in (ROOT / "rules_engine").rglob("*.*") if path.suffix != ".pyc"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.wheel
def test_the_wheel_carries_everything_read_at_run_time(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert set(SHIPPED) - set(wheel.namelist()) == set()


@pytest.mark.wheel
def test_the_sdist_carries_the_whole_project(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {
        "Makefile",
        "uv.lock",
        "LICENSE",
        "grammars/contract.lark",
        "tests/conftest.py",
        "contracts/grain_oil/case.toml",
    } <= names


def test_the_lock_names_only_public_addresses() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = {part.partition("/")[0] for part in text.split("https://")[1:]}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
    assert "http://" not in text
    assert "file://" not in text
