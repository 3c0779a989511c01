"""Findings about lines the grammar does not take: what stands there, what was expected, what to write."""

from __future__ import annotations

import re

from rules_engine.diagnostics.build import Words
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.diagnostics.suggest import nearest
from rules_engine.record import dataclass
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.characters import PLAIN
from rules_engine.syntax.keywords import LANGUAGES, Keywords, keywords
from rules_engine.syntax.lexemes import Lexeme, Refusal
from rules_engine.syntax.lexing.table import Table
from rules_engine.syntax.refusing.expected import in_words, spellings
from rules_engine.syntax.refusing.findings import finding
from rules_engine.syntax.refusing.hints import bare_aggregate, hint
from rules_engine.syntax.refusing.refusals import refused
from rules_engine.syntax.refusing.spacing import spaced
from rules_engine.syntax.refusing.trade_hints import discount, trade_hint

LONGEST_PHRASE = 8
_NEXT_WORDS = re.compile(rf"\S+(?:[ \t]+\S+){{0,{LONGEST_PHRASE - 1}}}")
_INCLUSIVE = re.compile(r"[\d,.]*[万亿]*[%％]?(?:元|件|天|日)?[ \t]*(以上|以下|以内|之内|以外)")


SAME_MEANING = {
    "above": "ABOVE", "more than": "ABOVE", "exceeding": "ABOVE", "高于": "ABOVE", "大于": "ABOVE",
    "under": "BELOW", "less than": "BELOW", "低于": "BELOW", "小于": "BELOW", "不足": "BELOW",
    "not more than": "UP_TO", "no more than": "UP_TO", "不高于": "UP_TO", "reaching": "FROM",
    "over": "OF", "增加": "ADDS", "每年重新计数": "RESTARTS", "每年清零": "EXPIRES",
    "满": "FROM", "大于等于": "FROM", "不小于": "FROM", "不少于": "FROM", "小于等于": "UP_TO", "不大于": "UP_TO", "不多于": "UP_TO",
}  # fmt: skip
"""Words of trade that are offered their keyword; those that leave the bound itself open are not among them."""


_DENIALS = ("从不", "不再")


@dataclass(eq=False)
class Unexpected(Exception):
    """A lexeme the grammar does not take. `stack` is the parser's stack before it was offered, `previous` the lexeme before."""

    lexeme: Lexeme
    table: Table
    stack: tuple[int, ...]
    previous: Span

    @property
    def expected(self) -> frozenset[str]:
        """The terminals that could have come."""
        return self.table.possible(self.stack)

    @property
    def line(self) -> int:
        """The line to take out: the one before where only its missing rows are at fault."""
        return self.previous.line if self.expected == {"INDENT"} else self.lexeme.span.line


def unexpected(fault: Unexpected, words: Keywords, source: SourceFile) -> Diagnostic:
    """The finding for a lexeme that cannot stand where it does."""
    kind = fault.lexeme.type
    expected = fault.expected
    if kind == "INDENT":
        return _too_deep(fault, words)
    if expected == {"INDENT"}:
        return _rows_missing(fault, words, source)
    if kind in ("NL", "DEDENT", "$END"):
        return _incomplete(fault, expected, words, source)
    if words.language == "zh" and (inclusive := _inclusive(fault, source)):
        return refused(Refusal("SE0110", inclusive), words)
    return _misplaced(fault, expected, words, source)


def no_contract(words: Keywords, place: Span) -> Diagnostic:
    """The finding for a file whose first line is no contract."""
    example = words.examples["CONTRACT"]
    why = (
        "the first line names the contract; `contract` makes the file English, `合同` Chinese",
        "第一行写明合同；以 `合同` 开头为中文，以 `contract` 开头为英文",
    )
    return finding("SE0120", words.language, place, why, (f"begin with `{example}`", f"以 `{example}` 开头"))


def _too_deep(fault: Unexpected, words: Keywords) -> Diagnostic:
    why = ("the line above takes no lines below it", "上一行之下不能再有缩进的内容")
    fix = ("begin it at the same column as the line above", "请与上一行左对齐")
    return finding("SE0107", words.language, [fault.lexeme.span, (fault.previous, ("the line above", "上一行"))], why, fix)


def _rows_missing(fault: Unexpected, words: Keywords, source: SourceFile) -> Diagnostic:
    line = _line(source, fault.previous.line)
    place = Span(
        source.name, fault.previous.line, len(line) - len(line.lstrip()) + 1, fault.previous.line, fault.previous.end_column
    )
    why = ("what it announces stands indented on the lines below it", "它所引出的内容应写在下面几行并缩进")
    return finding(
        "SE0122", words.language, place, why, ("write the rows below it, two blanks further in", "在下方缩进两格书写各行")
    )


def _incomplete(fault: Unexpected, expected: frozenset[str], words: Keywords, source: SourceFile) -> Diagnostic:
    end = fault.lexeme.span
    place = Span(end.file, end.line, end.column, end.line, end.column + 1)
    ways = in_words(expected, words)
    why = (f"here may follow {ways}", f"此处可写 {ways}")
    return finding("SE0113", words.language, place, why, _example(_line(source, end.line), words))


