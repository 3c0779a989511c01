"""Every fenced block of the documentation runs and gives what the page says it gives."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.pages.blocks import blocks, rewrite
from tests.pages.player import ROOT, Player

PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "contracts").glob("*.md")),
]


NEEDED = {"run-on-spark": pytest.mark.spark, "settle-from-a-lake": pytest.mark.lake}


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def runs(page: Path) -> ParameterSet:
    """A page that starts Spark or writes tables of a lake is skipped by name where there is none."""
    needed = next((mark for start, mark in NEEDED.items() if page.name.startswith(start)), None)
    return pytest.param(page, id=name(page), marks=[] if needed is None else [needed])


@pytest.mark.parametrize("page", [runs(page) for page in PAGES])
def test_page(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    player = Player(tmp_path)
    found = blocks(page)
    for block, after in zip_longest(found, found[1:]):
        player.play(block, after)
    if request.config.getoption("--update-goldens"):
        for block, body in sorted(player.rewrites, key=lambda item: -item[0].first):
            rewrite(block, body)
        return
    if page.parent.name == "errors" and page.stem[:2] in {"SE", "SN", "SW"}:
        assert_provokes_its_own_code(page, player, [block.body for block in found if block.kind == "text"])
    assert not player.faults, "\n\n".join(player.faults)


def assert_provokes_its_own_code(page: Path, player: Player, outputs: list[str]) -> None:
    code = page.stem
    if player.provoked:
        assert all(codes == {code} for codes in player.provoked), player.provoked
    else:
        assert any(code in output for output in outputs), f"{page.name}: no block provokes {code}"
