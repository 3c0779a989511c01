"""Whatever stops a batch, its folder is whole, as it was, or absent; and the next run leaves the bytes of an undisturbed one."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rules_engine.api import ContractError
from rules_engine.bulk.model import DUCKDB, ContractSource
from rules_engine.bulk.remembered import remembered
from rules_engine.bulk.storage.ingesting import ingest
from rules_engine.bulk.storage.store import opened, verified
from rules_engine.bulk.whole import held
from rules_engine.cli.main import main
from tests.unit.bulk.shop import ROOT, contents, loaded, name, settled, small

pytestmark = pytest.mark.bulk
FLIPS = 1000


def test_killed_at_fifty_moments_it_is_whole_or_absent_and_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.unit.bulk.dying", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    for kind, before in (("first", "absent"), ("again", "before")):
        trials = found[kind]
        assert len(trials) == 25
        assert {trial["state"] for trial in trials} == {before, "whole"}
        assert sum(trial["killed"] for trial in trials) > 17
        assert all(trial["same"] and trial["left"] == [] for trial in trials)


def run_with(limit: Callable[[], None], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rules_engine", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit)


@pytest.mark.parametrize("size", [300, 4000])
def test_a_full_disk_is_said_and_the_next_run_goes_on(size: int, tmp_path: Path) -> None:
    _, documents = small(tmp_path / "in", 3)
    words = ["batch", "--contracts", str(tmp_path / "in"), "--documents", str(documents), "--period", "2026-02", "--workers", "1", "--out", str(tmp_path / "out")]
    found = run_with(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)), *words)
    assert found.returncode == 2
    assert "SE0803" in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "out").exists()
    assert main(words) == 0
    assert main([*words[:-1], str(tmp_path / "alone")]) == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 1)
    for place in (Path("/proc/settled/here"), Path("/proc"), tmp_path / "in" / "documents.csv" / "out"):
        with pytest.raises(ContractError, match="SE0803"):
            settled(contracts, documents, "2026-01", place, engine=DUCKDB)


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 1)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    settled(contracts, documents, "2026-01", tmp_path / "out", engine=DUCKDB)
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "elsewhere" / "manifest.json").is_file()


def test_two_at_one_place_are_not_let_in(tmp_path: Path) -> None:
    contracts, documents = small(tmp_path / "in", 1)
    with held(tmp_path / "out"), pytest.raises(ContractError, match="SE0874"):
        settled(contracts, documents, "2026-01", tmp_path / "out", engine=DUCKDB)
    with held(tmp_path / "store"), pytest.raises(ContractError, match="SE0874"):
        ingest([str(documents)], tmp_path / "store")
    settled(contracts, documents, "2026-01", tmp_path / "out", engine=DUCKDB)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_every_flipped_bit_of_a_store_is_found(tmp_path: Path) -> None:
    _, documents = small(tmp_path / "in", 2)
    ingest([str(documents)], tmp_path / "store")
    files = sorted(path for path in (tmp_path / "store").rglob("*") if path.is_file())
    draws = random.Random(3)
    for _ in range(FLIPS):
        path = draws.choice(files)
        whole = path.read_bytes()
        data = bytearray(whole)
        data[draws.randrange(len(data))] ^= 1 << draws.randrange(8)
        path.write_bytes(bytes(data))
        with pytest.raises(ContractError, match="SE0873"):
            compared(tmp_path / "store")
        path.write_bytes(whole)
    assert compared(tmp_path / "store") == len(files)


def compared(folder: Path) -> int:
    """How many files of a store were compared."""
    store = opened(folder)
    assert store is not None
    return len(verified(store))


def test_what_is_kept_of_contracts_is_never_mistaken(tmp_path: Path) -> None:
    (one, other), _ = small(tmp_path / "in", 2)
    asked: list[str] = []

    def load_one(each: ContractSource, as_of: object) -> object:
        asked.append(each.id)
        return loaded(each, None)

    def kept(each: ContractSource) -> str:
        return remembered(each, None, load_one, tmp_path / "cache").header.id  # type: ignore[arg-type]

    assert (kept(one), kept(other), kept(one), kept(other)) == (name(0), name(1), name(0), name(1))
    assert asked == [name(0), name(1)]
    first, second = sorted(path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    shutil.copy(first, second)
    assert (kept(one), kept(other)) == (name(0), name(1))
    assert len(asked) == 3
    for path in (first, second):
        path.write_bytes(path.read_bytes()[:-40])
    assert (kept(one), kept(other)) == (name(0), name(1))
    assert len(asked) == 5
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    assert (kept(one), kept(other)) == (name(0), name(1))
    assert len(asked) == 7
