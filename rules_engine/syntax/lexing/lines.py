"""A file cut into blocks of lines, with its comments set aside."""

from __future__ import annotations

from collections.abc import Iterable

from rules_engine.record import dataclass
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.characters import PLAIN, QUOTED
from rules_engine.syntax.first_line import comment_start, raw_lines
from rules_engine.syntax.tree import Comment


@dataclass(frozen=True, slots=True)
class Line:
    """One line with something on it. `plain` is what is lexed, `text` as written, both without the comment."""

    number: int
    indent: int
    plain: str
    text: str


@dataclass(frozen=True, slots=True)
class CutFile:
    """Blocks of lines, each beginning at the margin; comments; where a full-width character was first read as plain."""

    blocks: tuple[tuple[Line, ...], ...]
    comments: tuple[Comment, ...]
    widened: Span | None


def cut(source: SourceFile) -> CutFile:
    """The file's blocks. Lines indented before the first block form a block of their own."""
    lines: list[Line] = []
    comments: list[Comment] = []
    widened: Span | None = None
    for number, raw in enumerate(raw_lines(source.text), 1):
        plain = raw if raw.isascii() else raw.translate(PLAIN)
        stop = comment_start(plain)
        if stop < len(plain):
            comments.append(Comment(raw[stop:].rstrip(), number, stop + 1))
        body = plain[:stop].rstrip()
        if body:
            lines.append(Line(number, len(body) - len(body.lstrip(" \t")), body, raw[: len(body)]))
            widened = widened or _widened(source.name, lines[-1])
    return CutFile(tuple(_blocks(lines)), tuple(comments), widened)


def _widened(file: str, line: Line) -> Span | None:
    """The first full-width sign outside quoted text, a Chinese quote included."""
    if line.text.isascii():
        return None
    quoted = [(match.start() + 1, match.end() - 1) for match in QUOTED.finditer(line.plain)]
    for at, (plain, written) in enumerate(zip(line.plain, line.text, strict=True)):
        if (plain != written or written in "“「") and not any(start <= at < stop for start, stop in quoted):
            return Span(file, line.number, at + 1, line.number, at + 2)
    return None


def _blocks(lines: Iterable[Line]) -> Iterable[tuple[Line, ...]]:
    block: list[Line] = []
    for line in lines:
        if line.indent == 0 and block:
            yield tuple(block)
            block = []
        block.append(line)
    if block:
        yield tuple(block)