def _inclusive(fault: Unexpected, source: SourceFile) -> Span | None:
    """Where `以上` and its like stand, at the lexeme or glued behind it."""
    span = fault.lexeme.span
    found = _INCLUSIVE.match(_line(source, span.line), span.column - 1)
    return Span(span.file, span.line, found.start(1) + 1, span.line, found.end(1) + 1) if found else None


def _misplaced(fault: Unexpected, expected: frozenset[str], words: Keywords, source: SourceFile) -> Diagnostic:
    lexeme = fault.lexeme
    line = _line(source, lexeme.span.line)
    ways = in_words(expected, words)
    why = (f"here may follow {ways}", f"此处可写 {ways}")
    title = (f"`{lexeme.text}` is not understood here", f"此处无法理解 `{lexeme.text}`")
    if "折" in line and (cut := discount(words, line)):
        return finding("SE0101", words.language, lexeme.span, why, cut, title=title)
    split = spaced(lexeme.text, words, expected) if words.language == "zh" else None
    if split and _begins(split, expected, words):
        before = line[: lexeme.span.column - 1]
        gap = " " if before[-1:].strip() else ""
        fixed = before + gap + split + line[lexeme.span.end_column - 1 :]
        if fixed != line:
            apart = ("", f"`{lexeme.text}` 中的词要用空格分开")
            return finding("SE0111", "zh", lexeme.span, apart, ("", f"写成 `{fixed.strip()}`"))
    previous = "".join(line[: lexeme.span.column - 1].split()[-1:])
    bracketed = bare_aggregate(lexeme, previous, expected, words)
    traded = trade_hint(lexeme, expected, words, line.translate(PLAIN))
    told = hint(lexeme, previous, expected, words)
    meant = None if told and lexeme.type == "IF_THERE_IS_NONE" else _meant(lexeme, expected, words, line)
    fix = bracketed or traded or meant or told or _example(line, words)
    return finding("SE0101", words.language, lexeme.span, why, fix, title=title)


def _begins(split: str, expected: frozenset[str], words: Keywords) -> bool:
    """Whether the first of the words parted may stand there."""
    first = split.split(maxsplit=1)[0]
    return "NAME" in expected or not first[0].isalpha() or any(known.startswith(first) for known in spellings(expected, words))


def _meant(lexeme: Lexeme, expected: frozenset[str], words: Keywords, line: str) -> Words | None:
    """The keyword someone meant, as the whole line rewritten."""
    if not lexeme.text[:1].isalpha():
        return None
    start = lexeme.span.column - 1
    rest = _NEXT_WORDS.match(line, start)
    tried = rest.group().split() if rest else []
    known = spellings(expected, words)
    other = _other_language(expected, words)
    for count in range(len(tried), 0, -1):
        written = " ".join(tried[:count])
        if not tried[count - 1][0].isalpha():
            continue
        found = [word for word in nearest(written, known, other) if _says_the_same(word, written, count)]
        if found and written != found[0]:
            stop = start + _length(line[start:], count)
            fixed = (line[:start] + found[0] + line[stop:]).strip()
            begun = found[0].startswith(f"{written} ") or fixed == found[0]
            if begun and (example := _example(f"{found[0]} ", words, found[0]))[0]:
                return (
                    f"did you mean `{found[0]}`? {example[0][:1].upper()}{example[0][1:]}",
                    f"是否想写 `{found[0]}`？{example[1]}",
                )
            return (f"did you mean `{found[0]}`? Write `{fixed}`", f"是否想写 `{found[0]}`？写成 `{fixed}`")
    return None


def _says_the_same(word: str, written: str, count: int) -> bool:
    """Whether a near word may stand for what is written: not where it drops a word of it, nor where it denies it."""
    denied = word.startswith(_DENIALS) and not written.startswith(_DENIALS)
    return not denied and (count == 1 or (abs(len(word.split()) - count) < 2 and not written.endswith(f" {word}")))


def _length(text: str, count: int) -> int:
    found = re.match(r"\S+" + r"[ \t]+\S+" * (count - 1), text)
    return found.end() if found else len(text)


def _other_language(expected: frozenset[str], words: Keywords) -> dict[str, str]:
    other = keywords(next(language for language in LANGUAGES if language != words.language))
    meant = {word: words.spelling(terminal) for word, terminal in SAME_MEANING.items() if terminal in expected}
    return meant | {
        phrase.spelling: words.spelling(phrase.terminal)
        for found in other.phrases.values()
        for phrase in found
        if phrase.terminal in expected
    }


def _example(line: str, words: Keywords, whole: str = "") -> Words:
    """A line of the same kind that can be read; none where it would say no more than `whole`."""
    bare = line.strip() + " "
    for terminal, example in words.examples.items():
        if bare.startswith(words.spelling(terminal) + " ") and example != whole:
            return (f"for example `{example}`", f"例如 `{example}`")
    return ("", "")


def _line(source: SourceFile, number: int) -> str:
    lines = source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[number - 1] if number <= len(lines) else ""
