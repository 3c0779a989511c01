"""Which character separates the cells of a text table, and where a cell stands in its line."""

from __future__ import annotations

DELIMITERS = ",;\t"


def delimiter_of(header: str) -> str:
    """The delimiter that splits the header into most columns outside quotes; comma where none does."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def field_at(line: str, delimiter: str, position: int) -> tuple[int, int]:
    """Start and end (exclusive) of a field in a CSV line."""
    start = 0
    for _ in range(position):
        start = min(_end(line, start, delimiter) + 1, len(line))
    return start, _end(line, start, delimiter)


def _end(line: str, start: int, delimiter: str) -> int:
    text = line.rstrip("\r\n")
    at = start
    if text[at : at + 1] == '"':
        at += 1
        while (close := text.find('"', at)) >= 0 and text[close + 1 : close + 2] == '"':
            at = close + 2
        at = close + 1 if close >= 0 else len(text)
    found = text.find(delimiter, at)
    return max(start, found if found >= 0 else len(text))
