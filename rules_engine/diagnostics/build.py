"""Making a diagnostic: texts are given in both languages and the file's one is taken."""

from __future__ import annotations

from collections.abc import Iterable

from rules_engine.diagnostics.catalogue import CATALOGUE
from rules_engine.diagnostics.model import Diagnostic, Place, Severity
from rules_engine.source import Span

Words = tuple[str, str]
"""A text in (English, Chinese)."""

AnyPlace = Place | Span | tuple[Span, Words]
"""A worded place, a bare span, or a span with its text in both languages."""

NOTHING: Words = ("", "")
DEFAULTS = {"SE": Severity.ERROR, "SW": Severity.WARNING, "SN": Severity.NOTE}


def diagnostic(
    code: str,
    language: str,
    places: Iterable[AnyPlace] | Place | Span = (),
    why: Words = NOTHING,
    fix: Words = NOTHING,
    severity: Severity | None = None,
    title: Words | None = None,
) -> Diagnostic:
    """A finding in `language` ('en' or 'zh'). The first place is the primary one.

    The title comes from the catalogue unless `title` words it closer; a code the catalogue lacks is a `KeyError`.
    Codes that begin with SW are warnings and those with SN notes, unless `severity` says otherwise.
    """
    chosen = 1 if language == "zh" else 0
    known = CATALOGUE[code]
    default = DEFAULTS[code[:2]]
    return Diagnostic(
        code=code,
        title=(title or known)[chosen],
        places=tuple(_place(place, chosen) for place in _several(places)),
        why=why[chosen],
        fix=fix[chosen],
        severity=severity or default,
        language="zh" if chosen else "en",
    )


def _several(places: Iterable[AnyPlace] | Place | Span) -> Iterable[AnyPlace]:
    return (places,) if isinstance(places, Place | Span) else places


def _place(place: AnyPlace, chosen: int) -> Place:
    match place:
        case Place():
            return place
        case Span():
            return Place(place)
        case (span, words):
            return Place(span, words[chosen])
