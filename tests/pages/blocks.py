"""Fenced blocks of a Markdown page, and writing one of them anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. `kind` is the first word after the fence, `words` the others, `first`..`last` its body's lines from 0."""

    page: Path
    kind: str
    words: tuple[str, ...]
    body: str
    first: int
    last: int

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.page.name}:{self.first}"

    @property
    def name(self) -> str:
        """The file name of `name=…`, or ''."""
        return next((word.removeprefix("name=") for word in self.words if word.startswith("name=")), "")


def blocks(page: Path) -> list[Block]:
    """The page's blocks in order; a fence left open is an error."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found: list[Block] = []
    number = 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        number += 1
        if fence is None:
            continue
        last = _closing(page, lines, number, fence["indent"] + fence["ticks"])
        body = "".join(f"{line.removeprefix(fence['indent'])}\n" for line in lines[number:last])
        kind, *words = fence["info"].split() or [""]
        found.append(Block(page, kind, tuple(words), body, number, last))
        number = last + 1
    return found


def rewrite(block: Block, body: str) -> None:
    """Put `body` in the block's place. Blocks must be rewritten from the end of the page to its start."""
    lines = block.page.read_text(encoding="utf-8").splitlines()
    lines[block.first : block.last] = body.rstrip("\n").splitlines()
    block.page.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _closing(page: Path, lines: list[str], start: int, fence: str) -> int:
    for number in range(start, len(lines)):
        if lines[number].rstrip() == fence:
            return number
    raise AssertionError(f"{page.name}:{start}: the block is never closed")
