"""Lines without their comments, and the first with something on it."""

from __future__ import annotations

import re

from rules_engine.syntax.characters import PLAIN, QUOTED

_TEXT_OR_COMMENT = re.compile(f"{QUOTED.pattern}|#")


def first_line(text: str) -> str:
    """The first line with something on it, its characters plain; '' if there is none."""
    for raw in raw_lines(text):
        plain = raw if raw.isascii() else raw.translate(PLAIN)
        body = plain[: comment_start(plain)].rstrip()
        if body:
            return body
    return ""


def raw_lines(text: str) -> list[str]:
    """The lines as they stand, whatever ends them."""
    plain = text.removeprefix("\ufeff")
    return plain.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def comment_start(plain: str) -> int:
    """Where the comment of a line begins; its end where there is none."""
    if "#" not in plain:
        return len(plain)
    if plain.lstrip().startswith("|"):
        after = plain.rfind("|")
        found = plain.find("#", after)
        return found if found >= 0 else len(plain)
    return next((match.start() for match in _TEXT_OR_COMMENT.finditer(plain) if match.group() == "#"), len(plain))
