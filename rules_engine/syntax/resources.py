"""The grammar and keyword files, wherever the package was installed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@lru_cache(maxsize=1)
def grammars() -> Traversable:
    """The folder `grammars`: inside the wheel, or at the root of a checkout."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "_grammars", here.parents[2] / "grammars"):
        if folder.is_dir():
            return folder
    from importlib.resources import files

    return files("rules_engine") / "_grammars"


def skeleton_texts() -> tuple[str, ...]:
    """The shared grammar files, in joining order."""
    names = ("contract.lark", "expressions.lark", "prices.lark", "fields.lark")
    return tuple((grammars() / name).read_text(encoding="utf-8") for name in names)


def fragment_texts() -> tuple[str, ...]:
    """The clause kinds' fragments in name order."""
    found = [entry for entry in (grammars() / "clauses").iterdir() if entry.name.endswith(".lark")]
    return tuple(entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda entry: entry.name))


def keyword_text(language: str) -> str:
    """The shared keyword table of a language, as TOML."""
    return (grammars() / "keywords" / f"{language}.toml").read_text(encoding="utf-8")
