"""What the language has words for and nothing settles yet is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules_engine.api import diagnose
from rules_engine.source import SourceFile

BASE = (Path(__file__).parents[3] / "docs/_base.contract").read_text(encoding="utf-8").rstrip("\n") + "\n"
REBATE = "\nrebate r\n  on sum of quantity over sales\n  rate 1 per unit\n"


def codes(text: str) -> list[str]:
    return [finding.code for finding in diagnose(SourceFile("reserved.contract", text))[1]]


@pytest.mark.parametrize(
    "block",
    [
        f"{REBATE}  due 30 days after statement\n",
    ],
)
def test_a_block_that_nothing_settles_is_refused(block: str) -> None:
    assert codes(BASE + block) == ["SE0216"]

