"""Characters that deceive: refused where invisible, noted where full-width, warned of where they pass for others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.characters import DANGEROUS, FORBIDDEN, look_alikes
from rules_engine.syntax.lexing.lines import CutFile
from rules_engine.syntax.refusing.findings import finding

_WORD = re.compile(r"[^\W\d][\w\u0300-\u036f]*")
MOST = 20


def suspects(source: SourceFile, file: CutFile, language: str) -> list[Diagnostic]:
    """Findings about single characters of the whole file, comments and texts included."""
    found = list(_refused(source, language))
    if file.widened is not None:
        found.append(_wide(file.widened, language))
    if not source.text.isascii():
        found.extend(_twins(source, file, language))
    return found[: MOST * 2]


def _refused(source: SourceFile, language: str) -> Iterator[Diagnostic]:
    count = 0
    text = source.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not DANGEROUS.search(text) and not FORBIDDEN.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for pattern, code in ((DANGEROUS, "SE0103"), (FORBIDDEN, "SE0102")):
            for match in pattern.finditer(line):
                count += 1
                if count > MOST:
                    return
                yield _character(
                    code, match.group(), Span(source.name, number, match.start() + 1, number, match.end() + 1), language
                )


def _character(code: str, char: str, place: Span, language: str) -> Diagnostic:
    point = f"U+{ord(char):04X}"
    called = unicodedata.name(char, point)
    why = (
        f"{point} ({called}) cannot be seen and may make the text read otherwise than it is computed",
        f"{point}（{called}）不可见，可能使文字读起来与计算的不同",
    )
    return finding(
        code, language, place, why, ("delete it and type the words around it anew", "删除该字符，并重新键入其前后的文字")
    )


def _wide(place: Span, language: str) -> Diagnostic:
    why = ("full-width signs and digits are read as their plain twins", "全角符号和数字按对应的半角读取")
    fix = ("leave them, or type them plainly: the meaning is the same", "可保留，也可改写为半角，含义相同")
    return finding("SE0124", language, place, why, fix, Severity.NOTE)


def _twins(source: SourceFile, file: CutFile, language: str) -> Iterator[Diagnostic]:
    count = 0
    for line in (line for block in file.blocks for line in block if not line.text.isascii()):
        for match in _WORD.finditer(line.plain):
            plain = look_alikes(match.group())
            if plain and count < MOST:
                count += 1
                place = Span(source.name, line.number, match.start() + 1, line.number, match.end() + 1)
                yield _look_alike(match.group(), plain, place, language)


def _look_alike(word: str, plain: str, place: Span, language: str) -> Diagnostic:
    odd = next(char for char, latin in zip(word, plain, strict=True) if char != latin)
    called = unicodedata.name(odd, odd)
    why = (f"it holds {called}, so it is another name than `{plain}`", f"其中含有 {called}，与 `{plain}` 并非同一名称")
    return finding("SW0910", language, place, why, (f"write `{plain}`", f"请写 `{plain}`"))
