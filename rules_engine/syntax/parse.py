"""From a file's text to its tree, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

from rules_engine.diagnostics.model import Diagnostic, Findings, Severity
from rules_engine.record import dataclass
from rules_engine.source import SourceFile, Span
from rules_engine.syntax.heads import HEADS
from rules_engine.syntax.keywords import FIRST_WORD, LANGUAGES, Keywords, keywords
from rules_engine.syntax.lexemes import Lexeme, Mark, Refusal
from rules_engine.syntax.lexing.grammar import machine
from rules_engine.syntax.lexing.lexer import Lexer, spelled
from rules_engine.syntax.lexing.lines import CutFile, Line, cut
from rules_engine.syntax.lexing.parameter_uses import Parameters
from rules_engine.syntax.lexing.table import END
from rules_engine.syntax.refusing.limits import too_large
from rules_engine.syntax.refusing.messages import Unexpected, no_contract, unexpected
from rules_engine.syntax.refusing.refusals import refused
from rules_engine.syntax.refusing.suspects import suspects
from rules_engine.syntax.tree import Block, ContractText

ERRORS_IN_A_BLOCK = 20
ERRORS_IN_A_FILE = 60
ONCE_A_BLOCK = frozenset(("SE0125",))
"""Faults of a block as a whole: without the line they stand on, the next line would have the same."""


def parse_contract(
    source: SourceFile, known: Iterable[str] = (), currency: str = ""
) -> tuple[ContractText | None, tuple[Diagnostic, ...]]:
    """The tree and every finding, sorted by place. There is no tree when a finding is an error.

    The language is the one the first keyword is spelled in (`contract` or `合同`). `known` are ids that another file declares,
    `currency` is the one that file settles in.
    """
    file = cut(source)
    language = language_of(source.text, file)
    large = too_large(source, language)
    if large is not None:
        return None, (large,)
    reader = _Reader(source, file, keywords(language), frozenset(known), currency=currency)
    reader.findings.items.extend(suspects(source, file, language))
    tree = reader.read()
    findings = reader.findings
    findings.items.extend(reader.parameters.lost(tree, language))
    return (None if findings.failed else tree), findings.sorted()


def language_of(text: str, file: CutFile | None = None) -> str:
    """'en' or 'zh' by the first keyword; where there is none, by whether the first line holds Chinese."""
    blocks = (file or cut(SourceFile("", text))).blocks
    first = blocks[0][0].plain.lstrip() if blocks else ""
    for language in LANGUAGES:
        if any(first.startswith(keywords(language).spelling(head)) for head in HEADS):
            return language
    return "zh" if any("\u4e00" <= char <= "\u9fff" for char in first) else "en"


@dataclass(slots=True)
class _Reader:
    """Reads a file block by block, dropping lines that cannot be read so that the rest still is."""

    source: SourceFile
    file: CutFile
    keywords: Keywords
    known: frozenset[str] = frozenset()
    parameters: Parameters = field(default_factory=Parameters)
    findings: Findings = field(default_factory=Findings)
    currency: str = ""

    def read(self) -> ContractText | None:
        blocks = self.file.blocks
        declared = self.known.union(self._declared())
        header: Mark | None = None
        read: list[Block] = []
        head = self._head(blocks[0]) if blocks else ""
        if not head:
            self.findings.add(no_contract(self.keywords, self._first_place()))
        self.currency = (self._written_currency(blocks[0]) if blocks else "") or self.currency
        for at, lines in enumerate(blocks):
            start = head if at == 0 and head else "block"
            if at == 0 and start == "block" and not self._starts_block(lines[0]):
                continue
            node = self._block(lines, start, declared)
            if isinstance(node, Mark):
                header = node
            elif isinstance(node, Block):
                read.append(node)
            if len(self.findings.items) >= ERRORS_IN_A_FILE:
                return None
        return self._tree(header, read) if header else None

    def _tree(self, header: Mark, blocks: list[Block]) -> ContractText:
        identity, title, fields, parameters = header.value
        span = header.span.to(blocks[-1].span) if blocks else header.span
        language = self.keywords.language
        return ContractText(header.kind, language, identity, title, fields, tuple(blocks), self.file.comments, span, parameters)

    def _first_place(self) -> Span:
        line = self.file.blocks[0][0] if self.file.blocks else Line(1, 0, "", "")
        return Span(self.source.name, line.number, line.indent + 1, line.number, max(len(line.plain), line.indent + 1) + 1)

    def _head(self, lines: Sequence[Line]) -> str:
        """What the file is by its first word; '' where that begins none."""
        keyword = self._keyword(lines[0].plain)
        return keyword[0].lower() if keyword and keyword[0] in HEADS and lines[0].indent == 0 else ""

    def _written_currency(self, header: Sequence[Line]) -> str:
        """The currency the header names; '' where it names none."""
        for line in header[1:]:
            keyword = self._keyword(line.plain.lstrip())
            if keyword and keyword[0] == "CURRENCY":
                word = FIRST_WORD.match(line.plain.lstrip()[keyword[1] :].lstrip())
                return word.group() if word else ""
        return ""

    def _starts_block(self, line: Line) -> bool:
        return line.indent == 0 and self._keyword(line.plain) is not None

    def _keyword(self, plain: str) -> tuple[str, int] | None:
        word = FIRST_WORD.match(plain)
        for phrase in self.keywords.phrases.get(word.group(), ()) if word else ():
            stop = spelled(phrase, plain, len(phrase.head))
            if stop is not None:
                return phrase.terminal, stop
        return None

    def _declared(self) -> list[str]:
        found = []
        for lines in self.file.blocks:
            keyword = self._keyword(lines[0].plain)
            if keyword and keyword[0] != "DOCUMENTS":
                named = FIRST_WORD.match(lines[0].plain, len(lines[0].plain) - len(lines[0].plain[keyword[1] :].lstrip()))
                found.extend([named.group()] if named else [])
        return found

    def _block(self, lines: Sequence[Line], start: str, declared: frozenset[str]) -> Any:
        """The block's node; lines at fault are reported, taken out with what hangs below them, and the rest is read again."""
        left = list(lines)
        allowed = max(1, min(ERRORS_IN_A_BLOCK, 20_000 // len(lines)))
        faulty = False
        while left and allowed:
            try:
                node = self._parse(left, start, declared)
                return None if faulty else node
            except Unexpected as fault:
                self._add(unexpected(fault, self.keywords, self.source))
                line = fault.line
            except Refusal as fault:
                self._add(refused(fault, self.keywords))
                if fault.code in ONCE_A_BLOCK:
                    return None
                line = fault.span.line
            faulty = True
            allowed -= 1
            if line <= left[0].number:
                return None
            left = _without(left, line)
            if len(left) == 1:
                return None
        return None

    def _add(self, finding: Diagnostic) -> None:
        """Keep a finding unless the same character is already refused; a note or warning there does not say that the line is lost."""
        place = finding.places[0].span
        refusals = (found for found in self.findings.items if found.severity is Severity.ERROR)
        known = ((found.places[0].span.line, found.places[0].span.column) for found in refusals)
        if (place.line, place.column) not in known:
            self.findings.add(finding)

    def _parse(self, lines: Sequence[Line], start: str, declared: frozenset[str]) -> Any:
        run = machine(start)
        lexer = Lexer(self.source.name, self.keywords, declared, self.parameters, currency=self.currency)
        previous = lexer.last
        for lexeme in lexer.lexemes(lines, run):
            before = tuple(run.stack)
            if not run.offer(lexeme.type, lexeme):
                raise Unexpected(lexeme, run.table, before, previous)
            previous = lexeme.span
        before = tuple(run.stack)
        if not run.offer(END, None):
            raise Unexpected(Lexeme(END, "", None, lexer.last), run.table, before, previous)
        return run.values[-1]


def _without(lines: list[Line], number: int) -> list[Line]:
    """The lines without one and what hangs below it; a line left with nothing below it that had something goes too."""
    at = max(index for index, line in enumerate(lines) if line.number <= number)
    stop = at + 1
    while stop < len(lines) and lines[stop].indent > lines[at].indent:
        stop += 1
    kept = lines[:at] + lines[stop:]
    above = at - 1
    alone = above > 0 and lines[above].indent < lines[at].indent
    followed = at < len(kept) and kept[at].indent > lines[above].indent
    return _without(kept, kept[above].number) if alone and not followed else kept
