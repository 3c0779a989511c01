"""The grammar and keyword files, wherever the package was installed."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rules_engine import kept

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Plain = TypeVar("Plain")
FORMAT = b"4"
"""Of what is kept. Another number, and nothing that was kept before is read."""


@lru_cache(maxsize=1)
def grammars() -> Traversable:
    """The folder `grammars`: inside the wheel, or at the root of a checkout."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "_grammars", here.parents[2] / "grammars"):
        if folder.is_dir():
            return folder
    from importlib.resources import files

    return files("rules_engine") / "_grammars"


@lru_cache(maxsize=1)
def skeleton_texts() -> tuple[str, ...]:
    """The shared grammar files, in joining order."""
    names = ("contract.lark", "expressions.lark", "prices.lark", "fields.lark")
    return tuple((grammars() / name).read_text(encoding="utf-8") for name in names)


@lru_cache(maxsize=1)
def fragment_texts() -> tuple[str, ...]:
    """The clause kinds' fragments in name order."""
    found = [entry for entry in (grammars() / "clauses").iterdir() if entry.name.endswith(".lark")]
    return tuple(entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda entry: entry.name))


def keyword_text(language: str) -> str:
    """The shared keyword table of a language, as TOML."""
    return (grammars() / "keywords" / f"{language}.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _digest() -> str:
    texts = (*skeleton_texts(), "|", *fragment_texts(), "|", keyword_text("en"), keyword_text("zh"))
    return kept.digest([FORMAT, *(text.encode() for text in texts)])


def remembered(name: str, make: Callable[[], Plain]) -> Plain:
    """What `make` makes of the grammar and keyword files: numbers, texts and collections of them. It is kept in the user's cache
    folder and made again when one of the files or this Python has changed."""
    folder = kept.folder()
    path = folder / f"{name}-{_digest()}" if folder else None
    held = kept.read(path) if path else None
    if held is not None:
        found: Plain = marshal.loads(held)  # noqa: S302 - the user's own folder, as compiled Python is
        return found
    made: Any = make()
    if path:
        kept.keep(path, marshal.dumps(made))
    return made  # type: ignore[no-any-return]
