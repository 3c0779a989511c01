"""Diagnostics for people: the source quoted with marks, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from rules_engine.diagnostics.catalogue import page
from rules_engine.diagnostics.model import Diagnostic, Place, Severity
from rules_engine.diagnostics.quote import lines_of, marks, quote
from rules_engine.diagnostics.width import harmless, on_one_line, width
from rules_engine.source import SourceFile, Span

PAGE_COLUMN = 100

SEVERITIES = {
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
    "zh": {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"},
}
LABELS = {"en": ("why: ", "fix: ", ": "), "zh": ("原因：", "修改：", "：")}

RESET, BOLD, FAINT = "\x1b[0m", "\x1b[1m", "\x1b[2m"
COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: "\x1b[36m"}


class Paint:
    """Puts colours around text, or leaves it alone."""

    __slots__ = ("colour",)

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, *codes: str) -> str:
        """The text between the codes and a reset."""
        return "".join(codes) + text + RESET if self.colour and text and any(codes) else text


def render_text(diagnostics: Sequence[Diagnostic], sources: Mapping[str, SourceFile], *, colour: bool = False) -> str:
    """All findings, a blank line between two; '' for none."""
    paint = Paint(colour=colour)
    files = {item.span.file for finding in diagnostics for item in finding.places}
    lines = {name: lines_of(source) for name, source in sources.items() if name in files}
    return "\n\n".join("\n".join(_finding(item, lines, paint)) for item in diagnostics) + "\n" * bool(diagnostics)


def summary(diagnostics: Sequence[Diagnostic], language: str = "en") -> str:
    """`2 errors, 1 warning`, or `no findings`."""
    counts = {severity: sum(item.severity is severity for item in diagnostics) for severity in Severity}
    found = {severity: count for severity, count in counts.items() if count}
    if language == "zh":
        return "，".join(f"{count} 个{SEVERITIES['zh'][severity]}" for severity, count in found.items()) or "没有发现问题"
    return ", ".join(f"{count} {severity}{'s' * (count > 1)}" for severity, count in found.items()) or "no findings"


def _finding(item: Diagnostic, lines: Mapping[str, list[str]], paint: Paint) -> Iterator[str]:
    language = item.language if item.language in LABELS else "en"
    why, fix, colon = LABELS[language]
    tint = COLOURS[item.severity]
    head = f"{SEVERITIES[language][item.severity]}[{item.code}]"
    yield paint(head, BOLD, tint) + paint(colon + on_one_line(item.title), BOLD)
    yield from _places(item, lines, paint)
    told = [*_told(why, item.why, paint), *_told(fix, item.fix, paint)]
    yield from told[:-1]
    pasted = "\n" in item.fix
    if pasted:
        yield told[-1]
    yield _with_page(told[-1] if told and not pasted else "", page(item.code), paint)


def _told(label: str, text: str, paint: Paint) -> list[str]:
    if not text:
        return []
    first, *rest = harmless(text).expandtabs(4).split("\n")
    return [paint(label, BOLD) + first, *(" " * width(label) + line if line else "" for line in rest)]


def _with_page(last: str, path: str, paint: Paint) -> str:
    """The last line with the page at its right end; the page stands below it if there is no room or nothing to stand beside."""
    shown = last.replace(BOLD, "").replace(RESET, "")
    room = PAGE_COLUMN - len(path) - width(shown)
    if not last:
        return " " * room + paint(path, FAINT)
    gap = " " * room if room >= 2 else "\n" + " " * (PAGE_COLUMN - len(path))
    return last + gap + paint(path, FAINT)


def _places(item: Diagnostic, lines: Mapping[str, list[str]], paint: Paint) -> Iterator[str]:
    places = [place for place in item.places if place.span.file]
    if not places:
        return
    first = places[0]
    margin = " " * len(str(max(place.span.line for place in places)))
    tint = COLOURS[item.severity]

    def mark(place: Place) -> tuple[str, str]:
        return ("^", tint) if place is first else ("-", "")

    ordered = sorted(places, key=lambda place: (place.span.file != first.span.file, place.span.file, _where(place)))
    for file, group in groupby(ordered, key=lambda place: place.span.file):
        inside = list(group)
        named = first if first in inside else inside[0]
        yield paint(f"{margin} ┌─ ", FAINT) + _address(named.span)
        for _, row in groupby(inside, key=lambda place: place.span.line):
            yield from _row(list(row), lines.get(file, []), margin, paint, mark)


def _where(place: Place) -> tuple[int, int]:
    return place.span.line, place.span.column


def _address(span: Span) -> str:
    parts = [on_one_line(span.file), *(str(number) for number in (span.line, span.column) if number)]
    return ":".join(parts)


def _row(
    places: list[Place], lines: list[str], margin: str, paint: Paint, mark: Callable[[Place], tuple[str, str]]
) -> Iterator[str]:
    span = places[0].span
    bar = paint(f"{margin} │ ", FAINT)
    if not 1 <= span.line <= len(lines):
        yield from (bar + on_one_line(place.text) for place in places if place.text)
        return
    quoted = quote(lines[span.line - 1], span.column - 1)
    yield paint(f"{span.line:>{len(margin)}} │ ", FAINT) + quoted.text
    for place in places:
        sign, tint = mark(place)
        yield bar + paint(f"{marks(quoted, place.span, sign)} {on_one_line(place.text)}".rstrip(), tint)
