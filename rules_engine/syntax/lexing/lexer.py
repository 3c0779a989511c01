"""The lexer: lines into lexemes, asking the parser at every step which words it would take.

A word is a keyword only where the grammar takes that keyword; everywhere else it is a name. The longest keyword wins.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Any

from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.characters import QUOTES
from rules_engine.syntax.currencies import code_of
from rules_engine.syntax.keywords import BuiltIn, Keywords, Phrase, built_in
from rules_engine.syntax.lexemes import Lexeme, Refusal
from rules_engine.syntax.lexing.lines import Line
from rules_engine.syntax.lexing.parameter_uses import Parameters
from rules_engine.syntax.lexing.table import Machine, Table

NESTING = 64
NAME_LENGTH = 128
TEXT_BYTES = 4096
STEPS_IN_A_LINE = 200
LEXEMES_IN_A_LINE = 5_000
CELLS = 500
DIGITS = 28
PLACES = 10

_BLANK = re.compile(r"[ \t]*")
_WORD = re.compile(r"[^\W\d][\w\u0300-\u036f]*")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?!\d)")
_OTHER_DATE = re.compile(r"(\d{4})[./年](\d{1,2})[./月](\d{1,2})日?(?!\d)")
_MONTH_DAY = re.compile(r"\d{1,2}-\d{1,2}(?![\d-])")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(\.\d+)?(万亿|万|亿)?")
_CHUNK = re.compile(r'[^\s"“「#,|]+')
_OPERATOR = re.compile(r"<=|>=|!=|<>|[-+*/=<>(),{}≤≥≠%]")
_OPERATORS = {
    "<=": "LE", ">=": "GE", "!=": "NE", "<>": "NE", "≤": "LE", "≥": "GE", "≠": "NE", "+": "PLUS", "-": "MINUS", "*": "STAR",
    "/": "SLASH", "=": "EQ", "<": "LT", ">": "GT", "(": "LPAR", ")": "RPAR", ",": "COMMA", "{": "LBRACE", "}": "RBRACE",
    "%": "PER_CENT_SIGN",
}  # fmt: skip
_MULTIPLIERS = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "万亿": Decimal(1_000_000_000_000)}
_SHARES = {"%": 1, "‰": 10, "‱": 100}
"""Signs behind a number that make it a share: how many of them are one percent."""
_STEPS = frozenset(["PLUS", "MINUS", "STAR", "SLASH", "NOT", "AND", "OR", "IF", "OF", "DE", "AT", "PLUS_PART", "LPAR"])
_UNITS = frozenset(["MINUTES", "HOURS", "DAYS", "WORKING_DAYS", "WEEKS", "MONTHS", "YEARS", "UNITS"])
_INCLUSIVE = frozenset(("以上", "以下", "以内", "之内"))
_AGGREGATES = frozenset(
    [
        "SUM_OF",
        "MIN_OF",
        "MAX_OF",
        "AVERAGE_OF",
        "LATEST",
        "EARLIEST",
        "TIME_WEIGHTED_AVERAGE_OF",
        "COUNT_OF_DISTINCT",
        "COUNT_OVER",
    ]
)


@dataclass(slots=True)
class Accepted:
    """The terminals the parser takes next: truly takes, not merely looks for on behalf of a neighbouring construct."""

    table: Table
    stack: Sequence[int]

    def __contains__(self, kind: object) -> bool:
        """Whether the terminal is taken."""
        return isinstance(kind, str) and self.table.takes(self.stack, kind)

    def looked_for(self) -> Mapping[str, int]:
        """The terminals that may be taken: those not in it are not."""
        return self.table.states[self.stack[-1]]


@dataclass(slots=True)
class Lexer:
    """Lexes one block. `declared` are the ids the contract makes itself; they are never taken for built-in words.
    A keyword directly behind a number is never taken for a unit of the contract's own. `currency` is the contract's, where the file says it."""

    file: str
    keywords: Keywords
    declared: Container[str]
    parameters: Parameters = field(default_factory=Parameters)
    built_in: BuiltIn = field(default_factory=built_in)
    _depth: list[Span] = field(default_factory=list)
    _in_aggregate: list[int] = field(default_factory=list)
    _naming_types: bool = False
    after_number: bool = False
    last: Span = field(default_factory=lambda: Span("", 0, 0, 0, 0))
    currency: str = ""

    def lexemes(self, lines: Sequence[Line], machine: Machine) -> Iterator[Lexeme]:
        """The block's lexemes. `machine` is the parse it feeds, asked before every word."""
        indents = [0]
        opened_at = steps = count = 0
        for line in lines:
            if self._depth:
                if line.indent <= opened_at:
                    raise Refusal("SE0112", self._depth[-1], sign="(")
            else:
                yield from self._layout(line, indents)
                opened_at = line.indent
                self._in_aggregate.clear()
                self._naming_types = self.after_number = False
                steps = count = 0
            for lexeme in self._line(line, machine):
                count += 1
                steps += lexeme.type in _STEPS
                if steps > STEPS_IN_A_LINE or count > LEXEMES_IN_A_LINE:
                    raise Refusal("SE0121", lexeme.span)
                self.last = lexeme.span
                yield lexeme
            if not self._depth:
                yield self._mark("NL")
        if self._depth:
            raise Refusal("SE0112", self._depth[-1], sign="(")
        for _ in indents[1:]:
            yield self._mark("DEDENT")

    def _mark(self, kind: str) -> Lexeme:
        last = self.last
        return Lexeme(kind, "", None, Span(last.file, last.end_line, last.end_column, last.end_line, last.end_column))

    def _layout(self, line: Line, indents: list[int]) -> Iterator[Lexeme]:
        if "\t" in line.plain[: line.indent]:
            raise Refusal("SE0107", Span(self.file, line.number, 1, line.number, line.indent + 1), tab=True)
        if line.indent > indents[-1]:
            if len(indents) > NESTING:
                raise Refusal("SE0109", self._at(line, line.indent, line.indent + 1))
            indents.append(line.indent)
            yield Lexeme("INDENT", "", None, self._at(line, line.indent, line.indent + 1))
        while line.indent < indents[-1]:
            indents.pop()
            if line.indent > indents[-1]:
                span = Span(self.file, line.number, 1, line.number, line.indent + 1)
                raise Refusal("SE0107", span, expected=indents[-1])
            yield self._mark("DEDENT")

    def _at(self, line: Line, start: int, stop: int) -> Span:
        return Span(self.file, line.number, start + 1, line.number, stop + 1)

    def _line(self, line: Line, machine: Machine) -> Iterator[Lexeme]:
        accepted = Accepted(machine.table, machine.stack)
        plain = line.plain
        at = line.indent
        while at < len(plain):
            lexeme, stop = self._next(line, at, accepted)
            self._track(lexeme)
            yield lexeme
            at = stop
            while at < len(plain) and plain[at] in " \t":
                at += 1
            unit = self.parameters.unit(lexeme) if self.parameters.known else ""
            if unit and unit in accepted and not self._unit_follows(plain, at):
                yield Lexeme(unit, "", None, lexeme.span)

    def _next(self, line: Line, at: int, accepted: Accepted) -> tuple[Lexeme, int]:
        char = line.plain[at]
        parameter = self._parameter(line, at, accepted) if self.parameters.known else None
        if parameter:
            return parameter
        if char in QUOTES:
            return self._text(line, at)
        if char == "|" and "TABLE_ROW" in accepted:
            return self._table_row(line, at)
        looked_for = accepted.looked_for()
        if ("ID" in looked_for and "ID" in accepted) or ("PERIOD_TEXT" in looked_for and "PERIOD_TEXT" in accepted):
            found = _CHUNK.match(line.plain, at)
            if found:
                kind = "ID" if "ID" in accepted else "PERIOD_TEXT"
                return self._lexeme(kind, line, at, found.end(), found.group()), found.end()
        if char.isdecimal() and char.isascii():
            return self._digits(line, at, accepted)
        word = _WORD.match(line.plain, at)
        if word:
            return self._word(line, at, word.group(), accepted)
        sign = _OPERATOR.match(line.plain, at)
        if sign is None:
            raise Refusal("SE0102", self._at(line, at, at + 1), character=line.text[at])
        return self._lexeme(_OPERATORS[sign.group()], line, at, sign.end(), None), sign.end()

    def _parameter(self, line: Line, at: int, accepted: Accepted) -> tuple[Lexeme, int] | None:
        """A template's parameter, as a literal of its type."""
        word = _WORD.match(line.plain, at)
        kind = self.parameters.literal(word.group(), line.plain[word.end() :], accepted) if word else ""
        if word is None or not kind:
            return None
        found = self._lexeme(kind, line, at, word.end(), None)
        found.value = self.parameters.stand_in(word.group(), found)
        found.text = found.value if kind in ("NAME", "ID") else found.text
        return found, word.end()

    def _unit_follows(self, plain: str, at: int) -> bool:
        word = _WORD.match(plain, at)
        return any(phrase.terminal in _UNITS for phrase in self.keywords.phrases.get(word.group() if word else "", ()))

    def _lexeme(self, kind: str, line: Line, at: int, stop: int, value: Any) -> Lexeme:
        return Lexeme(kind, line.text[at:stop], value, Span(self.file, line.number, at + 1, line.number, stop + 1))

    def _track(self, lexeme: Lexeme) -> None:
        """Keep count of brackets, and of whether names belong to documents."""
        kind = lexeme.type
        self.parameters.hear(lexeme)
        self.after_number = kind == "NUMBER"
        if kind == "LPAR":
            self._depth.append(lexeme.span)
            if len(self._depth) > NESTING:
                raise Refusal("SE0109", lexeme.span)
        elif kind == "RPAR":
            if not self._depth:
                raise Refusal("SE0112", lexeme.span, sign=")")
            self._depth.pop()
            while self._in_aggregate and self._in_aggregate[-1] > len(self._depth):
                self._in_aggregate.pop()
        elif kind in _AGGREGATES:
            self._in_aggregate.append(len(self._depth))
        self._naming_types = kind in ("OVER", "LESS", "COUNT_OVER") or (self._naming_types and kind in ("NAME", "COMMA"))

    def _text(self, line: Line, at: int) -> tuple[Lexeme, int]:
        stop = line.plain.find(QUOTES[line.plain[at]], at + 1) + 1
        if not stop:
            raise Refusal("SE0106", self._at(line, at, len(line.plain)))
        value = unicodedata.normalize("NFC", line.text[at + 1 : stop - 1])
        if len(value.encode("utf-8", "replace")) > TEXT_BYTES:
            raise Refusal("SE0115", self._at(line, at, stop))
        return self._lexeme("STRING", line, at, stop, value), stop

    def _table_row(self, line: Line, at: int) -> tuple[Lexeme, int]:
        plain = line.plain
        if len(plain) < at + 2 or not plain.endswith("|"):
            raise Refusal("SE0123", self._at(line, at, len(plain)))
        bounds = [place for place in range(at, len(plain)) if plain[place] == "|"]
        if len(bounds) > CELLS + 1:
            raise Refusal("SE0121", self._at(line, at, len(plain)))
        cells = [self._table_cell(line, start + 1, stop) for start, stop in itertools.pairwise(bounds)]
        return self._lexeme("TABLE_ROW", line, at, len(plain), cells), len(plain)

    def _table_cell(self, line: Line, start: int, stop: int) -> tuple[str, Span]:
        written = line.text[start:stop]
        bare = written.strip(" \t\u3000\u00a0")
        first = start + len(written) - len(written.lstrip(" \t\u3000\u00a0")) if bare else start
        plain = bare.strip('"') if bare.startswith('"') and bare.endswith('"') and len(bare) > 1 else bare
        return plain, self._at(line, first, first + len(bare))

    def _digits(self, line: Line, at: int, accepted: Accepted) -> tuple[Lexeme, int]:
        plain = line.plain
        if "MONTH_DAY" in accepted and (found := _MONTH_DAY.match(plain, at)):
            return self._lexeme("MONTH_DAY", line, at, found.end(), self._month_day(line, found)), found.end()
        if other := _OTHER_DATE.match(plain, at):
            raise Refusal("SE0105", self._at(line, at, other.end()), written=other.group(), parts=other.groups())
        if found := _DATE.match(plain, at):
            return self._lexeme("DATE", line, at, found.end(), self._date(line, found)), found.end()
        return self._number(line, at)

    def _month_day(self, line: Line, found: re.Match[str]) -> tuple[Decimal, Decimal]:
        month, day = found.group().split("-")
        try:
            date(2004, int(month), int(day))
        except ValueError:
            raise Refusal("SE0105", self._at(line, found.start(), found.end()), written=found.group()) from None
        return Decimal(int(month)), Decimal(int(day))

    def _date(self, line: Line, found: re.Match[str]) -> date:
        year, month, day = found.group().split("-")
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            raise Refusal("SE0105", self._at(line, found.start(), found.end()), written=found.group()) from None

    def _number(self, line: Line, at: int) -> tuple[Lexeme, int]:
        plain = line.plain
        found = _NUMBER.match(plain, at)
        assert found is not None
        stop = found.end()
        whole, places = found.group(1).replace(",", ""), (found.group(2) or ".")[1:]
        if len(whole) > DIGITS or len(places) > PLACES or re.match(r"[.,]?\d|[eE][-+]?\d|_", plain[stop:]):
            raise Refusal("SE0104", self._at(line, at, stop), written=line.text[at : min(stop + 4, at + 40)])
        value = Decimal(f"{whole}.{places or '0'}") if places else Decimal(whole)
        if found.group(3):
            value = _plain(value * _MULTIPLIERS[found.group(3)])
        after = _BLANK.match(plain, stop)
        following = after.end() if after else stop
        sign = plain[following : following + 1]
        if sign in _SHARES:
            return self._lexeme("PERCENT", line, at, following + 1, _plain(value / _SHARES[sign])), following + 1
        currency = self._currency(plain, following)
        if currency:
            self._demand_own(line, at, plain[following:currency], currency)
            return self._lexeme("MONEY", line, at, currency, value), currency
        return self._lexeme("NUMBER", line, at, stop, value), stop

    def _currency(self, plain: str, at: int) -> int | None:
        """Where a currency that stands at `at` ends; a Chinese one may have more text glued to it."""
        word = _WORD.match(plain, at)
        if word is None:
            return None
        if word.group() in self.keywords.currencies or word.group() == self.currency:
            return word.end()
        return next(
            (at + len(each) for each in self.keywords.currencies if not each.isascii() and word.group().startswith(each)), None
        )

    def _demand_own(self, line: Line, at: int, word: str, stop: int) -> None:
        """Refuse an amount in another currency than the contract's: nothing says at which rate it would be changed."""
        if self.currency and code_of(word) != code_of(self.currency):
            raise Refusal("SE0126", self._at(line, at, stop), written=word, currency=self.currency)

    def _glued_unit(self, line: Line, at: int, word: str, accepted: Accepted) -> tuple[Lexeme, int] | None:
        """A Chinese unit directly behind a number, with more text glued to it."""
        if word.isascii() or not line.plain[at - 1 : at].isdigit():
            return None
        for stop in range(len(word) - 1, 0, -1):
            for phrase in self.keywords.phrases.get(word[:stop], ()):
                if phrase.terminal in _UNITS and phrase.terminal in accepted:
                    return self._lexeme(phrase.terminal, line, at, at + stop, None), at + stop
        return None

    def _word(self, line: Line, at: int, word: str, accepted: Accepted) -> tuple[Lexeme, int]:
        likeliest: tuple[Phrase, int] | None = None
        for phrase in self.keywords.phrases.get(word, ()):
            stop = spelled(phrase, line.plain, at + len(word))
            if stop is None:
                continue
            if phrase.terminal in accepted:
                return self._lexeme(phrase.terminal, line, at, stop, None), stop
            likeliest = likeliest or (phrase, stop)
        if likeliest and (self.after_number or "NAME" not in accepted):
            return self._lexeme(likeliest[0].terminal, line, at, likeliest[1], None), likeliest[1]
        if word in _INCLUSIVE:
            raise Refusal("SE0110", self._at(line, at, at + len(word)))
        glued = self._glued_unit(line, at, word, accepted)
        if glued:
            return glued
        stop = at + len(word)
        if len(word) > NAME_LENGTH:
            raise Refusal("SE0114", self._at(line, at, stop))
        return self._name(line, at, stop), stop

    def _name(self, line: Line, at: int, stop: int) -> Lexeme:
        written = unicodedata.normalize("NFC", line.plain[at:stop])
        meant = self._meant(written)
        return Lexeme("NAME", written, meant, Span(self.file, line.number, at + 1, line.number, stop + 1))

    def _meant(self, written: str) -> str:
        if self._naming_types:
            return self.built_in.types.get(written, written)
        if not self._in_aggregate and written in self.declared:
            return written
        return self.built_in.canonical(written)


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole == value else value


def spelled(phrase: Phrase, plain: str, at: int) -> int | None:
    """Where the phrase ends, its first word ending at `at`; None if it does not stand there whole."""
    if not plain.startswith(phrase.tail, at):
        return None
    at += len(phrase.tail)
    for part in phrase.rest:
        blank = _BLANK.match(plain, at)
        if blank is None or blank.end() == at or not plain.startswith(part, blank.end()):
            return None
        at = blank.end() + len(part)
    glued = at < len(plain) and _is_word(plain[at]) and _is_word(plain[at - 1])
    return None if glued else at


def _is_word(char: str) -> bool:
    return char == "_" or char.isalnum()
